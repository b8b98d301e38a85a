"""Where in a Helm template, and in which values, something in its output was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import islice

from linter.adapters.sourcemap import Branches, Element, Found, Lists, Route, branches, follow
from linter.adapters.sourceobjects import SourceObjects, can_become
from linter.adapters.templatelines import LONGEST_ELEMENT, MOST_ALIKE, TemplateLines
from linter.adapters.templatevalues import ACTION, TemplateValues
from linter.adapters.templatewriters import INDENT, TemplateWriters, included_in
from linter.formats.node import SCALAR, Node
from linter.frozen import dataclass, replace
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

_CONDITION = lazy_regex(r"\{\{-?\s*(?:else|if|with)\b")
_TEXTS = lazy_regex(r"\"([^\"]{1,200})\"")
# not one that is given a part of the values: what it makes of that is decided where it is included
_WHOLE = lazy_regex(r"\b(?:include|template)\s+\"([^\"]{1,200})\"(?!\s+\(?\s*(?:\$\w*)?\.\w)")


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
    gives_all: tuple[str, ...] = ()  # of the included ones, those to which it gives all that is given to it


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
        self.objects = objects
        self._lists = {id(node): Lists() for node in objects}
        self._branches: dict[int, Branches] = {}  # by object
        self._lines = TemplateLines(text)
        self._writers = TemplateWriters(self._lines, kinds)
        self.values = TemplateValues(self._lines)

    @cached_property
    def sources(self) -> SourceObjects:
        """Its objects, by what rendered ones are found by."""
        return SourceObjects(self.objects, self.text)

    @property
    def lines(self) -> list[str]:
        """Its lines, as `TemplateLines` has them."""
        return self._lines.lines

    def origin(self, source: Node | None, route: Route, rendered: str, column: int, kind: str = "") -> Origin:
        """Where the entry at `route` comes from. `rendered`: its line there; `column`: where it starts; `kind`: of its
        object."""
        if source is None:
            return self._by_text(route, rendered, column, kind)
        found = self._taken(source, route, rendered)
        line = self.text.position(found.span.start).line
        if not found.rest:
            looped = self.values.looped(line, route)
            if looped is not None:
                return Origin(found.span, *looped)
            return Origin(
                found.span, tuple(self.values.values_of(line)) or tuple(self.values.written_below(line)), ()
            )
        open_key = self._writers.open_key(found, line)
        if open_key is not None:
            # which of the line's values is the key's is not asked: they are told themselves
            return Origin(self._lines.content(open_key), (), found.rest[1:])
        written = [
            self._of_writer(n, found.rest, found.rest) for n in self._writers.missing(found, line, column)
        ]
        if not written:
            return Origin(found.span, tuple(self.values.values_of(line)), found.rest)
        return replace(written[0], others=tuple(written[1:]), around=found.span)

    def lines_of_elements(self, column: int, below: Route) -> list[Origin]:
        """Those that may write an element of a list whose keys stand at a column, where nothing else of it is written.
        `below`: the way to the entry in what they write."""
        return [self._of_writer(number, below, below) for number in self._writers.of_elements(column)]

    def version_of(self, span: Span) -> str:
        """What the line of a span has behind the last colon of an image: the expressions that write its version. Empty:
        nothing says which these are."""
        line = self._lines.lines[self.text.position(span.start).line - 1]
        plain = ACTION.sub(lambda action: "x" * len(action[0]), line)
        key, at = plain.find(":"), plain.rfind(":")
        version = plain[at + 1 :]
        return line[at + 1 :] if 0 <= key < at and "/" not in version and "@" not in version else ""

    def _of_writer(self, number: int, rest: Route, below: Route) -> Origin:
        """The line that writes an entry: it may include what does."""
        line = self._lines.lines[number - 1]
        indent = INDENT.search(line)
        moved = int(indent[1]) if indent else 0
        values = tuple(self.values.values_of(number))
        whole, every = tuple(_WHOLE.findall(line)), tuple(included_in(line))
        return Origin(
            self._lines.content(number),
            values,
            rest,
            whole,
            below,
            moved,
            every,
            tuple(_TEXTS.findall(line)),
            gives_all=tuple(self.values.gives_all(number)),
        )

    def _taken(self, source: Node, route: Route, rendered: str) -> Found:
        """Where a route leads in the branch that was taken: the one that has most of it, and says what was rendered."""
        lists = self._lists.setdefault(id(source), Lists())
        found = follow(source, route, lists)
        known = self._branches.setdefault(id(source), {(): lists})
        others = list(islice(branches(source, route, known), MOST_ALIKE)) if self._has_branches else ()

        said = rendered.strip(" -")

        def fit(one: Found) -> tuple[int, bool, bool]:
            words = self._lines.lines[self.text.position(one.span.start).line - 1].strip(" -")
            return len(one.rest), words != said, not can_become(words, said)

        best = min([found, *others], key=fit) if others else found
        return best if best.rest or best.node.kind != SCALAR else self._as_rendered(best, rendered)

    def _as_rendered(self, found: Found, rendered: str) -> Found:
        """A scalar at the nearest line that says what was rendered, where its own line can't have become that.

        Of elements that are begun in several branches and go on below them, a tree has the last.
        """
        number = self.text.position(found.span.start).line
        words, said = self._lines.lines[number - 1].strip(" -"), rendered.strip(" -")
        if not self._has_branches or can_become(words, said):
            return found
        near = [other for other in self._lines.said.get(said, ()) if abs(other - number) <= LONGEST_ELEMENT]
        nearest = min(near, key=lambda other: abs(other - number), default=None)
        return found if nearest is None else Found(found.node, self._lines.content(nearest))

    @cached_property
    def _has_branches(self) -> bool:
        return _CONDITION.search(self.text.text) is not None

    def _by_text(self, route: Route, rendered: str, column: int, kind: str) -> Origin:
        """In a template that can't be read as YAML: the line with the same keys above it, else the same line, else what
        writes it into the nearest thing around it that has a line."""
        keys = tuple(step for step in route if isinstance(step, str))
        begun = self._lines.beginning_of(keys, route)
        if begun is not None:
            return Origin(self._lines.content(begun), tuple(self.values.values_of(begun)), ())
        if keys and keys in self._lines.outline:
            lines = self._lines.outline[keys]
            number = self._lines.nearest(
                lines, [step for step in route if isinstance(step, Element)], rendered
            )
            return Origin(self._lines.content(number), tuple(self.values.values_of(number)), ())
        same = self._lines.stripped.get(rendered.strip())
        if same is not None:
            return Origin(self._lines.content(same), (), ())
        around = self._around_by_text(route, rendered, column)
        if around is not None:
            return around
        whole = self._writers.of_kind(kind)
        if whole is not None:
            return self._of_writer(whole, (), route)
        if self._writers.first is not None:
            return self._of_writer(self._writers.first, (), route)
        return Origin(Span(0, 0), (), ())

    def _around_by_text(self, route: Route, rendered: str, column: int) -> Origin | None:
        """What writes an entry that has no line, by the nearest thing around it that has one: an expression within it,
        else that thing."""
        for end in range(len(route) - 1, 1, -1):
            outer, missing = route[:end], route[end]
            number = self._lines.line_of(outer, rendered) if isinstance(missing, str) else None
            if number is None:
                continue
            writers = self._writers.alone(self._writers.within(number, isinstance(outer[-1], Element)))
            writer = self._writers.named_after(str(missing), writers, column)
            if writer is None:
                return Origin(self._lines.content(number), (), route[end:])
            return self._of_writer(writer, route[end:], route[end:])
        return None
