"""sarif-om, made fit for SARIF 2.1.0: the property it lacks, and a serializer that is fast."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import attr
import sarif_om

# written even where the value is the schema's default: readers often forget that there is one
_ALWAYS = frozenset({"level", "kind", "columnKind", "executionSuccessful"})


@attr.s
class _Suppression(sarif_om.Suppression):  # type: ignore[misc]
    """sarif-om follows a draft in which this property was still called `state`."""

    status: str | None = attr.ib(default=None, metadata={"schema_property_name": "status"})


Suppression: Any = _Suppression  # as untyped as the library's own classes: mypy sees no inherited attributes


@lru_cache(maxsize=64)
def _fields(cls: type) -> dict[str, tuple[str, Any]]:
    """Attribute name -> (JSON name, default)."""
    return {
        field.name: (
            field.metadata["schema_property_name"],
            None if field.default is attr.NOTHING else field.default,
        )
        for field in attr.fields(cls)
    }


_PLAIN = frozenset({str, int, float, bool, dict})  # a dict is plain already: properties, cached parts


def plain(value: Any) -> Any:
    """A sarif-om object as what `json.dumps` takes; unset properties and defaults are left out."""
    cls = value.__class__
    if cls in _PLAIN:
        return value
    if cls is list:
        return [plain(item) for item in value]
    fields = _fields(cls)
    result: dict[str, Any] = {}
    for name, item in value.__dict__.items():
        if item is None:
            continue
        key, default = fields[name]
        if default is not None and item == default and key not in _ALWAYS:
            continue
        result[key] = item if item.__class__ in _PLAIN else plain(item)
    return result
