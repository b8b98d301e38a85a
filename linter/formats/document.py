"""The base of all typed models: fields that read lazily, facts that are derived, and places for both.

A model's public annotations are the vocabulary of rules. `field()` declares what the platform's own schema
has; `@fact` declares what we derive. Both carry a one-line meaning that `tarecheck rules fields` prints.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

from linter import cel
from linter.cel import UNKNOWN, UnknownTruth
from linter.finding import Diagnostic
from linter.formats.node import MAP, SEQ, Node, Step
from linter.frozen import dataclass, replace
from linter.frozen import field as dataclass_field
from linter.text import SourceText, Span

T = TypeVar("T")
Raw = Any  # annotation of a field that holds an untyped document value: null-safe in rules


@dataclass(frozen=True, slots=True)
class Place:
    """A span, and whether what was asked for is missing there (then the span is its nearest present parent's)."""

    span: Span
    absent: bool = False
    document: Document | None = None  # where it is not the one that is being judged (rules across files)
    remark: str = ""  # a sentence that the finding must add, such as that the value is only a default
    ends: tuple[
        End, ...
    ] = ()  # other places of the same value: where it is used first, when this is where it is set

    def where_used(self) -> Place:
        """Where the value is used, with where it is set as its other end; itself when that is one place."""
        if not self.ends or not self.ends[0].use:
            return self
        first, *between = self.ends
        setting = End(replace(self, remark="", ends=()), "The value is set here.")
        return replace(first.place, absent=self.absent, remark=self.remark, ends=(setting, *between))


@dataclass(frozen=True, slots=True)
class End:
    """Another place of a value, with what it is. `use`: what has the value there was judged."""

    place: Place
    message: str
    use: bool = False


class Field:
    """A field of the platform's schema; reads at first access and is then a plain instance attribute."""

    __slots__ = ("default", "doc", "key", "name")

    def __init__(self, default: Any, doc: str, key: str | None) -> None:
        self.default = default
        self.doc = doc
        self.key = key or ""
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.key = self.key or name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        value = instance.read_field(self)
        instance.__dict__[self.name] = value
        return value


def field(default: Any = None, doc: str = "", *, key: str | None = None) -> Any:
    """Declare a schema field: its default when unset, its meaning, its key in the document when not its name."""
    return Field(default, doc, key)


class Fact(Generic[T]):
    """A derived attribute, computed at first access; see `fact`."""

    __slots__ = ("at", "compute", "doc", "name")

    def __init__(self, compute: Callable[[Any], T], at: tuple[Step, ...]) -> None:
        self.compute = compute
        self.at = at
        self.name = compute.__name__
        self.doc = (compute.__doc__ or "").strip().partition("\n")[0]

    @overload
    def __get__(self, instance: None, owner: type) -> Fact[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        try:
            value = self.compute(instance)
        except UnknownTruth:  # it turns on something that is not known, so it is not known itself
            value = UNKNOWN
        instance.__dict__[self.name] = value
        return value


@overload
def fact(function: Callable[[Any], T]) -> Fact[T]: ...
@overload
def fact(*, at: str) -> Callable[[Callable[[Any], T]], Fact[T]]: ...
def fact(function: Any = None, *, at: str = "") -> Any:
    """A derived attribute that rules can ask; the docstring's first line is its meaning.

    `at` is the dotted path of the field that a finding about it points at.
    """
    if function is not None:
        return Fact(function, ())
    steps = tuple(at.split("."))
    return lambda compute: Fact(compute, steps)


class Model:
    """A typed object that rules can ask. Subclasses say where their parts stand in `locate`.

    Instances have a `__dict__` on purpose: lazy values become plain attributes, the fastest read Python has.
    """

    document: Document

    @property
    def address(self) -> str:
        """Where this stands in the platform's own terms; part of a finding's identity, so no line numbers."""
        return ""

    @property
    def type_key(self) -> str:
        """What a rule's `types` selects by: kind of a manifest, type of a resource, keyword of an instruction."""
        return ""

    @property
    def doubtful(self) -> bool:
        """Whether this only looks like what it was read as; findings about it are then of low confidence."""
        return False

    @property
    def properties(self) -> tuple[tuple[str, str], ...]:
        """Small extras of a finding for machine formats, such as the action of a planned change."""
        return ()

    def has(self, name: str) -> Any:
        """Whether `name` was written: True, False or UNKNOWN."""
        value = getattr(self, name)
        if value is UNKNOWN:
            return UNKNOWN
        return value is not None and value != [] and value != {}

    def read_field(self, spec: Field) -> Any:
        return spec.default

    def place(self) -> Place:
        """Where this object itself stands."""
        raise NotImplementedError

    def locate(self, steps: Sequence[Step]) -> Place:
        """Where the part at `steps` stands, or its nearest present parent."""
        if not steps:
            return self.place()
        step, rest = steps[0], tuple(steps[1:])
        member = getattr(type(self), step, None) if isinstance(step, str) else None
        if isinstance(member, Fact) and member.at:
            return self.locate((*member.at, *rest))
        value = getattr(self, step, None) if isinstance(step, str) else None
        return locate_value(value, rest) or self.place()


def locate_value(value: Any, steps: Sequence[Step]) -> Place | None:
    """The place of `steps` below a value that is a model or a list of models; None when it has none of its own."""
    if isinstance(value, Model):
        return value.locate(steps)
    if isinstance(value, list) and steps and isinstance(steps[0], int):
        index = steps[0]
        if -len(value) <= index < len(value):
            return locate_value(value[index], steps[1:])
    return None


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
        self.document = document
        self.node = node if node is not None and node.kind == MAP else None
        self.parent = parent
        self.step = step
        wrong_kind = node is not None and node.kind != MAP
        # `open`: fields that are absent here may come from elsewhere, so they are unknown, not default
        self.open = node.open if self.node is not None and node is not None else open_ or wrong_kind

    def has(self, name: str) -> Any:
        spec = getattr(type(self), name, None)
        if not isinstance(spec, Field):
            return super().has(name)
        node = self.node.get(spec.key) if self.node is not None else None
        if node is None:
            return UNKNOWN if self.open else False
        return node.kind != "scalar" or (UNKNOWN if node.scalar() is UNKNOWN else node.scalar() is not None)

    def read_field(self, spec: Field) -> Any:
        node = self.node.get(spec.key) if self.node is not None else None
        reader = readers(type(self))[spec.name]
        if node is None or (node.kind == "scalar" and node.scalar() is None):
            return reader.absent(self, spec)
        return reader.read(self, spec, node)

    def place(self) -> Place:
        if self.node is not None:
            return Place(self.node.head_span())
        if self.parent is not None and self.step is not None:
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
            return Place(self._stand_in().span, absent=True)
        if rest:
            found = locate_value(getattr(self, name), rest)
            if found is not None:
                return found
        return self._locate_node(spec.key, rest)

    def _locate_node(self, key: str, rest: tuple[Step, ...]) -> Place:
        assert self.node is not None
        return locate_node(self.node, (key, *rest))

    def _stand_in(self) -> Place:
        """What stands for a field that is absent: the key of the nearest present parent, or its first entry."""
        if self.node is None:
            return self.place()
        if self.parent is not None and isinstance(self.step, str) and self.parent.node is not None:
            return self.parent.locate((self.step,))
        return self.place()


def locate_node(node: Node, steps: Sequence[Step]) -> Place:
    """Walk raw nodes as far as they go; the deepest present entry is the place."""
    place = Place(node.head_span())
    for step in steps:
        child = node.child(step)
        if child is None:
            return Place(place.span, absent=True)
        place = Place(node.entry_span(step) if isinstance(step, str) else child.head_span())
        node = child
    return place


class Reader:
    """How the node of one field becomes its value."""

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

    def read(self, owner: NodeModel, spec: Field, node: Node) -> Any:
        value = node.scalar()
        wanted = self.python_type
        if wanted is str:
            return node.string() if not isinstance(value, bool) and node.kind == "scalar" else UNKNOWN
        if type(value) is wanted:
            return value
        if wanted is float and type(value) is int:
            return float(value)
        return UNKNOWN


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
        return self.model(owner.document, None, owner, spec.name, open_=owner.open)


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


_READERS: dict[type, Mapping[str, Reader]] = {}


def readers(model: type[NodeModel]) -> Mapping[str, Reader]:
    """The reader of each schema field, from the model's annotations; made once a model."""
    found = _READERS.get(model)
    if found is None:
        hints = typing.get_type_hints(model)
        found = {
            name: _reader(hints[name]) for name in hints if isinstance(getattr(model, name, None), Field)
        }
        _READERS[model] = found
    return found


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


_SCALARS: dict[Any, cel.Type] = {
    str: cel.STRING,
    int: cel.INT,
    float: cel.DOUBLE,
    bool: cel.BOOL,
    Any: cel.RAW,
}


def cel_type(hint: Any) -> cel.Type:
    """The type that rules see for a Python annotation."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        found = cel_type(inner)
        return found if inner is Any or isinstance(found, cel.MessageType) else cel.Nullable(found)
    if origin in (list, tuple):
        return cel.ListType(cel_type(typing.get_args(hint)[0]))
    if origin is dict:
        return cel.MapType(cel.STRING, cel_type(typing.get_args(hint)[1]))
    if isinstance(hint, type) and issubclass(hint, Model):
        return message_type(hint)
    try:
        return _SCALARS[hint]
    except KeyError:
        raise TypeError(f"no rule type for an annotation {hint!r}") from None


_MESSAGE_TYPES: dict[type, cel.MessageType] = {}


def message_type(model: type[Model]) -> cel.MessageType:
    """The type of a model for the rule checker: its schema fields and its facts. Fields resolve lazily."""
    found = _MESSAGE_TYPES.get(model)
    if found is None:
        doc = (model.__doc__ or "").strip().partition("\n")[0]
        found = _MESSAGE_TYPES[model] = cel.MessageType(model.__name__, lambda: _members(model), doc)
    return found


def _members(model: type[Model]) -> dict[str, cel.Field]:
    hints = typing.get_type_hints(model)
    result: dict[str, cel.Field] = {}
    for name in dir(model):
        member = getattr(model, name, None)
        if isinstance(member, Field):
            result[name.rstrip("_")] = cel.Field(cel_type(hints[name]), name, member.doc)
        elif isinstance(member, Fact):
            hint = typing.get_type_hints(member.compute)["return"]
            result[name.rstrip("_")] = cel.Field(cel_type(hint), name, member.doc)
    return result


@dataclass(slots=True)
class Document:
    """One file (or one embedded document) read as one format. `root` is the format's own top model."""

    text: SourceText
    format: str
    root: Any = None
    diagnostics: list[Diagnostic] = dataclass_field(default_factory=list)
    sensitive: set[str] = dataclass_field(
        default_factory=set
    )  # values never to be shown (plan masks, known secrets)
    problems: list[Problem] = dataclass_field(default_factory=list)
    embedded: list[Document] = dataclass_field(
        default_factory=list
    )  # other formats inside: manifests in Terraform

    @property
    def path(self) -> str:
        return self.text.path


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a file that could not be read; becomes a finding of `unparsable-file` while the rest is judged.

    `limit`: nothing is wrong with it but its size or amount; becomes a finding of `file-too-large`.
    """

    message: str
    start: int
    end: int
    limit: bool = False


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """What a rule can be `for`. `scope` names the models that its conditions see, the subject first."""

    name: str
    format: str
    scope: tuple[tuple[str, type[Model] | cel.Type], ...]
    iterate: Callable[[Document], Iterator[tuple[Any, ...]]]
    doc: str = ""
    project: bool = False  # judged once for all files together, over records
    roots: Mapping[str, tuple[str, tuple[Step, ...]]] = dataclass_field(default_factory=dict)
    # an untyped scope name -> the model that can locate it, and the path to it there


@dataclass(frozen=True, slots=True)
class Format:
    """An input language: how to read it and what rules can ask of it."""

    name: str
    read: Callable[[SourceText], Document]  # raises errors.UnreadableError when nothing of it can be read
    subjects: tuple[SubjectKind, ...]
    functions: tuple[cel.Function, ...] = ()
    example_file: str = ""  # the name that a rule's examples have unless they say another
    inventory: Callable[[Document], list[dict[str, Any]]] | None = None  # accelerator demand, for reports
    records: Callable[[Document], list[dict[str, Any]]] | None = (
        None  # facts for rules across files: see records.py
    )
    joins: Callable[[Document], list[dict[str, Any]]] | None = None  # objects that complete others
    project: Callable[[Sequence[Mapping[str, Any]], Any], Document] | None = (
        None  # all records, context -> document
    )
