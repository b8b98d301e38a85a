"""Here-documents of a shell text, lifted out before the grammar sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter.formats.shell.text import MappedText
from linter.patterns import lazy_regex

# What stands for a lifted heredoc: a plain input redirect that no real script has.
_STAND_IN = " </.heredoc.{}. "
_STAND_IN_TARGET = lazy_regex(r"/\.heredoc\.(\d{1,9})\.")
_TOKEN = lazy_regex(
    r"""\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$?\(\((?:(?!\)\))[^\n]){0,200}\)\)|<<<"""
    r"""|(?P<marker><<(?P<chomp>-?)[ \t]*(?P<name>\\?[\w.!+-]+|'[^'\n]*'|"[^"\n]*"))"""
    r"""|(?:(?<=\s)|\A)\#[^\n]*|(?P<end>\n)""",
    re.DOTALL,
)


def lifted_index(target: str) -> int | None:
    """The number of the heredoc that a redirect's target stands for."""
    found = _STAND_IN_TARGET.fullmatch(target)
    return int(found.group(1)) if found else None


def lift(
    mapped: MappedText, given: Sequence[tuple[str, MappedText]] = ()
) -> tuple[MappedText, list[MappedText]]:
    """The text with redirects for its heredocs, and their bodies.

    `given` are bodies that the file's own syntax already cut out, with their markers' names, in order.
    """
    text = mapped.text
    if "<<" not in text:
        return mapped, []
    remaining = list(given)
    pieces: list[tuple[str, int]] = []
    bodies: list[MappedText] = []
    open_markers: list[tuple[int, str, bool]] = []
    kept = at = 0
    while True:
        found = _TOKEN.search(text, at)
        if found is None:
            break
        at = found.end()
        if found.group("marker"):
            pieces.extend(mapped.pieces(kept, found.start()))
            pieces.append((_STAND_IN.format(len(bodies)), mapped.source(found.start())))
            kept = at
            name = found.group("name").strip("\"'").replace("\\", "")
            body = _take(remaining, name)
            if body is None:
                open_markers.append((len(bodies), name, bool(found.group("chomp"))))
                body = MappedText([("", mapped.source(at))])
            bodies.append(body)
        elif found.group("end") and open_markers:
            pieces.extend(mapped.pieces(kept, at))
            for index, name, chomp in open_markers:
                bodies[index], at = _body(mapped, at, name, chomp=chomp)
            open_markers = []
            kept = at
    pieces.extend(mapped.pieces(kept, len(text)))
    return MappedText(pieces), bodies


def _take(remaining: list[tuple[str, MappedText]], name: str) -> MappedText | None:
    for index, (candidate, body) in enumerate(remaining):
        if candidate == name:
            del remaining[index]
            return body
    return None


def _body(mapped: MappedText, start: int, name: str, *, chomp: bool) -> tuple[MappedText, int]:
    """The lines from `start` to the terminator, and where the text goes on."""
    text, at = mapped.text, start
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if (line.lstrip("\t") if chomp else line) == name:
            return mapped.slice(start, at), min(end + 1, len(text))
        at = end + 1
    return mapped.slice(start, len(text)), len(text)
