"""From a place in rendered text back to the place in the source that it was made of.

Both sides are trees: an entry is found again by its route of keys, list elements by their `name`, else by their
index. Where the source has an expression instead of the entry, the line of that expression is the place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from linter.formats.node import MAP, SEQ, Node
from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

_FORMAT = lazy_regex(r"\{\{-?\s*printf\s+\"([^\"]*)\".*?\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Element:
    """A step into a list: index, the element's `name` ('' without one), how many elements there are, what it says."""

    index: int
    name: str
    count: int
    words: frozenset[str] = frozenset()  # of an element without a name


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
            here = (*route, Element(index, name, len(elements), words))
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


def follow(root: Node, route: Route) -> Found:
    """Follow a route as far as it goes."""
    node, span = root, root.head_span()
    for number, step in enumerate(route):
        child = node.get(step) if isinstance(step, str) else _element(node, step)
        if child is None:
            return Found(node, span, route[number:])
        span = node.entry_span(step) if isinstance(step, str) else child.head_span()
        node = child
    return Found(node, span)


def added_by(operation: Node, route: Route) -> Span | None:
    """Where an operation of a JSON patch writes what a route leads to, when that is in an entry that it adds."""
    path, value = operation.get("path"), operation.get("value")
    words = path.string() if path is not None else None
    if value is None or not isinstance(words, str):
        return None
    keys = [key.replace("~1", "/").replace("~0", "~") for key in words.strip("/").split("/")]
    steps = route[: len(keys)]
    if len(steps) < len(keys) or len(route) == len(steps):
        return None
    if isinstance(steps[-1], Element) and (not steps[-1].name or steps[-1].name != name_of(value)):
        return None
    fits = all(
        step == key if isinstance(step, str) else key == "-" or key.isdigit()
        for step, key in zip(steps, keys, strict=True)
    )
    found = follow(value, route[len(keys) :]) if fits else None
    if found is None or (found.rest and isinstance(found.rest[0], Element)):
        return None  # an element of the list that another patch adds
    return found.span


def _element(node: Node, step: Element) -> Node | None:
    elements = node.elements()
    if not elements:
        return None
    names = [name_of(element) for element in elements]
    if step.name:
        if step.name in names:
            return elements[names.index(step.name)]
        # a name that an expression writes reads as ''; one that is written out is another element's
        unnamed = [element for element, name in zip(elements, names, strict=True) if not name]
        if len(unnamed) == 1:
            return unnamed[0]
        return None if not unnamed else unnamed[min(step.index, len(unnamed) - 1)]
    if step.words:
        alike = _by_words(elements, step)
        if alike is not None:
            return alike
    if step.count == len(elements) or not node.open:
        return elements[step.index] if step.index < len(elements) else None
    return elements[0] if len(elements) == 1 else None


def _by_words(elements: Sequence[Node], step: Element) -> Node | None:
    """The element that says the most of what the rendered one says and nothing else; the nearest of several.

    Blocks around elements are not always taken: what an element says comes before where it stands.
    """
    said = [words_of(element) for element in elements]
    fit = [index for index, words in enumerate(said) if words and words <= step.words]
    if fit:
        return elements[max(fit, key=lambda index: (len(said[index]), -abs(index - step.index)))]
    # parts of an element may be in such blocks too
    shared = [len(step.words & words) for words in said]
    best = max(shared)
    return elements[shared.index(best)] if best and shared.count(best) == 1 else None


def identity(node: Node) -> tuple[str, str]:
    """Kind and name of an object; '' for what an expression fills in."""
    kind, metadata = node.get("kind"), node.get("metadata")
    text = kind.string() if kind is not None else ""
    return (text if isinstance(text, str) else "", name_of(metadata) if metadata is not None else "")


def counterpart(
    rendered: Node, order: int, sources: Sequence[Node], text: SourceText | None = None
) -> Node | None:
    """The object of the source that a rendered one was made of. `order`: its number among those of its kind.

    With the text of a template a name that holds expressions is compared by what is written around these; without
    one it may have got a prefix, or be another object's by a patch, which is then told by what they have in common.
    """
    kind, name = identity(rendered)
    same = [node for node in sources if identity(node)[0] == kind]
    if not same and name:  # a patch may have made a Role of a ClusterRole
        same = [node for node in sources if identity(node)[1] == name]
    exact = [node for node in same if name and identity(node)[1] == name]
    open_named = [node for node in same if not identity(node)[1]]
    if not exact and text is not None and name:
        fits = [
            (len(written), node) for node in open_named if (written := _written(node, name, text)) is not None
        ]
        longest = max((length for length, _ in fits), default=0)
        open_named = [node for length, node in fits if length == longest]
    chosen = exact or open_named
    if not chosen and text is None and name:
        return _renamed(rendered, name, same, sources)
    if not chosen:
        return same[0] if len(same) == 1 else None
    return chosen[min(order, len(chosen) - 1)]


def _renamed(rendered: Node, name: str, same: Sequence[Node], sources: Sequence[Node]) -> Node | None:
    """The source of an object whose name kustomize made: one of its kind with a part of the name, else the likest."""
    parts = [node for node in same if identity(node)[1] in name]
    if parts:
        return max(parts, key=lambda node: len(identity(node)[1]))
    words = _all_words(rendered)
    liked = [(len(words & _all_words(node)), any(node is one for one in same), node) for node in sources]
    most = max((like[:2] for like in liked), default=(0, False))
    if not any(most):
        return None  # what a generator made
    return next(node for *like, node in liked if tuple(like) == most)


def _all_words(node: Node) -> frozenset[str]:
    """What `words_of` says of all that is in an object, but for its kind and metadata."""
    below = [child for key in node.keys() if key != "metadata" and (child := node.get(key)) is not None]  # noqa: SIM118
    found: set[str] = set()
    while below:
        item = below.pop()
        found |= words_of(item)
        below += item.elements() if item.kind == SEQ else []
        if item.kind == MAP:
            below += [child for key in item.keys() if (child := item.get(key)) is not None]  # noqa: SIM118
    return frozenset(found)


def _written(node: Node, name: str, text: SourceText) -> str | None:
    """What stands around the expressions in an object's name; None when the rendered name can't come of it."""
    metadata = node.get("metadata")
    child = metadata.get("name") if metadata is not None else None
    if child is None:
        return ""
    written = text.text[child.span.start : child.span.end].strip("\"' ")
    # an expression may have a part of the name in a format
    parts = re.split(r"\{\{.*?\}\}|%[sdv]", _FORMAT.sub(lambda match: match[1], written), flags=re.DOTALL)
    pattern = ".*".join(re.escape(part) for part in parts)
    return "".join(parts) if re.fullmatch(pattern, name) is not None else None
