"""CEL's math extension."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from linter.cel.arithmetic import int64
from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.operators import less, no_overload
from linter.cel.types import BOOL, DOUBLE, DYN, INT, UINT, ListType, Type
from linter.cel.values import UInt

_MASK = 2**64 - 1


def _number(value: Any) -> Any:
    if value.__class__ not in (int, float, UInt):
        raise no_overload("math", value)
    return value


def _pick(name: str, better: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def pick(*args: Any) -> Any:
        items = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
        if not items:
            raise CelRuntimeError(f"{name}() of an empty list")
        best = _number(items[0])
        for item in items[1:]:
            if better(_number(item), best):
                best = item
        return best

    return pick


greatest = _pick("math.greatest", lambda item, best: less(best, item))
least = _pick("math.least", lambda item, best: less(item, best))


def _round(value: float) -> float:
    if math.isnan(value) or math.isinf(value):
        return value
    return math.copysign(math.floor(abs(value) + 0.5), value)


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    def apply(value: float) -> float:
        return float(function(value)) if math.isfinite(value) else value

    return apply


def _sign(value: Any) -> Any:
    kind = value.__class__
    if kind is float and math.isnan(value):
        return value
    return kind((value > 0) - (value < 0))


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _shift_left(value: int, count: int) -> int:
    if count < 0:
        raise CelRuntimeError(f"math.bitShiftLeft() negative offset: {count}")
    shifted = (value << count) & _MASK if count < 64 else 0
    return UInt(shifted) if isinstance(value, UInt) else _signed(shifted)


def _shift_right(value: int, count: int) -> int:
    if count < 0:
        raise CelRuntimeError(f"math.bitShiftRight() negative offset: {count}")
    shifted = (value & _MASK) >> count if count < 64 else 0
    return UInt(shifted) if isinstance(value, UInt) else _signed(shifted)


def _on(name: str, impl: Any, *params: Type, result: Type | None = None, arity: int = 1) -> list[Function]:
    return [Function(f"math.{name}", (param,) * arity, result or param, impl) for param in params]


def _bits(name: str, operation: Callable[[int, int], int]) -> list[Function]:
    return [
        Function(f"math.{name}", (INT, INT), INT, operation),
        Function(f"math.{name}", (UINT, UINT), UINT, lambda a, b: UInt(operation(int(a), int(b)))),
    ]


_EXTREMES = [
    Function(f"math.{name}", params, DYN, impl)
    for name, impl in (("greatest", greatest), ("least", least))
    for params in ((ListType(DYN),), (DYN,), *((DYN,) * count for count in range(2, 9)))
]

FUNCTIONS: tuple[Function, ...] = (
    *_EXTREMES,
    *_on("ceil", _whole(math.ceil), DOUBLE),
    *_on("floor", _whole(math.floor), DOUBLE),
    *_on("round", _round, DOUBLE),
    *_on("trunc", _whole(math.trunc), DOUBLE),
    *_on(
        "sqrt", lambda value: math.sqrt(value) if value >= 0 else math.nan, DOUBLE, INT, UINT, result=DOUBLE
    ),
    *_on("abs", abs, DOUBLE),
    *_on("abs", lambda value: int64(abs(value)), INT),
    *_on("abs", lambda value: value, UINT),
    *_on("sign", _sign, INT, UINT, DOUBLE),
    *_on("isNaN", math.isnan, DOUBLE, result=BOOL),
    *_on("isInf", math.isinf, DOUBLE, result=BOOL),
    *_on("isFinite", math.isfinite, DOUBLE, result=BOOL),
    *_bits("bitAnd", lambda a, b: a & b),
    *_bits("bitOr", lambda a, b: a | b),
    *_bits("bitXor", lambda a, b: a ^ b),
    *_on("bitNot", lambda value: ~value, INT),
    *_on("bitNot", lambda value: UInt(~int(value) & _MASK), UINT),
    *[Function("math.bitShiftLeft", (param, INT), param, _shift_left) for param in (INT, UINT)],
    *[Function("math.bitShiftRight", (param, INT), param, _shift_right) for param in (INT, UINT)],
)
