"""What is looked up is a superset of what fits, in the order of the list."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.lookup import Group
from linter.formats.kubernetes.selectors import selects

SELECTORS = [
    UNKNOWN, {}, {"app": "a"}, {"app": "a", "tier": "x"}, {"app": UNKNOWN}, {"app": 1}, {"job-name": "j"},
    {"matchLabels": {"app": "b"}}, {"matchLabels": UNKNOWN},
    {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
    {"matchLabels": {"app": "a"}, "matchExpressions": UNKNOWN},
]  # fmt: skip
PODS = [
    [], [UNKNOWN], [{}], [{"app": "a"}], [{"app": "b"}, {"app": "a", "tier": "x"}], [{"app": UNKNOWN}], [{"app": 1}],
    None,
]  # fmt: skip


class _Item(SimpleNamespace):
    __eq__ = object.__eq__  # values that are not known can't be compared
    __hash__ = object.__hash__


def _group(field: str, values: list[Any]) -> Group[Any]:
    return Group([_Item(**{field: value}) for value in values], lambda _: True)


def _may(selector: Any, pods: Any) -> bool:
    if not isinstance(pods, list):
        return True
    return any(labels is UNKNOWN or selects(selector, labels.get) is not False for labels in pods)


def test_nothing_that_may_fit_is_left_out() -> None:
    group = _group("pods", PODS)
    for selector in SELECTORS:
        found = [group.items.index(item) for item in group.fitting(selector) or ()]
        assert {number for number, pods in enumerate(PODS) if _may(selector, pods)} <= set(found)
        assert found == sorted(found)
    choosers = _group("selector", SELECTORS)
    for pods in PODS:
        chosen = {choosers.items.index(item) for item in choosers.choosing(pods) or ()}
        assert {number for number, selector in enumerate(SELECTORS) if _may(selector, pods)} <= chosen


def test_most_of_what_does_not_fit_is() -> None:
    group = _group("pods", [[{"app": f"a{n}", "tier": "x"}] for n in range(100)])
    assert len(group.fitting({"tier": "x", "app": "a7"}) or ()) == 1
    assert len(group.fitting({"app": "none"}) or ()) == 0
    choosers = _group("selector", [{"tier": "x", "app": f"a{n}"} for n in range(100)])
    assert len(choosers.choosing([{"tier": "x", "app": "a7"}]) or ()) == 1


def test_names_and_lists_of_names() -> None:
    group = _group("name", ["a", "b", None, UNKNOWN, ["a", "c"], "a"])
    assert [item.name for item in group.having("name", "c") or ()] == [UNKNOWN, ["a", "c"]]
    assert len(group.having("name", "a") or ()) == 4
    assert len(group.having("name", UNKNOWN) or ()) == 6


def test_too_many_is_told() -> None:
    group = Group([SimpleNamespace(name="a")] * 3, lambda count: count < 2)
    assert group.having("name", "a") is None
    assert group.all() is None
    assert group.having("name", "b") == []
