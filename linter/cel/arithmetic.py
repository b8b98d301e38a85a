"""Arithmetic at run time: 64-bit ranges, CEL's division, concatenation within bounds. Total over UNKNOWN."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from linter.cel.built import count
from linter.cel.errors import CelRuntimeError
from linter.cel.operators import MAX_SIZE, NUMBERS, no_overload
from linter.cel.unknown import UNKNOWN, Unknown
from linter.cel.values import UInt

_INT_MIN, _INT_MAX, _UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1


def int64(value: Any) -> Any:
    """The result of integer arithmetic, if it fits."""
    if value.__class__ is int:
        if _INT_MIN <= value <= _INT_MAX:
            return value
        raise CelRuntimeError("integer overflow")
    if isinstance(value, Unknown):
        return value
    return int64(int(value))


def uint64(value: Any) -> Any:
    """The result of unsigned arithmetic, if it fits."""
    if isinstance(value, Unknown):
        return value
    if 0 <= value <= _UINT_MAX:
        return UInt(value)
    raise CelRuntimeError("unsigned integer overflow")


def _divide(left: Any, right: Any) -> Any:
    if left.__class__ is float:
        return _divide_doubles(left, right)
    if right == 0:
        raise CelRuntimeError("divide by zero")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _divide_doubles(left: float, right: float) -> float:
    if right:
        try:
            return left / right
        except OverflowError:
            return math.copysign(math.inf, left) * math.copysign(1.0, right)
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _modulo(left: Any, right: Any) -> Any:
    if right == 0:
        raise CelRuntimeError("modulus by zero")
    remainder = abs(left) % abs(right)
    return -remainder if left < 0 else remainder


def _add(left: Any, right: Any) -> Any:
    return left + right


def _subtract(left: Any, right: Any) -> Any:
    return left - right


def _multiply(left: Any, right: Any) -> Any:
    return left * right


def concat(left: Any, right: Any) -> Any:
    """`+` of strings, bytes or lists, within bounds."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    count(len(left) + len(right), MAX_SIZE)
    if left.__class__ is list or left.__class__ is tuple:
        return [*left, *right]
    return left + right


def _arithmetic(
    name: str, operation: Callable[[Any, Any], Any]
) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    joins = name == "+"
    whole_only = name == "%"
    spans = name in ("+", "-")

    def strict(left: Any, right: Any) -> Any:
        """Arithmetic; an error where the types have none."""
        kind, other = left.__class__, right.__class__
        if kind is other:
            if kind is int:
                return int64(operation(left, right))
            if kind is float and not whole_only:
                return operation(left, right)
            if kind is UInt:
                return uint64(operation(left, right))
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return UNKNOWN
        if joins:
            for types in (str, bytes, (list, tuple)):
                if isinstance(left, types) and isinstance(right, types):
                    return concat(left, right)
        if spans and hasattr(left, "type_name") and hasattr(right, "type_name"):
            try:
                return operation(left, right)
            except TypeError:
                pass
        raise no_overload(name, left, right)

    def lenient(left: Any, right: Any) -> Any:
        """Arithmetic of values that may be null; null where the types have none."""
        kind, other = left.__class__, right.__class__
        if kind is not other and kind in NUMBERS and other in NUMBERS and float in (kind, other):
            left, right = float(left), float(right)  # documents write 1 for 1.0
        try:
            return strict(left, right)
        except CelRuntimeError as error:
            if error.message.startswith("no such overload"):
                return None
            raise

    return strict, lenient


add, raw_add = _arithmetic("+", _add)
subtract, raw_subtract = _arithmetic("-", _subtract)
multiply, raw_multiply = _arithmetic("*", _multiply)
divide, raw_divide = _arithmetic("/", _divide)
modulo, raw_modulo = _arithmetic("%", _modulo)


def negate(value: Any) -> Any:
    """Unary minus."""
    kind = value.__class__
    if kind is int:
        return int64(-value)
    if kind is float:
        return -value
    if isinstance(value, Unknown):
        return value
    raise no_overload("-", value)


def raw_negate(value: Any) -> Any:
    """Unary minus of a value that may be null."""
    return negate(value) if value.__class__ in NUMBERS or isinstance(value, Unknown) else None
