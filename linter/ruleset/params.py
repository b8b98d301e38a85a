"""Parameters of rules: their types, and the object that conditions read them from."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from linter import cel

_PYTHON: dict[str, type] = {"int": int, "string": str, "bool": bool, "double": float}
_CEL: dict[str, cel.Type] = {"int": cel.INT, "string": cel.STRING, "bool": cel.BOOL, "double": cel.DOUBLE}


class ParamValues(SimpleNamespace):
    """`params` in a condition: one attribute a parameter."""

    def has(self, name: str) -> bool:
        return hasattr(self, name)


def param_type(name: str) -> cel.Type:
    """The rule type of a declared parameter type such as `list(string)`."""
    if name.startswith("list("):
        return cel.ListType(_CEL[name[5:-1]])
    return _CEL[name]


def check_value(type_name: str, value: Any) -> str | None:
    """None when `value` is of the declared type, else what is wrong with it."""
    if type_name.startswith("list("):
        inner = type_name[5:-1]
        if isinstance(value, list) and all(check_value(inner, item) is None for item in value):
            return None
        return f"must be a list of {inner} values"
    wanted = _PYTHON[type_name]
    if type(value) is wanted or (wanted is float and type(value) is int):
        return None
    return f"must be of type {type_name}, not {type(value).__name__}"
