"""The checked tree: every name resolved, every node typed, every operation chosen.

Few node kinds: what differs only in the run-time function that it calls is a `Helper`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linter.cel.functions import Function
from linter.cel.types import Type


@dataclass(slots=True)
class Node:
    """A checked expression. `offset` is where an error in it points."""

    offset: int
    type: Type


@dataclass(slots=True)
class Const(Node):
    """A constant; a tuple stands for a list of constants, a frozenset for a set of strings."""

    value: Any


@dataclass(slots=True)
class Param(Node):
    """A variable of the environment."""

    index: int


@dataclass(slots=True)
class Local(Node):
    """A variable of a macro; the name is unique in its expression."""

    name: str


@dataclass(slots=True)
class Attr(Node):
    """A field of a message that is never null: plain attribute access."""

    base: Node
    attr: str


@dataclass(slots=True)
class Has(Node):
    """`has(base.attr)` of a message that is never null."""

    base: Node
    attr: str


@dataclass(slots=True)
class Item(Node):
    """A constant key or index of a list or map that is never null: subscription, then `index` for the error."""

    base: Node
    key: Const


@dataclass(slots=True)
class Compare(Node):
    """A comparison that Python does right; `guarded` operands may be null, then it is false.

    `op` is a Python operator: == != < <= > >= in.
    """

    op: str
    left: Node
    right: Node
    guard_left: bool = False
    guard_right: bool = False


@dataclass(slots=True)
class Arithmetic(Node):
    """Arithmetic that Python does right up to the range; `wrap` is the helper that checks it, if any."""

    op: str
    left: Node
    right: Node
    wrap: str | None


@dataclass(slots=True)
class Logic(Node):
    """`&&` or `||` over operands that are all bool."""

    op: str
    operands: list[Node]


@dataclass(slots=True)
class Not(Node):
    operand: Node


@dataclass(slots=True)
class Cond(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True)
class Helper(Node):
    """A call of a run-time function that is total: it takes UNKNOWN and null as they come."""

    name: str
    args: list[Node]


@dataclass(slots=True)
class Call(Node):
    """A call of a function whose arguments are statically of its parameters' types."""

    function: Function
    args: list[Node]


@dataclass(slots=True)
class StringTest(Node):
    """A method of Python's str on a receiver; `raw` when the receiver may be anything (then false)."""

    method: str  # startswith, endswith, __contains__, or `search` with the pattern as argument
    receiver: Node
    arg: Node
    raw: bool


@dataclass(slots=True)
class ListOf(Node):
    items: list[Node]


@dataclass(slots=True)
class Pairs(Node):
    """The entries of a map literal, as a list of tuples."""

    rows: list[list[Node]]


@dataclass(slots=True)
class Macro(Node):
    """A comprehension. `kind` is exists, all, exists_one or map; two variables go through pairs."""

    kind: str
    items: Node
    variables: list[str]
    predicate: Node | None
    result: Node | None


@dataclass(slots=True)
class Bind(Node):
    """`body` with `name` standing for `value`."""

    name: str
    value: Node
    body: Node
