"""`'…%s…'.format([…])` of the strings extension."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.operators import MAX_SIZE, type_name
from linter.cel.types import DYN, STRING, ListType
from linter.cel.values import BoolKey, TypeValue, UInt

_MAX_PRECISION = 100


def format_string(text: str, args: list[Any]) -> str:
    """Replace each clause (%s %d %f %e %b %x %X %o, %% for a percent sign) by its argument."""
    parts: list[str] = []
    used = position = 0
    while (percent := text.find("%", position)) >= 0:
        parts.append(text[position:percent])
        clause, precision, position = _clause(text, percent + 1)
        if clause == "%":
            parts.append("%")
            continue
        if used >= len(args):
            raise CelRuntimeError(f"index {used} out of range")
        parts.append(_CLAUSES[clause](args[used], precision))
        used += 1
        if sum(map(len, parts)) > MAX_SIZE:
            raise CelRuntimeError(f"the value grows over {MAX_SIZE} elements")
    return "".join([*parts, text[position:]])


def _clause(text: str, start: int) -> tuple[str, int | None, int]:
    """The letter of a clause, its precision, and the offset after it."""
    precision: int | None = None
    if text.startswith(".", start):
        end = start + 1
        while end < len(text) and text[end] in "0123456789":
            end += 1
        if end == start + 1 or end - start > 4 or int(text[start + 1 : end]) > _MAX_PRECISION:
            raise CelRuntimeError("could not parse formatting clause: bad precision")
        precision, start = int(text[start + 1 : end]), end
    letter = text[start : start + 1]
    if letter != "%" and letter not in _CLAUSES:
        raise CelRuntimeError(f"could not parse formatting clause: unrecognized formatting clause {letter!r}")
    return letter, precision, start + 1


def show(value: Any) -> str:
    """A value as %s writes it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        return _special(value) or (
            str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
        )
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(show, value))}]"
    if isinstance(value, dict):
        pairs = sorted(
            (show(key.value if isinstance(key, BoolKey) else key), show(item)) for key, item in value.items()
        )
        return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    if isinstance(value, (int, TypeValue)) or hasattr(value, "type_name"):
        return str(int(value)) if isinstance(value, int) else str(value)
    raise _wrong("string", value)


def _special(value: float) -> str | None:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return None


def _wrong(clause: str, value: Any) -> CelRuntimeError:
    return CelRuntimeError(f"error during formatting: {clause} clause can't take {type_name(value)}")


def _whole(value: Any) -> bool:
    return value.__class__ is int or value.__class__ is UInt


def _decimal(value: Any, _: int | None) -> str:
    if isinstance(value, float):
        return _special(value) or show(value)
    if not _whole(value):
        raise _wrong("decimal", value)
    return str(int(value))


def _fractional(letter: str) -> Callable[[Any, int | None], str]:
    def clause(value: Any, precision: int | None) -> str:
        if not (_whole(value) or isinstance(value, float)):
            raise _wrong("fixed-point" if letter == "f" else "scientific", value)
        number = float(value)
        return _special(number) or format(number, f".{6 if precision is None else precision}{letter}")

    return clause


def _binary(value: Any, _: int | None) -> str:
    if not _whole(value) and value.__class__ is not bool:
        raise _wrong("binary", value)
    return format(int(value), "b")


def _octal(value: Any, _: int | None) -> str:
    if not _whole(value):
        raise _wrong("octal", value)
    return format(int(value), "o")


def _hex(value: Any, _: int | None) -> str:
    if _whole(value):
        return format(int(value), "x")
    if isinstance(value, (str, bytes)):
        return (value.encode() if isinstance(value, str) else value).hex()
    raise _wrong("hex", value)


_CLAUSES: dict[str, Callable[[Any, int | None], str]] = {
    "s": lambda value, _: show(value),
    "d": _decimal,
    "f": _fractional("f"),
    "e": _fractional("e"),
    "b": _binary,
    "o": _octal,
    "x": _hex,
    "X": lambda value, precision: _hex(value, precision).upper(),
}

FUNCTIONS = (Function("format", (STRING, ListType(DYN)), STRING, format_string, method=True),)
