"""Which place a finding of a rule with several points at."""

from __future__ import annotations

import pytest

from linter.cel import RAW, Environment
from linter.ruleset.branches import Branches, alternatives, branches, mentions

ENV = Environment(variables=(("self", RAW),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a == 1 || b == 2", ["a == 1", "b == 2"]),
        ("a.exists(x, x || y) && c", ["a.exists(x, x || y) && c"]),
        ("p && (a || b)", ["p && (a)", "p && (b)"]),
        ("a ? b : c || d", ["a ? b : c || d"]),
        ("a in ['||'] || b", ["a in ['||']", "b"]),
        ("(a) && (b)", ["(a) && (b)"]),
        ("(a || b) && c", ["(a) && c", "(b) && c"]),
    ],
)
def test_the_ways_of_a_condition(text: str, expected: list[str]) -> None:
    assert alternatives(text) == expected


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("self.a == 1", "self.a", True),
        ("self.ab == 1", "self.a", False),
        ("self.x.self.a", "self.a", False),
        ("self.list.exists(e, e.name == 1)", "self.list.name", True),
        ("self.list.exists(e, e.names == 1)", "self.list.name", False),
    ],
)
def test_what_a_part_speaks_of(text: str, place: str, expected: bool) -> None:
    assert mentions(text, place) is expected


def _branches(condition: str, *places: str) -> Branches:
    found = branches(ENV, condition, places)
    assert found is not None
    return found


def test_the_true_part_decides() -> None:
    found = _branches("self.a == true || self.b in [1, 2]", "self.a", "self.b")
    assert found.true([{"a": False, "b": 2}]) == (1,)
    assert found.true([{"a": True, "b": 2}]) == (0,)
    assert found.true([{"a": False, "b": 3}]) == ()


def test_packed_branches_decide_alike() -> None:
    found = _branches("self.a == true || self.b == 2", "self.a", "self.b")
    again = Branches(None, found.dump())
    assert again.true([{"a": False, "b": 2}]) == (1,)


def test_nothing_to_decide() -> None:
    assert branches(ENV, "self.a == 1", ["self.a", "self.b"]) is None
