"""The operators of expressions, over values."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.terraform.values import (
    Reference,
    boolean,
    deep_unknown,
    is_unknown,
    number,
    text_of,
    too_heavy,
)

MAX_BITS = 4_096  # of a number

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def unary(symbol: str, value: Any) -> Any:
    """`!value` or `-value`."""
    if is_unknown(value):
        return UNKNOWN
    if symbol == "!":
        value = boolean(value)
        return not value if isinstance(value, bool) else UNKNOWN
    found = number(value)
    return UNKNOWN if found is None else -found


def binary(symbol: str, left: Any, right: Any) -> Any:
    """An operator between two values; `&&` and `||`, which may do with one of them, are none of these."""
    if symbol in ("==", "!="):
        same = _equal(left, right)
        return same if is_unknown(same) or symbol == "==" else not same
    a, b = number(left), number(right)
    if a is None or b is None or symbol not in _ARITHMETIC:
        return UNKNOWN
    if (
        symbol == "*"
        and isinstance(a, int)
        and isinstance(b, int)
        and a.bit_length() + b.bit_length() > MAX_BITS
    ):
        return UNKNOWN
    try:
        result = _ARITHMETIC[symbol](a, b)
    except (ArithmeticError, ValueError):
        return UNKNOWN
    return int(result) if isinstance(result, float) and result.is_integer() and abs(result) < 1e15 else result


def _equal(left: Any, right: Any) -> Any:
    if isinstance(left, Reference) and right in (None, ""):
        return UNKNOWN
    if too_heavy(left) or too_heavy(right) or deep_unknown(left) or deep_unknown(right):
        return UNKNOWN
    if isinstance(left, bool) != isinstance(right, bool):
        return text_of(left) == text_of(right) if isinstance(left, str) or isinstance(right, str) else False
    return left == right
