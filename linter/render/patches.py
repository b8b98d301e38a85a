"""What the patches of a kustomization say: its files of patches, and those that are written into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linter.adapters.sourcemap import Element, Found, Lists, Route, added_by, follow, identity
from linter.adapters.sourceobjects import SourceObjects
from linter.formats.node import SCALAR, SEQ, Node
from linter.formats.yamltree import parse_documents
from linter.frozen import dataclass, field
from linter.loading import read_document
from linter.render.judge import FORMAT, objects_of
from linter.render.targets import ANY, Aimed, Target, target_of
from linter.text import SourceText, Span

_MOST_ALIKE = 200  # patches of one object, or operations on one field, that are told apart
_MOST_TARGETED = 50  # patches for all objects of a target, each of which is asked about each of their fields
_MOST_INLINE = 500  # patches that are written into one kustomization
_LISTS = ("patchesStrategicMerge", "patches", "patchesJson6902")  # in the order of kustomize


@dataclass(frozen=True, slots=True)
class Layer:
    """Objects that a text has, each list in them taken apart once. `start`: where the text begins in its file."""

    text: SourceText
    sources: SourceObjects
    start: int = 0
    lists: dict[int, Lists] = field(default_factory=dict)

    def follow(self, node: Node, route: Route) -> Found:
        found = follow(node, route, self.lists.setdefault(id(node), Lists()))
        return Found(found.node, moved(found.span, self.start), found.rest)


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a JSON patch. `start`: where the text that it was read from begins in its file."""

    text: SourceText
    node: Node
    start: int = 0
    target: Target = ANY

    def said(self, key: str) -> str:
        """What it has under a key; '' for what is no text."""
        child = self.node.get(key)
        words = child.string() if child is not None else ""
        return words if isinstance(words, str) else ""

    @property
    def path(self) -> list[str]:
        return [key.replace("~1", "/").replace("~0", "~") for key in self.said("path").strip("/").split("/")]


@dataclass(frozen=True, slots=True)
class Patch:
    """One that a kustomization lists: the name of its file, or what it says itself."""

    file: str = ""
    layer: Layer | None = None
    operations: tuple[Operation, ...] = ()
    target: Target = ANY


def moved(span: Span, by: int) -> Span:
    """The place in a file of what stands there in a text of its own, which begins at `by`."""
    return Span(span.start + by, span.end + by) if by else span


def operations_in(
    text: SourceText, start: int = 0, target: Target = ANY, *, of: SourceText | None = None
) -> tuple[Operation, ...]:
    """The operations of a text that is a JSON patch; none of any other. `of`: the file that the text is a part of."""
    return tuple(
        Operation(of or text, item, start, target)
        for root in parse_documents(text).documents
        if root.kind == SEQ
        for item in root.elements()
        if item.get("op") is not None
    )


def listed(kustomization: SourceText) -> Iterator[Patch]:
    """The patches of a kustomization, in the order in which they are applied."""
    for document in parse_documents(kustomization).documents:
        inline = 0
        for key in _LISTS:
            items = document.get(key)
            for item in items.elements() if items is not None else ():
                patch = (
                    _strategic(item, kustomization) if item.kind == SCALAR else _patch(item, kustomization)
                )
                inline += not patch.file
                if inline <= _MOST_INLINE:
                    yield patch


def _strategic(item: Node, kustomization: SourceText) -> Patch:
    words = item.string()
    if isinstance(words, str) and "\n" not in words:
        return Patch(file=words)
    return _inline(item, kustomization, ANY)


def _patch(item: Node, kustomization: SourceText) -> Patch:
    path, written, target = item.get("path"), item.get("patch"), target_of(item.get("target"))
    named = path.string() if path is not None else ""
    if isinstance(named, str) and named:
        return Patch(file=named, target=target)
    return _inline(written, kustomization, target) if written is not None else Patch()


def _inline(node: Node, kustomization: SourceText, target: Target) -> Patch:
    """What a text in a kustomization says, without a copy of all that stands before it."""
    span = node.span
    written = kustomization.text[span.start : span.end]
    if written[:1] in ("|", ">"):
        start = written.find("\n") + 1
        end = len(written)
    else:
        start, end = (1, len(written) - 1) if written[:1] in ("'", '"') else (0, len(written))
    text = SourceText("patch.yaml", written[start:end])
    offset = span.start + start
    operations = operations_in(text, offset, target, of=kustomization)
    if operations:
        return Patch(operations=operations, target=target)
    nodes = objects_of(read_document(text, FORMAT))
    return Patch(layer=Layer(kustomization, SourceObjects(nodes), offset), target=target)


class Patches:
    """The patches of a build, by the objects and the fields that they are about."""

    def __init__(self, patches: Sequence[Patch]) -> None:
        self._by_identity: dict[tuple[str, str], list[tuple[int, Layer, Node]]] = {}
        self._targeted: list[tuple[int, Target, Layer, Node]] = []
        self._operations: dict[tuple[str, ...], list[tuple[int, Operation]]] = {}
        order = 0
        for patch in patches:
            for node in patch.layer.sources.nodes if patch.layer is not None else ():
                order += 1
                self._add(order, patch, patch.layer, node)
            for operation in patch.operations:
                order += 1
                alike = self._operations.setdefault(tuple(map(_general, operation.path)), [])
                if len(alike) < _MOST_ALIKE:
                    alike.append((order, operation))

    def _add(self, order: int, patch: Patch, layer: Layer | None, node: Node) -> None:
        if layer is None:
            return
        if patch.target is ANY:
            self._by_identity.setdefault(identity(node), []).append((order, layer, node))
        elif len(self._targeted) < _MOST_TARGETED:
            self._targeted.append((order, patch.target, layer, node))  # its own name says nothing

    def of(self, one: Aimed) -> list[tuple[Layer, Node]]:
        """The patches of an object, in order."""
        found = [entry for name in one.names for entry in self._by_identity.get(name, ())]
        found += [(order, layer, node) for order, target, layer, node in self._targeted if target.fits(one)]
        return [(layer, node) for _, layer, node in sorted(found, key=lambda entry: entry[0])[:_MOST_ALIKE]]

    def adding(self, route: Route, one: Aimed) -> Iterator[tuple[SourceText, Span]]:
        """Where operations write what a route of an object leads to, itself or in what they add, in order."""
        steps = _keys(route)
        found = [
            entry
            for end in range(1, len(steps) + 1)
            for entry in self._operations.get(tuple(steps[:end]), ())
        ]
        for _, operation in sorted(found, key=lambda entry: entry[0]):
            span = added_by(operation.node, route) if operation.target.fits(one) else None
            if span is not None:
                yield operation.text, moved(span, operation.start)

    def last_adding(self, route: Route, one: Aimed) -> tuple[SourceText, Span] | None:
        """Where the last of these does: it is what holds."""
        found = list(self.adding(route, one))
        return found[-1] if found else None

    def removing(self, route: Route, meant: Sequence[str], one: Aimed) -> tuple[SourceText, Span] | None:
        """Where an operation takes one of some keys from what a route of an object leads to."""
        steps = _keys(route)
        for key in meant:
            for _, operation in self._operations.get((*steps, key), ()):
                if (
                    operation.said("op") == "remove"
                    and operation.target.fits(one)
                    and _same(operation.path, route)
                ):
                    return operation.text, moved(operation.node.entry_span("path"), operation.start)
        return None


def _keys(route: Route) -> list[str]:
    """The steps of a route as keys of a JSON pointer, the places in lists left open."""
    return ["-" if isinstance(step, Element) else _general(step) for step in route]


def _general(key: str) -> str:
    """A key of a JSON pointer; of places in lists it says only that they are some."""
    return "-" if key.isdigit() else key


def _same(keys: Sequence[str], route: Route) -> bool:
    """Whether a JSON pointer begins with the very elements that a route goes through."""
    return all(
        not isinstance(step, Element) or key == str(step.index)
        for key, step in zip(keys, route, strict=False)
    )
