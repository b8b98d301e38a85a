"""Functions of lists: Kubernetes' list library, CEL's lists and sets extensions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from linter.cel.arithmetic import add
from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.operators import MAX_SIZE, contains, eq, less, less_equal
from linter.cel.types import BOOL, DYN, INT, ListType, Type

MAX_RANGE = 1000  # elements of a list made by lists.range()

_LIST = ListType(DYN)


def _element(args: Sequence[Type]) -> Type:
    return args[0].element if isinstance(args[0], ListType) else DYN


def _same_list(args: Sequence[Type]) -> Type:
    return args[0] if isinstance(args[0], ListType) else _LIST


def _flat_list(args: Sequence[Type]) -> Type:
    element = _element(args)
    return element if isinstance(element, ListType) else ListType(DYN)


def distinct(items: list[Any]) -> list[Any]:
    result: list[Any] = []
    seen: set[str] = set()  # the usual case, without comparing each with each
    for item in items:
        if isinstance(item, str):
            if item not in seen:
                seen.add(item)
                result.append(item)
        elif not any(eq(item, other) is True for other in result):
            result.append(item)
    return result


def _compare(left: Any, right: Any) -> int:
    if less(left, right):
        return -1
    return 1 if less(right, left) else 0


def sort(items: list[Any]) -> list[Any]:
    return sorted(items, key=cmp_to_key(_compare))


def flatten(items: list[Any], depth: int = 1) -> list[Any]:
    if depth < 0:
        raise CelRuntimeError("level must be non-negative")
    result: list[Any] = []
    for item in items:
        result += flatten(list(item), depth - 1) if isinstance(item, (list, tuple)) and depth > 0 else [item]
        if len(result) > MAX_SIZE:
            raise CelRuntimeError(f"the value grows over {MAX_SIZE} elements")
    return result


def slice_of(items: list[Any], start: int, end: int) -> list[Any]:
    if not 0 <= start <= end <= len(items):
        raise CelRuntimeError(f"cannot slice({start}, {end}), list is length {len(items)}")
    return list(items[start:end])


def index_of(items: list[Any], wanted: Any) -> int:
    return next((position for position, item in enumerate(items) if eq(item, wanted) is True), -1)


def last_index_of(items: list[Any], wanted: Any) -> int:
    found = -1
    for position, item in enumerate(items):
        if eq(item, wanted) is True:
            found = position
    return found


def is_sorted(items: list[Any]) -> bool:
    return all(less_equal(left, right) for left, right in pairwise(items))


def total(items: list[Any]) -> Any:
    result = items[0] if items else 0
    for item in items[1:]:
        result = add(result, item)
    return result


def _extreme(name: str, better: Callable[[Any, Any], Any]) -> Callable[[list[Any]], Any]:
    def pick(items: list[Any]) -> Any:
        if not items:
            raise CelRuntimeError(f"{name} called on empty list")
        best = items[0]
        for item in items[1:]:
            if better(item, best):
                best = item
        return best

    return pick


def integers(count: int) -> list[int]:
    if count > MAX_RANGE:
        raise CelRuntimeError(f"lists.range() over {MAX_RANGE}")
    return list(range(count))


def set_contains(items: list[Any], wanted: list[Any]) -> bool:
    return all(contains(item, items) for item in wanted)


def set_equivalent(left: list[Any], right: list[Any]) -> bool:
    return set_contains(left, right) and set_contains(right, left)


def set_intersects(left: list[Any], right: list[Any]) -> bool:
    return any(contains(item, right) for item in left)


def _methods(*rows: tuple[str, tuple[Type, ...], Any, Any]) -> list[Function]:
    return [Function(name, params, result, impl, method=True) for name, params, result, impl in rows]


FUNCTIONS: tuple[Function, ...] = (
    *_methods(
        ("distinct", (_LIST,), _same_list, distinct),
        ("sort", (_LIST,), _same_list, sort),
        ("reverse", (_LIST,), _same_list, lambda items: list(items[::-1])),
        ("flatten", (_LIST,), _flat_list, flatten),
        ("flatten", (_LIST, INT), _LIST, flatten),
        ("slice", (_LIST, INT, INT), _same_list, slice_of),
        ("indexOf", (_LIST, DYN), INT, index_of),
        ("lastIndexOf", (_LIST, DYN), INT, last_index_of),
        ("isSorted", (_LIST,), BOOL, is_sorted),
        ("sum", (_LIST,), _element, total),
        ("min", (_LIST,), _element, _extreme("min", less)),
        ("max", (_LIST,), _element, _extreme("max", lambda item, best: less(best, item))),
    ),
    Function("lists.range", (INT,), ListType(INT), integers),
    Function("sets.contains", (_LIST, _LIST), BOOL, set_contains),
    Function("sets.equivalent", (_LIST, _LIST), BOOL, set_equivalent),
    Function("sets.intersects", (_LIST, _LIST), BOOL, set_intersects),
)
