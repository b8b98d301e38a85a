"""Regular expressions that compile when first used mean what compiled ones mean."""

import re

import pytest

from linter.patterns import lazy_bytes_regex, lazy_regex


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
