"""HCL text to our syntax, through tree-sitter."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Any

from linter.formats.terraform import expressions
from linter.formats.terraform.plainlines import MisplacedError, PlainLines, set_aside
from linter.formats.terraform.syntax import Attribute, Block, Body, Expr, File, Template
from linter.formats.terraform.tangled import tangled
from linter.patterns import lazy_bytes_regex, lazy_regex
from linter.text import SourceText

MAX_ERRORS = 20  # of one file that are told
MAX_DEPTH = 60  # of blocks in blocks
_TOP = lazy_regex(
    r"^(?:resource|data|module|variable|output|provider|locals|terraform|moved|import|removed|check)\b[^\n]*\{",
    re.MULTILINE,
)


_PLAIN = lazy_bytes_regex(rb"([A-Za-z_][\w-]*)[ \t]*=[ \t]*" + expressions.PLAIN)
ENGINE = lazy_regex(  # Jinja, cookiecutter, Go templates; `= <INSERT_NAME>`
    r"\{%-?\s*\w|\{\{-?\s*[\w.][^{}\n]*\}\}|=[ \t]*<[A-Za-z][\w -]*>[ \t]*$", re.MULTILINE
)
_OPENING = lazy_regex(r"\{[%#]")  # of a statement or comment of Jinja
_VALUE = lazy_regex(r"(?m)((?:^|[=:,(\[])[ \t]*)(?:\{\{[^{}\n]*\}\}|<[A-Za-z][\w -]*>(?=[ \t]*$))")
_BLANK = lazy_regex(r"[^\n]")
_EXPONENT = lazy_bytes_regex(rb"(?<![\w.\"-])\d+[eE][+-]?\d+(?![\w.\"-])")
_HEADER = lazy_bytes_regex(rb"([A-Za-z_][\w-]*)((?:[ \t]+\"[^\"\\$%\r\n]*\")*)[ \t]*\{")


_BLOCK = 1024  # bytes
_CONTINUED = bytes(range(0x80, 0xC0))  # bytes within a character


@cache
def parser() -> Any:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def _characters(data: bytes) -> int:
    """How many characters begin in a piece of UTF-8."""
    return len(data.translate(None, _CONTINUED))


class Offsets:
    """Byte offsets of the UTF-8 text to code points."""

    __slots__ = ("_chars", "ascii", "base", "data")

    def __init__(self, text: str, base: int = 0) -> None:
        self.base = base  # code-point offset of the text in its file
        self.data = text.encode("utf-8", "surrogatepass")
        self.ascii = len(self.data) == len(text)
        self._chars: list[int] = []  # before each block of bytes
        if not self.ascii:
            at = 0
            for start in range(0, len(self.data) + 1, _BLOCK):
                self._chars.append(at)
                at += _characters(self.data[start : start + _BLOCK])

    def __call__(self, offset: int) -> int:
        if self.ascii:
            return offset + self.base
        block = offset // _BLOCK
        return self.base + self._chars[block] + _characters(self.data[block * _BLOCK : offset])


def parse(text: SourceText) -> File:
    """Parse a whole file. Never fails: what is broken is in `errors`, the rest is usable.

    A file of another template engine is read with both sides of its conditions; what is no HCL even so is left out.
    """
    file = _parse(text, text.text)
    if file.errors and ENGINE.search(text.text):
        return _parse(text, _without_engine(text.text), whole=True)
    return file


def _parse(text: SourceText, words: str, *, whole: bool = False) -> File:
    file = File(text)
    if _read(file, words, 0, whole=whole):
        return file
    starts = [match.start() for match in _TOP.finditer(words)]
    if len(starts) > 1 and starts != [0]:
        # an error swallows what follows it: read block by block, so that it stays in its own
        file = File(text)
        for start, end in pairwise([0, *(s for s in starts if s), len(words)]):
            _read(file, words[start:end], start, whole=whole)
    return file


def _read(file: File, text: str, base: int, *, whole: bool = False) -> bool:
    """Add what a text holds to a file, with `whole` only if all of it was accepted; whether it was."""
    offsets = Offsets(text, base)
    if tangled(offsets.data):
        file.errors.append((base, base + 1))
        return False
    reader = _Reader(file, offsets, set_aside(offsets.data))
    if not reader.accepts():
        reader = _Reader(file, offsets, PlainLines(_for_the_grammar(offsets.data), []))
        reader.accepts()
    broken = reader.root.has_error
    if not (whole and broken):
        file.body.blocks += reader.top.blocks
        for name, attribute in reader.top.attributes.items():
            file.body.attributes.setdefault(name, attribute)
    file.comments += reader.comments
    file.errors += reader.errors()[:1]  # what follows in the same block comes of the first
    return not broken


def _without_engine(text: str) -> str:
    """The text with blanks for statements and comments of Jinja, and a name of the same length for its values."""
    parts: list[str] = []
    done = at = 0
    ends = {mark: text.rfind(mark + "}") for mark in "%#"}  # the last ones: none is looked for behind them
    while (opening := _OPENING.search(text, at)) is not None:
        mark = opening[0][1]
        if opening.end() > ends[mark]:
            at = opening.end()
            continue
        at = text.index(mark + "}", opening.end()) + 2
        parts += [text[done : opening.start()], _BLANK.sub(" ", text[opening.start() : at])]
        done = at
    text = "".join([*parts, text[done:]])
    return _VALUE.sub(lambda match: match[1] + "_" * (len(match[0]) - len(match[1])), text)


def _for_the_grammar(data: bytes) -> bytes:
    """The text with digits for numbers such as `1e9`, which the grammar does not know; values come from the text."""
    return _EXPONENT.sub(lambda match: b"1" * len(match[0]), data) if _EXPONENT.search(data) else data


def parse_template(text: str) -> Expr:
    """The text of a template file as one expression; offsets mean nothing outside of it."""
    marker = "TEMPLATE_END_7f3a"
    file = parse(SourceText("", f"t = <<{marker}\n{text}\n{marker}\n"))
    attribute = file.body.attributes.get("t")
    if attribute is None or file.errors:
        return Template(0, 0, (expressions.Hole(0, 0),))
    return attribute.expr


class _Reader:
    """Turns the nodes of one tree, and the lines that were set aside of its text, into blocks and attributes."""

    def __init__(self, file: File, offsets: Offsets, lines: PlainLines) -> None:
        self.file = file
        self.offsets = offsets
        self.data = offsets.data
        self.lines = lines
        self.root = parser().parse(lines.rest).root_node
        self.top = Body()
        self.comments: list[tuple[int, int]] = []
        self.too_deep: list[tuple[int, int]] = []
        self._shift = offsets.base if offsets.ascii else None  # from bytes to code points
        self._builder = expressions.Builder(offsets)
        self._build = self._builder.build
        self._depth = 0
        self._passed = 0  # the end of the last attribute of the tree

    def accepts(self) -> bool:
        """Read all; whether that went well. A text of which lines were set aside is then to be read without."""
        if self.root.has_error and self.lines.set_aside:
            return False
        try:
            for child in self.root.named_children:
                if child.type == "body":
                    self._fill(child, self.top)
                elif child.type == "comment":
                    self.comment(child, self.top)
            self.take(self.top, len(self.data))
        except MisplacedError:
            return False
        return True

    def take(self, body: Body, limit: int) -> None:
        """Add the lines before `limit` that were set aside to the body that they are met in."""
        lines = self.lines
        while lines.following < limit:
            if lines.following < self._passed:
                raise MisplacedError
            start, value, end, key, text, content, path = lines.take()
            attribute = self._plain(start, value, end, key, text, content, path)
            body.attributes.setdefault(attribute.name, attribute)

    def body(self, node: Any, body: Body) -> None:
        if self._depth >= MAX_DEPTH:
            if self.lines.following < node.end_byte:
                raise MisplacedError
            start = self.offsets(node.start_byte)
            self.too_deep.append((start, start + 1))
            return
        self._depth += 1
        try:
            self._fill(node, body)
        finally:
            self._depth -= 1

    def _fill(self, node: Any, body: Body) -> None:
        lines = self.lines
        attributes = body.attributes
        for child in node.named_children:
            start = child.start_byte
            if lines.following < start:
                self.take(body, start)
            kind = child.type
            if kind == "attribute":
                attribute = self.attribute(child, start)
                if attribute is not None:
                    attributes.setdefault(attribute.name, attribute)
            elif kind == "block":
                body.blocks.append(self.block(child))
            elif kind == "comment":
                self.comment(child, body)

    def comment(self, node: Any, body: Body) -> None:
        start, end = node.start_byte, node.end_byte
        self.take(body, start)
        if self.lines.following == start:
            return  # it stands for lines that were set aside
        self.comments.append((self.offsets(start), self.offsets(end)))
        while self.lines.following < end:
            self.lines.take()  # it is in the comment

    def attribute(self, node: Any, start: int) -> Attribute | None:
        end = self._passed = node.end_byte
        match = _PLAIN.fullmatch(self.data, start, end)
        if match is None:
            return self._attribute(node)
        key, text, content, path = match.groups()
        return self._plain(start, match.start(2), end, key, text, content, path)

    def _plain(
        self,
        start: int,
        value: int,
        end: int,
        key: bytes,
        text: bytes,
        content: bytes | None,
        path: bytes | None,
    ) -> Attribute:
        shift = self._shift
        if shift is None:
            start, value, end = self.offsets(start), self.offsets(value), self.offsets(end)
        else:
            start, value, end = start + shift, value + shift, end + shift
        expr = expressions.plain(text, content, path, value, end)
        return Attribute(key.decode(), start, start + len(key), end, self.file, expr)

    def _attribute(self, node: Any) -> Attribute | None:
        children = [child for child in node.named_children if child.type != "comment"]
        if len(children) < 2:
            return None
        name, value = children[0], children[-1]
        start, name_end, end = name.start_byte, name.end_byte, value.end_byte
        text = self.data[start:name_end].decode("utf-8", "replace")
        shift = self._shift
        if shift is None:
            start, name_end, end = self.offsets(start), self.offsets(name_end), self.offsets(end)
        else:
            start, name_end, end = start + shift, name_end + shift, end + shift
        return Attribute(text, start, name_end, end, self.file, value, self._build)

    def block(self, node: Any) -> Block:
        body = Body()
        start, end = node.start_byte, node.end_byte
        header = _HEADER.match(self.data, start, end)
        if header is not None:
            kind, written = header.groups()
            labels = [part.decode("utf-8", "replace") for part in (kind, *written.split(b'"')[1::2])]
            header_end = header.end(2)
            rest = node.named_children[len(labels) :]
        else:
            if self.lines.following < end:
                raise MisplacedError
            labels = []
            header_end = start
            rest = node.named_children
        for child in rest:
            type_ = child.type
            if type_ == "body":
                self.body(child, body)
            elif type_ == "comment":
                self.comment(child, body)
            elif header is None and type_ in ("identifier", "string_lit"):
                labels.append(self._builder.label(child))
                header_end = child.end_byte
        if self.lines.following < end:
            self.take(body, end)
        shift = self._shift
        if shift is None:
            start, header_end, end = self.offsets(start), self.offsets(header_end), self.offsets(end)
        else:
            start, header_end, end = start + shift, header_end + shift, end + shift
        return Block(labels[0] if labels else "", tuple(labels[1:]), body, start, header_end, end, self.file)

    def errors(self) -> list[tuple[int, int]]:
        """Where the grammar did not accept the text, and what is too deep in it."""
        found = self.too_deep
        queue = [self.root] if self.root.has_error else []
        while queue and len(found) < MAX_ERRORS:
            node = queue.pop(0)
            if node.type == "ERROR" or node.is_missing:
                start = self.offsets(node.start_byte)
                found.append((start, max(start + 1, self.offsets(node.end_byte))))
                continue
            queue[:0] = [child for child in node.children if child.has_error or child.is_missing]
        return found
