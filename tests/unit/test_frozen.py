"""Our dataclass against the standard library's."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import ClassVar

import pytest

from linter import frozen
from linter.frozen import FrozenInstanceError, asdict, field, fields, replace


@frozen.dataclass(frozen=True, slots=True, order=True)
class Place:
    line: int
    column: int = 1
    notes: tuple[str, ...] = ()


@frozen.dataclass(slots=True)
class Bag:
    kind: ClassVar[str] = "bag"
    name: str
    items: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.items)


@frozen.dataclass(frozen=True, slots=True)
class Far(Place):
    planet: str = "Mars"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Standard:
    line: int
    column: int = 1
    notes: tuple[str, ...] = ()


def test_construction_repr_and_comparison_are_the_standard_ones() -> None:
    for args in ((1,), (1, 2), (2, 1, ("x",))):
        ours, theirs = Place(*args), Standard(*args)  # type: ignore[arg-type]
        assert repr(ours) == repr(theirs).replace("Standard", "Place")
        assert hash(ours) == hash(theirs)
    assert Place(1, 2) == Place(line=1, column=2)
    assert Place(1, 2) != Place(1, 3)
    assert Place(1, 2) < Place(1, 3) <= Place(1, 3)
    assert Place(1) != Standard(1)  # type: ignore[comparison-overlap]
    with pytest.raises(TypeError):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Place(1, lines=2)  # type: ignore[call-arg]


def test_frozen_objects_refuse_changes() -> None:
    place = Place(1)
    with pytest.raises(FrozenInstanceError):
        place.line = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del place.line
    assert not hasattr(place, "__dict__")


def test_default_factories_make_a_new_value_each_time() -> None:
    first, second = Bag("a"), Bag("b")
    first.items.append(1)
    assert second.items == []
    assert first.size == 1
    assert Bag.kind == "bag"
    with pytest.raises(TypeError):
        hash(first)


def test_copies_pickles_and_matches() -> None:
    place = Place(3, 4, ("n",))
    assert pickle.loads(pickle.dumps(place)) == place
    assert copy.deepcopy(place) == place
    assert replace(place, column=9) == Place(3, 9, ("n",))
    match place:
        case Place(line, column):
            assert (line, column) == (3, 4)
    assert fields(Place) == ("line", "column", "notes")


def test_inherited_fields_come_first() -> None:
    far = Far(1, planet="Venus")
    assert (far.line, far.column, far.planet) == (1, 1, "Venus")
    assert fields(far) == ("line", "column", "notes", "planet")
    assert isinstance(far, Place)


def test_asdict_goes_down() -> None:
    assert asdict(Bag("b", [1])) == {"name": "b", "items": [1]}
    assert asdict({"at": (Place(1),)}) == {"at": ({"line": 1, "column": 1, "notes": ()},)}
