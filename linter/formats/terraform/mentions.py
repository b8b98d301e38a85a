"""What an expression mentions: the names in it, the functions that it calls, the expressions inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.formats.terraform import syntax as s


def paths(expr: Any) -> Iterator[str]:
    """What an expression names, with all attributes and without indexes: `aws_x.y.id`."""
    if isinstance(expr, s.Traversal):
        if isinstance(expr.base, s.Name):
            yield ".".join([expr.base.name, *(step for step in expr.steps if isinstance(step, str))])
        else:
            yield from paths(expr.base)
        for step in expr.steps:
            if isinstance(step, s.Expr):
                yield from paths(step)
        return
    for inner in children(expr):
        yield from paths(inner)


def called(expr: Any) -> Iterator[str]:
    """The names of the functions that an expression calls."""
    if isinstance(expr, s.Call):
        yield expr.name
    inside = [expr.base, *expr.steps] if isinstance(expr, s.Traversal) else children(expr)
    for inner in inside:
        yield from called(inner)


def references(expr: s.Expr) -> set[str]:
    """What an expression names: `type.name`, `data.type.name`, `var.x`, `local.x`, `module.x`."""
    found: set[str] = set()
    _collect(expr, found)
    return found


def _collect(expr: Any, found: set[str]) -> None:
    if isinstance(expr, s.Traversal):
        if isinstance(expr.base, s.Name):
            names = [step for step in expr.steps[:2] if isinstance(step, str)]
            size = 2 if expr.base.name == "data" else 1
            if len(names) >= size:
                found.add(".".join([expr.base.name, *names[:size]]))
        else:
            _collect(expr.base, found)
        for step in expr.steps:
            if isinstance(step, s.Expr):
                _collect(step, found)
        return
    for slot in children(expr):
        _collect(slot, found)


def children(expr: Any) -> list[Any]:
    """The expressions inside an expression or a part of a template."""
    if isinstance(expr, s.Template):
        return list(expr.parts)
    if isinstance(expr, (s.IfPart, s.ForPart)):
        inner = (*expr.then, *expr.otherwise) if isinstance(expr, s.IfPart) else (expr.source, *expr.body)
        return [*inner, expr.condition] if isinstance(expr, s.IfPart) else list(inner)
    if isinstance(expr, s.Tuple):
        return list(expr.items)
    if isinstance(expr, s.Object):
        return [part for item in expr.items for part in item]
    if isinstance(expr, s.Call):
        return list(expr.args)
    if isinstance(expr, s.Conditional):
        return [expr.condition, expr.then, expr.otherwise]
    if isinstance(expr, s.Unary):
        return [expr.operand]
    if isinstance(expr, s.Binary):
        return [expr.left, expr.right]
    if isinstance(expr, s.For):
        return [part for part in (expr.source, expr.key, expr.value, expr.condition) if part is not None]
    return []
