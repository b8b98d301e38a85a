"""Comments and line ranges of YAML. A `#` within a scalar is no comment, so the parser's scalars are left out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from linter.suppress.layout import Comment, Layout, code_lines
from linter.text import SourceText, Span

_HASH = re.compile(r"(?:^|(?<=[ \t]))#", re.MULTILINE)
_LINE_END = re.compile(r"[\r\n]|\Z")
_DOCUMENT_START = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_DASHES = re.compile(r"(?:-[ \t]+)*")
_KEY_ALONE = re.compile(r":[ \t]*(?:[|>&!][^#]*)?(?:[ \t]#.*)?\Z")


def yaml_layout(text: SourceText) -> Layout:
    """The layout of a YAML file; of one that does not parse, up to the error in each document."""
    comments = list(_comments(text))
    code = code_lines(text, comments)
    blocks: dict[int, int] = {}
    entries: dict[int, int] = {}
    documents = _documents(text, code)
    for lines in documents:
        _ranges(text, lines, blocks, entries)
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
    while base <= len(text):
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
            break
    return result


def _documents(text: SourceText, code: list[int]) -> list[list[int]]:
    """The code lines of each document; a `---` line belongs to the document that it begins."""
    result: list[list[int]] = []
    for number in code:
        if not result or text.line(number).startswith("---"):
            result.append([])
        result[-1].append(number)
    return result


def _ranges(text: SourceText, lines: list[int], blocks: dict[int, int], entries: dict[int, int]) -> None:
    """Ranges by indentation, which also holds for templates that are no YAML yet."""
    dash, key, dashed = {}, {}, {}
    for number in lines:
        line = text.line(number)
        dash[number] = len(line) - len(line.lstrip(" \t"))
        marks = _DASHES.match(line, dash[number])
        key[number] = marks.end() if marks else dash[number]
        dashed[number] = key[number] > dash[number] or line.strip() == "-"
    # a stack of open lines would do in one pass; files with directives are few and short
    for index, number in enumerate(lines):
        alone = _KEY_ALONE.search(text.line(number)) is not None
        blocks[number] = entries[number] = number
        block_open = entry_open = True
        for later in lines[index + 1 :]:
            sequence = dashed[later] and dash[later] == key[number] and alone
            entry_open = entry_open and (dash[later] > key[number] or sequence)
            own_sequence = sequence and not dashed[number]
            block_open = block_open and (dash[later] > dash[number] or own_sequence)
            if entry_open:
                entries[number] = later
            if block_open:
                blocks[number] = later
            if not block_open and not entry_open:
                break
    content = [number for number in lines if not text.line(number).startswith(("---", "%"))]
    for number in [*(n for n in lines if n not in content), *content[:1]]:
        if number not in content or dash[number] == 0:
            blocks[number] = lines[-1]
