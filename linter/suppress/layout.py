"""Where the comments of a file are, and how far what begins on a line reaches. One function a format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from linter.formats.document import Document
from linter.frozen import dataclass, field
from linter.text import SourceText, Span


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its mark. `own_line`: nothing else stands on its line; `line` is 1-based, its last."""

    span: Span
    text: str
    line: int
    own_line: bool


@dataclass
class Layout:
    """Comments in order, and line ranges (1-based, inclusive)."""

    comments: list[Comment] = field(default_factory=list)
    blocks: Mapping[int, int] = field(
        default_factory=dict
    )  # line -> last line of the largest thing that begins there
    entries: Mapping[int, int] = field(
        default_factory=dict
    )  # line -> last line of the entry or block whose head it is
    containers: Sequence[tuple[int, int]] = ()  # top-level blocks, in order: what a comment inside belongs to
    code: Sequence[int] = ()  # lines that hold more than a comment, in order

    def below(self, comment: Comment) -> int | None:
        """The line of code right below a comment, other comments between; None when a blank line parts them."""
        return self._below.get(comment.line)

    @cached_property
    def _below(self) -> dict[int, int | None]:
        code = set(self.code)
        result: dict[int, int | None] = {}
        for comment in reversed(self.comments):
            if comment.own_line:
                following = comment.line + 1
                result[comment.line] = following if following in code else result.get(following)
        return result

    def at_top(self, comment: Comment) -> bool:
        return not self.code or comment.line < self.code[0]

    def around(self, line: int) -> tuple[int, int] | None:
        """The top-level block that a line is in."""
        return next(((first, last) for first, last in self.containers if first <= line <= last), None)


def layout_of(document: Document) -> Layout:
    """The layout of a file; empty for formats without comments."""
    path = document.path.lower()
    if document.format == "dockerfile":
        return _dockerfile(document.text)
    if path.endswith(".json"):
        return Layout()
    if document.format == "terraform":
        return _terraform(document.text)
    from linter.suppress.yamllayout import yaml_layout

    return yaml_layout(document.text)


def code_lines(text: SourceText, comments: Sequence[Comment]) -> list[int]:
    """The 1-based numbers of lines that hold something besides blanks and comments."""
    only_comment: set[int] = set()
    for comment in comments:
        if comment.own_line:
            only_comment.update(range(text.position(comment.span.start).line, comment.line + 1))
    return [n for n in range(1, text.line_count + 1) if n not in only_comment and text.line(n).strip()]


def _dockerfile(text: SourceText) -> Layout:
    from linter.formats.dockerfile.lines import split

    lines = split(text.text)
    comments = [
        Comment(found.span, text.slice(found.span), text.position(found.span.start).line, own_line=True)
        for found in lines.comments
    ]
    starts = [text.position(line.joined.source(0)).line for line in lines.instructions]
    ends = [start - 1 for start in starts[1:]] + [text.line_count]
    blocks = dict(zip(starts, ends, strict=True))
    entries = dict(blocks)
    froms = [start for start, line in zip(starts, lines.instructions, strict=True) if line.keyword == "FROM"]
    for start, following in zip(froms, [*froms[1:], text.line_count + 1], strict=False):  # there may be none
        blocks[start] = following - 1
    stages = [(start, blocks[start]) for start in froms]
    return Layout(comments, blocks, entries, stages, code_lines(text, comments))


def _terraform(text: SourceText) -> Layout:
    from linter.formats.terraform.hcl import Offsets, parser
    from linter.formats.terraform.tangled import tangled

    offset = Offsets(text.text)
    if tangled(offset.data):
        return Layout([], {}, {}, [], code_lines(text, []))
    tree = parser().parse(offset.data)
    comments: list[Comment] = []
    blocks: dict[int, int] = {}
    top: list[tuple[int, int]] = []

    stack = [(tree.root_node, 0)]
    while stack:
        node, depth = stack.pop()
        if node.type == "comment":
            span = Span(offset(node.start_byte), offset(node.end_byte))
            first, last = text.position(span.start), text.position(span.end).line
            before = text.line(first.line)[: first.column - 1]
            comments.append(Comment(span, text.slice(span).rstrip(), last, not before.strip()))
            continue
        if node.type in ("block", "attribute", "object_elem"):
            first_line, last_line = node.start_point[0] + 1, node.end_point[0] + 1
            blocks[first_line] = max(blocks.get(first_line, 0), last_line)
            if node.type == "block" and depth == 0:
                top.append((first_line, last_line))
            depth += node.type == "block"
        stack.extend((child, depth) for child in node.children)
    comments.sort(key=lambda comment: comment.span.start)
    return Layout(comments, blocks, blocks, sorted(top), code_lines(text, comments))
