"""What the operators do at run time, where plain Python would do something else.

Every function here is total over UNKNOWN: an unknown operand gives UNKNOWN, never a wrong answer.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

from linter.cel.errors import CelRuntimeError
from linter.cel.unknown import UNKNOWN, Unknown, UnknownTruth
from linter.cel.values import NONE, BoolKey, Optional, UInt

MAX_SIZE = 1_000_000  # characters, octets or elements of one value that an expression builds

_PLAIN = frozenset({str, int, float, bytes, bool, UInt, type(None)})
NUMBERS = frozenset({int, float, UInt})


def no_overload(name: str, *args: Any) -> CelRuntimeError:
    """The error of an operation that its operands' types do not have."""
    return CelRuntimeError(f"no such overload: {name}({', '.join(type_name(arg) for arg in args)})")


_TYPE_NAMES = {
    str: "string", int: "int", UInt: "uint", float: "double", bytes: "bytes", bool: "bool", type(None): "null_type",
    list: "list", tuple: "list", dict: "map", Optional: "optional_type",
}  # fmt: skip


def type_name(value: Any) -> str:
    """The name of the CEL type of a value."""
    return _TYPE_NAMES.get(value.__class__) or getattr(value, "type_name", None) or value.__class__.__name__


# -- equality


def eq(left: Any, right: Any) -> Any:
    """CEL's equality over all types: numbers by value, everything else only within its type."""
    kind, other = left.__class__, right.__class__
    if kind is other and kind in _PLAIN:
        return left == right
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return left == right  # UNKNOWN, unless a subclass knows enough to say no
    if kind in NUMBERS:
        return other in NUMBERS and left == right
    if kind is bool or other is bool:
        return kind is other and left == right
    if kind is list or kind is tuple:
        return (other is list or other is tuple) and _eq_lists(left, right)
    if kind is dict:
        return other is dict and _eq_maps(left, right)
    if kind is Optional:
        if other is not Optional or left is NONE or right is NONE:
            return left is right
        return eq(left.item, right.item)
    return bool(left == right)


def ne(left: Any, right: Any) -> Any:
    """The opposite of `eq`."""
    result = eq(left, right)
    return result if isinstance(result, Unknown) else not result


def _eq_lists(left: Any, right: Any) -> Any:
    if len(left) != len(right) and not (is_open(left) or is_open(right)):
        return False
    result: Any = True
    for a, b in zip(left, right, strict=False):
        found = eq(a, b)
        if found is False:
            return False
        if found is not True:
            result = UNKNOWN
    return result if len(left) == len(right) else UNKNOWN


def _eq_maps(left: dict[Any, Any], right: dict[Any, Any]) -> Any:
    if len(left) != len(right):
        return False
    result: Any = True
    for key, value in left.items():
        if key not in right:
            return False
        found = eq(value, right[key])
        if found is False:
            return False
        if found is not True:
            result = UNKNOWN
    return result


def is_open(items: Any) -> bool:
    """Whether a list may have more elements than we see: its last one is unknown."""
    return bool(len(items)) and isinstance(items[-1], Unknown)


def contains(item: Any, container: Any) -> Any:
    """`item in container` for lists and maps."""
    if item.__class__ is str and container.__class__ is list:
        try:
            return (
                item in container
            )  # of a string, Python's `in` is ours; an unknown element that counts raises
        except UnknownTruth:
            pass
    if isinstance(container, Unknown):
        return UNKNOWN
    if container.__class__ is dict:
        return UNKNOWN if isinstance(item, Unknown) else has_key(container, item)
    if not isinstance(container, (list, tuple)):
        raise no_overload("in", item, container)
    result: Any = False
    for element in container:
        found = eq(item, element)
        if found is True:
            return True
        if found is not False:
            result = UNKNOWN
    return result


def raw_contains(item: Any, container: Any) -> Any:
    """`item in container` for raw values: nothing is in null or in a scalar."""
    if isinstance(container, (list, tuple, dict, Unknown)):
        return contains(item, container)
    return False


def known_in(item: Any, constants: frozenset[Any]) -> Any:
    """`item in constants` for constants that are all strings."""
    if isinstance(item, Unknown):
        return contains(item, tuple(constants))
    return isinstance(item, str) and item in constants


def has_key(mapping: dict[Any, Any], key: Any) -> bool:
    """Whether a map has a key."""
    if key.__class__ is bool:
        key = BoolKey(key)
    try:
        return key in mapping
    except TypeError:
        return False


def make_map(pairs: list[tuple[Any, Any]]) -> Any:
    """The map of a map literal."""
    result: dict[Any, Any] = {}
    for key, value in pairs:
        if isinstance(key, Unknown):
            return UNKNOWN
        if key.__class__ is bool:
            key = BoolKey(key)
        elif not isinstance(key, (str, int)):
            raise CelRuntimeError(f"unsupported key type: {type_name(key)}")
        if key in result:
            raise CelRuntimeError(f"repeated key: {key!r}")
        result[key] = value
    return result


# -- order


def _ordering(
    name: str, compare: Callable[[Any, Any], Any]
) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    def strict(left: Any, right: Any) -> Any:
        """Ordering; an error where the types have none."""
        kind, other = left.__class__, right.__class__
        if kind is other and kind is not list and kind is not dict and left is not None:
            try:
                return compare(left, right)
            except TypeError:
                raise no_overload(name, left, right) from None
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return UNKNOWN
        if kind in NUMBERS and other in NUMBERS:
            if kind is float or other is float:
                return compare(float(left), float(right))
            return compare(left, right)
        if isinstance(left, str) and isinstance(right, str):
            return compare(left, right)
        raise no_overload(name, left, right)

    def lenient(left: Any, right: Any) -> Any:
        """Ordering of raw values; false where the types have none."""
        if left.__class__ is right.__class__ and left.__class__ in NUMBERS:
            return compare(left, right)
        try:
            return strict(left, right)
        except CelRuntimeError:
            return False

    return strict, lenient


less, raw_less = _ordering("<", lt)
less_equal, raw_less_equal = _ordering("<=", le)
greater, raw_greater = _ordering(">", gt)
greater_equal, raw_greater_equal = _ordering(">=", ge)
