"""The lines of a Helm template, and which of them something in its output looks like."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from itertools import islice, takewhile

from linter.adapters.actionlines import joined, named
from linter.adapters.sourcemap import Element, Route
from linter.adapters.sourceobjects import can_become
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

_KEYED = lazy_regex(r"(?P<lead>\s*(?:-\s+)*)(?P<key>[\w./-]+):(?:\s|$)")
# with a word that is written out, by which it is known
_OPEN_KEY = lazy_regex(
    r"\s*[\"']?([\w./-]{4,}\{\{[^{}]*\}\}[\w./-]*|\{\{[^{}]*\}\}[\w./-]{4,})[\"']?:(?:\s|$)"
)
_LONGEST_LINE = 1_000
MOST_ALIKE = 200  # lines with the same keys that are held against each other
LONGEST_ELEMENT = 100  # lines before and after one that are looked at


class TemplateLines:
    """The lines of one template."""

    def __init__(self, text: SourceText) -> None:
        self.text = text
        self._words: dict[int, frozenset[str]] = {}  # by line: of the list element around it

    @cached_property
    def lines(self) -> list[str]:
        """The lines, an expression over several of them as a whole in the first, a variable as what it includes."""
        return named(joined([self.text.line(number) for number in range(1, self.text.line_count + 1)]))

    @cached_property
    def outline(self) -> dict[tuple[str, ...], list[int]]:
        """Keys by indentation -> the lines that have them."""
        found: dict[tuple[str, ...], list[int]] = {}
        above: list[tuple[int, str]] = []
        for number, line in enumerate(self.lines, 1):
            match = _KEYED.match(line)
            if match is None:
                continue
            depth = len(match["lead"])
            while above and above[-1][0] >= depth:
                above.pop()
            above.append((depth, match["key"]))
            found.setdefault(tuple(key for _, key in above), []).append(number)
        return found

    @cached_property
    def said(self) -> dict[str, list[int]]:
        """The lines of each content, whether it begins an element or not."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines, 1):
            found.setdefault(line.strip(" -"), []).append(number)
        return found

    @cached_property
    def stripped(self) -> dict[str, int]:
        """The first line of each content."""
        lines = reversed(list(enumerate(self.lines, 1)))
        return {content: number for number, line in lines if (content := line.strip())}

    @cached_property
    def keyed(self) -> dict[str, list[int]]:
        """The lines that begin with a key, by the key."""
        found: dict[str, list[int]] = {}
        for number, words in enumerate(self.lines, 1):
            key, colon, _ = words.lstrip(" -").partition(":")
            if colon:
                found.setdefault(key, []).append(number)
        return found

    @cached_property
    def _open_keys(self) -> list[tuple[int, str]]:
        """The lines that begin with a key of which an expression writes a part, and the key."""
        found = []
        for number, words in enumerate(self.lines, 1):
            match = _OPEN_KEY.match(words) if "{{" in words and len(words) <= _LONGEST_LINE else None
            if match is not None:
                found.append((number, match[1]))
        return found

    def may_have_key(self, key: str, first: int, end: int) -> int | None:
        """The one of some lines, from the first to before the end, whose key may have become another."""
        at = bisect_left(self._open_keys, (first,))
        among = takewhile(lambda one: one[0] < end, islice(self._open_keys, at, at + MOST_ALIKE))
        found = [number for number, written in among if can_become(written, key)]
        return found[0] if len(found) == 1 else None

    def content(self, number: int) -> Span:
        line = self.text.line(number)  # the first one of an expression over several
        start = self.text.offset(number, 1)
        return Span(start + depth_of(line), start + len(line.rstrip()))

    def beginning_of(self, keys: tuple[str, ...], route: Route) -> int | None:
        """The line that begins the element of a list at the end of a route with its name."""
        element = route[-1] if route else None
        if not isinstance(element, Element) or not element.name:
            return None
        named = re.compile(rf"\s*(?:-\s+)+name:\s*([\"']?){re.escape(element.name)}\1\s*(?:#.*)?")
        lines = self.outline.get((*keys, "name"), ())
        return next((number for number in lines if named.fullmatch(self.lines[number - 1])), None)

    def line_of(self, route: Route, rendered: str) -> int | None:
        """The line of a mapping, or of the name of a list's element."""
        keys = tuple(step for step in route if isinstance(step, str))
        element = route[-1] if isinstance(route[-1], Element) else None
        lines = self.outline.get((*keys, "name") if element else keys, [])
        if len(keys) < 2 or not lines:  # other objects of the file have a `spec` too
            return None
        if element is not None and element.name:
            called = f"name: {element.name}"
            lines = [n for n in lines if can_become(self.lines[n - 1].strip(" -"), called)] or lines
        return self.nearest(lines, [step for step in route if isinstance(step, Element)], rendered)

    def nearest(self, lines: list[int], steps: list[Element], rendered: str) -> int:
        """Of the lines with the same keys, the one in the element that says the same or has the name, else the one that
        is as it was rendered, else that of the same index."""
        index = max((step.index for step in steps), default=0)
        guess = lines[min(index, len(lines) - 1)]
        words = (steps[-1].words or frozenset((steps[-1].name,))) if steps else frozenset()
        if not words or len(lines) > MOST_ALIKE:
            return guess
        same = [number for number in lines if self.lines[number - 1].strip() == rendered.strip()]
        if same and guess not in same:
            guess = same[0]
        alike = {number: len(words & self._words_around(number)) for number in lines}
        most = max(alike.values())
        return guess if alike[guess] == most else next(n for n in lines if alike[n] == most)

    def _words_around(self, number: int) -> frozenset[str]:
        """What the list element around a line says, word by word."""
        if number not in self._words:
            self._words[number] = self._read_around(number)
        return self._words[number]

    def _read_around(self, number: int) -> frozenset[str]:
        depth = self.lead(number)
        first, last = number, number
        least, most = max(1, number - LONGEST_ELEMENT), min(len(self.lines), number + LONGEST_ELEMENT)
        while first > least and not self._begins_element(first, depth):
            first -= 1
        while last < most and not self._begins_element(last + 1, depth):
            last += 1
        return frozenset(
            word.strip("'\",[]") for line in self.lines[first - 1 : last] for word in line.split()
        )

    def _begins_element(self, number: int, depth: int) -> bool:
        match = _KEYED.match(self.lines[number - 1])
        return match is not None and len(match["lead"]) <= depth and "-" in match["lead"]

    def lead(self, number: int) -> int:
        """How far right the key of a line stands; 0 where it has none."""
        match = _KEYED.match(self.lines[number - 1])
        return len(match["lead"]) if match is not None else 0


def depth_of(line: str) -> int:
    return len(line) - len(line.lstrip())
