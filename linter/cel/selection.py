"""Fields, indexes and `has` on checked operands."""

from __future__ import annotations

from linter.cel import ir
from linter.cel.errors import CelError
from linter.cel.suggest import suggest
from linter.cel.types import (
    BOOL,
    DYN,
    INT,
    RAW,
    STRING,
    Field,
    ListType,
    MapType,
    MessageType,
    Nullable,
    OptionalType,
    Type,
    assignable,
    bare,
    describe,
)


def field_of(message: MessageType, name: str, offset: int) -> tuple[Field, str]:
    """The field of a message and its Python attribute. Raises CelError for one that it does not have."""
    found = message.fields.get(name)
    if found is None:
        near = suggest(name, message.fields)
        tail = f"; did you mean {near!r}?" if near else ""
        raise CelError(f"no field {name!r} on {message.name}{tail}", offset)
    return found, found.attr or name


def _key(name: str, offset: int) -> ir.Const:
    return ir.Const(offset, STRING, name)


def select(base: ir.Node, name: str, offset: int) -> ir.Node:
    """`base.name`."""
    kind = bare(base.type)
    nullable = isinstance(base.type, Nullable)
    if isinstance(kind, MessageType):
        found, attribute = field_of(kind, name, offset)
        if nullable:
            return ir.Helper(offset, Nullable(found.type), "null_attribute", [base, _key(attribute, offset)])
        return ir.Attr(offset, found.type, base, attribute)
    if isinstance(kind, MapType):
        if not assignable(kind.key, STRING):
            raise CelError(
                f"{describe(kind)} has no field {name!r}", offset, f"its keys are {describe(kind.key)}"
            )
        return item(base, _key(name, offset), offset)
    if kind is RAW:
        return ir.Helper(offset, RAW, "raw_select", [base, _key(name, offset)])
    if kind is DYN:
        return ir.Helper(offset, DYN, "select", [base, _key(name, offset)])
    if isinstance(kind, OptionalType):
        return optional_select(base, name, offset)
    hint = "reach into its elements with exists(x, …) or [0]" if isinstance(kind, ListType) else None
    raise CelError(f"{describe(base.type)} has no field {name!r}", offset, hint)


def item(base: ir.Node, key: ir.Node, offset: int) -> ir.Node:
    """`base[key]`."""
    kind = bare(base.type)
    if kind is RAW:
        return ir.Helper(offset, RAW, "raw_index", [base, key])
    if kind is DYN:
        return ir.Helper(offset, DYN, "index", [base, key])
    if isinstance(kind, OptionalType):
        return optional_item(base, key, offset)
    if isinstance(kind, MessageType):
        raise CelError(f"{kind.name} has fields, no keys", offset, "write a dot and the name")
    value = _value_type(kind, key, offset)
    if isinstance(base.type, Nullable) or isinstance(key.type, Nullable):
        return ir.Helper(offset, Nullable(value), "null_index", [base, key])
    if isinstance(key, ir.Const) and (
        isinstance(key.value, str) or (type(key.value) is int and key.value >= 0)
    ):
        return ir.Item(offset, value, base, key)
    return ir.Helper(offset, value, "index", [base, key])


def _value_type(kind: Type, key: ir.Node, offset: int) -> Type:
    if isinstance(kind, ListType):
        if not assignable(INT, key.type):
            raise CelError(f"a list index is an int, not {describe(key.type)}", offset)
        return kind.element
    if isinstance(kind, MapType):
        numeric = {"int", "uint", "double"}
        if not assignable(kind.key, key.type) and not {kind.key.name, bare(key.type).name} <= numeric:
            raise CelError(
                f"a key of {describe(kind)} is {describe(kind.key)}, not {describe(key.type)}", offset
            )
        return kind.value
    raise CelError(f"{describe(kind)} has no index", offset)


def has(base: ir.Node, name: str, offset: int) -> ir.Node:
    """`has(base.name)`."""
    kind = bare(base.type)
    nullable = isinstance(base.type, Nullable)
    if isinstance(kind, MessageType):
        _, attribute = field_of(kind, name, offset)
        if nullable:
            return ir.Helper(offset, BOOL, "null_has", [base, _key(attribute, offset)])
        return ir.Has(offset, BOOL, base, attribute)
    if kind is RAW:
        return ir.Helper(offset, BOOL, "raw_has", [base, _key(name, offset)])
    if isinstance(kind, (MapType, OptionalType)) or kind is DYN:
        return ir.Helper(offset, BOOL, "null_has_key" if nullable else "has", [base, _key(name, offset)])
    raise CelError(f"{describe(base.type)} has no field {name!r}", offset)


def optional_select(base: ir.Node, name: str, offset: int) -> ir.Node:
    """`base.?name`, and `base.name` of an optional."""
    outer = bare(base.type)
    kind = bare(outer.item) if isinstance(outer, OptionalType) else outer
    if isinstance(kind, MessageType):
        found, attribute = field_of(kind, name, offset)
        return ir.Helper(offset, OptionalType(found.type), "opt_attribute", [base, _key(attribute, offset)])
    return optional_item(base, _key(name, offset), offset)


def optional_item(base: ir.Node, key: ir.Node, offset: int) -> ir.Node:
    """`base[?key]`, and `base[key]` of an optional."""
    outer = bare(base.type)
    kind = bare(outer.item) if isinstance(outer, OptionalType) else outer
    if kind is RAW or isinstance(base.type, Nullable):
        value = RAW if kind is RAW else _value_type(kind, key, offset)
        return ir.Helper(offset, OptionalType(value), "opt_raw", [base, key])
    value = DYN if kind is DYN else _value_type(kind, key, offset)
    return ir.Helper(offset, OptionalType(value), "opt_index", [base, key])
