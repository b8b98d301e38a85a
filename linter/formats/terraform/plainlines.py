"""Attributes of one line that a pattern reads whole; the grammar, which takes long for them, gets the rest."""

from __future__ import annotations

from sys import maxsize
from typing import NamedTuple

from linter.formats.terraform.expressions import PLAIN
from linter.patterns import lazy_bytes_regex

NAME = rb"([A-Za-z_][\w-]*)"
# A plain attribute, or the first line of a longer one: it ends in a bracket or begins a heredoc.
_LINE = lazy_bytes_regex(
    rb"\n([ \t]*)" + NAME + rb"[ \t]*+=[ \t]*+(?:" + PLAIN + rb"[ \t]*(?=\r?\n)"
    rb"|[^\n]*?(?:([{\[(])|<<-?(\w+))[ \t]*(?=\r?\n))"
)  # fmt: skip
_CLOSING = {b"{": b"}", b"[": b"]", b"(": b")"}


class MisplacedError(Exception):
    """A line that was set aside stands inside of something that the grammar has as a whole."""


class PlainLine(NamedTuple):
    """An attribute; the last three are what `PLAIN` found. Offsets are bytes."""

    start: int
    value: int
    end: int
    key: bytes
    text: bytes
    content: bytes | None
    path: bytes | None


class PlainLines:
    """The lines that were set aside of a text, and `rest`, which has comments in their place.

    Where a line belongs is guessed from the brackets at the ends of lines, as `terraform fmt` writes them. Whoever
    walks the tree of `rest` takes the lines where it meets them: one that is met in a wrong place is a wrong guess.
    """

    __slots__ = ("_lines", "following", "rest", "set_aside")

    def __init__(self, rest: bytes, lines: list[PlainLine]) -> None:
        self.rest = rest
        self._lines = lines[::-1]
        self.set_aside = bool(lines)
        self.following = lines[0].start if lines else maxsize  # where the next line begins

    def take(self) -> PlainLine:
        """The next line, which is then taken."""
        line = self._lines.pop()
        self.following = self._lines[-1].start if self._lines else maxsize
        return line


def set_aside(data: bytes) -> PlainLines:
    """Part the plain lines of a text from the rest."""
    data = b"\n" + data
    lines: list[PlainLine] = []
    pieces: list[bytes] = []
    search = _LINE.search
    kept = 1  # what precedes went to the pieces
    begin = 0  # of the lines in a row that are being set aside; they end at `kept`
    position = 0
    while position >= 0 and (match := search(data, position)) is not None:
        indent, key, text, content, path, bracket, marker = match.groups()
        if text is not None:
            start, end = match.start(2), match.end(3)
            lines.append(PlainLine(start - 1, match.start(3) - 1, end - 1, key, text, content, path))
            if not begin or match.start() != kept:
                if begin:
                    pieces.append(_comment(kept - begin))
                pieces.append(data[kept:start])
                begin = start
            kept = position = end
        elif marker is not None:
            position = _after_heredoc(data, match.end(), marker)
        else:
            position = data.find(b"\n" + indent + _CLOSING[bracket], match.end())
    if begin:
        pieces.append(_comment(kept - begin))
    pieces.append(data[kept:])
    return PlainLines(b"".join(pieces), lines)


def _comment(size: int) -> bytes:
    """A comment of that many bytes, which ends with its line: one token to the grammar, to which each blank is one."""
    return b"#" + b"-" * (size - 1)


def _after_heredoc(data: bytes, position: int, marker: bytes) -> int:
    """The end of the line that has nothing but the marker; -1 when there is none."""
    while (position := data.find(marker, position)) >= 0:
        begin = data.rfind(b"\n", 0, position) + 1
        position += len(marker)
        if not data[begin : position - len(marker)].strip():
            return position
    return -1
