"""Regular expressions that compile when first used mean what compiled ones mean."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages as iterate_modules
from typing import Any

import pytest

import linter
from linter.patterns import _Pattern, lazy_bytes_regex, lazy_regex


def test_it_answers_as_a_compiled_one() -> None:
    lazy, compiled = lazy_regex(r"(\w)(\d+)", re.ASCII), re.compile(r"(\w)(\d+)", re.ASCII)
    text = "a1 b22 é3"
    assert [m.group() for m in lazy.finditer(text)] == [m.group() for m in compiled.finditer(text)]
    assert lazy.sub("x", text) == compiled.sub("x", text)
    assert (lazy.pattern, lazy.groups, lazy.flags) == (compiled.pattern, compiled.groups, compiled.flags)
    assert lazy_bytes_regex(rb"\d").search(b"a1") is not None


def test_a_wrong_expression_is_told_at_its_first_use() -> None:
    wrong = lazy_regex("(")
    with pytest.raises(re.error):
        wrong.search("")


def _repeated_groups(parsed: Any) -> Iterator[str]:
    """Possessive repetitions and atomic groups whose body is more than one character."""
    for operator, argument in parsed:
        name = str(operator)
        if name == "ATOMIC_GROUP":
            yield name
        body = argument[2] if name == "POSSESSIVE_REPEAT" else ()
        if len(body) > 1 or any(str(inner) not in _SINGLE for inner, _ in body):
            yield name
        for part in argument if isinstance(argument, (tuple, list)) else (argument,):
            for inner in part if isinstance(part, list) else (part,):
                if hasattr(inner, "state"):
                    yield from _repeated_groups(inner)


_SINGLE = frozenset(("IN", "LITERAL", "NOT_LITERAL", "ANY", "CATEGORY"))


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [("(?:ab|c)*+d", True), ("x(?:(?>ab)|c)", True), ("[ab]*+.?+c++", False), ("(?:a|[^b]++)*", False)],
)
def test_what_counts_as_a_possessive_group(expression: str, wrong: bool) -> None:
    assert bool(list(_repeated_groups(re._parser.parse(expression)))) == wrong  # type: ignore[attr-defined]


def test_no_possessive_group() -> None:
    """Python 3.11.0 to 3.11.4, which Debian 12 has, forget to go back where such a group's last turn fails.

    See https://github.com/python/cpython/issues/106052. Repeated single characters are right.
    """
    looked_at = 0
    wrong = []
    for module in iterate_modules(linter.__path__, "linter."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(import_module(module.name)).items():
            source = value._source if isinstance(value, _Pattern) else None
            if isinstance(value, re.Pattern):
                source = (value.pattern, value.flags)
            if source is not None:
                looked_at += 1
                parsed = re._parser.parse(*source)  # type: ignore[attr-defined]
                if list(_repeated_groups(parsed)):
                    wrong.append(f"{module.name}.{name}")
    assert looked_at > 150
    assert wrong == []
