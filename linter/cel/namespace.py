"""The names that generated code can use: the run-time functions, the library, the caller's own functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from linter.cel import access, arithmetic, kleene, library, operators
from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function, dispatchers
from linter.cel.names import function_name, pattern_name
from linter.cel.operators import type_name
from linter.cel.regex import Pattern
from linter.cel.unknown import UNKNOWN, Unknown, UnknownTruth
from linter.cel.values import NONE, BoolKey, Optional, TypeValue, UInt

_HELPERS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        operators,
        (
            "eq", "ne", "contains", "raw_contains", "known_in", "make_map",
            "less", "less_equal", "greater", "greater_equal",
            "raw_less", "raw_less_equal", "raw_greater", "raw_greater_equal",
        ),
    ),
    (
        arithmetic,
        (
            "int64", "uint64", "concat", "negate", "raw_negate", "add", "subtract", "multiply", "divide", "modulo",
            "raw_add", "raw_subtract", "raw_multiply", "raw_divide", "raw_modulo",
        ),
    ),
    (
        access,
        (
            "select", "index", "null_attribute", "null_index", "has", "null_has", "null_has_key", "keys", "null_keys",
            "pairs", "raw_select", "raw_index", "raw_has", "raw_items", "raw_pairs", "raw_size", "size", "not_empty",
            "opt_select", "opt_index", "opt_attribute", "opt_raw", "spread", "spread_map",
        ),
    ),
    (
        kleene,
        (
            "all_of", "any_of", "negation", "choose", "truth", "raw_truth", "exists", "every", "exists_one",
            "transform", "known", "call", "fail", "unpacked",
        ),
    ),
)  # fmt: skip


def build(functions: Sequence[Function]) -> dict[str, Any]:
    """The namespace for the library and `functions` over it."""
    names: dict[str, Any] = {"__builtins__": {}, "any": any, "all": all, "len": len, "str": str, "UInt": UInt}
    for module, wanted in _HELPERS:
        for name in wanted:
            names[name] = getattr(module, name)
    names.update(_OWN)
    everything = [*library.functions(), *functions]
    for function in everything:
        names[function_name(function)] = function.impl
    for group, dispatcher in dispatchers(everything).items():
        names[f"{group} strict"] = dispatcher.strict
        names[f"{group} lenient"] = dispatcher.lenient
    return names


def add_patterns(names: dict[str, Any], patterns: Sequence[str], translations: Sequence[Any]) -> None:
    """Make the patterns of a program available; each is compiled at its first use."""
    for index, pattern in enumerate(patterns):
        name = pattern_name(pattern)
        if name not in names:
            names[name] = Pattern(pattern, translations[index] if translations else None)


# -- helpers that have no better home


def _same(value: Any) -> Any:
    return value


def _type_of(value: Any) -> Any:
    return (
        UNKNOWN
        if isinstance(value, Unknown)
        else TypeValue("type" if isinstance(value, TypeValue) else type_name(value))
    )


def _opt_has(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Optional):
        return value is not NONE
    raise operators.no_overload("hasValue", value)


def _opt_value(value: Any) -> Any:
    return UNKNOWN if isinstance(value, Unknown) else value.get()


def _opt_of(value: Any) -> Any:
    return UNKNOWN if isinstance(value, Unknown) else Optional(value)


def _opt_none() -> Any:
    return NONE


def _merge_maps(maps: Any) -> Any:
    if isinstance(maps, Unknown):
        return UNKNOWN
    result: dict[Any, Any] = {}
    for entry in maps:
        if isinstance(entry, Unknown):
            return UNKNOWN
        for key, value in entry.items():
            if key in result:
                shown = key.value if isinstance(key, BoolKey) else key
                raise CelRuntimeError(f"repeated key: {shown!r}")
            result[key] = value
    return result


def _not_string(value: Any) -> bool:
    """The fast answer where a string test meets no plain string: false, if it surely is none."""
    if isinstance(value, (Unknown, str)):
        raise UnknownTruth
    return False


def _test(method: str) -> Callable[[Any, Any], Any]:
    """A method of str as a test of any value: false where it is none. A partly known string may have its own answer."""

    def total(receiver: Any, arg: Any) -> Any:
        if not isinstance(receiver, (str, Unknown)):
            return False
        try:
            return getattr(receiver, method)(arg)
        except UnknownTruth:
            return UNKNOWN

    return total


def _search(receiver: Any, pattern: Pattern) -> Any:
    if isinstance(receiver, Unknown):
        return UNKNOWN
    return isinstance(receiver, str) and pattern.search(receiver) is not None


_OWN: dict[str, Any] = {
    "same": _same,
    "type_of": _type_of,
    "type_value": TypeValue,
    "opt_has": _opt_has,
    "opt_value": _opt_value,
    "opt_of": _opt_of,
    "opt_none": _opt_none,
    "merge_maps": _merge_maps,
    "not_string": _not_string,
    "test startswith": _test("startswith"),
    "test endswith": _test("endswith"),
    "test __contains__": _test("__contains__"),
    "test search": _search,
}
