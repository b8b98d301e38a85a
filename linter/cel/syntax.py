"""The syntax tree, as written: no names resolved, no types. `offset` is where an error about the node points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Node:
    """A node; `depth` is the height of the tree under it."""

    offset: int
    depth: int


@dataclass(slots=True)
class Literal(Node):
    value: Any


@dataclass(slots=True)
class Ident(Node):
    name: str
    absolute: bool = False  # written with a leading dot: never a local variable


@dataclass(slots=True)
class Select(Node):
    operand: Node
    field: str
    optional: bool = False


@dataclass(slots=True)
class Index(Node):
    operand: Node
    index: Node
    optional: bool = False


@dataclass(slots=True)
class Call(Node):
    target: Node | None
    name: str
    args: list[Node]


@dataclass(slots=True)
class ListLiteral(Node):
    items: list[tuple[Node, bool]]  # (item, written with `?`)


@dataclass(slots=True)
class MapLiteral(Node):
    entries: list[tuple[Node, Node, bool]]


@dataclass(slots=True)
class Unary(Node):
    op: str
    operand: Node


@dataclass(slots=True)
class Binary(Node):
    op: str
    left: Node
    right: Node


@dataclass(slots=True)
class Logic(Node):
    op: str  # && or ||
    operands: list[Node]


@dataclass(slots=True)
class Ternary(Node):
    condition: Node
    then: Node
    otherwise: Node
