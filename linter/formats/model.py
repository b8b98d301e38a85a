"""The base of all typed models: fields that read lazily, facts that are derived, and places for both.

A model's public annotations are the vocabulary of rules. `field()` declares what the platform's own schema
has; `@fact` declares what we derive. Both carry a one-line meaning that `tarecheck rules fields` prints.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from linter.cel import UNKNOWN, UnknownTruth
from linter.formats.node import Step
from linter.frozen import dataclass, replace
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.document import Document

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

    __slots__ = ("default", "doc", "key", "name", "reader")

    def __init__(self, default: Any, doc: str, key: str | None) -> None:
        self.default = default
        self.doc = doc
        self.key = key or ""
        self.name = ""
        self.reader: Any = None  # what a kind of model notes of how it reads the field

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


class Remembered(Generic[T]):
    """An attribute that is computed at first access and is no business of rules; see `remembered`."""

    __slots__ = ("compute", "name")

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute = compute
        self.name = compute.__name__

    @overload
    def __get__(self, instance: None, owner: type) -> Remembered[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.compute(instance)
        return value


def remembered(function: Callable[[Any], T]) -> Remembered[T]:
    """As `functools.cached_property`, without its lock: a model belongs to one thread."""
    return Remembered(function)


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


def annotation(model: type[Model], name: str) -> tuple[str, Any]:
    """The annotation of a field, and the namespace to evaluate it in. Raises TypeError where it has none."""
    for owner in model.__mro__:
        text = owner.__dict__.get("__annotations__", {}).get(name)  # noqa: RUF063 - texts, by the __future__ import
        if text is not None:
            return text, vars(sys.modules[owner.__module__])
    raise TypeError(f"{model.__name__}.{name} has no annotation")
