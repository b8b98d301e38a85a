"""The types of expressions, and which may stand where.

Besides CEL's own types there are three of ours: `Nullable(T)` (null is a value and every operation on it is
safe), `RAW` (an untyped document value, null-safe all the way down) and `MessageType` (a Python object
whose attributes are fields).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from linter.frozen import dataclass


class Type:
    """A type without parameters, known by its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and describe(self) == describe(other)

    def __hash__(self) -> int:
        return hash(describe(self))

    def __repr__(self) -> str:
        return describe(self)


class ListType(Type):
    """A list of one element type."""

    __slots__ = ("element",)

    def __init__(self, element: Type) -> None:
        super().__init__("list")
        self.element = element


class MapType(Type):
    """A map of one key type and one value type. A missing key is an error, as in CEL."""

    __slots__ = ("key", "value")

    def __init__(self, key: Type, value: Type) -> None:
        super().__init__("map")
        self.key = key
        self.value = value


class Nullable(Type):
    """A value of `item` or null."""

    __slots__ = ("item",)

    def __new__(cls, item: Type) -> Any:
        if isinstance(item, Nullable) or item in (RAW, DYN, NULL):
            return item  # these have null among their values already
        return super().__new__(cls)

    def __init__(self, item: Type) -> None:
        if self is not item:
            super().__init__("nullable")
            self.item = item


class OptionalType(Type):
    """CEL's optional: a value of `item`, or none."""

    __slots__ = ("item",)

    def __init__(self, item: Type) -> None:
        super().__init__("optional_type")
        self.item = item


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message: its type, the Python attribute when that has another name, its meaning."""

    type: Type
    attr: str | None = None
    doc: str = ""


class MessageType(Type):
    """A Python object whose attributes are its fields. Equal by name; `fields` may be a function, for cycles."""

    __slots__ = ("_fields", "doc")

    def __init__(
        self, name: str, fields: Mapping[str, Field] | Callable[[], Mapping[str, Field]], doc: str = ""
    ) -> None:
        super().__init__(name)
        self._fields = fields
        self.doc = doc

    @property
    def fields(self) -> Mapping[str, Field]:
        fields = self._fields
        if callable(fields):
            fields = self._fields = fields()
        return fields


BOOL = Type("bool")
INT = Type("int")
UINT = Type("uint")
DOUBLE = Type("double")
STRING = Type("string")
BYTES = Type("bytes")
NULL = Type("null_type")
TYPE = Type("type")
TIMESTAMP = Type("google.protobuf.Timestamp")
DURATION = Type("google.protobuf.Duration")
IP = Type("net.IP")
CIDR = Type("net.CIDR")
QUANTITY = Type("kubernetes.Quantity")
DYN = Type("dyn")
RAW = Type("raw")

NUMBERS = frozenset({"int", "uint", "double"})
ORDERED = NUMBERS | {"bool", "string", "bytes", TIMESTAMP.name, DURATION.name, QUANTITY.name}
_NAMES = {
    "null_type": "null",
    TIMESTAMP.name: "timestamp",
    DURATION.name: "duration",
    QUANTITY.name: "quantity",
}


def describe(type_: Type) -> str:
    """The type in the words of the docs: `list(string)`, `Container`, `int or null`."""
    if isinstance(type_, ListType):
        return f"list({describe(type_.element)})"
    if isinstance(type_, MapType):
        return f"map({describe(type_.key)}, {describe(type_.value)})"
    if isinstance(type_, Nullable):
        return f"{describe(type_.item)} or null"
    if isinstance(type_, OptionalType):
        return f"optional({describe(type_.item)})"
    return _NAMES.get(type_.name, type_.name)


def is_dynamic(type_: Type) -> bool:
    """Whether only run time tells the type."""
    return type_ is DYN or type_ is RAW


def bare(type_: Type) -> Type:
    """The type without its null."""
    return type_.item if isinstance(type_, Nullable) else type_


def assignable(target: Type, source: Type) -> bool:
    """Whether a value of `source` may stand where `target` is wanted. A nullable may: operations are null-safe."""
    if is_dynamic(target) or is_dynamic(source):
        return True
    if isinstance(target, Nullable):
        return source is NULL or assignable(target.item, source)
    source = bare(source)
    if isinstance(target, ListType):
        return isinstance(source, ListType) and assignable(target.element, source.element)
    if isinstance(target, MapType):
        return (
            isinstance(source, MapType)
            and assignable(target.key, source.key)
            and assignable(target.value, source.value)
        )
    if isinstance(target, OptionalType):
        return isinstance(source, OptionalType) and assignable(target.item, source.item)
    return target.name == source.name


def comparable(left: Type, right: Type) -> bool:
    """Whether `==` between the two can be true at all."""
    if is_dynamic(left) or is_dynamic(right):
        return True
    if left is NULL or right is NULL:
        other = right if left is NULL else left
        return other is NULL or isinstance(other, Nullable)
    left, right = bare(left), bare(right)
    if left.name in NUMBERS and right.name in NUMBERS:
        return True
    if isinstance(left, ListType) and isinstance(right, ListType):
        return comparable(left.element, right.element)
    if isinstance(left, MapType) and isinstance(right, MapType):
        return comparable(left.key, right.key) and comparable(left.value, right.value)
    if isinstance(left, OptionalType) and isinstance(right, OptionalType):
        return comparable(left.item, right.item)
    return left.name == right.name


def join(left: Type, right: Type) -> Type:
    """The narrowest type that holds values of both."""
    if left == right:
        return left
    if left is NULL:
        return Nullable(right)
    if right is NULL:
        return Nullable(left)
    if left is DYN or right is DYN:
        return DYN
    if left is RAW or right is RAW:
        return RAW
    if isinstance(left, Nullable) or isinstance(right, Nullable):
        return Nullable(join(bare(left), bare(right)))
    if isinstance(left, ListType) and isinstance(right, ListType):
        return ListType(join(left.element, right.element))
    if isinstance(left, MapType) and isinstance(right, MapType):
        return MapType(join(left.key, right.key), join(left.value, right.value))
    if isinstance(left, OptionalType) and isinstance(right, OptionalType):
        return OptionalType(join(left.item, right.item))
    return DYN


def encode(type_: Type) -> Any:
    """The type as nested tuples of strings, for marshal."""
    if isinstance(type_, ListType):
        return ("list", encode(type_.element))
    if isinstance(type_, MapType):
        return ("map", encode(type_.key), encode(type_.value))
    if isinstance(type_, Nullable):
        return ("nullable", encode(type_.item))
    if isinstance(type_, OptionalType):
        return ("optional", encode(type_.item))
    return ("message" if isinstance(type_, MessageType) else "simple", type_.name)


_SIMPLE = {
    simple.name: simple
    for simple in (
        BOOL,
        INT,
        UINT,
        DOUBLE,
        STRING,
        BYTES,
        NULL,
        TYPE,
        TIMESTAMP,
        DURATION,
        IP,
        CIDR,
        QUANTITY,
        DYN,
        RAW,
    )
}


def decode(data: Any) -> Type:
    """The type that `encode` wrote. A message type comes back with its name and without fields."""
    kind, *rest = data
    if kind == "list":
        return ListType(decode(rest[0]))
    if kind == "map":
        return MapType(decode(rest[0]), decode(rest[1]))
    if kind == "nullable":
        return Nullable(decode(rest[0]))
    if kind == "optional":
        return OptionalType(decode(rest[0]))
    return MessageType(rest[0], {}) if kind == "message" else _SIMPLE[rest[0]]
