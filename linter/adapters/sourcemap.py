"""From a place in rendered text back to the place in the source that it was made of.

Both sides are trees: an entry is found again by its route of keys, list elements by their `name`, else by their
index. Where the source has an expression instead of the entry, the line of that expression is the place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from linter.formats.image import HOLE
from linter.formats.node import MAP, SCALAR, SEQ, Node
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.text import Span

_HOLES = lazy_regex(rf"{HOLE}+")
_MOST_ALIKE = 500  # elements of a list that are told apart by what they say


@dataclass(frozen=True, slots=True)
class Element:
    """A step into a list: index, the element's `name` ('' without one), how many elements there are, what it says."""

    index: int
    name: str
    count: int
    words: frozenset[str] = frozenset()  # of an element without a name
    keys: frozenset[str] = frozenset()


Step = str | Element
Route = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a rendered object: which object, and the way to it there."""

    object: int
    route: Route
    offset: int  # where the entry starts in the rendered text


@dataclass(frozen=True, slots=True)
class Found:
    """How far a route can be followed in a source: the node there, its place, and the steps that it lacks."""

    node: Node
    span: Span
    rest: Route = ()


class Routes:
    """Every entry of some objects, by offset."""

    def __init__(self, objects: Sequence[Node]) -> None:
        found = [Entry(i, r, o) for i, root in enumerate(objects) for r, o in _walk(root, ())]
        self.entries = sorted(found, key=lambda entry: (entry.offset, len(entry.route)))
        self._offsets = [entry.offset for entry in self.entries]

    def at(self, offset: int, meant: Sequence[str] = ()) -> Entry | None:
        """The entry that starts at the offset, else the last one before it.

        A list element starts where its first key does. It is the element, unless that key is the start of one of
        the words `meant`: renderers sort keys, so in the source another one comes first.
        """
        index = bisect_right(self._offsets, offset) - 1
        if index < 0:
            return None
        entry = self.entries[index]
        key = entry.route[-1] if entry.route else ""
        if index and self.entries[index - 1].offset == entry.offset and isinstance(key, str):
            return entry if any(word.startswith(key) for word in meant) else self.entries[index - 1]
        return entry


def _walk(node: Node, route: Route) -> Iterator[tuple[Route, int]]:
    if node.kind == MAP:
        for key in node.keys():  # noqa: SIM118 - a Node is no dict
            child = node.get(key)
            yield (*route, key), node.entry_span(key).start
            if child is not None:
                yield from _walk(child, (*route, key))
    elif node.kind == SEQ:
        elements = node.elements()
        for index, child in enumerate(elements):
            name = name_of(child)
            words = frozenset() if name else words_of(child)
            keys = frozenset(child.keys()) if child.kind == MAP else frozenset[str]()
            here = (*route, Element(index, name, len(elements), words, keys))
            yield here, child.head_span().start
            yield from _walk(child, here)


def name_of(node: Node) -> str:
    """The scalar `name` of a mapping; '' for anything else."""
    child = node.get("name") if node.kind == MAP else None
    value = child.string() if child is not None else ""
    return value if isinstance(value, str) else ""


def words_of(node: Node) -> frozenset[str]:
    """The scalars of an element and of its lists, by key: what tells one without a name from others."""
    if node.kind != MAP:
        value = node.string()
        return frozenset((value,)) if isinstance(value, str) else frozenset()
    found = set()
    for key in node.keys():  # noqa: SIM118 - a Node is no dict
        child = node.get(key)
        if child is None:
            continue
        for item in child.elements() if child.kind == SEQ else (child,):
            value = item.string()
            if isinstance(value, str):
                found.add(f"{key}={value}")
    return frozenset(found)


class Lists:
    """The lists of one tree, each taken apart once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | int, ...], _Elements] = {}

    def at(self, node: Node, place: tuple[str | int, ...]) -> _Elements:
        """Those of the node, which stands at a place: keys, and indexes of elements."""
        found = self._known.get(place)
        if found is None:
            found = self._known[place] = _Elements(node)
        return found


def follow(root: Node, route: Route, lists: Lists | None = None) -> Found:
    """Follow a route as far as it goes. `lists`: those of the tree, where many routes are followed in it."""
    lists = lists or Lists()
    node, above = root, root
    place: tuple[str | int, ...] = ()
    for number, step in enumerate(route):
        child: Node | None
        if isinstance(step, str):
            child, place = node.get(step), (*place, step)
        else:
            elements = lists.at(node, place)
            index = elements.find(step, route[number + 1 : number + 2])
            child = elements.nodes[index] if index is not None else None
            place = (*place, index or 0)
        if child is None:
            return Found(node, _span(node, above, route[:number]), route[number:])
        above, node = node, child
    return Found(node, _span(node, above, route))


def _span(node: Node, above: Node, route: Route) -> Span:
    """Where a node is written that a route leads to, the last step from the one `above` it."""
    step = route[-1] if route else None
    return above.entry_span(step) if isinstance(step, str) else node.head_span()


Branches = dict[tuple[str | int, ...], Lists]  # the lists below each of them, and under () those of the tree


def branches(root: Node, route: Route, lists: Branches) -> Iterator[Found]:
    """How far a route can be followed through each of the entries that stand for one of its keys."""
    node: Node | None = root
    place: tuple[str | int, ...] = ()
    for number, step in enumerate(route):
        if node is None:
            return
        if isinstance(step, Element):
            elements = lists.setdefault((), Lists()).at(node, place)
            index = elements.find(step, route[number + 1 : number + 2])
            node, place = (None if index is None else elements.nodes[index]), (*place, index or 0)
            continue
        rest = route[number + 1 :]
        for order, (span, child) in enumerate(node.branches(step)):
            found = follow(child, rest, lists.setdefault((*place, step, order), Lists()))
            yield found if len(found.rest) < len(rest) else Found(child, span, found.rest)
        node, place = node.get(step), (*place, step)


def added_by(operation: Node, route: Route) -> Span | None:
    """Where an operation of a JSON patch writes what a route leads to, when that is in an entry that it adds."""
    path, value = operation.get("path"), operation.get("value")
    words = path.string() if path is not None else None
    if value is None or not isinstance(words, str):
        return None
    keys = [key.replace("~1", "/").replace("~0", "~") for key in words.strip("/").split("/")]
    steps = route[: len(keys)]
    if len(steps) < len(keys):
        return None
    if len(route) == len(steps) and not isinstance(steps[-1], Element) and value.kind != SCALAR:
        return None  # a key by itself is the mapping's that it is added to
    if isinstance(steps[-1], Element) and (not steps[-1].name or steps[-1].name != name_of(value)):
        return None
    fits = all(
        step == key if isinstance(step, str) else key == "-" or key.isdigit()
        for step, key in zip(steps, keys, strict=True)
    )
    if fits and value.kind == SCALAR:
        return operation.entry_span("value") if len(route) == len(steps) else None
    found = follow(value, route[len(keys) :]) if fits else None
    if found is None or (found.rest and isinstance(found.rest[0], Element)):
        return None  # an element of the list that another patch adds
    return found.span


class _Elements:
    """The elements of a list: their names, and what they say."""

    def __init__(self, node: Node) -> None:
        self.nodes = node.elements()
        self.open = node.open
        names = [name_of(element) for element in self.nodes]
        self._named: dict[str, list[int]] = {}
        for index, name in enumerate(names):
            self._named.setdefault(name, []).append(index)
        # a name that an expression writes reads as ''; one that is written out is another element's
        self._unnamed = [index for index, name in enumerate(names) if not name]

    @cached_property
    def _said(self) -> list[frozenset[str]]:
        return [words_of(element) for element in self.nodes]

    def find(self, step: Element, then: Route = ()) -> int | None:
        """The index of the element that a rendered one was made of. `then`: the step after it, if any.

        Of several of one name, which stand in branches of which one is taken, it is the first that has that key.
        """
        if not self.nodes:
            return None
        if step.name:
            alike = self._named.get(step.name)
            if alike:
                key = then[0] if then and len(alike) > 1 else None
                having = (i for i in alike if isinstance(key, str) and self.nodes[i].get(key) is not None)
                return next(having, alike[0])
            unnamed = [index for index in self._unnamed if self._may_be(index, step)]
            unnamed = [i for i in unnamed if _may_be_called(self.nodes[i], step.name)] or unnamed
            return unnamed[min(step.index, len(unnamed) - 1)] if unnamed else None
        if step.words and len(self.nodes) <= _MOST_ALIKE:
            fitting = self._by_words(step)
            if fitting is not None:
                return fitting
        if step.count == len(self.nodes) or not self.open:
            index = step.index if step.index < len(self.nodes) else None
        else:
            index = 0 if len(self.nodes) == 1 else None
        return None if index is not None and self.open and self._is_other(index, step) else index

    def _may_be(self, index: int, step: Element) -> bool:
        """Whether an element, whose name an expression writes, has all keys of the rendered one: else that is one of
        those which an expression writes beside it."""
        node = self.nodes[index]
        return not self.open or node.kind != MAP or node.open or step.keys.issubset(node.keys())

    def _is_other(self, index: int, step: Element) -> bool:
        """Whether an element says nothing of what the rendered one says: what an expression writes is no element that
        stands beside the expression and was left out."""
        said = self._said[index] if step.words else frozenset[str]()
        return bool(said) and not said & step.words

    def _by_words(self, step: Element) -> int | None:
        """The element that says the most of what the rendered one says and nothing else; the nearest of several.

        Blocks around elements are not always taken: what an element says comes before where it stands.
        """
        said = self._said
        fit = [index for index, words in enumerate(said) if words and words <= step.words]
        if fit:
            return max(fit, key=lambda index: (len(said[index]), -abs(index - step.index)))
        # parts of an element may be in such blocks too
        shared = [len(step.words & words) for words in said]
        best = max(shared)
        return shared.index(best) if best and shared.count(best) == 1 else None


def _may_be_called(node: Node, name: str) -> bool:
    """Whether an element whose name an expression writes may have a name: `{{ .Chart.Name }}-{{ .part }}` is never
    `app`."""
    child = node.get("name") if node.kind == MAP else None
    written = getattr(getattr(child, "raw", None), "value", None)
    return not isinstance(written, str) or HOLE not in written or fits(_HOLES.split(written), name)


def fits(parts: Sequence[str], name: str) -> bool:
    """Whether a name can be the parts in order, with anything between them."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return name == first
    if len(first) + len(last) > len(name) or not (name.startswith(first) and name.endswith(last)):
        return False
    at, end = len(first), len(name) - len(last)
    for part in parts[1:-1]:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def identity(node: Node) -> tuple[str, str]:
    """Kind and name of an object; '' for what an expression fills in."""
    kind, metadata = node.get("kind"), node.get("metadata")
    text = kind.string() if kind is not None else ""
    return (text if isinstance(text, str) else "", name_of(metadata) if metadata is not None else "")
