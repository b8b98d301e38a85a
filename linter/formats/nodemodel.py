"""Models over the mappings of a document, and how a node becomes the value of a field by the field's annotation."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from functools import cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.model import Fact, Field, Model, Place, annotation, locate_value, remembered
from linter.formats.node import MAP, SCALAR, SEQ, Node, Step
from linter.frozen import dataclass
from linter.text import Span


class NodeModel(Model):
    """A model over a mapping node. An absent sub-object is a model too, of which every field reads as its default."""

    def __init__(
        self,
        document: Document,
        node: Node | None,
        parent: NodeModel | None = None,
        step: Step | None = None,
        *,
        open_: bool = False,
    ) -> None:
        document.models.append(self)
        self.document = document
        self.parent = parent
        self.step = step
        # `open`: fields that are absent here may come from elsewhere, so they are unknown, not default
        self.node: Node | None = None
        self.open: bool = open_
        if node is not None:
            if node.kind == MAP:
                self.node = node
                self.open = node.open
            else:
                self.open = True

    def has(self, name: str) -> Any:
        spec = getattr(type(self), name, None)
        if not isinstance(spec, Field):
            return super().has(name)
        node = self.node.get(spec.key) if self.node is not None else None
        if node is None:
            return UNKNOWN if self.open else False
        return node.kind != SCALAR or (UNKNOWN if node.scalar() is UNKNOWN else node.scalar() is not None)

    def read_field(self, spec: Field) -> Any:
        reader = spec.reader
        if reader is None:
            reader = spec.reader = reader_of(type(self), spec.name)
        own = self.node
        node = own.get(spec.key) if own is not None else None
        if node is not None:
            return reader.value(self, spec, node)
        if reader.__class__ is ScalarReader:  # most fields of most objects
            return UNKNOWN if self.open else spec.default
        return reader.absent(self, spec)

    def place(self) -> Place:
        if self.node is not None:
            return Place(self.node.head_span())
        if isinstance(self.parent, ListSlot):
            return Place(self.parent.element(self.step).span, absent=True)
        if self.parent is not None and self.step is not None:
            member = getattr(type(self.parent), str(self.step), None)
            if isinstance(member, Fact) and not member.at:  # a fact made this: its parent would ask us again
                return Place(self.parent.place().span, absent=True)
            return Place(self.parent.locate((self.step,)).span, absent=True)
        return Place(Span(0, 0), absent=True)

    def locate(self, steps: Sequence[Step]) -> Place:
        if not steps or not isinstance(steps[0], str):
            return self.place()
        name, rest = steps[0], tuple(steps[1:])
        spec = getattr(type(self), name, None)
        if not isinstance(spec, Field):
            if spec is None and self.node is not None:
                return self._locate_node(name, rest)
            return super().locate(steps)
        if self.node is None or self.node.get(spec.key) is None:
            return self._stand_in
        if rest:
            found = locate_value(getattr(self, name), rest)
            if found is not None:
                return found
        return self._locate_node(spec.key, rest)

    def _locate_node(self, key: str, rest: tuple[Step, ...]) -> Place:
        assert self.node is not None
        return locate_node(self.node, (key, *rest))

    @remembered
    def _stand_in(self) -> Place:
        """What stands for a field that is absent: the key of the nearest present parent, or its first entry."""
        keyed = self.node is not None and self.parent is not None and isinstance(self.step, str)
        if keyed and self.parent is not None and self.parent.node is not None:
            return Place(self.parent.locate((self.step,)).span, absent=True)  # type: ignore[arg-type]
        return Place(self.place().span, absent=True)


def locate_node(node: Node, steps: Sequence[Step]) -> Place:
    """Walk raw nodes as far as they go; the deepest present entry is the place."""
    parent: Node | None = None
    key: Step = 0
    absent = False
    for step in steps:
        child = node.child(step)
        if child is None:
            absent = True
            break
        parent, key, node = node, step, child
    return Place(
        parent.entry_span(key) if parent is not None and isinstance(key, str) else node.head_span(), absent
    )


class Reader:
    """How the node of one field becomes its value."""

    def value(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        """Of what is written; `null` counts as absent."""
        if node.kind == SCALAR and node.scalar() is None:
            return self.absent(owner, spec)
        return self.read(owner, spec, node)

    def read(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        raise NotImplementedError

    def absent(self, owner: NodeModel, spec: Field) -> Any:
        if owner.open:
            return UNKNOWN
        default = spec.default
        return default.copy() if isinstance(default, (list, dict)) else default


@dataclass(frozen=True, slots=True)
class ScalarReader(Reader):
    """A scalar of one Python type; a value of another type is no value that we can judge."""

    python_type: type

    def value(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        value = node.scalar()
        return self.absent(owner, spec) if value is None else self._typed(value, node)

    def read(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        return self._typed(node.scalar(), node)

    def _typed(self, value: Any, node: Node) -> Any:
        wanted = self.python_type
        if type(value) is wanted:
            return value
        if wanted is str:
            return node.string() if node.kind == SCALAR and not isinstance(value, bool) else UNKNOWN
        return float(value) if wanted is float and type(value) is int else UNKNOWN


@dataclass(frozen=True, slots=True)
class RawReader(Reader):
    """An untyped value."""

    def read(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        return node.plain()


@dataclass(frozen=True, slots=True)
class ModelReader(Reader):
    """A sub-object."""

    model: type[NodeModel]

    def read(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        return self.model(owner.document, node, owner, spec.name)

    def absent(self, owner: NodeModel, spec: Field) -> Any:
        made = self.model
        if owner.open or made.__init__ is not NodeModel.__init__:
            return made(owner.document, None, owner, spec.name, open_=owner.open)
        # most sub-objects are absent: what they read as is known beforehand, and they are made by the ten thousand
        model: NodeModel = made.__new__(made)
        values = model.__dict__ = _absent_values(made).copy()  # type: ignore[arg-type]
        values["document"] = owner.document
        values["parent"] = owner
        values["step"] = spec.name
        owner.document.models.append(model)
        return model


@dataclass(frozen=True, slots=True)
class ListReader(Reader):
    """A list of scalars, raw values or sub-objects; an open list ends in UNKNOWN."""

    element: Reader

    def read(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        if node.kind != SEQ:
            return UNKNOWN
        element = self.element
        if isinstance(element, ModelReader):
            result: list[Any] = [
                element.model(owner.document, child, ListSlot(owner, spec.name), index)
                for index, child in enumerate(node.elements())
            ]
        else:
            result = [element.read(owner, spec, child) for child in node.elements()]
        if node.open:
            result.append(UNKNOWN)
        return result

    def absent(self, owner: NodeModel, spec: Field) -> Any:
        return UNKNOWN if owner.open else list(spec.default or ())


@dataclass(frozen=True, slots=True)
class MapReader(Reader):
    """A mapping from names to scalars or raw values."""

    element: Reader

    def read(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        if node.kind != MAP:
            return UNKNOWN
        result = {}
        for key in node.keys():  # noqa: SIM118 - a Node is no dict
            child = node.get(key)
            result[key] = self.element.read(owner, spec, child) if child is not None else UNKNOWN
        return result

    def absent(self, owner: NodeModel, spec: Field) -> Any:
        return UNKNOWN if owner.open else dict(spec.default or {})


class ListSlot(NodeModel):
    """The list between an element and its owner: gives elements their place when they have none."""

    def __init__(self, owner: NodeModel, name: str) -> None:
        self.document = owner.document
        self.node = None
        self.parent = owner
        self.step = name
        self.open = owner.open
        self.owner = owner

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.owner.locate((typing.cast(str, self.step), *steps))

    def element(self, index: Step | None) -> Place:
        """Where an element stands that is no mapping: it can't be asked itself, it would ask the list."""
        spec = getattr(type(self.owner), typing.cast(str, self.step), None)
        if self.owner.node is None or not isinstance(spec, Field) or index is None:
            return self.owner.place()
        return locate_node(self.owner.node, (spec.key, index))


_PLAIN: dict[str, Reader] = {  # annotations that need no evaluation
    **{
        text: ScalarReader(python_type)
        for python_type in (str, int, float, bool)
        for text in (python_type.__name__, f"{python_type.__name__} | None")
    },
    "Raw": RawReader(),
    "list[Raw]": ListReader(RawReader()),
    "list[str]": ListReader(ScalarReader(str)),
    "dict[str, Raw]": MapReader(RawReader()),
    "dict[str, str]": MapReader(ScalarReader(str)),
}


@cache
def _absent_values(model: Any) -> dict[str, Any]:
    """What a model of nothing holds: `node`, `open`, and the defaults of its scalar fields."""
    return {"node": None, "open": False} | {
        name: spec.default
        for owner in reversed(model.__mro__)
        for name, spec in vars(owner).items()
        if isinstance(spec, Field) and isinstance(_PLAIN.get(annotation(model, name)[0]), ScalarReader)
    }


def reader_of(model: type[NodeModel], name: str) -> Reader:
    """The reader of a schema field, by its annotation: one at a time, since most fields are never asked for."""
    text, scope = annotation(model, name)
    return _PLAIN.get(text) or _reader(eval(text, scope))  # noqa: S307 - our own annotation


def _reader(hint: Any) -> Reader:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _reader(next(arg for arg in typing.get_args(hint) if arg is not type(None)))
    if origin is list:
        return ListReader(_reader(typing.get_args(hint)[0]))
    if origin is dict:
        return MapReader(_reader(typing.get_args(hint)[1]))
    if hint is Any:
        return RawReader()
    if isinstance(hint, type) and issubclass(hint, NodeModel):
        return ModelReader(hint)
    if hint in (str, int, float, bool):
        return ScalarReader(hint)
    raise TypeError(f"no reader for a field of type {hint!r}")
