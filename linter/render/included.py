"""From a line that includes a named template of a chart to the place within that template which writes an entry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from linter.adapters.definitions import Definitions
from linter.adapters.sourcemap import Element, Route, Step, follow, identity, name_of
from linter.adapters.templatemap import Origin, TemplateMap
from linter.formats.node import SCALAR, Node
from linter.formats.yamltree import parse_templated
from linter.frozen import dataclass, replace
from linter.patterns import lazy_regex
from linter.render.candidates import NAMED, PERHAPS, SURELY, Given, chosen, likeliest, likeness
from linter.text import SourceText

# an expression that reads a variable, or a field that is none of what every template has
_GIVEN = lazy_regex(
    r"\{\{[^}]{0,500}?(?:\$\w|(?<![\w)$])\.(?!(?:Values|Release|Chart|Capabilities|Files|Template)\b)(?:\w|[\s|)}]))"
)
_MOST = 100  # named templates of a chart that are read
_DEEPEST = 5  # templates that include one another


@dataclass(frozen=True, slots=True)
class Within:
    """A place in a named template: the file, and what writes the entry there."""

    text: SourceText
    origin: Origin
    name: str  # of the template
    # the templates to which the line there gives all that it is given, where that is all there is
    gives_all: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry as it was rendered: its object, its line, and the column where it starts."""

    object: Node
    line: str
    column: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A named template read as YAML with holes. Its map sees nothing of the file but the template."""

    text: SourceText
    map: TemplateMap
    roots: Sequence[Node]


class Included:
    """The named templates of one chart, each read once."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._read: dict[tuple[str, Path], _Read | None] = {}

    def within(self, origin: Origin, asking: Path, rendered: Entered, given: Given) -> Within | None:
        """Where the templates that the line of an origin includes write its entry; None where that is not known.

        `asking`: the template with the line.
        """
        found: Within | None = None
        all_given = True  # to the templates so far: what they give on is no choice of theirs
        for _ in range(_DEEPEST):
            inner = self._next(origin, asking, rendered, given)
            all_given = all_given and inner is not None and inner.name in origin.gives_all
            if inner is None or _is_passed(inner, origin.below[-1], all_given=all_given):
                break
            rendered = replace(rendered, column=max(0, rendered.column - origin.indent))
            found, origin = (inner if all_given else replace(inner, gives_all=())), inner.origin
        return found

    def values_of_text(self, within: Within, asking: Path) -> tuple[tuple[str, ...], ...]:
        """The values of which a template makes the text that the line of a place includes, given all there is: the last
        first, which has the version of an image."""
        for name in within.gives_all:
            read = self._template(name, asking)
            if read is not None and [root.kind for root in read.roots] == [SCALAR]:
                line = read.text.position(read.roots[0].span.start).line
                return tuple(read.map.values.values_of(line))[::-1]
        return ()

    def chosen(self, origin: Origin, asking: Path, rendered: Entered, given: Given) -> Origin:
        """Of the lines that may write the element of a list, the one that did."""
        return chosen(origin, asking, rendered.column, self._named_as, given) if origin.others else origin

    def _named_as(self, name: str, asking: Path) -> tuple[TemplateMap, Sequence[Node]] | None:
        read = self._template(name, asking)
        return (read.map, read.roots) if read is not None else None

    def _next(self, origin: Origin, asking: Path, rendered: Entered, given: Given) -> Within | None:
        for name in origin.included if origin.below else ():
            read = self._template(name, asking)
            root = (
                _root(read, origin.below, rendered.object, given, origin.passed) if read is not None else None
            )
            column = max(0, rendered.column - origin.indent)
            if read is not None and root is not None:
                kind = identity(rendered.object)[0]
                inside = read.map.origin(root, origin.below, rendered.line, column, kind)
                inside = self.chosen(inside, asking, replace(rendered, column=column), given)
                return _within(read, inside, name)
            lines = read.map.lines_of_elements(column, origin.below) if read is not None else ()
            if read is not None and lines:
                line, verdict = likeliest(lines, asking, column, self._named_as, given)
                if verdict == SURELY:
                    return _within(read, line, name)
        return None

    def _template(self, name: str, asking: Path) -> _Read | None:
        key = (name, asking)
        if key not in self._read:
            body = self._definitions.body(name, asking) if len(self._read) < _MOST else None
            self._read[key] = None
            if body is not None:
                alone = body.alone
                roots = parse_templated(alone).documents
                of_kinds = TemplateMap(alone, roots, lambda: self._definitions.kinds)
                self._read[key] = _Read(body.text, of_kinds, roots)
        return self._read[key]


def _within(read: _Read, origin: Origin, name: str) -> Within:
    line = read.text.position(origin.span.start).line
    return Within(read.text, origin, name, tuple(read.map.values.gives_all(line)))


def _is_passed(inner: Within, last: Step, *, all_given: bool) -> bool:
    """Whether a line writes something that its template is given, or makes of that: who includes it decides.

    `last`: of the way to the entry. An element as a whole stands where it begins, whoever names it. `all_given`: the
    template is given all there is, which is nobody's choice, nor what the line makes of that.
    """
    if inner.origin.values or inner.origin.includes:
        return False
    line = inner.text.line(inner.text.position(inner.origin.span.start).line)
    for name in inner.gives_all if all_given else ():
        line = line.replace(f'"{name}" .', f'"{name}" $')
    return bool(inner.origin.rest) or (isinstance(last, str) and _GIVEN.search(line) is not None)


def _root(read: _Read, below: Route, rendered: Node, given: Given, passed: Sequence[str]) -> Node | None:
    """The tree that surely has an entry: of whole objects the one of that name, of parts the first that begins so."""
    if any(root.get("kind") is not None for root in read.roots):
        certain = read.map.sources.certain(rendered)
        return certain if certain is not None and _leads(certain, below, read, given, passed) else None
    return next((root for root in read.roots if _leads(root, below, read, given, passed)), None)


def _leads(root: Node, below: Route, read: _Read, given: Given, passed: Sequence[str]) -> bool:
    """Whether the first step leads somewhere, and each as far as they do to nothing but what it is about."""
    node = root
    for number, step in enumerate(below):
        found = follow(node, (step,))
        if found.rest:
            return number > 0
        if isinstance(step, Element) and not _is_it(found.node, step, node, read, given, passed):
            return False
        node = found.node
    return True


def _is_it(node: Node, step: Element, within: Node, read: _Read, given: Given, passed: Sequence[str]) -> bool:
    """Whether an element of a list is the rendered one: by its name, or what it says. One that an expression names,
    which can't be told, is not when the list, to which others write, is too short for that, unless it is `passed` or
    a word of the name stands beside the expression."""
    like = likeness(node, step, read.text, given)
    if not step.name:
        return bool(like)
    may = like >= PERHAPS and not name_of(node)
    near = like >= NAMED or step.name in passed or step.index < len(within.elements())
    return like == SURELY or (may and near)
