"""A service's tree: variables interpolated, and what it extends beneath it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.compose.interpolate import HOLE, interpolate
from linter.formats.node import MAP, SCALAR, SEQ, Node
from linter.formats.scalars import resolve
from linter.text import Span

# lists that a later file or an extending service replaces instead of adding to
_REPLACED = frozenset({"command", "entrypoint", "test"})


class ComposeNode(Node):
    """One value as Compose merges it: `layers[0]` is the most specific, the others lie beneath it.

    A layer that is such a node itself has variables of its own: it comes from a project that is included.
    """

    __slots__ = ("kind", "layers", "open", "variables")

    def __init__(
        self, layers: Sequence[Node], *, open_: bool = False, variables: Mapping[str, str] | None = None
    ) -> None:
        self.layers = tuple(layers)
        self.variables = variables or {}  # what values are interpolated with
        self.kind = self.layers[0].kind
        self.open = open_ or any(layer.open for layer in self.layers)

    @property
    def span(self) -> Span:  # type: ignore[override]
        return self.layers[0].span

    @property
    def tag(self) -> str:
        return _tag(self.layers[0])

    def get(self, key: str) -> ComposeNode | None:
        found = [child for layer in self.layers if (child := layer.get(key)) is not None]
        if not found or _tag(found[0]) == "!reset":
            return None
        if found[0].kind == SCALAR or key in _REPLACED or _tag(found[0]) == "!override":
            return ComposeNode(found[:1], open_=self.open, variables=self.variables)
        same = [child for child in found if child.kind == found[0].kind]
        # a list over a mapping (environment): Compose joins them, we only say that there may be more
        return ComposeNode(same, open_=self.open or len(same) < len(found), variables=self.variables)

    def keys(self) -> Sequence[str]:
        names: dict[str, None] = {}
        for layer in reversed(self.layers):
            names.update(dict.fromkeys(layer.keys()))
        return list(names)

    def elements(self) -> Sequence[ComposeNode]:
        if self.kind != SEQ:
            return ()
        return [
            ComposeNode((item,), open_=self.open, variables=self.variables)
            for layer in reversed(self.layers)
            for item in layer.elements()
        ]

    def element(self, index: int) -> ComposeNode | None:
        if len(self.layers) != 1:
            found = self.elements()
            return found[index] if -len(found) <= index < len(found) else None
        item = self.layers[0].element(index) if self.kind == SEQ else None
        return None if item is None else ComposeNode((item,), open_=self.open, variables=self.variables)

    def text(self) -> str:
        """The scalar as text with defaults filled in and HOLE for what is not known; '' for collections."""
        if self.kind != SCALAR:
            return ""
        layer = self.layers[0]
        if isinstance(layer, ComposeNode):
            return layer.text()
        written = layer.string()
        return HOLE if written is UNKNOWN else interpolate(str(written), self.variables)

    def written(self) -> str:
        """The scalar's content before interpolation."""
        layer = self.layers[0]
        if isinstance(layer, ComposeNode):
            return layer.written()
        written = layer.string()
        return HOLE if written is UNKNOWN else str(written)

    def scalar(self) -> Any:
        if self.kind != SCALAR:
            return UNKNOWN
        layer = self.layers[0]
        value = layer.scalar()
        if not isinstance(value, str) or isinstance(layer, ComposeNode):
            return value
        text = interpolate(value, self.variables)
        # Compose casts by its schema, so quoted or interpolated numbers and switches are what they say
        return UNKNOWN if HOLE in text else resolve(text)

    def string(self) -> Any:
        if self.kind != SCALAR:
            return UNKNOWN
        text = self.text()
        return UNKNOWN if HOLE in text else text

    def entry_span(self, key: str) -> Span:
        for layer in self.layers:
            if layer.get(key) is not None:
                return layer.entry_span(key)
        return self.head_span()

    def head_span(self) -> Span:
        return self.layers[0].head_span()

    def opened(self) -> ComposeNode:
        """The same, of which more may be written elsewhere."""
        return ComposeNode(self.layers, open_=True, variables=self.variables)

    def stacked(self, key: str) -> list[ComposeNode]:
        """The values under a key, the most specific first, where Compose joins them whatever their form."""
        found = [child for layer in self.layers if (child := layer.get(key)) is not None]
        cut = next(
            (index for index, child in enumerate(found) if _tag(child) in ("!reset", "!override")), None
        )
        if cut is not None:
            found = found[: cut + (_tag(found[cut]) == "!override")]
        return [ComposeNode((child,), open_=self.open, variables=self.variables) for child in found]


def _tag(node: Node) -> str:
    return str(getattr(node, "tag", "") or "")


def is_map(node: Node | None) -> bool:
    return node is not None and node.kind == MAP
