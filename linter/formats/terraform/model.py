"""What rules can ask of Terraform: resources and data sources, modules, variables, outputs, providers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from linter.formats.document import Document
from linter.formats.model import Field, Model, Place, Raw, field
from linter.formats.node import Step
from linter.formats.terraform.links import Links
from linter.frozen import dataclass
from linter.frozen import field as dataclass_field


class Origin(Protocol):
    """Where a subject was read from: HCL blocks or a plan."""

    def locate(self, steps: Sequence[Step]) -> Place:
        """Where the attribute path stands; the header of the block for no steps."""
        ...

    def here(self, steps: Sequence[Step]) -> Place:
        """The same in the subject's own file, without following what the value is made of elsewhere."""
        ...

    def references(self, attribute: str | None) -> set[str]:
        """What an attribute's expression (or all of them) names: `type.name`, `data.type.name`, `var.x` …"""
        ...

    def words(self, attribute: str) -> list[str]:
        """The whole references of an attribute: `aws_x.y.id`."""
        ...

    def calls(self, attribute: str) -> set[str]:
        """The names of the functions that an attribute's expression calls; none in a plan, which does not tell."""
        ...

    def literal(self, steps: Sequence[Step]) -> bool:
        """Whether the value is written there, not taken from a variable or a resource."""
        ...

    def provisioner(self, index: int) -> Place:
        """Where the command of the nth provisioner stands."""
        ...

    def sensitive(self, steps: Sequence[Step]) -> bool:
        """Whether the plan marks the value as sensitive."""
        ...


@dataclass(slots=True)
class Estate:
    """Everything of one plan or directory, for joins."""

    by_type: dict[str, list[Any]] = dataclass_field(default_factory=dict)  # type or `data.type` -> subjects
    calls: list[Any] = dataclass_field(default_factory=list)
    variables: dict[str, Any] = dataclass_field(default_factory=dict)  # values that a plan was made with
    declared: list[str] = dataclass_field(default_factory=list)  # names of input variables
    root: bool = (
        True  # whether it may be what Terraform is called for, and not only a module that others call
    )
    constraints: dict[str, str] = dataclass_field(default_factory=dict)  # provider's local name -> versions

    _links: Links | None = None

    @property
    def links(self) -> Links:
        """Who names whom. Asked when everything is there."""
        if self._links is None:
            self._links = Links(self.by_type)
        return self._links

    def add(self, subject: Any) -> None:
        self.by_type.setdefault(subject.type_key, []).append(subject)

    def of(self, *types: str) -> Iterator[Any]:
        for name in types:
            yield from self.by_type.get(name, ())


Values = dict[str, Any] | Callable[[], dict[str, Any]]  # the latter is asked when a rule first wants to know


class Located(Model):
    """A subject with attributes and an origin."""

    name: str = field("", "the label in the configuration")
    values: Raw = field(None, "the attributes; nested blocks are lists of objects")

    def __init__(self, document: Document, origin: Origin, estate: Estate, name: str, values: Values) -> None:
        self.document = document
        self.origin = origin
        self.estate = estate
        self.name = name
        if callable(values):
            self._values = values
        else:
            self.values = values

    def read_field(self, spec: Field) -> Any:
        return self._values() if spec.name == "values" else super().read_field(spec)

    def place(self) -> Place:
        return self.origin.locate(())

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "values":
            return self.origin.locate(tuple(steps[1:]))
        return super().locate(steps)
