"""Lines of a Helm template whose expressions write entries that have no line of their own (`toYaml`, `include`)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from linter.adapters.sourcemap import Element, Found
from linter.adapters.templatelines import TemplateLines, depth_of
from linter.adapters.templatevalues import ACTION
from linter.formats.node import MAP, Node
from linter.patterns import lazy_regex

INDENT = lazy_regex(r"\bn?indent\s+(\d{1,9})\b")
_OPENED = lazy_regex(r"\s*[\w./-]+:\s*(?:#.*)?")
_ALONE = lazy_regex(
    r"\s*\{\{-?\s*(?:(?:toYaml|include|tpl|template|(?:\$|tpl \()?\.Files\.Get)\b"
    # `tuple "a" . | include "b"`
    r"|(?!if\b|else\b|with\b|range\b|\$\w*\s*:?=)[^{}|]{1,2000}\|\s*(?:toYaml|include|tpl)\b)"
)
_KEPT = lazy_regex(r"\s*\{\{-?\s*(?:define\b|\$\w*\s*:?=)")  # for later: nothing is written there
_BRANCHING = lazy_regex(r"\s*\{\{-?\s*(?:if|else|end|with|range)\b[^{}]{0,2000}\}\}\s*")
_LONGEST_TAIL = 25  # lines below the last entry that is written out
_SHORTEST_NAME = 4  # of an element by which the line is known that writes it
_MOST_WRITERS = 200  # lines of one value that write entries
_INCLUDED = lazy_regex(r"\b(?:include|template)\s+\"([^\"]{1,200})\"")
_WRITES = lazy_regex(r"\b(?:toYaml|include|tpl|template|Files\.Get)\b")

Writer = tuple[int, list[int | None]]  # a line, and how far each of its expressions indents what it writes


class TemplateWriters:
    """The lines with such expressions of one template."""

    def __init__(self, template: TemplateLines, kinds: Callable[[], Mapping[str, frozenset[str]]]) -> None:
        """`kinds` gives the kinds of the objects that named templates write, by their names."""
        self._template = template
        self._kinds = kinds
        self.text = template.text

    @property
    def lines(self) -> list[str]:
        return self._template.lines

    @cached_property
    def _writers(self) -> list[Writer]:
        """The lines with expressions that write entries, and how far each of these indents them; None: as it likes."""
        found = []
        for number, words in enumerate(self.lines, 1):
            if "{{" not in words or _KEPT.match(words) is not None:
                continue
            actions = [action for action in ACTION.findall(words) if _WRITES.search(action)]
            if actions:
                indents = (INDENT.search(action) for action in actions)
                found.append((number, [int(indent[1]) if indent else None for indent in indents]))
        return found

    def of_elements(self, column: int) -> list[int]:
        """Those that may write an element of a list whose keys stand at a column, where nothing else of it is
        written."""
        return _of_elements(self.alone(self._writers), column)

    def missing(self, found: Found, line: int, column: int) -> Sequence[int]:
        """The lines in the found value whose expressions write entries at the column of the one that is missing: of a
        mapping it is one, of a list there may be several, the likeliest first."""
        # an element that is missing here is written as a whole, not by a line with a key of its own
        first = found.rest[0] if isinstance(found.rest[0], str) else ""
        end = self._end(found, line)
        mine = self._keyed(first, line, end)
        if mine:
            return mine
        start = bisect_left(self._writers, (line,))
        writers = [one for one in self._writers[start : start + _MOST_WRITERS] if one[0] < end]
        # an expression in a line with a key writes no element, and no other keys beside it
        alone = self.alone(writers)
        if isinstance(found.rest[0], Element):
            fit = _of_elements(alone, column)
            named = self._named(fit, found.rest[0].name)
            return fit if named is None else [named, *(number for number in fit if number != named)]
        key = self._of_key(first, found, writers, alone, column)
        return () if key is None else (key,)

    def open_key(self, found: Found, line: int) -> int | None:
        """The line in the found value that has the key which is missing in part, the rest of it by an expression."""
        first = found.rest[0]
        if not isinstance(first, str):
            return None
        end = self._end(found, line)
        return None if self._keyed(first, line, end) else self._template.may_have_key(first, line, end)

    def _keyed(self, key: str, line: int, end: int) -> Sequence[int]:
        """The first line with a key from one line to before another."""
        mine = self._template.keyed.get(key, []) if key else []
        at = bisect_left(mine, line)
        return mine[at : at + 1] if at < len(mine) and mine[at] < end else ()

    def within(self, number: int, element: bool) -> list[Writer]:
        """The lines with expressions below a line, of the mapping that it begins or, of an element, is in."""
        least = self._template.lead(number) + (not element)
        found = []
        for writer in self._writers[bisect_left(self._writers, (number + 1,)) :][:_MOST_WRITERS]:
            between = self.lines[number : writer[0] - 1]
            if any(depth_of(line) < least and line.strip() and "{{" not in line for line in between):
                break
            found.append(writer)
        return found

    def alone(self, writers: Sequence[Writer]) -> list[Writer]:
        """The lines that begin with an expression."""
        return [one for one in writers if _ALONE.match(self.lines[one[0] - 1]) is not None]

    def named_after(self, key: str, writers: Sequence[Writer], column: int) -> int | None:
        """The line that includes a template with a name like the key: `snippets.security_context`."""
        plain = _plain(key)
        fit = [
            (number, [_plain(name) for name in included_in(self.lines[number - 1])])
            for number, indents in (writers if plain else ())
            if any(indent is None or indent <= column for indent in indents)
        ]
        ending = (number for number, names in fit if any(name.endswith(plain) for name in names))
        # `snippets.securityContextOfInit`
        having = (number for number, names in fit if any(plain in name for name in names))
        return next(ending, None) or next(having, None)

    def of_kind(self, kind: str) -> int | None:
        """The first line that includes a template which writes an object of a kind; None also where only one does."""
        return self._writers_of_kinds.get(kind)

    @cached_property
    def first(self) -> int | None:
        for number, line in enumerate(self.lines, 1):
            if _WRITES.search(line) and "{{" in line and _KEPT.match(line) is None:
                return number
        return None

    def _end(self, found: Found, line: int) -> int:
        """The line behind a value that begins at a line."""
        last = self.text.position(found.node.span.end).line
        # the entries that an expression writes may stand after the last entry that is written out
        end = min(last + _LONGEST_TAIL, len(self.lines)) + 1
        first = self.lines[line - 1]
        behind = (n for n in range(max(line, last + 1), end) if self._is_past(self.lines[n - 1], first))
        if isinstance(found.rest[0], Element):  # a list may go on in blocks, whose lines stand anywhere
            behind = (n for n in behind if _BRANCHING.fullmatch(self.lines[n - 1]) is None)
        return next(behind, end)

    def _of_key(
        self, key: str, found: Found, writers: Sequence[Writer], alone: Sequence[Writer], column: int
    ) -> int | None:
        """The line that writes a key of a mapping."""
        named = self.named_after(key, alone, column)
        if named is not None:
            return named
        keys = self._column_of_keys(found.node, column)
        free = [one for one in alone if not self._is_below_key(one[0], keys)]
        beside = self._last_within(free, min(keys, column))
        if beside is not None:
            return beside
        # one that indents nothing, beside other words, is a part of a value: `- "--config={{ template "a" . }}"`
        entries = [one for one in writers if one in alone or any(indent is not None for indent in one[1])]
        return self._last_within(entries, column)

    def _is_below_key(self, number: int, column: int) -> bool:
        """Whether a line stands right below a key at a column that has nothing behind it: it writes the list there,
        which may begin at the same column."""
        above = self.lines[number - 2] if number > 1 else ""
        return _OPENED.fullmatch(above) is not None and depth_of(above) == column

    def _named(self, numbers: Sequence[int], name: str) -> int | None:
        """The first of the lines whose words have the name of an element, however they are joined:
        `include "app.container.log_cleanup" .`, `include "app.logCleanup" .`"""
        spelt = _plain(name)
        if len(spelt) < _SHORTEST_NAME:
            return None
        return next((n for n in numbers if spelt in _plain(self.lines[n - 1])), None)

    def _last_within(self, writers: Sequence[Writer], column: int) -> int | None:
        """The last line that writes entries no further right than a column, else the first that writes as it likes."""
        best: int | None = None
        for number, indents in writers:
            for indent in indents:
                if indent is None or indent <= column:
                    best = best if best is not None and indent is None else number
        return best

    def _column_of_keys(self, node: Node, otherwise: int) -> int:
        """The column, from 0, at which the keys of a mapping stand: what is indented more is below one of them."""
        keys = node.keys() if node.kind == MAP else ()
        return self.text.position(node.entry_span(keys[0]).start).column - 1 if keys else otherwise

    @staticmethod
    def _is_past(line: str, first: str) -> bool:
        """Whether a line belongs no more to what the first line begins: it stands further left, or is the next key."""
        # what an expression writes stands as far right as it says
        indent = INDENT.search(line) if _ALONE.match(line) else None
        depth = depth_of(line) if indent is None else int(indent[1])
        if not line.strip() or depth > depth_of(first):
            return False
        return depth < depth_of(first) or not line.lstrip().startswith("{{")

    @cached_property
    def _writers_of_kinds(self) -> dict[str, int]:
        including = [
            (number, names) for number, line in enumerate(self.lines, 1) if (names := included_in(line))
        ]
        if len(including) < 2:
            return {}
        kinds = self._kinds()
        written = ((n, kind) for n, names in including for name in names for kind in kinds.get(name, ()))
        return {kind: number for number, kind in reversed(list(written))}


def _of_elements(writers: Sequence[Writer], column: int) -> list[int]:
    """Those that may write an element of a list whose keys stand at a column."""
    dash = column - len("- ")  # an element begins with it
    return [number for number, indents in writers if any(i is None or i <= dash for i in indents)]


def included_in(line: str) -> list[str]:
    """The names of the templates that a line includes."""
    return _INCLUDED.findall(line)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()
