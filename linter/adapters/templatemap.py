"""Where in a Helm template, and in which values, something in its output was written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, takewhile

from linter.adapters.actionlines import joined, named
from linter.adapters.sourcemap import Branches, Element, Found, Lists, Route, branches, follow
from linter.adapters.sourceobjects import SourceObjects, can_become
from linter.formats.node import MAP, SCALAR, Node
from linter.frozen import dataclass, replace
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

_ACTION = lazy_regex(r"\{\{-?\s*+(.{0,2000}?)-?\}\}", re.DOTALL)
_VALUES = lazy_regex(r"(?:\$|(?<![\w)]))\.Values\.([\w.]+)")
_FIELD = lazy_regex(r"(?<![\w).\"$])(?:\$(?!\.)\w+)?\.(\w[\w.]*)|(?<![\w).\"$])\.(?=[\s|)]|$)")
_ASSIGNED = lazy_regex(r"\{\{-?\s*(\$\w+)\s*:?=\s*(?:\$)?\.Values\.([\w.]+)\s*-?\}\}")
_NAMED = lazy_regex(r"(\$\w+)\.([\w.]+)")
_BLOCK = lazy_regex(r"(?:with|range)\b")
_LOOP = lazy_regex(r"range\s+\$\w+\s*,\s*(\$\w+)\s*:?=\s*\$?\.Values\.([\w.]+)\s*\Z")
_BUILTIN = frozenset({"Values", "Release", "Chart", "Capabilities", "Template", "Files", "Subcharts"})
_INDENT = lazy_regex(r"\bn?indent\s+(\d{1,9})\b")
_CONDITION = lazy_regex(r"\{\{-?\s*(?:else|if|with)\b")
_KEYED = lazy_regex(r"(?P<lead>\s*(?:-\s+)*)(?P<key>[\w./-]+):(?:\s|$)")
_OPENED = lazy_regex(r"\s*[\w./-]+:\s*(?:#.*)?")
_ALONE = lazy_regex(
    r"\s*\{\{-?\s*(?:(?:toYaml|include|tpl|template|(?:\$|tpl \()?\.Files\.Get)\b"
    # `tuple "a" . | include "b"`
    r"|(?!if\b|else\b|with\b|range\b|\$\w*\s*:?=)[^{}|]{1,2000}\|\s*(?:toYaml|include|tpl)\b)"
)
_TEXTS = lazy_regex(r"\"([^\"]{1,200})\"")
_KEPT = lazy_regex(r"\s*\{\{-?\s*(?:define\b|\$\w*\s*:?=)")  # for later: nothing is written there
_BRANCHING = lazy_regex(r"\s*\{\{-?\s*(?:if|else|end|with|range)\b[^{}]{0,2000}\}\}\s*")
_MOST_ALIKE = 200  # lines with the same keys that are held against each other
_LONGEST_ELEMENT = 100  # lines before and after one that are looked at
_LONGEST_TAIL = 25  # lines below the last entry that is written out
_SHORTEST_NAME = 4  # of an element by which the line is known that writes it
_MOST_WRITERS = 200  # lines of one value that write entries
_TEXT = lazy_regex(r":\s*[|>][-+\d]*\s*\Z")
_TEXT_OF_LIST = lazy_regex(r"(?:^|\s)-\s+[|>][-+\d]*\s*\Z")
_SECRET = lazy_regex(r"(?i)pass|secret|key|token|cred")
_INCLUDED = lazy_regex(r"\b(?:include|template)\s+\"([^\"]{1,200})\"")
# not one that is given a part of the values: what it makes of that is decided where it is included
_WHOLE = lazy_regex(r"\b(?:include|template)\s+\"([^\"]{1,200})\"(?!\s+\(?\s*(?:\$\w*)?\.\w)")
_WRITES = lazy_regex(r"\b(?:toYaml|include|tpl|template|Files\.Get)\b")


_Writer = tuple[int, list[int | None]]  # a line, and how far each of its expressions indents what it writes


@dataclass(frozen=True, slots=True)
class Origin:
    """The span in the template, and the routes of the values that its line writes, best first."""

    span: Span
    values: tuple[tuple[str, ...], ...]
    rest: Route  # below the value, when the line writes the whole of it
    included: tuple[
        str, ...
    ] = ()  # named templates that the line includes as they are, where they write the entry
    below: Route = ()  # the way to the entry in what they write
    indent: int = 0  # how far the line moves that to the right
    includes: tuple[str, ...] = ()  # all named templates that the line includes
    passed: tuple[str, ...] = ()  # texts in the line's expressions
    others: tuple[Origin, ...] = ()  # of the lines beside it that may write the same element of a list
    around: Span = Span(0, 0)  # of the list


class TemplateMap:
    """One template, read with holes, and the lines that write into it."""

    def __init__(
        self,
        text: SourceText,
        objects: Sequence[Node],
        kinds: Callable[[], Mapping[str, frozenset[str]]] = dict,
    ) -> None:
        """`kinds` gives the kinds of the objects that named templates write, by their names."""
        self.text = text
        self._kinds = kinds
        self.objects = objects
        self._lists = {id(node): Lists() for node in objects}
        self._branches: dict[int, Branches] = {}  # by object
        self._words: dict[int, frozenset[str]] = {}  # by line: of the list element around it

    @cached_property
    def sources(self) -> SourceObjects:
        """Its objects, by what rendered ones are found by."""
        return SourceObjects(self.objects, self.text)

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

    def origin(self, source: Node | None, route: Route, rendered: str, column: int, kind: str = "") -> Origin:
        """Where the entry at `route` comes from. `rendered`: its line there; `column`: where it starts; `kind`: of its
        object."""
        if source is None:
            return self._by_text(route, rendered, column, kind)
        found = self._taken(source, route, rendered)
        line = self.text.position(found.span.start).line
        if not found.rest:
            looped = self._looped(line, route)
            if looped is not None:
                return Origin(found.span, *looped)
            return Origin(found.span, tuple(self.values_of(line)) or tuple(self._written_below(line)), ())
        written = [self._of_writer(n, found.rest, found.rest) for n in self._writers_of(found, line, column)]
        if not written:
            return Origin(found.span, tuple(self.values_of(line)), found.rest)
        return replace(written[0], others=tuple(written[1:]), around=found.span)

    def lines_of_elements(self, column: int, below: Route) -> list[Origin]:
        """Those that may write an element of a list whose keys stand at a column, where nothing else of it is written.
        `below`: the way to the entry in what they write."""
        numbers = _of_elements(self._alone(self._writers), column)
        return [self._of_writer(number, below, below) for number in numbers]

    def _looped(self, number: int, route: Route) -> tuple[tuple[tuple[str, ...], ...], Route] | None:
        """The mapping of the values that a line goes through, and the key in it, by the name of the element that it
        writes: `range $key, $value := .Values.env`."""
        loop = self._loops[number - 1]
        name = next((step.name for step in reversed(route) if isinstance(step, Element)), "")
        if loop is None or not name or not _uses(self.lines[number - 1], loop[0]):
            return None
        return (loop[1],), (name,)

    @cached_property
    def _loops(self) -> list[tuple[str, tuple[str, ...]] | None]:
        """For each line the variable that has the values of the mapping which the nearest open block goes through, and
        the way to that."""
        found: list[tuple[str, tuple[str, ...]] | None] = []
        opened: list[tuple[str, tuple[str, ...]] | None] = []
        for line in self.lines:
            found.append(next((loop for loop in reversed(opened) if loop is not None), None))
            for action in _ACTION.findall(line) if "{{" in line else ():
                word = action.partition(" ")[0].strip()
                if word == "end" and opened:
                    opened.pop()
                elif word in ("if", "with", "range", "define", "block"):
                    match = _LOOP.match(action)
                    route = tuple(match[2].strip(".").split(".")) if match is not None else ()
                    opened.append((match[1], route) if match is not None else None)
        return found

    def _of_writer(self, number: int, rest: Route, below: Route) -> Origin:
        """The line that writes an entry: it may include what does."""
        line = self.lines[number - 1]
        indent = _INDENT.search(line)
        moved = int(indent[1]) if indent else 0
        values = tuple(self.values_of(number))
        whole, every = tuple(_WHOLE.findall(line)), tuple(_included(line))
        return Origin(
            self._content(number), values, rest, whole, below, moved, every, tuple(_TEXTS.findall(line))
        )

    def _taken(self, source: Node, route: Route, rendered: str) -> Found:
        """Where a route leads in the branch that was taken: the one that has most of it, and says what was rendered."""
        found = follow(source, route, self._lists.get(id(source)))
        known = self._branches.setdefault(id(source), {})
        others = list(islice(branches(source, route, known), _MOST_ALIKE)) if self._has_branches else ()

        def fit(one: Found) -> tuple[int, bool]:
            line = self.text.position(one.span.start).line
            return len(one.rest), self.lines[line - 1].strip() != rendered.strip()

        best = min([found, *others], key=fit) if others else found
        return best if best.rest or best.node.kind != SCALAR else self._as_rendered(best, rendered)

    def _as_rendered(self, found: Found, rendered: str) -> Found:
        """A scalar at the nearest line that says what was rendered, where its own line can't have become that.

        Of elements that are begun in several branches and go on below them, a tree has the last.
        """
        number = self.text.position(found.span.start).line
        words, said = self.lines[number - 1].strip(" -"), rendered.strip(" -")
        if not self._has_branches or can_become(words, said):
            return found
        near = [other for other in self._said.get(said, ()) if abs(other - number) <= _LONGEST_ELEMENT]
        nearest = min(near, key=lambda other: abs(other - number), default=None)
        return found if nearest is None else Found(found.node, self._content(nearest))

    @cached_property
    def _said(self) -> dict[str, list[int]]:
        """The lines of each content, whether it begins an element or not."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines, 1):
            found.setdefault(line.strip(" -"), []).append(number)
        return found

    @cached_property
    def _has_branches(self) -> bool:
        return _CONDITION.search(self.text.text) is not None

    @cached_property
    def _writers(self) -> list[_Writer]:
        """The lines with expressions that write entries, and how far each of these indents them; None: as it likes."""
        found = []
        for number, words in enumerate(self.lines, 1):
            if "{{" not in words or _KEPT.match(words) is not None:
                continue
            actions = [action for action in _ACTION.findall(words) if _WRITES.search(action)]
            if actions:
                indents = (_INDENT.search(action) for action in actions)
                found.append((number, [int(indent[1]) if indent else None for indent in indents]))
        return found

    @cached_property
    def _keyed(self) -> dict[str, list[int]]:
        """The lines that begin with a key, by the key."""
        found: dict[str, list[int]] = {}
        for number, words in enumerate(self.lines, 1):
            key, colon, _ = words.lstrip(" -").partition(":")
            if colon:
                found.setdefault(key, []).append(number)
        return found

    def _writers_of(self, found: Found, line: int, column: int) -> Sequence[int]:
        """The lines in the found value whose expressions write entries at the column of the one that is missing: of a
        mapping it is one, of a list there may be several, the likeliest first."""
        # an element that is missing here is written as a whole, not by a line with a key of its own
        first = found.rest[0] if isinstance(found.rest[0], str) else ""
        end = self._end(found, line)
        mine = self._keyed.get(first, []) if first else []
        at = bisect_left(mine, line)
        if at < len(mine) and mine[at] < end:
            return mine[at : at + 1]
        start = bisect_left(self._writers, (line,))
        writers = [one for one in self._writers[start : start + _MOST_WRITERS] if one[0] < end]
        # an expression in a line with a key writes no element, and no other keys beside it
        alone = self._alone(writers)
        if isinstance(found.rest[0], Element):
            fit = _of_elements(alone, column)
            named = self._named(fit, found.rest[0].name)
            return fit if named is None else [named, *(number for number in fit if number != named)]
        key = self._of_key(first, found, writers, alone, column)
        return () if key is None else (key,)

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

    def _alone(self, writers: Sequence[_Writer]) -> list[_Writer]:
        """The lines that begin with an expression."""
        return [one for one in writers if _ALONE.match(self.lines[one[0] - 1]) is not None]

    def _of_key(
        self, key: str, found: Found, writers: Sequence[_Writer], alone: Sequence[_Writer], column: int
    ) -> int | None:
        """The line that writes a key of a mapping."""
        named = self._named_after(key, alone, column)
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
        return _OPENED.fullmatch(above) is not None and _depth(above) == column

    def _named(self, numbers: Sequence[int], name: str) -> int | None:
        """The first of the lines whose words have the name of an element, however they are joined:
        `include "app.container.log_cleanup" .`, `include "app.logCleanup" .`"""
        spelt = _plain(name)
        if len(spelt) < _SHORTEST_NAME:
            return None
        return next((n for n in numbers if spelt in _plain(self.lines[n - 1])), None)

    def _named_after(self, key: str, writers: Sequence[_Writer], column: int) -> int | None:
        """The line that includes a template with a name like the key: `snippets.security_context`."""
        plain = _plain(key)
        fit = [
            (number, [_plain(name) for name in _included(self.lines[number - 1])])
            for number, indents in (writers if plain else ())
            if any(indent is None or indent <= column for indent in indents)
        ]
        ending = (number for number, names in fit if any(name.endswith(plain) for name in names))
        # `snippets.securityContextOfInit`
        having = (number for number, names in fit if any(plain in name for name in names))
        return next(ending, None) or next(having, None)

    def _last_within(self, writers: Sequence[_Writer], column: int) -> int | None:
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
        indent = _INDENT.search(line) if _ALONE.match(line) else None
        depth = _depth(line) if indent is None else int(indent[1])
        if not line.strip() or depth > _depth(first):
            return False
        return depth < _depth(first) or not line.lstrip().startswith("{{")

    def _written_below(self, number: int) -> Iterator[tuple[str, ...]]:
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
        depth = _depth(self.lines[number - 1])
        after = islice(self.lines, number, number + _LONGEST_ELEMENT)
        inside = takewhile(lambda line: not line.strip() or _depth(line) > depth, after)
        return (value for at, _ in enumerate(inside, number + 1) for value in self.values_of(at))

    def _by_text(self, route: Route, rendered: str, column: int, kind: str) -> Origin:
        """In a template that can't be read as YAML: the line with the same keys above it, else the same line, else what
        writes it into the nearest thing around it that has a line."""
        keys = tuple(step for step in route if isinstance(step, str))
        begun = self._beginning_of(keys, route)
        if begun is not None:
            return Origin(self._content(begun), tuple(self.values_of(begun)), ())
        if keys and keys in self.outline:
            lines = self.outline[keys]
            number = self._nearest(lines, [step for step in route if isinstance(step, Element)], rendered)
            return Origin(self._content(number), tuple(self.values_of(number)), ())
        same = self._stripped.get(rendered.strip())
        if same is not None:
            return Origin(self._content(same), (), ())
        around = self._around_by_text(route, rendered, column)
        if around is not None:
            return around
        whole = self._writer_of(kind)
        if whole is not None:
            return self._of_writer(whole, (), route)
        if self._first_writer is not None:
            return self._of_writer(self._first_writer, (), route)
        return Origin(Span(0, 0), (), ())

    def _around_by_text(self, route: Route, rendered: str, column: int) -> Origin | None:
        """What writes an entry that has no line, by the nearest thing around it that has one: an expression within it,
        else that thing."""
        for end in range(len(route) - 1, 1, -1):
            outer, missing = route[:end], route[end]
            number = self._line_of(outer, rendered) if isinstance(missing, str) else None
            if number is None:
                continue
            writers = self._alone(self._within_text(number, isinstance(outer[-1], Element)))
            writer = self._named_after(str(missing), writers, column)
            if writer is None:
                return Origin(self._content(number), (), route[end:])
            return self._of_writer(writer, route[end:], route[end:])
        return None

    def _line_of(self, route: Route, rendered: str) -> int | None:
        """The line of a mapping, or of the name of a list's element."""
        keys = tuple(step for step in route if isinstance(step, str))
        element = route[-1] if isinstance(route[-1], Element) else None
        lines = self.outline.get((*keys, "name") if element else keys, [])
        if len(keys) < 2 or not lines:  # other objects of the file have a `spec` too
            return None
        if element is not None and element.name:
            called = f"name: {element.name}"
            lines = [n for n in lines if can_become(self.lines[n - 1].strip(" -"), called)] or lines
        return self._nearest(lines, [step for step in route if isinstance(step, Element)], rendered)

    def _within_text(self, number: int, element: bool) -> list[_Writer]:
        """The lines with expressions below a line, of the mapping that it begins or, of an element, is in."""
        match = _KEYED.match(self.lines[number - 1])
        least = (len(match["lead"]) if match is not None else 0) + (not element)
        found = []
        for writer in self._writers[bisect_left(self._writers, (number + 1,)) :][:_MOST_WRITERS]:
            between = self.lines[number : writer[0] - 1]
            if any(_depth(line) < least and line.strip() and "{{" not in line for line in between):
                break
            found.append(writer)
        return found

    def _beginning_of(self, keys: tuple[str, ...], route: Route) -> int | None:
        """The line that begins the element of a list at the end of a route with its name."""
        element = route[-1] if route else None
        if not isinstance(element, Element) or not element.name:
            return None
        named = re.compile(rf"\s*(?:-\s+)+name:\s*([\"']?){re.escape(element.name)}\1\s*(?:#.*)?")
        lines = self.outline.get((*keys, "name"), ())
        return next((number for number in lines if named.fullmatch(self.lines[number - 1])), None)

    @cached_property
    def _stripped(self) -> dict[str, int]:
        """The first line of each content."""
        lines = reversed(list(enumerate(self.lines, 1)))
        return {content: number for number, line in lines if (content := line.strip())}

    def _writer_of(self, kind: str) -> int | None:
        """The first line that includes a template which writes an object of a kind; None also where only one does."""
        return self._writers_of_kinds.get(kind)

    @cached_property
    def _writers_of_kinds(self) -> dict[str, int]:
        including = [
            (number, names) for number, line in enumerate(self.lines, 1) if (names := _included(line))
        ]
        if len(including) < 2:
            return {}
        kinds = self._kinds()
        written = ((n, kind) for n, names in including for name in names for kind in kinds.get(name, ()))
        return {kind: number for number, kind in reversed(list(written))}

    @cached_property
    def _first_writer(self) -> int | None:
        for number, line in enumerate(self.lines, 1):
            if _WRITES.search(line) and "{{" in line and _KEPT.match(line) is None:
                return number
        return None

    def _nearest(self, lines: list[int], steps: list[Element], rendered: str) -> int:
        """Of the lines with the same keys, the one in the element that says the same or has the name, else the one that
        is as it was rendered, else that of the same index."""
        index = max((step.index for step in steps), default=0)
        guess = lines[min(index, len(lines) - 1)]
        words = (steps[-1].words or frozenset((steps[-1].name,))) if steps else frozenset()
        if not words or len(lines) > _MOST_ALIKE:
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
        match = _KEYED.match(self.lines[number - 1])
        depth = len(match["lead"]) if match is not None else 0
        first, last = number, number
        least, most = max(1, number - _LONGEST_ELEMENT), min(len(self.lines), number + _LONGEST_ELEMENT)
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

    def _content(self, number: int) -> Span:
        line = self.text.line(number)  # the first one of an expression over several
        start = self.text.offset(number, 1)
        return Span(start + _depth(line), start + len(line.rstrip()))

    def version_of(self, span: Span) -> str:
        """What the line of a span has behind the last colon of an image: the expressions that write its version. Empty:
        nothing says which these are."""
        line = self.lines[self.text.position(span.start).line - 1]
        plain = _ACTION.sub(lambda action: "x" * len(action[0]), line)
        key, at = plain.find(":"), plain.rfind(":")
        version = plain[at + 1 :]
        return line[at + 1 :] if 0 <= key < at and "/" not in version and "@" not in version else ""

    def values_of(self, number: int, words: str | None = None) -> Iterator[tuple[str, ...]]:
        """The values that the expressions of a line read, `.` and its fields taken from the blocks around it, variables
        from where they are given. `words`: the part of the line that is meant."""
        for action in _ACTION.findall(self.lines[number - 1] if words is None else words):
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
                if outer is not None:
                    yield (*outer, *names)

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
        """For each line the value that `.` stands for: that of the nearest `with` or `range` that is still open."""
        found: list[tuple[str, ...] | None] = []
        opened: list[bool] = []  # of each block: whether it gives `.` a meaning
        given: list[tuple[str, ...] | None] = [None]
        for line in self.lines:
            found.append(given[-1])
            for action in _ACTION.findall(line) if "{{" in line else ():
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
    return any(used.search(action) is not None for action in _ACTION.findall(line))


def _of_elements(writers: Sequence[_Writer], column: int) -> list[int]:
    """Those that may write an element of a list whose keys stand at a column."""
    dash = column - len("- ")  # an element begins with it
    return [number for number, indents in writers if any(i is None or i <= dash for i in indents)]


def _included(line: str) -> list[str]:
    """The names of the templates that a line includes."""
    return _INCLUDED.findall(line)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
