"""Terraform's functions over lists, sets and maps."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.terraform.values import MAX_GROWN, FunctionError, text_of, too_heavy

MAX_ITEMS = 10_000


def merge(*maps: Any) -> Any:
    result: dict[str, Any] = {}
    for item in maps:
        if isinstance(item, Unknown):
            return UNKNOWN
        if isinstance(item, dict):
            result.update(item)
    return result


def concat(*lists: Any) -> Any:
    result: list[Any] = []
    for item in lists:
        if isinstance(item, list):
            result += item
        else:
            result.append(UNKNOWN)
    return result if len(result) <= MAX_ITEMS else UNKNOWN


def flatten(value: Any) -> Any:
    if not isinstance(value, list) or too_heavy(value):
        return UNKNOWN
    result: list[Any] = []
    for item in value:
        result += flatten(item) if isinstance(item, list) else [item]
    return result


def lookup(mapping: Any, key: Any, default: Any = UNKNOWN) -> Any:
    if not isinstance(mapping, dict) or isinstance(key, Unknown):
        return UNKNOWN
    return mapping.get(key, default)


def length(value: Any) -> Any:
    if isinstance(value, list) and any(item is UNKNOWN for item in value):
        return UNKNOWN
    return len(value) if isinstance(value, (list, dict, str)) else UNKNOWN


def toset(value: Any) -> Any:
    if not isinstance(value, list):
        return UNKNOWN
    result: list[Any] = []
    seen: set[str] = set()
    for item in value:
        key = item if isinstance(item, str) else repr(item) if isinstance(item, (int, float, bool)) else None
        if key is None or key not in seen:
            result.append(item)
        if key is not None:
            seen.add(key)
    return result


def element(items: Any, index: Any) -> Any:
    if not isinstance(items, list) or not items or not isinstance(index, int):
        return UNKNOWN
    return items[index % len(items)]


def contains(items: Any, value: Any) -> Any:
    if not isinstance(items, list) or isinstance(value, Unknown):
        return UNKNOWN
    if any(not isinstance(item, Unknown) and item == value for item in items):
        return True
    return UNKNOWN if any(isinstance(item, Unknown) for item in items) else False


def coalesce(*values: Any) -> Any:
    for value in values:
        if isinstance(value, Unknown):
            return UNKNOWN
        if value is not None and value != "":
            return value
    raise FunctionError("no value that is not null")


def coalescelist(*values: Any) -> Any:
    for value in values:
        if isinstance(value, Unknown):
            return UNKNOWN
        if value:
            return value
    raise FunctionError("no list that is not empty")


def compact(items: Any) -> Any:
    return (
        [item for item in items if isinstance(item, Unknown) or item] if isinstance(items, list) else UNKNOWN
    )


def distinct(items: Any) -> Any:
    return toset(items)


def range_(*args: Any) -> list[Any]:
    result = range(*(int(arg) for arg in args))
    return list(result[:MAX_ITEMS])


def zipmap(keys: list[Any], values: list[Any]) -> Any:
    return {text_of(key): value for key, value in zip(keys, values, strict=False)}


def keys(value: dict[str, Any]) -> list[str]:
    return sorted(value)


def values_(value: dict[str, Any]) -> list[Any]:
    return [value[key] for key in sorted(value)]


def setproduct(*sets: list[Any]) -> Any:
    result: list[list[Any]] = [[]]
    for items in sets:
        if len(result) * len(items) > MAX_ITEMS:
            return UNKNOWN
        result = [[*row, item] for row in result for item in items]
    return result


def sort(items: list[Any]) -> list[Any]:
    return sorted(items, key=text_of)


def one(items: Any) -> Any:
    return (items[0] if items else None) if isinstance(items, list) and len(items) < 2 else UNKNOWN


def anytrue(items: list[Any]) -> bool:
    return any(item is True for item in items)


def alltrue(items: list[Any]) -> bool:
    return all(item is True for item in items)


def setunion(*sets: list[Any]) -> Any:
    return toset([item for items in sets for item in items])


def setintersection(first: list[Any], *rest: list[Any]) -> Any:
    if len(first) * sum(map(len, rest)) > MAX_GROWN:
        return UNKNOWN
    return [item for item in first if all(item in items for items in rest)]


def setsubtract(first: list[Any], second: list[Any]) -> Any:
    if len(first) * len(second) > MAX_GROWN:
        return UNKNOWN
    return [item for item in first if item not in second]
