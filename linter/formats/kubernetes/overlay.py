"""Nodes over other nodes: a mapping with keys replaced or added, elements that stand in different places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.node import MAP, SEQ, Node
from linter.text import Span


class Overlay(Node):
    """A mapping with some keys replaced or added; falls back to `below` for keys that it has not."""

    __slots__ = ("below", "extra", "hidden", "inner", "kind", "open")

    def __init__(
        self,
        inner: Node,
        extra: Mapping[str, Node] | None = None,
        *,
        hidden: Sequence[str] = (),
        below: Node | None = None,
        open_: bool = False,
    ) -> None:
        self.inner = inner
        self.extra = dict(extra or {})
        self.hidden = frozenset(hidden)
        self.below = below
        self.kind = MAP
        self.open = open_ or inner.open

    @property
    def span(self) -> Span:  # type: ignore[override]
        return self.inner.span

    def get(self, key: str) -> Node | None:
        if key in self.extra:
            return self.extra[key]
        found = None if key in self.hidden else self.inner.get(key)
        if found is None and self.below is not None:
            return self.below.get(key)
        return found

    def keys(self) -> Sequence[str]:
        own = [key for key in self.inner.keys() if key not in self.hidden and key not in self.extra]  # noqa: SIM118 - a Node is no dict
        return [*own, *self.extra]

    def elements(self) -> Sequence[Node]:
        return ()

    def scalar(self) -> Any:
        return UNKNOWN

    def string(self) -> Any:
        return UNKNOWN

    def entry_span(self, key: str) -> Span:
        if key in self.extra:
            return self.extra[key].head_span()
        if self.below is not None and self.inner.get(key) is None and self.below.get(key) is not None:
            return self.below.entry_span(key)
        return self.inner.entry_span(key)

    def head_span(self) -> Span:
        return self.inner.head_span()


class Elements(Node):
    """A sequence of nodes that stand in different places."""

    __slots__ = ("items", "kind", "open")

    def __init__(self, items: Sequence[Node], *, open_: bool = False) -> None:
        self.items = list(items)
        self.kind = SEQ
        self.open = open_

    @property
    def span(self) -> Span:  # type: ignore[override]
        return self.items[0].span if self.items else Span(0, 0)

    def get(self, key: str) -> Node | None:
        return None

    def keys(self) -> Sequence[str]:
        return ()

    def elements(self) -> Sequence[Node]:
        return self.items

    def scalar(self) -> Any:
        return UNKNOWN

    def string(self) -> Any:
        return UNKNOWN

    def entry_span(self, key: str) -> Span:
        return self.head_span()

    def head_span(self) -> Span:
        return self.items[0].head_span() if self.items else Span(0, 0)


class Entry(Overlay):
    """A scalar that is found under another key than it is asked for; its place is the whole entry."""

    __slots__ = ("key", "owner")

    def __init__(self, inner: Node, owner: Node, key: str) -> None:
        super().__init__(inner)
        self.owner = owner
        self.key = key
        self.kind = inner.kind

    def scalar(self) -> Any:
        return self.inner.scalar()

    def string(self) -> Any:
        return self.inner.string()

    def plain(self) -> Any:
        return self.inner.plain()

    def head_span(self) -> Span:
        return self.owner.entry_span(self.key)
