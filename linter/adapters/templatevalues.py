"""Which values of a chart the lines of a template read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, takewhile

from linter.adapters.sourcemap import Element, Route
from linter.adapters.templatelines import LONGEST_ELEMENT, TemplateLines, depth_of
from linter.patterns import lazy_regex

ACTION = lazy_regex(r"\{\{-?\s*+(.{0,2000}?)-?\}\}", re.DOTALL)
_VALUES = lazy_regex(r"(?:\$|(?<![\w)]))\.Values\.([\w.]+)")
_FIELD = lazy_regex(r"(?<![\w).\"$])(?:\$(?!\.)\w+)?\.(\w[\w.]*)|(?<![\w).\"$])\.(?=[\s|)]|$)")
_ASSIGNED = lazy_regex(r"\{\{-?\s*(\$\w+)\s*:?=\s*(?:\$)?\.Values\.([\w.]+)\s*-?\}\}")
_NAMED = lazy_regex(r"(\$\w+)\.([\w.]+)")
_BLOCK = lazy_regex(r"(?:with|range)\b")
_LOOP = lazy_regex(r"range\s+\$\w+\s*,\s*(\$\w+)\s*:?=\s*\$?\.Values\.([\w.]+)\s*\Z")
_GIVES_ALL = lazy_regex(r"\b(?:include|template)\s+\"([^\"]{1,200})\"\s+([.$])(?=[\s|)}])")
_BUILTIN = frozenset({"Values", "Release", "Chart", "Capabilities", "Template", "Files", "Subcharts"})
_TEXT = lazy_regex(r":\s*[|>][-+\d]*\s*\Z")
_TEXT_OF_LIST = lazy_regex(r"(?:^|\s)-\s+[|>][-+\d]*\s*\Z")
_SECRET = lazy_regex(r"(?i)pass|secret|key|token|cred")


class TemplateValues:
    """The values that the lines of one template read."""

    def __init__(self, template: TemplateLines) -> None:
        self._template = template
        self.text = template.text

    @property
    def lines(self) -> list[str]:
        return self._template.lines

    def values_of(self, number: int, words: str | None = None) -> Iterator[tuple[str, ...]]:
        """The values that the expressions of a line read, `.` and its fields taken from the blocks around it, variables
        from where they are given. `words`: the part of the line that is meant."""
        for action in ACTION.findall(self.lines[number - 1] if words is None else words):
            for match in _VALUES.finditer(action):
                yield tuple(match[1].strip(".").split("."))
            for match in _NAMED.finditer(action):
                if (given := self._assigned.get(match[1])) is not None:
                    yield (*given, *match[2].strip(".").split("."))
            for match in _FIELD.finditer(action):
                names = (match[1] or "").split(".") if match[1] else []
                if names and names[0] in _BUILTIN:
                    continue
                outer = self._contexts[number - 1]
                if outer:
                    yield (*outer, *names)

    def gives_all(self, number: int) -> list[str]:
        """The named templates to which a line gives all that its own template is given."""
        at = self._contexts[number - 1]
        return [name for name, dot in _GIVES_ALL.findall(self.lines[number - 1]) if dot == "$" or at == ()]

    def looped(self, number: int, route: Route) -> tuple[tuple[tuple[str, ...], ...], Route] | None:
        """The mapping of the values that a line goes through, and the key in it, by the name of the element that it
        writes: `range $key, $value := .Values.env`."""
        loop = self._loops[number - 1]
        name = next((step.name for step in reversed(route) if isinstance(step, Element)), "")
        if loop is None or not name or not _uses(self.lines[number - 1], loop[0]):
            return None
        return (loop[1],), (name,)

    def written_below(self, number: int) -> Iterator[tuple[str, ...]]:
        """The values that a line without a value gets from the line below it, or from its text of many lines."""
        if _TEXT.search(self.lines[number - 1]):
            found = self._written_inside(number)
            # a finding names some of them only
            yield from sorted(dict.fromkeys(found), key=lambda keys: _SECRET.search(keys[-1]) is None)
        elif number > 1 and _TEXT_OF_LIST.search(self.lines[number - 2]):
            # what else a script in a list is given has no say in what is wrong with it
            found = (keys for keys in self._written_inside(number - 1) if _SECRET.search(keys[-1]))
            yield from dict.fromkeys(found)
        if self.lines[number - 1].rstrip().endswith(":") and number < len(self.lines):
            below = self.lines[number]
            if "nindent" in below or "toYaml" in below:
                yield from self.values_of(number + 1)

    def _written_inside(self, number: int) -> Iterator[tuple[str, ...]]:
        """The values that the text of many lines gets which a line opens."""
        depth = depth_of(self.lines[number - 1])
        after = islice(self.lines, number, number + LONGEST_ELEMENT)
        inside = takewhile(lambda line: not line.strip() or depth_of(line) > depth, after)
        return (value for at, _ in enumerate(inside, number + 1) for value in self.values_of(at))

    @cached_property
    def _loops(self) -> list[tuple[str, tuple[str, ...]] | None]:
        """For each line the variable that has the values of the mapping which the nearest open block goes through, and
        the way to that."""
        found: list[tuple[str, tuple[str, ...]] | None] = []
        opened: list[tuple[str, tuple[str, ...]] | None] = []
        for line in self.lines:
            found.append(next((loop for loop in reversed(opened) if loop is not None), None))
            for action in ACTION.findall(line) if "{{" in line else ():
                word = action.partition(" ")[0].strip()
                if word == "end" and opened:
                    opened.pop()
                elif word in ("if", "with", "range", "define", "block"):
                    match = _LOOP.match(action)
                    route = tuple(match[2].strip(".").split(".")) if match is not None else ()
                    opened.append((match[1], route) if match is not None else None)
        return found

    @cached_property
    def _assigned(self) -> dict[str, tuple[str, ...]]:
        """The values that variables stand for which are given one only."""
        found: dict[str, set[str]] = {}
        for match in _ASSIGNED.finditer(self.text.text):
            found.setdefault(match[1], set()).add(match[2].strip("."))
        given = {name: next(iter(routes)) for name, routes in found.items() if len(routes) == 1}
        return {name: tuple(route.split(".")) for name, route in given.items()}

    @cached_property
    def _contexts(self) -> list[tuple[str, ...] | None]:
        """For each line the value that `.` stands for: that of the nearest `with` or `range` that is still open, ()
        outside of them, where it is all that the template is given."""
        found: list[tuple[str, ...] | None] = []
        opened: list[bool] = []  # of each block: whether it gives `.` a meaning
        given: list[tuple[str, ...] | None] = [()]
        for line in self.lines:
            found.append(given[-1])
            for action in ACTION.findall(line) if "{{" in line else ():
                word = action.partition(" ")[0]
                if word == "end" and opened:
                    if opened.pop():
                        given.pop()
                elif word in ("if", "with", "range", "define", "block"):
                    binds = _BLOCK.match(action) is not None
                    match = _VALUES.search(action) if binds else None
                    opened.append(binds)
                    if binds:
                        given.append(tuple(match[1].strip(".").split(".")) if match else None)
        return found


def _uses(line: str, variable: str) -> bool:
    """Whether an expression of a line writes a variable itself, no part of it."""
    used = re.compile(rf"{re.escape(variable)}(?![\w.])")
    return any(used.search(action) is not None for action in ACTION.findall(line))
