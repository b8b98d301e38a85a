"""Looking into plain values of YAML, which may be anything."""

from __future__ import annotations

from typing import Any


def at(value: Any, *keys: str) -> Any:
    """What mappings in mappings have at some keys; None: there is no such thing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def as_list(value: Any) -> list[Any]:
    """A list; empty for anything else."""
    return value if isinstance(value, list) else []


def as_dict(value: Any) -> dict[str, Any]:
    """A mapping; empty for anything else."""
    return value if isinstance(value, dict) else {}
