"""HCL text to our syntax, through tree-sitter."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import pairwise
from typing import Any

from linter.formats.terraform import expressions
from linter.formats.terraform.syntax import Attribute, Block, Body, Expr, File, Template
from linter.patterns import lazy_bytes_regex, lazy_regex
from linter.text import SourceText

MAX_ERRORS = 20  # of one file that are told
MAX_DEPTH = 60  # of blocks in blocks
_TOP = lazy_regex(
    r"^(?:resource|data|module|variable|output|provider|locals|terraform|moved|import|removed|check)\b[^\n]*\{",
    re.MULTILINE,
)


_PLAIN = lazy_bytes_regex(rb"(?P<key>[A-Za-z_][\w-]*)[ \t]*=[ \t]*" + expressions.PLAIN)


@cache
def parser() -> Any:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


class Offsets:
    """Byte offsets of the UTF-8 text to code points."""

    __slots__ = ("_bytes", "_chars", "ascii", "base", "data")

    def __init__(self, text: str, base: int = 0) -> None:
        self.base = base  # code-point offset of the text in its file
        self.data = text.encode("utf-8", "surrogatepass")
        self.ascii = len(self.data) == len(text)
        self._bytes: list[int] = []
        self._chars: list[int] = []
        if not self.ascii:
            at_byte = at_char = 0
            for line in text.splitlines(keepends=True):
                self._bytes.append(at_byte)
                self._chars.append(at_char)
                at_byte += len(line.encode("utf-8", "surrogatepass"))
                at_char += len(line)

    def __call__(self, offset: int) -> int:
        if self.ascii or not self._bytes:
            return offset + self.base
        line = bisect_right(self._bytes, offset) - 1
        part = self.data[self._bytes[line] : offset].decode("utf-8", "ignore")
        return self.base + self._chars[line] + len(part)


def parse(text: SourceText) -> File:
    """Parse a whole file. Never fails: what is broken is in `errors`, the rest is usable."""
    file = File(text)
    if _read(file, text.text, 0):
        return file
    starts = [match.start() for match in _TOP.finditer(text.text)]
    if len(starts) > 1 and starts != [0]:
        # an error swallows what follows it: read block by block, so that it stays in its own
        file = File(text)
        for start, end in pairwise([0, *(s for s in starts if s), len(text.text)]):
            _read(file, text.text[start:end], start)
    return file


def _read(file: File, text: str, base: int) -> bool:
    """Add what a text holds to a file; whether all of it was accepted."""
    offsets = Offsets(text, base)
    root = parser().parse(offsets.data).root_node
    reader = _Reader(file, offsets)
    for child in root.named_children:
        if child.type == "body":
            body = reader.body(child)
            file.body.blocks += body.blocks
            for name, attribute in body.attributes.items():
                file.body.attributes.setdefault(name, attribute)
        elif child.type == "comment":
            reader.comment(child)
    if root.has_error:
        reader.errors(root)
    return not root.has_error


def parse_template(text: str) -> Expr:
    """The text of a template file as one expression; offsets mean nothing outside of it."""
    marker = "TEMPLATE_END_7f3a"
    file = parse(SourceText("", f"t = <<{marker}\n{text}\n{marker}\n"))
    attribute = file.body.attributes.get("t")
    if attribute is None or file.errors:
        return Template(0, 0, (expressions.Hole(0, 0),))
    return attribute.expr


class _Reader:
    """Turns the nodes of one tree into blocks and attributes."""

    def __init__(self, file: File, offsets: Offsets) -> None:
        self.file = file
        self.offsets = offsets
        self.builder = expressions.Builder(offsets)
        self._depth = 0

    def body(self, node: Any) -> Body:
        body = Body()
        if self._depth >= MAX_DEPTH:
            start = self.offsets(node.start_byte)
            self.file.errors.append((start, start + 1))
            return body
        self._depth += 1
        try:
            self._fill(node, body)
        finally:
            self._depth -= 1
        return body

    def _fill(self, node: Any, body: Body) -> None:
        for child in node.named_children:
            kind = child.type
            if kind == "attribute":
                attribute = self.attribute(child)
                if attribute is not None:
                    body.attributes.setdefault(attribute.name, attribute)
            elif kind == "block":
                body.blocks.append(self.block(child))
            elif kind == "comment":
                self.comment(child)

    def comment(self, node: Any) -> None:
        self.file.comments.append((self.offsets(node.start_byte), self.offsets(node.end_byte)))

    def attribute(self, node: Any) -> Attribute | None:
        start = node.start_byte
        match = _PLAIN.fullmatch(self.offsets.data, start, node.end_byte)
        if match is None:
            return self._attribute(node)
        offsets = self.offsets
        at, end = offsets(start), offsets(match.end())
        return Attribute(
            match["key"].decode(),
            at,
            offsets(match.end("key")),
            end,
            self.file,
            lambda: expressions.plain(match, offsets(match.start("all")), end),
        )

    def _attribute(self, node: Any) -> Attribute | None:
        children = [child for child in node.named_children if child.type != "comment"]
        if len(children) < 2:
            return None
        name, value = children[0], children[-1]
        offsets = self.offsets
        return Attribute(
            offsets.data[name.start_byte : name.end_byte].decode("utf-8", "replace"),
            offsets(node.start_byte),
            offsets(name.end_byte),
            offsets(value.end_byte),
            self.file,
            lambda: self.builder.build(value),
        )

    def block(self, node: Any) -> Block:
        labels: list[str] = []
        body = Body()
        header_end = node.start_byte
        for child in node.named_children:
            kind = child.type
            if kind in ("identifier", "string_lit"):
                labels.append(self.builder.label(child))
                header_end = child.end_byte
            elif kind == "body":
                body = self.body(child)
            elif kind == "comment":
                self.comment(child)
        offsets = self.offsets
        return Block(
            labels[0] if labels else "",
            tuple(labels[1:]),
            body,
            offsets(node.start_byte),
            offsets(header_end),
            offsets(node.end_byte),
            self.file,
        )

    def errors(self, root: Any) -> None:
        queue = [root]
        while queue and len(self.file.errors) < MAX_ERRORS:
            node = queue.pop(0)
            if node.type == "ERROR" or node.is_missing:
                start = self.offsets(node.start_byte)
                self.file.errors.append((start, max(start + 1, self.offsets(node.end_byte))))
                continue
            queue[:0] = [child for child in node.children if child.has_error or child.is_missing]
