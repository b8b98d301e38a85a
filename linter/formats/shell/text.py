"""Text that was put together from pieces of a file, every character of which still knows its place.

Continued lines of a Dockerfile, block scalars of YAML and heredoc bodies become one text for the shell parser;
findings point into the file as it was written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from linter.text import Span

_BLANK = (" ", "\t", "\n")


class MappedText:
    """Pieces of a source joined to `text`. Offsets are code points, into `text` or into the source."""

    __slots__ = ("_base", "_sources", "_starts", "text")

    def __init__(self, pieces: Iterable[tuple[str, int]]) -> None:
        """Join `pieces` of (text, offset of its first character in the source)."""
        given = list(pieces)
        kept = [piece for piece in given if piece[0]] or given[:1] or [("", 0)]
        self.text: str
        self.text, self._base = kept[0]
        self._starts: list[int] = []  # of the pieces; empty when there is only one, as mostly
        self._sources: list[int] = []
        if len(kept) > 1:
            total = 0
            for text, source in kept:
                self._starts.append(total)
                self._sources.append(source)
                total += len(text)
            self.text = "".join([text for text, _ in kept])

    def _piece(self, offset: int) -> tuple[int, int, int]:
        """The piece that holds `offset`: where it begins and ends in the text, and begins in the source."""
        if not self._starts:
            return 0, len(self.text), self._base
        index = max(bisect_right(self._starts, offset) - 1, 0)
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.text)
        return self._starts[index], end, self._sources[index]

    def source(self, offset: int) -> int:
        """Where the character at `offset` stands in the source."""
        begin, end, source = self._piece(offset)
        return source + min(offset, end) - begin

    def span(self, start: int, end: int) -> Span:
        """The source span of text[start:end], cut to the piece that it begins in, so that it is one line there."""
        text = self.text
        while start < end and text[start : start + 1] in _BLANK:
            start += 1
        begin, last, source = self._piece(start)
        stop = min(end, last)
        newline = text.find("\n", start, stop)
        if newline >= 0:
            stop = newline
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        return Span(source + start - begin, source + stop - begin)

    def pieces(self, start: int, end: int) -> list[tuple[str, int]]:
        """text[start:end] as pieces with their places in the source."""
        if not self._starts:
            part = self.text[start:end]
            return [(part, self._base + start)] if part else []
        result = []
        at = start
        while at < end:
            begin, last, source = self._piece(at)
            stop = min(end, last)
            if stop <= at:
                break
            result.append((self.text[at:stop], source + at - begin))
            at = stop
        return result

    def slice(self, start: int, end: int) -> MappedText:
        if not self._starts and start < end:  # nearly always
            part = MappedText.__new__(MappedText)
            part.text, part._base = self.text[start:end], self._base + start
            part._starts = part._sources = self._starts
            return part
        return MappedText(self.pieces(start, end) or [("", self.source(start))])


def located(text: str, offset: int = 0) -> MappedText:
    """A text that stands in the source as it is, at `offset`."""
    return MappedText([(text, offset)])
