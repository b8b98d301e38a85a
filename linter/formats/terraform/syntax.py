"""The syntax of HCL as we keep it: bodies, blocks, attributes, and expressions that are built at first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linter.frozen import dataclass, field
from linter.text import SourceText, Span


class Expr:
    """An expression with its code-point range in its file."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class Literal(Expr):
    """A number, a bool, null or a string without holes."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: Any) -> None:
        self.start = start
        self.end = end
        self.value = value


class Name(Expr):
    """The first word of a traversal: `var`, `local`, a resource type, a variable of a `for`."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start = start
        self.end = end
        self.name = name


@dataclass(frozen=True, slots=True)
class Splat:
    """`[*]` or `.*`."""


SPLAT = Splat()
Step = str | Expr | Splat


class Traversal(Expr):
    """`base.attr[index][*]…`; a step is a name, an index expression or `SPLAT`."""

    __slots__ = ("base", "named", "steps")

    def __init__(
        self, start: int, end: int, base: Expr, steps: tuple[Step, ...], *, named: bool = False
    ) -> None:
        self.start = start
        self.end = end
        self.base = base
        self.steps = steps
        self.named = named  # all steps are known to be names


@dataclass(frozen=True, slots=True)
class Text:
    """A literal piece of a template; `start` is where it stands."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class IfPart:
    """`%{ if c }…%{ else }…%{ endif }`."""

    condition: Expr
    then: tuple[Any, ...]
    otherwise: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ForPart:
    """`%{ for k, v in c }…%{ endfor }`."""

    names: tuple[str, ...]
    source: Expr
    body: tuple[Any, ...]


class Template(Expr):
    """A string with holes; `parts` are Text, Expr, IfPart and ForPart."""

    __slots__ = ("parts", "unindent")

    def __init__(self, start: int, end: int, parts: tuple[Any, ...], *, unindent: bool = False) -> None:
        self.start = start
        self.end = end
        self.parts = parts
        self.unindent = unindent


class Tuple(Expr):
    """`[a, b]`."""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: tuple[Expr, ...]) -> None:
        self.start = start
        self.end = end
        self.items = items


class Object(Expr):
    """`{a = 1}`; a bare word as key is a Literal."""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: tuple[tuple[Expr, Expr], ...]) -> None:
        self.start = start
        self.end = end
        self.items = items


class Call(Expr):
    """`name(args…)`; `expand`: the last argument is a list of arguments."""

    __slots__ = ("args", "expand", "name")

    def __init__(self, start: int, end: int, name: str, args: tuple[Expr, ...], expand: bool) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.args = args
        self.expand = expand


class Conditional(Expr):
    """`c ? a : b`."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, start: int, end: int, condition: Expr, then: Expr, otherwise: Expr) -> None:
        self.start = start
        self.end = end
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class Unary(Expr):
    """`!a`, `-a`."""

    __slots__ = ("operand", "operator")

    def __init__(self, start: int, end: int, operator: str, operand: Expr) -> None:
        self.start = start
        self.end = end
        self.operator = operator
        self.operand = operand


class Binary(Expr):
    """`a + b` and the like."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, start: int, end: int, operator: str, left: Expr, right: Expr) -> None:
        self.start = start
        self.end = end
        self.operator = operator
        self.left = left
        self.right = right


class For(Expr):
    """`[for k, v in s : value if c]`, `{for … : key => value…}`; `key` is None for a list."""

    __slots__ = ("condition", "group", "key", "names", "source", "value")

    def __init__(
        self,
        start: int,
        end: int,
        names: tuple[str, ...],
        source: Expr,
        key: Expr | None,
        value: Expr,
        condition: Expr | None,
        group: bool,
    ) -> None:
        self.start = start
        self.end = end
        self.names = names
        self.source = source
        self.key = key
        self.value = value
        self.condition = condition
        self.group = group


class Attribute:
    """`name = expression`. The expression is given, or built of `source` when it is first asked for."""

    __slots__ = ("_build", "_source", "end", "expr", "file", "name", "name_end", "start")
    expr: Expr

    def __init__(
        self,
        name: str,
        start: int,
        name_end: int,
        end: int,
        file: File,
        source: Any,
        build: Callable[[Any], Expr] | None = None,
    ) -> None:
        self.name = name
        self.start = start
        self.name_end = name_end
        self.end = end
        self.file = file
        if build is None:
            self.expr = source
        else:
            self._build = build
            self._source = source

    def __getattr__(self, name: str) -> Expr:
        if name != "expr":  # the one slot that is empty at first
            raise AttributeError(name)
        expr = self.expr = self._build(self._source)
        self._source = None
        return expr

    @property
    def span(self) -> Span:
        """`name = value` when it stands on one line, else the name alone."""
        return self.file.entry_span(self.start, self.name_end, self.end)


@dataclass(slots=True)
class Body:
    """Attributes by name, and blocks in order."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def blocks_of(self, kind: str) -> list[Block]:
        return [block for block in self.blocks if block.kind == kind]


@dataclass(slots=True, eq=False)
class Block:
    """`kind "label" "label" { body }`; `header_end` is the end of the last label."""

    kind: str
    labels: tuple[str, ...]
    body: Body
    start: int
    header_end: int
    end: int
    file: File

    @property
    def span(self) -> Span:
        return Span(self.start, self.header_end)


@dataclass(slots=True, eq=False)
class File:
    """One parsed file; `errors` are ranges that the grammar did not accept; `comments` in order."""

    text: SourceText
    body: Body = field(default_factory=Body)
    errors: list[tuple[int, int]] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    document: Any = None  # the Document that findings in this file belong to

    def entry_span(self, start: int, name_end: int, end: int) -> Span:
        return Span(start, name_end if "\n" in self.text.text[start:end] else end)
