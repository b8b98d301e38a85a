"""Source lines with a mark under the exact span, cut to the width of the screen."""

from __future__ import annotations

from typing import NamedTuple

from linter.finding import Finding
from linter.reporters.ansi import Paint
from linter.reporters.visible import cells, expand, is_plain

_BLOCK = 3  # lines; of a longer region, as other tools give for a whole resource, the first is marked
_LONGEST = 200  # cells shown of a line when there is no terminal to say how many


class Frame(NamedTuple):
    """How an excerpt is drawn: the bar beside the numbers, the mark under the span, the sign for cut text."""

    bar: str
    mark: str
    cut: str


ASCII = Frame("|", "^", "...")
DRAWN = Frame("│", "━", "…")


def gutter(finding: Finding) -> int:
    """Columns that line numbers need."""
    lines = finding.excerpt.text.count("\n") if finding.excerpt is not None else 0
    last = (
        finding.excerpt.first + lines - 1 if finding.excerpt is not None and lines else finding.location.line
    )
    return len(str(last))


def render(finding: Finding, paint: Paint, frame: Frame, width: int, margin: int) -> list[str]:
    """Lines of the excerpt; nothing when the finding carries none. `margin` is the width of the numbers."""
    if finding.excerpt is None:
        return []
    room = max(20, (width or _LONGEST) - margin - 3)
    bar = paint("blue", frame.bar)
    edge = f"{' ' * margin} {bar}"
    told = [edge]
    lines = list(finding.excerpt.lines)
    plain = is_plain("".join(lines))
    while lines and not lines[-1].strip() and finding.excerpt.first + len(lines) - 1 > finding.location.line:
        lines.pop()  # blank lines at the end say nothing
    place = finding.location
    for number, raw in enumerate(lines, finding.excerpt.first):
        digits = str(number).rjust(margin)
        left = f"{paint('blue', digits)} {bar} " if paint.color else f"{digits} {bar} "
        marked = place.line <= number <= place.end_line
        if plain and not marked and len(raw) <= room:
            told.append((left + raw).rstrip())
            continue
        shown, first, last = _line(raw, *columns(finding, number, raw), room, frame)
        told.append((left + shown).rstrip())
        if last > first:
            mark = paint.caret(finding.severity, frame.mark * (last - first))
            told.append(f"{edge} {' ' * first}{mark}")
    told.append(edge)
    return told


def columns(finding: Finding, number: int, raw: str) -> tuple[int, int]:
    """0-based half-open columns of the span on line `number`, clipped to it; equal when it is not there."""
    place = finding.location
    last_line = place.end_line if place.end_line - place.line < _BLOCK else place.line
    if not place.line <= number <= last_line:
        return 0, 0
    indent = len(raw) - len(raw.lstrip())
    first = place.column - 1 if number == place.line else indent
    last = place.end_column - 1 if number == place.end_line else len(raw.rstrip())
    first = max(0, min(first, len(raw)))
    if finding.evidence and place.end_line == place.line and raw.startswith(finding.evidence, first):
        return first, first + len(
            finding.evidence
        )  # a masked secret is not as long as what stands in the file
    if number == place.end_line and last <= first:
        last = first + 1 if number == place.line else first  # an empty span still shows where it is
    return first, max(first, min(last, max(len(raw), first + 1)))


def _line(raw: str, first: int, last: int, room: int, frame: Frame) -> tuple[str, int, int]:
    """The line cut to `room` cells around its span, and the cells under which to draw the mark."""
    if len(raw) <= room and is_plain(raw):  # nearly all
        return raw, min(first, len(raw) + 1, room - 1), min(last, len(raw) + 1, room)
    text, starts = expand(raw.rstrip("\r\n"))
    starts.append(starts[-1] + 1)  # a span may point just past the end of the line
    begin, end = starts[min(first, len(starts) - 1)], starts[min(last, len(starts) - 1)]
    if cells(text) <= room:
        begin = min(begin, room - 1)  # a span past the end of a line that fills the screen
        return text, begin, min(end, room)
    left = 0
    if end > room - 8:
        left = max(0, min(begin - room // 3, cells(text) - room))
    piece = _crop(text, left, room, frame.cut)
    shift = min(max(0, begin - left), room - 1)
    return piece, shift, max(shift + 1, min(end - left, room)) if end > begin else shift


def _crop(text: str, left: int, room: int, cut: str) -> str:
    """`room` cells of `text` from cell `left`, the cut ends marked."""
    characters: list[str] = []
    at = 0
    for character in text:
        size = cells(character)
        if at >= left + room:
            break
        if at >= left:
            characters.append(character)
        elif at + size > left:
            characters.append(" " * (at + size - left))  # half of a wide character
        at += size
    piece = "".join(characters)
    if left:
        piece = cut + piece[len(cut) :]
    return piece[: -len(cut)] + cut if at < cells(text) else piece
