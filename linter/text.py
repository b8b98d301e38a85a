"""Text of a file, decoded once, and places in it.

Offsets are code points into the decoded text (byte order mark removed, line ends kept as written).
Lines and columns that people see are 1-based, columns count code points.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from linter.frozen import dataclass
from linter.patterns import lazy_regex

_LINE_END = lazy_regex(r"\r\n|\n|\r")
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the UTF-16 one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code-point offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """1-based line and column, as editors count them."""

    line: int
    column: int


class SourceText:
    """The decoded text of one file with its line index (built at first use)."""

    __slots__ = ("_starts", "encoding", "lossy", "path", "raw", "text")

    def __init__(
        self, path: str, text: str, encoding: str = "utf-8", *, lossy: bool = False, raw: bytes | None = None
    ) -> None:
        self.path = path  # as shown: relative to the root of the scan, forward slashes
        self.text = text
        self.encoding = encoding
        self.lossy = lossy  # some bytes could not be decoded and were replaced: no autofix
        self.raw = raw  # the bytes, kept only for what is no text: a zip
        self._starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if self._starts is None:
            text = self.text
            if "\r" in text:
                self._starts = [0, *(m.end() for m in _LINE_END.finditer(text))]
            else:
                lengths = map(len, text.split("\n"))
                self._starts = list(accumulate(map((1).__add__, lengths), initial=0))[:-1]
        return self._starts

    def position(self, offset: int) -> Position:
        starts = self._starts or self.line_starts
        offset = max(0, min(offset, len(self.text)))
        index = bisect_right(starts, offset)
        return Position(index, offset - starts[index - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Offset of a 1-based position, clipped to the text."""
        starts = self._starts or self.line_starts
        if line < 1:
            return 0
        if line > len(starts):
            return len(self.text)
        return min(starts[line - 1] + max(column, 1) - 1, len(self.text))

    def line(self, number: int) -> str:
        """The 1-based line without its line end; empty past the last one."""
        starts = self._starts or self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    @property
    def line_count(self) -> int:
        return len(self.line_starts)

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]


def decode(path: str, data: bytes) -> SourceText:
    """Decode as editors would: byte order mark, else UTF-8, else UTF-16 by its NUL pattern, else replaced bytes."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode(path, data[len(mark) :], encoding)
    if data.startswith(ZIP_MAGIC):
        return SourceText(path, "", "binary", lossy=True, raw=data)
    guess = _utf16_without_mark(data)
    return _decode(path, data, guess or "utf-8")


def line_start(text: str, offset: int) -> int:
    """Offset of the first character of the line that an offset is in; takes as long as the line, not as the text."""
    after = text.rfind("\n", 0, offset) + 1
    return max(after, text.rfind("\r", after, offset) + 1)


@lru_cache(maxsize=1)  # asked for every fix of a file
def eol(text: str) -> str:
    """The line end that new lines of a text are written with."""
    return "\r\n" if "\r\n" in text else "\n"


def _decode(path: str, data: bytes, encoding: str) -> SourceText:
    try:
        return SourceText(path, data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return SourceText(path, data.decode(encoding, "replace"), encoding, lossy=True)


def _utf16_without_mark(data: bytes) -> str | None:
    # Windows shells redirect into UTF-16; ASCII text then has a NUL in every other byte
    head = data[:256]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2], head[1::2]
    if even.count(0) == 0 and odd.count(0) > len(odd) * 0.8:
        return "utf-16-le"
    if odd.count(0) == 0 and even.count(0) > len(even) * 0.8:
        return "utf-16-be"
    return None
