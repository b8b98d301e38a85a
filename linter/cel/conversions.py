"""Conversions between types, the optional constructors, base64."""

from __future__ import annotations

import math
from typing import Any

from linter.cel import times
from linter.cel.arithmetic import int64
from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.types import (
    BOOL,
    BYTES,
    CIDR,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    IP,
    QUANTITY,
    STRING,
    TIMESTAMP,
    UINT,
    OptionalType,
    Type,
)
from linter.cel.values import NONE, Optional, UInt

_BOOLS = {
    "1": True, "t": True, "true": True, "TRUE": True, "True": True,
    "0": False, "f": False, "false": False, "FALSE": False, "False": False,
}  # fmt: skip


def _same(value: Any) -> Any:
    return value


def _fails(value: Any, wanted: str) -> CelRuntimeError:
    return CelRuntimeError(f"type conversion error: can't convert {value!r} to {wanted}")


def _digits(text: str, wanted: str, *, signed: bool) -> int:
    body = text[1:] if signed and text[:1] in ("-", "+") else text
    if not (body.isascii() and body.isdigit()) or len(body) > 40:
        raise _fails(text, wanted)
    return int(text)


def int_of_string(text: str) -> int:
    value = _digits(text, "int", signed=True)
    if not -(2**63) <= value < 2**63:
        raise CelRuntimeError("range error: the number does not fit into 64 bits")
    return value


def int_of_double(value: float) -> int:
    if not -(2.0**63) < value < 2.0**63:
        raise CelRuntimeError("range error: the number does not fit into 64 bits")
    return int(value)


def uint_of(value: float) -> UInt:
    if isinstance(value, float) and math.isnan(value):
        raise CelRuntimeError("range error: not a number")
    if not 0 <= value < 2**64:
        raise CelRuntimeError("range error: the number does not fit into 64 unsigned bits")
    return UInt(value)


def uint_of_string(text: str) -> UInt:
    return uint_of(_digits(text, "uint", signed=False))


def double_of_string(text: str) -> float:
    if "_" in text or text != text.strip():
        raise _fails(text, "double")
    try:
        return float(text)
    except ValueError:
        raise _fails(text, "double") from None


def string_of_double(value: float) -> str:
    from linter.cel.formatting import show

    return show(value).replace("Infinity", "Inf")


def string_of_bytes(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise CelRuntimeError("invalid UTF-8 in bytes") from None


def bool_of_string(text: str) -> bool:
    if text not in _BOOLS:
        raise _fails(text, "bool")
    return _BOOLS[text]


def bytes_of_string(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def of_non_zero(value: Any) -> Optional:
    """An optional of the value; none for null and the zero value of its type."""
    if (
        value is None
        or value is NONE
        or (isinstance(value, (bool, int, float, str, bytes, list, dict)) and not value)
    ):
        return NONE
    if isinstance(value, times.Duration) and not value.nanos:
        return NONE
    return Optional(value)


def has_value(value: Optional) -> bool:
    return value is not NONE


def base64_encode(value: bytes) -> str:
    import base64

    return base64.b64encode(value).decode()


def base64_decode(text: str) -> bytes:
    import base64
    import binascii

    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise CelRuntimeError("illegal base64 data") from None


def _item(args: Any) -> Type:
    return args[0].item if isinstance(args[0], OptionalType) else DYN


def _convert(name: str, result: Type, *pairs: tuple[Type, Any]) -> list[Function]:
    return [Function(name, (param,), result, impl) for param, impl in pairs]


FUNCTIONS: tuple[Function, ...] = (
    *_convert(
        "int",
        INT,
        (INT, _same),
        (UINT, lambda value: int64(int(value))),
        (DOUBLE, int_of_double),
        (STRING, int_of_string),
        (TIMESTAMP, lambda value: value.seconds),
        (DURATION, lambda value: value.whole_seconds),
    ),
    *_convert("uint", UINT, (UINT, _same), (INT, uint_of), (DOUBLE, uint_of), (STRING, uint_of_string)),
    *_convert("double", DOUBLE, (DOUBLE, _same), (INT, float), (UINT, float), (STRING, double_of_string)),
    *_convert(
        "string",
        STRING,
        (STRING, _same),
        (INT, str),
        (UINT, lambda value: str(int(value))),
        (DOUBLE, string_of_double),
        (BOOL, lambda value: "true" if value else "false"),
        (BYTES, string_of_bytes),
        (TIMESTAMP, str),
        (DURATION, str),
        (IP, str),
        (CIDR, str),
        (QUANTITY, str),
    ),
    *_convert("bool", BOOL, (BOOL, _same), (STRING, bool_of_string)),
    *_convert("bytes", BYTES, (BYTES, _same), (STRING, bytes_of_string)),
    Function("optional.none", (), OptionalType(DYN), lambda: NONE),
    Function("optional.of", (DYN,), lambda args: OptionalType(args[0]), Optional),
    Function("optional.ofNonZeroValue", (DYN,), lambda args: OptionalType(args[0]), of_non_zero),
    Function("hasValue", (OptionalType(DYN),), BOOL, has_value, method=True),
    Function("value", (OptionalType(DYN),), _item, lambda value: value.get(), method=True),
    Function("base64.encode", (BYTES,), STRING, base64_encode),
    Function("base64.decode", (STRING,), BYTES, base64_decode),
)
