"""What the type of a variable adds to its value."""

from __future__ import annotations

from typing import Any

from linter.formats.terraform.evaluate import Scope, evaluate
from linter.formats.terraform.syntax import Call, Expr, Literal, Object
from linter.formats.terraform.values import text_of


def with_defaults(value: Any, kind: Expr, scope: Scope) -> Any:
    """The value with the defaults of `optional(type, default)` filled in."""
    if not isinstance(kind, Call) or not kind.args:
        return value
    inner = kind.args[0]
    if kind.name in ("list", "set") and isinstance(value, list):
        return [with_defaults(item, inner, scope) for item in value]
    if kind.name == "map" and isinstance(value, dict):
        return {key: with_defaults(item, inner, scope) for key, item in value.items()}
    if kind.name == "optional":
        return with_defaults(value, inner, scope)
    if kind.name == "object" and isinstance(value, dict) and isinstance(inner, Object):
        result = dict(value)
        for key, member in inner.items:
            if not isinstance(key, Literal):
                continue
            name = text_of(key.value)
            if name in result:
                result[name] = with_defaults(result[name], member, scope)
            elif isinstance(member, Call) and member.name == "optional":
                default = evaluate(member.args[1], scope) if len(member.args) > 1 else None
                result[name] = with_defaults(default, member.args[0], scope)
        return result
    return value
