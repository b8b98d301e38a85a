"""Two objects merged as the API server's strategic merge does it: maps by key, some lists by a key of theirs.

Nothing is copied: a merged node shows the nodes of both, each with the place where its user wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.overlay import Elements
from linter.formats.node import MAP, SEQ, Node
from linter.text import Span

# list -> the key by which elements of both are the same one; other lists are replaced as a whole
# (patchMergeKey of the Kubernetes API types; JobSet's replicatedJobs)
MERGE_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "ports": "containerPort",
    "imagePullSecrets": "name",
    "resourceClaims": "name",
    "replicatedJobs": "name",
}


class Shifted(Node):
    """A node whose text stands `by` characters later: that of a second file, behind the first one."""

    __slots__ = ("by", "inner", "kind", "open", "raw")

    def __init__(self, inner: Node, by: int) -> None:
        self.inner = inner
        self.by = by
        self.kind = inner.kind
        self.open = inner.open
        self.raw = getattr(inner, "raw", None)  # what is known of a value of which a template fills in a part

    def _wrapped(self, node: Node | None) -> Node | None:
        return Shifted(node, self.by) if node is not None else None

    def _moved(self, span: Span) -> Span:
        return Span(span.start + self.by, span.end + self.by)

    @property
    def span(self) -> Span:  # type: ignore[override]
        return self._moved(self.inner.span)

    def get(self, key: str) -> Node | None:
        return self._wrapped(self.inner.get(key))

    def keys(self) -> Sequence[str]:
        return self.inner.keys()

    def elements(self) -> Sequence[Node]:
        return [Shifted(item, self.by) for item in self.inner.elements()]

    def scalar(self) -> Any:
        return self.inner.scalar()

    def string(self) -> Any:
        return self.inner.string()

    def entry_span(self, key: str) -> Span:
        return self._moved(self.inner.entry_span(key))

    def head_span(self) -> Span:
        return self._moved(self.inner.head_span())


class Merged(Node):
    """A mapping of entries from several mappings; `own` is the one that stands for it."""

    __slots__ = ("entries", "kind", "open", "own")

    def __init__(self, own: Node, entries: Mapping[str, tuple[Node, Node]], *, open_: bool = False) -> None:
        self.own = own
        self.entries = dict(entries)  # key -> its value, and the mapping that says where it stands
        self.kind = MAP
        self.open = open_

    @property
    def span(self) -> Span:  # type: ignore[override]
        return self.own.span

    def get(self, key: str) -> Node | None:
        found = self.entries.get(key)
        return found[0] if found is not None else None

    def keys(self) -> Sequence[str]:
        return list(self.entries)

    def elements(self) -> Sequence[Node]:
        return ()

    def scalar(self) -> Any:
        return UNKNOWN

    def string(self) -> Any:
        return UNKNOWN

    def entry_span(self, key: str) -> Span:
        found = self.entries.get(key)
        return found[1].entry_span(key) if found is not None else self.own.entry_span(key)

    def head_span(self) -> Span:
        return self.own.head_span()

    def without(self, *keys: str) -> Merged:
        """The same mapping without some entries."""
        kept = {key: entry for key, entry in self.entries.items() if key not in keys}
        return Merged(self.own, kept, open_=self.open)

    def having(self, key: str, value: Node | None, holder: Node | None = None) -> Merged:
        """The same mapping with an entry set; as it is where there is no value."""
        if value is None:
            return self
        return Merged(self.own, {**self.entries, key: (value, holder or _Stand(value))}, open_=self.open)


class _Stand(Merged):
    """Stands for the mapping of an entry that no mapping has: the place of the entry is its value's."""

    def __init__(self, value: Node) -> None:
        super().__init__(value, {})

    def entry_span(self, key: str) -> Span:
        return self.own.head_span()


def whole(node: Node) -> Merged:
    """A mapping as a merged one, so that entries can be taken out and put in."""
    entries = {key: (child, node) for key in node.keys() if (child := node.get(key)) is not None}  # noqa: SIM118
    return Merged(node, entries, open_=node.open)


def merge(below: Node | None, above: Node | None, key: str = "") -> Node | None:
    """`above` over `below`; `key` is the key that both stand under."""
    if below is None or above is None or (above.kind != SEQ and above.scalar() is None):
        return above if below is None else below
    if below.kind == MAP and above.kind == MAP:
        return _maps(below, above)
    name = MERGE_KEYS.get(key)
    if below.kind == SEQ and above.kind == SEQ and name is not None:
        return _lists(below, above, key, name)
    return above


def _maps(below: Node, above: Node) -> Merged:
    entries: dict[str, tuple[Node, Node]] = {}
    for key in dict.fromkeys((*below.keys(), *above.keys())):
        lower, upper = below.get(key), above.get(key)
        found = merge(lower, upper, key)
        if found is not None:
            entries[key] = (found, above if upper is not None and found is not lower else below)
    return Merged(below, entries, open_=below.open or above.open)


def _lists(below: Node, above: Node, key: str, name: str) -> Node:
    """Elements of both, those of one name as one. A variable is one or the other: value and source don't mix."""
    rest = list(above.elements())
    items: list[Node] = []
    for item in below.elements():
        label = _label(item, name)
        twin = next((other for other in rest if label is not None and _label(other, name) == label), None)
        if twin is None:
            items.append(item)
            continue
        rest.remove(twin)
        items.append(twin if key in ("env", "volumes") else merge(item, twin) or twin)
    return Elements([*items, *rest], open_=below.open or above.open)


def _label(item: Node, name: str) -> Any:
    found = item.get(name) if item.kind == MAP else None
    value = found.string() if found is not None else None
    return value if isinstance(value, str) else None
