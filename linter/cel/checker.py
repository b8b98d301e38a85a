"""Syntax tree to checked tree: names, types, macros. Operators, fields and calls have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linter.cel import calls, ir, macros, operations, selection, syntax
from linter.cel.errors import CelError
from linter.cel.functions import Function
from linter.cel.suggest import suggest
from linter.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DYN,
    INT,
    NULL,
    STRING,
    TYPE,
    UINT,
    ListType,
    MapType,
    OptionalType,
    Type,
    bare,
    describe,
    join,
)
from linter.cel.values import UInt

_LITERAL_TYPES: dict[type, Type] = {
    bool: BOOL, int: INT, UInt: UINT, float: DOUBLE, str: STRING, bytes: BYTES, type(None): NULL,
}  # fmt: skip
TYPE_NAMES = frozenset(
    (
        *(
            "bool",
            "int",
            "uint",
            "double",
            "string",
            "bytes",
            "list",
            "map",
            "null_type",
            "type",
            "optional_type",
        ),
        *(
            "net.IP",
            "net.CIDR",
            "kubernetes.Quantity",
            "google.protobuf.Timestamp",
            "google.protobuf.Duration",
        ),
    )
)


@dataclass(slots=True)
class Checker:
    """The check of one expression. `locals` maps the macro variables in scope to their unique names and types.

    With `checked` off (CEL's parse-only mode) what is wrong becomes an error of the evaluation instead.
    """

    variables: Mapping[str, tuple[int, Type]]
    functions: Mapping[tuple[str, bool], list[Function]]
    container: str = ""
    checked: bool = True
    locals: dict[str, tuple[str, Type]] = field(default_factory=dict)
    counter: int = 0
    nesting: int = 0  # macros around the current node
    steps: int = 1  # how often, about, the current node is evaluated
    used: set[int] = field(default_factory=set)

    def check(self, node: syntax.Node) -> ir.Node:
        """The checked form of a node. Raises CelError."""
        try:
            return _VISITORS[type(node)](self, node)
        except CelError as error:
            if self.checked:
                raise
            return ir.Helper(node.offset, DYN, "fail", [ir.Const(node.offset, STRING, error.message)])

    def condition(self, node: syntax.Node) -> ir.Node:
        """The checked form of a node that must be true or false."""
        return operations.truth(self.check(node), checked=self.checked)

    def fresh(self, name: str) -> str:
        """A name that the expression has nowhere else."""
        self.counter += 1
        return f"{name}_{self.counter}"

    def within(self, variables: dict[str, tuple[str, Type]], body: Callable[[], ir.Node]) -> ir.Node:
        """Check something with more variables in scope."""
        before = self.locals
        self.locals = {**before, **variables}
        try:
            return body()
        finally:
            self.locals = before

    # -- names

    def resolve(self, name: str, offset: int, *, absolute: bool = False) -> ir.Node | None:
        """What a plain or dotted name stands for, if it stands for anything."""
        if not absolute and name in self.locals:
            unique, type_ = self.locals[name]
            return ir.Local(offset, type_, unique)
        prefix = "" if absolute else self.container
        while True:
            full = f"{prefix}.{name}" if prefix else name
            if full in self.variables:
                index, type_ = self.variables[full]
                self.used.add(index)
                return ir.Param(offset, type_, index)
            if not prefix:
                break
            prefix = prefix.rpartition(".")[0]
        if name in TYPE_NAMES:
            return ir.Helper(offset, TYPE, "type_value", [ir.Const(offset, STRING, name)])
        return None

    def ident(self, node: syntax.Ident) -> ir.Node:
        found = self.resolve(node.name, node.offset, absolute=node.absolute)
        if found is not None:
            return found
        near = suggest(node.name, [*self.variables, *self.locals])
        tail = f"; did you mean {near!r}?" if near else ""
        raise CelError(f"no variable {node.name!r}{tail}", node.offset, None if near else self._known_names())

    def _known_names(self) -> str:
        names = ", ".join([*self.variables, *self.locals])
        return f"known here: {names}" if names else "no variables are known here"

    def select(self, node: syntax.Select) -> ir.Node:
        if (qualified := self.qualified(node)) is not None:
            return qualified
        base = self.check(node.operand)
        if node.optional:
            return selection.optional_select(base, node.field, node.offset)
        return selection.select(base, node.field, node.offset)

    def qualified(self, node: syntax.Node) -> ir.Node | None:
        """A dotted name that is declared as a whole, like `net.IP`."""
        name = dotted_name(node)
        if name is None:
            return None
        root = name.partition(".")[0]
        absolute = root_is_absolute(node)
        if root in self.locals and not absolute:
            return None
        return self.resolve(name, node.offset, absolute=absolute)

    # -- the rest

    def literal(self, node: syntax.Literal) -> ir.Node:
        return ir.Const(node.offset, _LITERAL_TYPES[type(node.value)], node.value)

    def index(self, node: syntax.Index) -> ir.Node:
        base, key = self.check(node.operand), self.check(node.index)
        if node.optional:
            return selection.optional_item(base, key, node.offset)
        return selection.item(base, key, node.offset)

    def unary(self, node: syntax.Unary) -> ir.Node:
        if node.op == "!":
            return ir.Not(node.offset, BOOL, self.condition(node.operand))
        return operations.negation(self.check(node.operand), node.offset, checked=self.checked)

    def binary(self, node: syntax.Binary) -> ir.Node:
        left, right = self.check(node.left), self.check(node.right)
        if node.op in ("==", "!="):
            return operations.equality(node.op, left, right, node.offset, checked=self.checked)
        if node.op == "in":
            return operations.membership(left, right, node.offset, checked=self.checked)
        if node.op in ("<", "<=", ">", ">="):
            return operations.ordering(node.op, left, right, node.offset, checked=self.checked)
        return operations.arithmetic(node.op, left, right, node.offset, checked=self.checked)

    def logic(self, node: syntax.Logic) -> ir.Node:
        return ir.Logic(node.offset, BOOL, node.op, [self.condition(operand) for operand in node.operands])

    def ternary(self, node: syntax.Ternary) -> ir.Node:
        condition = self.condition(node.condition)
        then, otherwise = self.check(node.then), self.check(node.otherwise)
        return ir.Cond(node.offset, join(then.type, otherwise.type), condition, then, otherwise)

    def list_literal(self, node: syntax.ListLiteral) -> ir.Node:
        items = [self.check(item) for item, _ in node.items]
        types = [
            self._optional_item(item) if optional else item.type
            for item, (_, optional) in zip(items, node.items, strict=True)
        ]
        type_ = ListType(_join_all(types))
        if not any(optional for _, optional in node.items):
            return ir.ListOf(node.offset, type_, items)
        rows = [[_flag(item, optional), item] for item, (_, optional) in zip(items, node.items, strict=True)]
        return ir.Helper(node.offset, type_, "spread", [ir.Pairs(node.offset, DYN, rows)])

    def map_literal(self, node: syntax.MapLiteral) -> ir.Node:
        rows: list[list[ir.Node]] = []
        optional = any(flag for _, _, flag in node.entries)
        keys: list[Type] = []
        values: list[Type] = []
        for key_node, value_node, flag in node.entries:
            key, value = self.check(key_node), self.check(value_node)
            if (
                self.checked
                and bare(key.type) not in (INT, UINT, BOOL, STRING, DYN)
                and key.type.name != "raw"
            ):
                raise CelError(f"a map key can't be {describe(key.type)}", key.offset)
            keys.append(key.type)
            values.append(self._optional_item(value) if flag else value.type)
            rows.append([_flag(value, flag), key, value] if optional else [key, value])
        entries: ir.Node = ir.Pairs(node.offset, DYN, rows)
        if optional:
            entries = ir.Helper(node.offset, DYN, "spread_map", [entries])
        return ir.Helper(node.offset, MapType(_join_all(keys), _join_all(values)), "make_map", [entries])

    def _optional_item(self, item: ir.Node) -> Type:
        if isinstance(item.type, OptionalType):
            return item.type.item
        if item.type is not DYN and self.checked:
            raise CelError(f"`?` wants an optional, not {describe(item.type)}", item.offset)
        return DYN

    def call(self, node: syntax.Call) -> ir.Node:
        expanded = macros.expand(self, node)
        return expanded if expanded is not None else calls.call(self, node)


def _flag(node: ir.Node, value: bool) -> ir.Node:
    return ir.Const(node.offset, BOOL, value)


def _join_all(types: list[Type]) -> Type:
    if not types:
        return DYN
    result = types[0]
    for type_ in types[1:]:
        result = join(result, type_)
    return result


def dotted_name(node: syntax.Node) -> str | None:
    """`a.b.c` for a chain of plain selections, else None."""
    names: list[str] = []
    while isinstance(node, syntax.Select) and not node.optional:
        names.append(node.field)
        node = node.operand
    if not isinstance(node, syntax.Ident):
        return None
    return ".".join([node.name, *reversed(names)])


def root_is_absolute(node: syntax.Node) -> bool:
    """Whether a chain of selections begins with a dot."""
    while isinstance(node, syntax.Select):
        node = node.operand
    return isinstance(node, syntax.Ident) and node.absolute


_VISITORS: dict[type, Callable[[Checker, Any], ir.Node]] = {
    syntax.Literal: Checker.literal,
    syntax.Ident: Checker.ident,
    syntax.Select: Checker.select,
    syntax.Index: Checker.index,
    syntax.Call: Checker.call,
    syntax.ListLiteral: Checker.list_literal,
    syntax.MapLiteral: Checker.map_literal,
    syntax.Unary: Checker.unary,
    syntax.Binary: Checker.binary,
    syntax.Logic: Checker.logic,
    syntax.Ternary: Checker.ternary,
}
