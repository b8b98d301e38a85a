"""Comments and line ranges of YAML. A `#` within a scalar is no comment, so the parser's scalars are left out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.suppress.layout import Comment, Layout, code_lines
from linter.text import SourceText, Span

_HASH = lazy_regex(r"(?:^|(?<=[ \t]))#", re.MULTILINE)
_LINE_END = lazy_regex(r"[\r\n]|\Z")
_DOCUMENT_START = lazy_regex(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_DASHES = lazy_regex(r"(?:-[ \t]+)*")
_KEY_ALONE = lazy_regex(r":[ \t]*(?:[|>&!][^#]*)?(?:[ \t]#.*)?\Z")

MAX_BROKEN = 50  # documents of a file that do not parse, behind which no comment is looked for


def yaml_layout(text: SourceText) -> Layout:
    """The layout of a YAML file; of one that does not parse, up to the error in each document."""
    comments = list(_comments(text))
    code = code_lines(text, comments)
    blocks: dict[int, int] = {}
    entries: dict[int, int] = {}
    documents = _documents(text, code)
    layout = Layout(comments, code=code)
    wanted = {comment.line if not comment.own_line else layout.below(comment) for comment in comments}
    for lines in documents:
        _ranges(text, lines, wanted, blocks, entries)
    tops = [(lines[0], lines[-1]) for lines in documents]
    return Layout(comments, blocks, entries, tops, code)


def _comments(text: SourceText) -> Iterator[Comment]:
    scalars = _scalars(text.text)
    starts = [start for start, _ in scalars]
    done = 0
    for match in _HASH.finditer(text.text):
        at = match.start()
        index = bisect_right(starts, at) - 1
        if at < done or (index >= 0 and at < scalars[index][1]):
            continue
        end = _LINE_END.search(text.text, at)
        assert end is not None
        done = end.start()
        place = text.position(at)
        before = text.line(place.line)[: place.column - 1]
        yield Comment(Span(at, done), text.text[at:done], place.line, not before.strip())


def _scalars(source: str) -> list[tuple[int, int]]:
    """Where quoted and block scalars stand: the only places where a `#` after a blank is text."""
    import yaml

    from linter.formats.yamlholes import fill

    filled = fill(source)
    text = filled.text if filled is not None else source
    result: list[tuple[int, int]] = []
    base = 0
    for _ in range(MAX_BROKEN):
        try:
            for event in yaml.parse(text[base:], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                if (
                    isinstance(event, yaml.ScalarEvent)
                    and event.style
                    and event.start_mark
                    and event.end_mark
                ):
                    start, end = base + event.start_mark.index, base + event.end_mark.index
                    if event.style in "|>":
                        header_end = _LINE_END.search(text, start)
                        start = header_end.start() if header_end else start
                    result.append((start, end))
        except (yaml.YAMLError, UnicodeEncodeError):
            after = _DOCUMENT_START.search(text, (result[-1][1] if result else base) + 1)
            if after is None:
                break
            base = after.start()
        else:
            return result
    else:
        result.append((base, len(text)))  # too much of it is broken to tell comments from text
    return result


def _documents(text: SourceText, code: list[int]) -> list[list[int]]:
    """The code lines of each document; a `---` line belongs to the document that it begins."""
    result: list[list[int]] = []
    for number in code:
        if not result or text.line(number).startswith("---"):
            result.append([])
        result[-1].append(number)
    return result


def _ranges(
    text: SourceText,
    lines: list[int],
    wanted: set[int | None],
    blocks: dict[int, int],
    entries: dict[int, int],
) -> None:
    """Ranges of the wanted lines by indentation, which also holds for templates that are no YAML yet."""
    if wanted.isdisjoint(lines):
        return
    shapes = [_shape(text.line(number)) for number in lines]
    content = [number for number in lines if not text.line(number).startswith(("---", "%"))]
    for index, number in enumerate(lines):
        if number not in wanted:
            continue
        own = shapes[index]
        if number == lines[0] or (content and number == content[0] and own.indent == 0):
            blocks[number] = lines[-1]
        else:
            blocks[number] = _reach(
                lines, shapes, index, own.indent, inline=own.head and own.indent == own.key
            )
        entries[number] = _reach(lines, shapes, index, own.key, inline=own.head)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a line begins: its indent, the column of its key behind dashes, whether it is a key alone."""

    indent: int
    key: int
    head: bool

    @property
    def dashed(self) -> bool:
        return self.key > self.indent


def _shape(line: str) -> _Shape:
    indent = len(line) - len(line.lstrip(" \t"))
    marks = _DASHES.match(line, indent)
    key = marks.end() if marks else indent
    if line.strip() == "-":
        key = indent + 1
    return _Shape(indent, key, _KEY_ALONE.search(line) is not None)


def _reach(lines: list[int], shapes: list[_Shape], index: int, column: int, *, inline: bool) -> int:
    """The last line of what begins on a line: those that are indented deeper than `column`.

    `inline`: elements of a list at the column itself belong to it too, as YAML allows below a key.
    """
    last = index
    while last + 1 < len(lines):
        later = shapes[last + 1]
        if not (later.indent > column or (inline and later.dashed and later.indent == column)):
            break
        last += 1
    return lines[last]
