"""The values of a body: its attributes, and its nested blocks as lists of maps."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.terraform.evaluate import Scope, evaluate
from linter.formats.terraform.syntax import Block, Body, Literal, Name
from linter.formats.terraform.values import FunctionError

MAX_BLOCKS = 1_000  # that one dynamic block makes; one more, of which nothing is known, is the rest
META = frozenset({"count", "for_each", "provider", "depends_on", "providers"})
_META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection", "timeouts"})
_TEXT_ATTRIBUTES = frozenset({"value", "default_value", "content", "name"})  # here "true" stays a string


def body_values(body: Body, scope: Scope, *, top: bool = True) -> dict[str, Any]:
    """Attributes and nested blocks as a plain map; every kind of block is a list of maps."""
    result: dict[str, Any] = {}
    for name, attribute in body.attributes.items():
        if not (top and name in META):
            expr = attribute.expr
            value = expr.value if expr.__class__ is Literal else evaluate(expr, scope)
            result[name] = _natural(name, value) if value.__class__ is str else value
    for block in body.blocks:
        if block.kind == "dynamic" and block.labels:
            result.setdefault(block.labels[0], [])
            if isinstance(result[block.labels[0]], list):
                result[block.labels[0]] += _dynamic(block, scope)
        elif not (top and block.kind in _META_BLOCKS):
            values = result.setdefault(block.kind, [])
            if isinstance(values, list):
                values.append(body_values(block.body, scope, top=False))
    return result


def _dynamic(block: Block, scope: Scope) -> list[Any]:
    source = block.body.attributes.get("for_each")
    content = block.body.blocks_of("content")
    if source is None or not content:
        return [UNKNOWN]
    items = evaluate(source.expr, scope)
    if not isinstance(items, (list, dict)):
        return [UNKNOWN]
    name = block.labels[0]
    iterator = block.body.attributes.get("iterator")
    if iterator is not None and isinstance(iterator.expr, Name):
        name = iterator.expr.name
    try:
        scope.world.spend(len(items))
    except FunctionError:
        return [UNKNOWN]
    pairs = list(items.items() if isinstance(items, dict) else ((item, item) for item in items))
    found = [
        UNKNOWN
        if value is UNKNOWN and isinstance(items, list)
        else body_values(content[0].body, scope.bind(**{name: {"key": key, "value": value}}), top=False)
        for key, value in pairs[:MAX_BLOCKS]
    ]
    return found if len(pairs) <= MAX_BLOCKS else [*found, UNKNOWN]


def _natural(name: str, value: str) -> str | bool:
    """Terraform turns `"true"` into true where the schema wants a bool; there is no schema here, so everywhere."""
    if value in ("true", "false") and name not in _TEXT_ATTRIBUTES:
        return value == "true"
    return value
