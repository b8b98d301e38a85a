"""What a template has in a branch that was not taken, where the one that was taken writes the same key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linter.adapters.sourcemap import name_of
from linter.formats.node import MAP, SCALAR, SEQ, Node
from linter.frozen import dataclass

_DEEPEST = 40  # entries within entries


@dataclass(frozen=True, slots=True)
class Taken:
    """An object of a template, and what it was rendered to by the chart's own values."""

    source: Node
    rendered: Node


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of an object of a template."""

    start: int
    node: Node | None
    key: str
    several: bool  # others of that key, or elements of that name, stand in other branches


def is_decided(offset: int, pairs: Iterable[Taken]) -> bool:
    """Whether an entry of a template, which was not rendered, is of a key that the rendered object has all the same.

    An option that only adds something (`{{ if .Values.debug }}`) is not: nobody decided what stands in its place.
    """
    for pair in pairs:
        span = pair.source.span
        if span.start <= offset < span.end:
            return _has_otherwise(pair.source, pair.rendered, offset)
    return False


def _has_otherwise(node: Node, rendered: Node, offset: int) -> bool:
    for _ in range(_DEEPEST):
        entry = max(
            (one for one in _entries(node) if one.start <= offset), key=lambda one: one.start, default=None
        )
        twin = _twin(rendered, entry.key, node) if entry is not None and entry.key else None
        if entry is None or twin is None:
            return False
        if entry.several or entry.node is None or entry.node.kind == SCALAR:
            return True
        node, rendered = entry.node, twin
    return False


def _entries(node: Node) -> Iterator[_Entry]:
    """The entries of a mapping in all branches, the elements of a list by their names."""
    if node.kind == MAP:
        for key in node.keys():  # noqa: SIM118 - a Node is no dict
            written = node.branches(key)
            for span, child in written:
                yield _Entry(span.start, child, key, several=True)
            if not written:
                yield _Entry(node.entry_span(key).start, node.get(key), key, several=False)
    elif node.kind == SEQ:
        names = [name_of(element) for element in node.elements()]
        for element, name in zip(node.elements(), names, strict=True):
            yield _Entry(element.head_span().start, element, name, several=names.count(name) > 1)


def _twin(rendered: Node, key: str, source: Node) -> Node | None:
    """What a rendered object has at a key, or for an element of that name."""
    if source.kind == MAP:
        return rendered.get(key) if rendered.kind == MAP else None
    return next((element for element in rendered.elements() if name_of(element) == key), None)
