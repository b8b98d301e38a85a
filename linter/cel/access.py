"""Fields, keys and indexes at run time: strict for maps and dyn, null-safe for raw values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linter.cel.errors import CelRuntimeError
from linter.cel.operators import has_key, is_open, no_overload
from linter.cel.unknown import UNKNOWN, Unknown
from linter.cel.values import NONE, BoolKey, Optional

# -- strict


def select(value: Any, field: str) -> Any:
    """`value.field` of a map or an optional."""
    if value.__class__ is dict:
        try:
            return value[field]
        except KeyError:
            raise CelRuntimeError(f"no such key: {field!r}") from None
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Optional):
        return opt_select(value, field)
    raise no_overload(f"select .{field}", value)


def index(value: Any, key: Any) -> Any:
    """`value[key]` of a list, a map or an optional."""
    if isinstance(value, Unknown) or isinstance(key, Unknown):
        return UNKNOWN
    if value.__class__ is dict:
        if has_key(value, key):
            return value[BoolKey(key) if key.__class__ is bool else key]
        raise CelRuntimeError(f"no such key: {key!r}")
    if isinstance(value, Optional):
        return opt_index(value, key)
    if not isinstance(value, (list, tuple)):
        raise no_overload("[]", value, key)
    if key.__class__ is bool or not isinstance(key, (int, float)) or key != int(key):
        raise no_overload("[]", value, key)
    position = int(key)
    if 0 <= position < len(value):
        return value[position]
    if position >= 0 and is_open(value):
        return UNKNOWN
    raise CelRuntimeError(f"index out of range: {position}")


def null_attribute(value: Any, attribute: str) -> Any:
    """A field of a message that may be null."""
    return None if value is None else getattr(value, attribute)


def null_index(value: Any, key: Any) -> Any:
    """`value[key]` of a list or map that may be null."""
    return None if value is None or key is None else index(value, key)


def has(value: Any, field: str) -> Any:
    """`has(value.field)` of a map or an optional."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if value.__class__ is dict:
        return field in value
    if isinstance(value, Optional):
        return opt_select(value, field) is not NONE
    raise no_overload(f"has .{field}", value)


def null_has(value: Any, attribute: str) -> Any:
    """`has(value.field)` of a message that may be null."""
    return False if value is None else value.has(attribute)


def null_has_key(value: Any, field: str) -> Any:
    """`has(value.field)` of a map that may be null."""
    return False if value is None else has(value, field)


def keys(value: Any) -> Iterable[Any]:
    """What a macro over a map or a list goes through."""
    if value.__class__ is dict:
        return [key.value if key.__class__ is BoolKey else key for key in value]
    if isinstance(value, (list, tuple, Unknown)):
        return value
    raise no_overload("iteration", value)


def null_keys(value: Any) -> Iterable[Any]:
    """What a macro over a map goes through that may be null."""
    return () if value is None else keys(value)


def pairs(value: Any) -> Iterable[tuple[Any, Any]]:
    """What a macro with two variables goes through: keys and values, or indexes and elements."""
    if value.__class__ is dict:
        return [(key.value if key.__class__ is BoolKey else key, item) for key, item in value.items()]
    if isinstance(value, Unknown):
        return value
    if isinstance(value, (list, tuple)):
        return enumerate(value)
    raise no_overload("iteration", value)


# -- raw: null-safe


def raw_select(value: Any, field: str) -> Any:
    """`value.field` of a raw value: null where there is none; a list of one block is that block."""
    if value.__class__ is dict:
        return value.get(field)
    if isinstance(value, list):
        if not value:
            return None
        return raw_select(value[0], field) if len(value) == 1 else UNKNOWN
    return UNKNOWN if isinstance(value, Unknown) else None


def raw_index(value: Any, key: Any) -> Any:
    """`value[key]` of a raw value: null where there is none; one block is a list of it."""
    if isinstance(key, Unknown) or isinstance(value, Unknown):
        return UNKNOWN
    if key.__class__ is str:
        return raw_select(value, key)
    if key.__class__ is bool or not isinstance(key, int):
        return None
    if value.__class__ is dict:
        return value if key == 0 else None
    if isinstance(value, (list, tuple)):
        if 0 <= key < len(value):
            return value[key]
        return UNKNOWN if key >= 0 and is_open(value) else None
    return None


def raw_has(value: Any, field: str) -> Any:
    """`has(value.field)` of a raw value: present and not null."""
    found = raw_select(value, field)
    return UNKNOWN if isinstance(found, Unknown) else found is not None


def raw_items(value: Any) -> Any:
    """What a macro over a raw value goes through: elements; one block is a list of it; null is no element."""
    if isinstance(value, (list, tuple, Unknown)):
        return value
    return (value,) if value.__class__ is dict else ()


def raw_pairs(value: Any) -> Any:
    """What a macro with two variables over a raw value goes through: here a map gives keys and values."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, (list, tuple)):
        return enumerate(value)
    return value.items() if value.__class__ is dict else ()


def raw_size(value: Any) -> Any:
    """`size` of a raw value: 0 for null and scalars."""
    return size(value) if isinstance(value, (str, bytes, list, tuple, dict, Unknown)) else 0


# -- size


def size(value: Any) -> Any:
    """`size` of a string, bytes, list or map. An open list's is unknown."""
    if isinstance(value, (list, tuple)):
        return UNKNOWN if value and isinstance(value[-1], Unknown) else len(value)
    if isinstance(value, (str, bytes, dict)):
        return len(value)
    if isinstance(value, Unknown):
        return UNKNOWN
    raise no_overload("size", value)


def not_empty(value: Any) -> Any:
    """`size(value) > 0`, which an open list answers too if it shows an element. Null and scalars are empty."""
    if isinstance(value, (list, tuple)):
        if not value:
            return False
        return (
            UNKNOWN
            if isinstance(value[0], Unknown) and all(isinstance(item, Unknown) for item in value)
            else True
        )
    if isinstance(value, Unknown):
        return UNKNOWN
    return isinstance(value, (str, bytes, dict)) and len(value) > 0


# -- optionals


def opt_select(value: Any, field: str) -> Any:
    """`value.?field` of a map, an optional or a raw value."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Optional):
        return value if value is NONE else opt_select(value.item, field)
    if value.__class__ is dict:
        return Optional(value[field]) if field in value else NONE
    raise no_overload(f"select .?{field}", value)


def opt_index(value: Any, key: Any) -> Any:
    """`value[?key]` of a list, a map or an optional."""
    if isinstance(value, Unknown) or isinstance(key, Unknown):
        return UNKNOWN
    if isinstance(value, Optional):
        return value if value is NONE else opt_index(value.item, key)
    if not isinstance(value, (list, tuple, dict)):
        raise no_overload("[?]", value, key)
    try:
        found = index(value, key)
    except CelRuntimeError:
        return NONE
    return found if isinstance(found, Unknown) else Optional(found)


def opt_attribute(value: Any, attribute: str) -> Any:
    """`value.?field` of a message: none where the field was not written."""
    if isinstance(value, Optional):
        return value if value is NONE else opt_attribute(value.item, attribute)
    present = null_has(value, attribute)
    if isinstance(present, Unknown):
        return UNKNOWN
    return Optional(getattr(value, attribute)) if present else NONE


def opt_raw(value: Any, key: Any) -> Any:
    """`value.?field` and `value[?key]` of a raw value: none where that is null."""
    if isinstance(value, Optional):
        return value if value is NONE else opt_raw(value.item, key)
    found = raw_index(value, key)
    if isinstance(found, Unknown):
        return UNKNOWN
    return NONE if found is None else Optional(found)


def spread(items: list[tuple[bool, Any]]) -> Any:
    """The list of a literal with `?` items: (is optional, item)."""
    result: list[Any] = []
    for optional, item in items:
        if not optional or isinstance(item, Unknown):
            result.append(item)
        elif not isinstance(item, Optional):
            raise no_overload("[?_]", item)
        elif item is not NONE:
            result.append(item.item)
    if any(optional and isinstance(item, Unknown) for optional, item in items):
        result.append(UNKNOWN)
    return result


def spread_map(entries: list[tuple[bool, Any, Any]]) -> list[tuple[Any, Any]]:
    """The entries of a map literal with `?` keys: (is optional, key, value)."""
    result: list[tuple[Any, Any]] = []
    for optional, key, value in entries:
        if not optional:
            result.append((key, value))
        elif isinstance(value, Unknown):
            result.append((UNKNOWN, value))
        elif not isinstance(value, Optional):
            raise no_overload("{?_}", value)
        elif value is not NONE:
            result.append((key, value.item))
    return result
