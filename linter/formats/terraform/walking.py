"""Down into a value by names, indexes and splats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.terraform import syntax as s
from linter.formats.terraform.values import HOLE, FunctionError, Reference, number, text_of


def walk(value: Any, steps: Sequence[Any]) -> Any:
    """Follow names, indexes and splats down from a value."""
    for index, step in enumerate(steps):
        if step is s.SPLAT:
            if isinstance(value, Unknown):
                return (
                    Reference(value.address, (*value.path, "*")) if isinstance(value, Reference) else UNKNOWN
                )
            items = [] if value is None else value if isinstance(value, list) else [value]
            if (
                isinstance(value, dict)
                and index == 0
                and all(isinstance(item, dict) for item in value.values())
                and value
            ):
                items = [value]
            return [walk(item, steps[index + 1 :]) for item in items]
        value = _step(value, step)
    return value


def _step(value: Any, step: Any) -> Any:
    if isinstance(value, Reference):
        return Reference(value.address, (*value.path, step))
    if isinstance(value, Unknown) or isinstance(step, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        key = text_of(step)
        if key in value:
            return value[key]
        if any(HOLE in known for known in value):
            return UNKNOWN
        raise FunctionError(f"no attribute {key}")
    if isinstance(value, list):
        position = number(step)
        if position is None:
            return _step(value[0], step) if len(value) == 1 else UNKNOWN
        if -1 < position < len(value):
            return value[int(position)]
        raise FunctionError("no such element")
    raise FunctionError("no attributes")
