"""Where the words stand that a template takes from elsewhere: from a named template of its chart, or from a file of it.

The line of a template that includes others has none of what they write. Who is to mend it needs the line there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from linter.adapters.definitions import MAX_FILE, Definitions
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.text import SourceText

_INCLUDED = lazy_regex(r"\b(?:include|template)\s+\"([^\"]{1,200})\"")
_FILE = lazy_regex(r"\.Files\.Get\s+\"([^\"]{1,200})\"")
_MOST_TEMPLATES = 20  # that a line includes, and those include
_MOST_LINES = 5_000  # of a template or file
_MOST_ALIKE = 200  # lines that say the same
_AROUND = 8  # lines before and after by which two of them are told apart
_LEAST = 2  # of those that must be the same


@dataclass(frozen=True, slots=True)
class _Words:
    """Some lines of a file."""

    text: SourceText
    first: int
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, and what has it, for people."""

    text: SourceText
    line: int
    of: str


class Writings:
    """What the templates of a chart take from named templates and from its files, each taken apart once."""

    def __init__(
        self, folder: Path, definitions: Definitions, read: Callable[[Path], SourceText | None]
    ) -> None:
        """`folder`: of the chart. `read` gives the text of a file, None for no file."""
        self._folder = folder
        self._definitions = definitions
        self._read = read
        self._named: dict[str, _Words | None] = {}
        self._files: dict[str, _Words | None] = {}

    def place(self, line: str, rendered: Sequence[str], number: int) -> Place | None:
        """Where the rendered line (from 0) stands that a line of a template takes from elsewhere; None: it does not, or
        nothing says which it is."""
        for path in _FILE.findall(line):
            words = self._file(path)
            at = _alike(words.lines, rendered, number, sure=True) if words is not None else None
            if words is not None and at is not None:
                return Place(words.text, words.first + at, f"the file '{path}'")
        names = _INCLUDED.findall(line)
        first = self._of(names[0]) if names else None
        for name in self._with_included(names):
            words = self._of(name)
            at = _alike(words.lines, rendered, number, sure=name in names) if words is not None else None
            if words is not None and at is not None:
                return Place(words.text, words.first + at, f"the named template '{name}'")
        return Place(first.text, first.first, f"the named template '{names[0]}'") if first else None

    def _with_included(self, names: Sequence[str]) -> list[str]:
        """Some named templates, and those that they include."""
        found = list(dict.fromkeys(names))
        for name in found:  # grows while it is gone through
            words = self._of(name)
            for line in words.lines if words is not None else ():
                new = (other for other in _INCLUDED.findall(line) if other not in found)
                found += islice(new, max(0, _MOST_TEMPLATES - len(found)))
        return found

    def _of(self, name: str) -> _Words | None:
        if name not in self._named:
            body = self._definitions.nearest(name, self._folder)
            first = body.text.position(body.start).line if body is not None else 0
            self._named[name] = _Words(body.text, first, _lines(body.words)) if body is not None else None
        return self._named[name]

    def _file(self, path: str) -> _Words | None:
        if path not in self._files:
            inside = ".." not in Path(path).parts and not Path(path).is_absolute()
            text = self._read(self._folder / path) if inside else None
            known = text is not None and len(text.text) <= MAX_FILE
            self._files[path] = _Words(text, 1, _lines(text.text)) if text is not None and known else None
        return self._files[path]


def _lines(text: str) -> list[str]:
    return text.splitlines()[:_MOST_LINES]


def _alike(lines: Sequence[str], rendered: Sequence[str], number: int, *, sure: bool) -> int | None:
    """The line that says what a rendered one does, by its neighbours: `privileged: true` stands in many places.

    `sure`: it is one of these lines, or none is known.
    """
    words = rendered[number].strip()
    same = [at for at, line in enumerate(lines) if line.strip() == words] if words else []
    if len(same) == 1 and sure:
        return same[0]
    shared = {at: _shared(lines, at, rendered, number) for at in same[:_MOST_ALIKE]}
    best = max(shared, key=lambda at: (shared[at], -at), default=None)
    return best if best is not None and shared[best] >= _LEAST else None


def _shared(lines: Sequence[str], at: int, rendered: Sequence[str], number: int) -> int:
    """How many of the lines around one are those around a rendered one."""
    before = _around(rendered, number - 1, -1) & _around(lines, at - 1, -1)
    after = _around(rendered, number + 1, 1) & _around(lines, at + 1, 1)
    return len(before) + len(after)


def _around(lines: Sequence[str], start: int, step: int) -> set[str]:
    end = start + step * _AROUND
    return {lines[at].strip() for at in range(start, end, step) if 0 <= at < len(lines)}
