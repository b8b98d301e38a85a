"""A part of a subject that rules look at element by element: a container, a policy statement, an open port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.model import Model, Place
from linter.formats.node import Step
from linter.formats.terraform.model import Located


class Part(Model):
    """Something under `path` of a subject's attributes. `places` maps our names to the platform's below it."""

    places: ClassVar[Mapping[str, tuple[Step, ...]]] = {}

    def __init__(self, owner: Located, path: tuple[Step, ...]) -> None:
        self.owner = owner
        self.document = owner.document
        self.path = path

    @property
    def address(self) -> str:
        return self.owner.address

    def place(self) -> Place:
        return self.owner.origin.locate(self.path)

    def locate(self, steps: Sequence[Step]) -> Place:
        if not steps:
            return self.place()
        first, rest = steps[0], tuple(steps[1:])
        if isinstance(first, str) and first in self.places:
            return self.owner.origin.locate((*self.path, *self.places[first], *rest))
        if first == "values":
            return self.owner.origin.locate((*self.path, *rest))
        return super().locate(steps)


def blocks(value: Any) -> list[Any]:
    """The elements of a nested block, however it was written; an element may be UNKNOWN."""
    if value is None:
        return []
    if isinstance(value, Unknown):
        return [UNKNOWN]
    return value if isinstance(value, list) else [value]


def dig(value: Any, *names: str) -> Any:
    """Down a path of names, through single blocks; None where there is nothing, UNKNOWN where it is not known."""
    for name in names:
        if isinstance(value, list):
            if len(value) > 1:
                return UNKNOWN
            value = value[0] if value else None
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def strings(value: Any) -> list[Any]:
    """A value that is one string or a list of them, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
