"""tree-sitter nodes of expressions to our expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from linter.formats.scalars import whole
from linter.formats.terraform import syntax as s
from linter.patterns import lazy_bytes_regex, lazy_regex

MAX_DEPTH = 60  # of expressions in expressions; what is deeper is unknown
MAX_STEPS = 50  # of one traversal
_ESCAPE = lazy_regex(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|(\$\$|%%)(?=\{)", re.DOTALL)
_HEREDOC_ESCAPE = lazy_regex(r"(\$\$|%%)(?=\{)")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Hole(s.Expr):
    """An expression that we can't read: its value is unknown."""

    __slots__ = ()


def unescape(text: str) -> str:
    """A quoted string's content."""
    if "\\" not in text and "{" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
        return match[4][0] if match[4] else _SIMPLE.get(match[3], match[3])

    return _ESCAPE.sub(one, text)


# Three expressions of four: a plain string, number, bool, null or name. The text tells all that the syntax tree holds.
# Its groups are the arguments of `plain`.
PLAIN = rb"(\"([^\"\\$%\r\n]*)\"|-?\d{1,18}|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*))"
_PLAIN = lazy_bytes_regex(PLAIN)
_WORDS: dict[bytes, Any] = {b"true": True, b"false": False, b"null": None}


def plain(text: bytes, content: bytes | None, path: bytes | None, start: int, end: int) -> s.Expr:
    """The expression that `PLAIN` matched."""
    if content is not None:
        return s.Literal(start, end, content.decode("utf-8", "replace"))
    if path is None:
        return s.Literal(start, end, int(text))
    if path in _WORDS:
        return s.Literal(start, end, _WORDS[path])
    first, *steps = path.decode().split(".")
    base = s.Name(start, start + len(first), first)
    return s.Traversal(start, end, base, tuple(steps), named=True) if steps else base


class Builder:
    """Builds expressions of one file. `offsets` maps bytes to code points and holds the bytes."""

    def __init__(self, offsets: Any) -> None:
        self.offsets = offsets
        self.data: bytes = offsets.data
        self._depth = 0
        self._shift = offsets.base if offsets.ascii else None

    def raw(self, node: Any) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def range(self, node: Any) -> tuple[int, int]:
        shift = self._shift
        if shift is None:
            return self.offsets(node.start_byte), self.offsets(node.end_byte)
        return node.start_byte + shift, node.end_byte + shift

    def build(self, node: Any) -> s.Expr:
        make = _KINDS.get(node.type)
        if make is None or self._depth >= MAX_DEPTH:
            return Hole(*self.range(node))
        self._depth += 1
        try:
            return make(self, node)
        finally:
            self._depth -= 1

    def label(self, node: Any) -> str:
        return self.raw(node) if node.type == "identifier" else unescape(self.raw(node)[1:-1])

    def chain(self, node: Any) -> s.Expr:
        start, end = node.start_byte, node.end_byte
        match = _PLAIN.fullmatch(self.data, start, end)
        if match is not None:
            text, content, path = match.groups()
            return plain(text, content, path, self.offsets(start), self.offsets(end))
        return self._chain([child for child in node.named_children if child.type != "comment"], node)

    def _chain(self, children: list[Any], node: Any) -> s.Expr:
        """A base followed by `.attr`, `[index]` and splats."""
        if not children or len(children) > MAX_STEPS:
            return Hole(*self.range(node))
        base = self.build(children[0])
        if len(children) == 1:
            return base
        steps: list[s.Step] = []
        for child in children[1:]:
            self._step(child, steps)
        return s.Traversal(base.start, self.offsets(children[-1].end_byte), base, tuple(steps))

    def _step(self, node: Any, steps: list[s.Step]) -> None:
        if node.type == "get_attr":
            steps.append(self.raw(node.named_children[0]))
        elif node.type == "index":
            inner = node.named_children[0]
            if inner.type == "legacy_index":
                steps.append(s.Literal(*self.range(inner), whole(re.sub(r"\D", "", self.raw(inner))) or 0))
            else:
                steps.append(self.chain(inner))
        elif node.type == "splat":
            steps.append(s.SPLAT)
            for child in node.named_children[0].named_children:
                self._step(child, steps)
        else:
            steps.append(Hole(*self.range(node)))

    def scalar(self, node: Any) -> s.Expr:
        raw = self.raw(node)
        value: Any = {"true": True, "false": False, "null": None}.get(raw, raw)
        if value is raw:
            try:
                value = int(raw)
            except ValueError:
                try:
                    value = float(raw)
                except ValueError:
                    return Hole(*self.range(node))
        return s.Literal(*self.range(node), value)

    def string(self, node: Any) -> s.Expr:
        return s.Literal(*self.range(node), unescape(self.raw(node)[1:-1]))

    def name(self, node: Any) -> s.Expr:
        return s.Name(*self.range(node), self.raw(node))

    def sequence(self, node: Any) -> s.Expr:
        items = tuple(self.chain(child) for child in node.named_children if child.type == "expression")
        return s.Tuple(*self.range(node), items)

    def mapping(self, node: Any) -> s.Expr:
        items = []
        for element in node.named_children:
            if element.type == "object_elem":
                parts = [child for child in element.named_children if child.type == "expression"]
                if len(parts) == 2:
                    key = self.chain(parts[0])
                    if isinstance(key, s.Name) and not self.raw(parts[0]).startswith("("):
                        key = s.Literal(key.start, key.end, key.name)
                    items.append((key, self.chain(parts[1])))
        return s.Object(*self.range(node), tuple(items))

    def call(self, node: Any) -> s.Expr:
        args: tuple[s.Expr, ...] = ()
        expand = False
        for child in node.named_children:
            if child.type == "function_arguments":
                args = tuple(self.chain(arg) for arg in child.named_children if arg.type == "expression")
                expand = any(arg.type == "ellipsis" for arg in child.named_children)
        return s.Call(*self.range(node), self.raw(node.named_children[0]), args, expand)

    def conditional(self, node: Any) -> s.Expr:
        parts = [self.build(child) for child in node.named_children if child.type != "comment"]
        return s.Conditional(*self.range(node), *parts) if len(parts) == 3 else Hole(*self.range(node))

    def unary(self, node: Any) -> s.Expr:
        rest = [child for child in node.named_children if child.type != "comment"]
        return s.Unary(*self.range(node), self.raw(node.children[0]), self._chain(rest, node))

    def binary(self, node: Any) -> s.Expr:
        children = [child for child in node.children if child.type != "comment"]
        index = next((i for i, child in enumerate(children) if not child.is_named), 0)
        left, right = self._chain(children[:index], node), self._chain(children[index + 1 :], node)
        return s.Binary(*self.range(node), self.raw(children[index]), left, right)

    def for_(self, node: Any) -> s.Expr:
        intro = next(child for child in node.named_children if child.type == "for_intro")
        names = tuple(self.raw(child) for child in intro.named_children if child.type == "identifier")
        source = next(self.chain(child) for child in intro.named_children if child.type == "expression")
        values = [self.chain(child) for child in node.named_children if child.type == "expression"]
        conditions = [child for child in node.named_children if child.type == "for_cond"]
        condition = self.chain(conditions[0]) if conditions else None
        group = any(child.type == "ellipsis" for child in node.named_children)
        key = values[0] if node.type == "for_object_expr" and len(values) == 2 else None
        if not values:
            return Hole(*self.range(node))
        return s.For(*self.range(node), names, source, key, values[-1], condition, group)

    def quoted(self, node: Any) -> s.Expr:
        tokens = _Tokens(self, unescape)
        tokens.read(node, node.start_byte + 1, node.end_byte - 1)
        return s.Template(*self.range(node), tokens.tree())

    def heredoc(self, node: Any) -> s.Expr:
        ids = [child for child in node.named_children if child.type == "heredoc_identifier"]
        data = self.data
        first = data.find(b"\n", ids[0].end_byte) + 1 if ids else node.start_byte
        last = data.rfind(b"\n", 0, ids[-1].start_byte) + 1 if len(ids) > 1 else node.end_byte
        tokens = _Tokens(self, lambda text: _HEREDOC_ESCAPE.sub(lambda m: m[1][0], text))
        if last > first:
            tokens.read(node, first, last)
        unindent = data[node.start_byte : node.start_byte + 3] == b"<<-"
        return s.Template(*self.range(node), tokens.tree(), unindent=unindent)

    def only(self, node: Any) -> s.Expr:
        """What a node is that only wraps another."""
        return self.build(node.named_children[0])

    def literal(self, node: Any) -> s.Expr:
        return self.only(node) if node.named_children else self.scalar(node)


_KINDS: dict[str, Callable[[Builder, Any], s.Expr]] = {
    "expression": Builder.chain,
    "literal_value": Builder.literal,
    "string_lit": Builder.string,
    "numeric_lit": Builder.scalar,
    "bool_lit": Builder.scalar,
    "null_lit": Builder.scalar,
    "template_expr": Builder.only,
    "quoted_template": Builder.quoted,
    "heredoc_template": Builder.heredoc,
    "collection_value": Builder.only,
    "tuple": Builder.sequence,
    "object": Builder.mapping,
    "variable_expr": Builder.name,
    "identifier": Builder.name,
    "function_call": Builder.call,
    "conditional": Builder.conditional,
    "operation": Builder.only,
    "unary_operation": Builder.unary,
    "binary_operation": Builder.binary,
    "for_expr": Builder.only,
    "for_tuple_expr": Builder.for_,
    "for_object_expr": Builder.for_,
}


_STRUCTURE = frozenset(
    (
        "template_interpolation",
        "template_if_intro",
        "template_else_intro",
        "template_if_end",
        "template_for_start",
        "template_for_end",
    )
)


class _Tokens:
    """The pieces of a template in a row, then as a tree."""

    def __init__(self, builder: Builder, unescape_: Callable[[str], str]) -> None:
        self.builder = builder
        self.unescape = unescape_
        self.items: list[tuple[str, Any, bool, bool]] = []  # kind, content, `~` before, `~` after
        self._cursor = 0

    def read(self, node: Any, start: int, end: int) -> None:
        self._cursor = start
        self._visit(node)
        self._text(end)

    def _text(self, end: int) -> None:
        if end > self._cursor:
            text = self.builder.data[self._cursor : end].decode("utf-8", "replace")
            self.items.append(
                ("text", s.Text(self.unescape(text), self.builder.offsets(self._cursor)), False, False)
            )
        self._cursor = max(self._cursor, end)

    def _visit(self, node: Any, depth: int = 0) -> None:
        for child in node.named_children if depth < MAX_DEPTH else ():
            kind = child.type
            if kind in _STRUCTURE:
                self._text(child.start_byte)
                self._structure(child, kind)
                self._cursor = child.end_byte
            elif kind not in ("template_literal", "heredoc_identifier"):
                self._visit(child, depth + 1)

    def _structure(self, node: Any, kind: str) -> None:
        data = self.builder.data
        before = data[node.start_byte + 2 : node.start_byte + 3] == b"~"
        after = data[node.end_byte - 2 : node.end_byte - 1] == b"~"
        expressions = [
            self.builder.chain(child) for child in node.named_children if child.type == "expression"
        ]
        content: Any = expressions[0] if expressions else Hole(*self.builder.range(node))
        if kind == "template_for_start":
            names = tuple(
                self.builder.raw(child) for child in node.named_children if child.type == "identifier"
            )
            content = (names, content)
        self.items.append((kind, content, before, after))

    def tree(self) -> tuple[Any, ...]:
        items = self.items
        for index, (kind, _, before, after) in enumerate(items):
            if kind == "text":
                continue
            if before and index and items[index - 1][0] == "text":
                text = items[index - 1][1]
                items[index - 1] = ("text", s.Text(text.text.rstrip(" \t\r\n"), text.start), False, False)
            if after and index + 1 < len(items) and items[index + 1][0] == "text":
                text = items[index + 1][1]
                items[index + 1] = ("text", s.Text(text.text.lstrip(" \t\r\n"), text.start), False, False)
        parts, _ = self._parts(0, 0)
        return parts

    def _parts(self, index: int, depth: int) -> tuple[tuple[Any, ...], int]:
        """The parts from `index` to the end of the enclosing directive, and the index of that end."""
        parts: list[Any] = []
        while index < len(self.items):
            kind, content, _, _ = self.items[index]
            if depth > MAX_DEPTH:
                return (Hole(0, 0),), len(self.items)
            if kind in ("template_else_intro", "template_if_end", "template_for_end"):
                break
            if kind == "template_if_intro":
                then, index = self._parts(index + 1, depth + 1)
                otherwise: tuple[Any, ...] = ()
                if index < len(self.items) and self.items[index][0] == "template_else_intro":
                    otherwise, index = self._parts(index + 1, depth + 1)
                parts.append(s.IfPart(content, then, otherwise))
            elif kind == "template_for_start":
                body, index = self._parts(index + 1, depth + 1)
                parts.append(s.ForPart(content[0], content[1], body))
            else:
                parts.append(content)
            index += 1
        return tuple(parts), index
