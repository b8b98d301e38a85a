"""Text that was put together from pieces of a file, every character of which still knows its place.

Continued lines of a Dockerfile, block scalars of YAML and heredoc bodies become one text for the shell parser;
findings point into the file as it was written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from linter.text import Span


class MappedText:
    """Pieces of a source joined to `text`. Offsets are code points, into `text` or into the source."""

    __slots__ = ("_lengths", "_sources", "_starts", "text")

    def __init__(self, pieces: Iterable[tuple[str, int]]) -> None:
        """Join `pieces` of (text, offset of its first character in the source)."""
        texts: list[str] = []
        self._starts: list[int] = []
        self._sources: list[int] = []
        self._lengths: list[int] = []
        total = 0
        for text, source in pieces:
            if text or not texts:
                texts.append(text)
                self._starts.append(total)
                self._sources.append(source)
                self._lengths.append(len(text))
                total += len(text)
        self.text = "".join(texts)

    def source(self, offset: int) -> int:
        """Where the character at `offset` stands in the source."""
        if not self._starts:
            return 0
        index = max(bisect_right(self._starts, offset) - 1, 0)
        return self._sources[index] + min(offset - self._starts[index], self._lengths[index])

    def span(self, start: int, end: int) -> Span:
        """The source span of text[start:end], cut to the piece that it begins in, so that it is one line there."""
        while start < end and self.text[start : start + 1] in (" ", "\t", "\n"):
            start += 1
        if not self._starts:
            return Span(0, 0)
        index = max(bisect_right(self._starts, start) - 1, 0)
        base, begin = self._sources[index], self._starts[index]
        stop = min(end, begin + self._lengths[index])
        newline = self.text.find("\n", start, stop)
        if newline >= 0:
            stop = newline
        stop = start + len(self.text[start:stop].rstrip())
        return Span(base + start - begin, base + max(stop, start) - begin)

    def pieces(self, start: int, end: int) -> list[tuple[str, int]]:
        """text[start:end] as pieces with their places in the source."""
        result = []
        first = max(bisect_right(self._starts, start) - 1, 0)
        for index in range(first, len(self._starts)):
            begin, length = self._starts[index], self._lengths[index]
            if begin >= end and index > first:
                break
            low, high = max(start, begin), min(end, begin + length)
            if low < high:
                result.append((self.text[low:high], self._sources[index] + low - begin))
        return result

    def slice(self, start: int, end: int) -> MappedText:
        return MappedText(self.pieces(start, end) or [("", self.source(start))])


def located(text: str, offset: int = 0) -> MappedText:
    """A text that stands in the source as it is, at `offset`."""
    return MappedText([(text, offset)])
