"""Kubernetes' resource quantities: `500m`, `1.5Gi`, `2e3`."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.types import BOOL, DOUBLE, INT, QUANTITY, STRING

if TYPE_CHECKING:
    from fractions import Fraction

_SUFFIXES: dict[str, tuple[int, int]] = {  # base and power
    "": (10, 0), "n": (10, -9), "u": (10, -6), "m": (10, -3),
    "k": (10, 3), "M": (10, 6), "G": (10, 9), "T": (10, 12), "P": (10, 15), "E": (10, 18),
    "Ki": (2, 10), "Mi": (2, 20), "Gi": (2, 30), "Ti": (2, 40), "Pi": (2, 50), "Ei": (2, 60),
}  # fmt: skip


class Quantity:
    """An exact amount; equal and ordered by amount, written as it was given."""

    __slots__ = ("amount", "text")
    type_name: ClassVar[str] = QUANTITY.name

    def __init__(self, amount: Fraction, text: str = "") -> None:
        self.amount = amount
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.amount == other.amount

    def __hash__(self) -> int:
        return hash(self.amount)

    def __lt__(self, other: Any) -> Any:
        return self.amount < other.amount if isinstance(other, Quantity) else NotImplemented

    def __le__(self, other: Any) -> Any:
        return self.amount <= other.amount if isinstance(other, Quantity) else NotImplemented

    def __gt__(self, other: Any) -> Any:
        return self.amount > other.amount if isinstance(other, Quantity) else NotImplemented

    def __ge__(self, other: Any) -> Any:
        return self.amount >= other.amount if isinstance(other, Quantity) else NotImplemented

    def __str__(self) -> str:
        if self.text:
            return self.text
        if self.amount.denominator == 1:
            return str(self.amount.numerator)
        for suffix, scale in (("m", 1000), ("u", 10**6), ("n", 10**9)):
            scaled = self.amount * scale
            if scaled.denominator == 1:
                return f"{scaled.numerator}{suffix}"
        return str(float(self.amount))

    __repr__ = __str__


@cache
def _form() -> re.Pattern[str]:
    return re.compile(
        r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([eE][+-]?[0-9]{1,3})|([KMGTPE]i|[numkMGTPE]?))", re.ASCII
    )


@lru_cache(maxsize=4096)
def parse(text: str) -> Quantity:
    """The quantity of a text. Raises CelRuntimeError."""
    from fractions import Fraction  # takes a few milliseconds to import

    match = _form().fullmatch(text) if len(text) <= 100 else None
    if match is None:
        raise CelRuntimeError(f"no quantity: {text!r}")
    amount = Fraction(match[1].rstrip(".")) if match[1] != "." else Fraction(0)
    if match[2]:
        return Quantity(amount * Fraction(10) ** int(match[2][1:]), text)
    base, power = _SUFFIXES[match[3]]
    return Quantity(amount * Fraction(base) ** power, text)


def is_quantity(text: str) -> bool:
    """Whether a text is a quantity."""
    try:
        parse(text)
    except CelRuntimeError:
        return False
    return True


def _as_integer(value: Quantity) -> int:
    if not _is_integer(value):
        raise CelRuntimeError("cannot convert value to integer")
    return value.amount.numerator


def _is_integer(value: Quantity) -> bool:
    return value.amount.denominator == 1 and -(2**63) <= value.amount < 2**63


def _sign(value: Quantity) -> int:
    return (value.amount > 0) - (value.amount < 0)


def _method(name: str, result: Any, impl: Any, *more: Any) -> Function:
    return Function(name, (QUANTITY, *more), result, impl, method=True)


FUNCTIONS: tuple[Function, ...] = (
    Function("quantity", (STRING,), QUANTITY, parse),
    Function("quantity", (QUANTITY,), QUANTITY, lambda value: value),
    Function("quantity", (INT,), QUANTITY, lambda value: parse(str(value))),
    Function("quantity", (DOUBLE,), QUANTITY, lambda value: parse(repr(value))),
    Function("isQuantity", (STRING,), BOOL, is_quantity),
    _method("compareTo", INT, lambda left, right: (left > right) - (left < right), QUANTITY),
    _method("isGreaterThan", BOOL, lambda left, right: left > right, QUANTITY),
    _method("isLessThan", BOOL, lambda left, right: left < right, QUANTITY),
    _method("isInteger", BOOL, _is_integer),
    _method("asInteger", INT, _as_integer),
    _method("asApproximateFloat", DOUBLE, lambda value: float(value.amount)),
    _method("sign", INT, _sign),
    _method("add", QUANTITY, lambda left, right: Quantity(left.amount + right.amount), QUANTITY),
    _method("add", QUANTITY, lambda left, right: Quantity(left.amount + right), INT),
    _method("sub", QUANTITY, lambda left, right: Quantity(left.amount - right.amount), QUANTITY),
    _method("sub", QUANTITY, lambda left, right: Quantity(left.amount - right), INT),
)
