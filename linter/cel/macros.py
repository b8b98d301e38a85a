"""Macros: `has`, the comprehensions, `cel.bind` and the optional maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from linter.cel import ir, selection, syntax
from linter.cel.errors import CelError
from linter.cel.lists import MAX_RANGE
from linter.cel.types import (
    BOOL,
    DYN,
    INT,
    RAW,
    STRING,
    ListType,
    MapType,
    Nullable,
    OptionalType,
    Type,
    bare,
    describe,
    is_dynamic,
    join,
)

if TYPE_CHECKING:
    from linter.cel.checker import Checker

MAX_NESTING = 3  # comprehensions inside one another's bodies
MAX_STEPS = 1_000_000  # as far as the expression itself says how long its lists are
_USUAL = 10  # elements that a list of the document is taken to have

_KINDS = {
    "all": "all", "exists": "exists", "exists_one": "exists_one", "existsOne": "exists_one",
    "map": "map", "filter": "map", "transformList": "map", "transformMap": "map", "transformMapEntry": "map",
}  # fmt: skip
# (name, number of arguments) -> number of variables
_SHAPES = {
    ("all", 2): 1, ("exists", 2): 1, ("exists_one", 2): 1, ("existsOne", 2): 1, ("map", 2): 1, ("map", 3): 1,
    ("filter", 2): 1, ("all", 3): 2, ("exists", 3): 2, ("exists_one", 3): 2, ("existsOne", 3): 2,
    ("transformList", 3): 2, ("transformList", 4): 2, ("transformMap", 3): 2, ("transformMap", 4): 2,
    ("transformMapEntry", 3): 2, ("transformMapEntry", 4): 2,
}  # fmt: skip


def expand(checker: Checker, node: syntax.Call) -> ir.Node | None:
    """The checked form of a macro call; None when the call is none."""
    if node.target is None:
        return _has(checker, node) if node.name == "has" else None
    if node.name == "bind" and isinstance(node.target, syntax.Ident) and node.target.name == "cel":
        return _bind(checker, node)
    if node.name in ("optMap", "optFlatMap") and len(node.args) == 2:
        return _optional_map(checker, node, node.target)
    if node.name in ("or", "orValue") and len(node.args) == 1:
        return _optional_or(checker, node, node.target)
    variables = _SHAPES.get((node.name, len(node.args)))
    if variables is None:
        if node.name in _KINDS and (node.name, True) not in checker.functions:
            raise CelError(
                f"{node.name}() does not take {len(node.args)} arguments",
                node.offset,
                "list.exists(x, test of x)",
            )
        return None
    return _comprehension(checker, node, node.target, variables)


def _has(checker: Checker, node: syntax.Call) -> ir.Node:
    if len(node.args) != 1 or not isinstance(node.args[0], syntax.Select):
        raise CelError("has() takes a field: has(a.b)", node.offset, "for a key of a map: 'key' in map")
    asked = node.args[0]
    return selection.has(checker.check(asked.operand), asked.field, asked.offset)


def _variable(node: syntax.Node) -> str:
    if not isinstance(node, syntax.Ident) or node.absolute:
        raise CelError("expected the name of a new variable", node.offset)
    return node.name


def _bind(checker: Checker, node: syntax.Call) -> ir.Node:
    if len(node.args) != 3:
        raise CelError("cel.bind() takes a name, a value and an expression", node.offset)
    name = _variable(node.args[0])
    value = checker.check(node.args[1])
    unique = checker.fresh(name)
    body = checker.within({name: (unique, value.type)}, lambda: checker.check(node.args[2]))
    return ir.Bind(node.offset, body.type, unique, value, body)


# -- comprehensions


def _comprehension(checker: Checker, node: syntax.Call, target: syntax.Node, count: int) -> ir.Node:
    names = [_variable(arg) for arg in node.args[:count]]
    if len(set(names)) != count:
        raise CelError("the two variables need two names", node.args[1].offset)
    items, types = _items(checker, checker.check(target), count, node.offset)
    unique = [checker.fresh(name) for name in names]
    scope = dict(zip(names, zip(unique, types, strict=True), strict=True))
    before = checker.nesting, checker.steps
    checker.nesting += 1
    checker.steps *= _length(items)
    try:
        if checker.nesting > MAX_NESTING:
            raise CelError(f"comprehensions are nested deeper than {MAX_NESTING}", node.offset)
        if checker.steps > MAX_STEPS:
            raise CelError(f"this takes more than {MAX_STEPS} steps", node.offset)
        return checker.within(scope, lambda: _body(checker, node, items, unique, types))
    finally:
        checker.nesting, checker.steps = before


def _length(items: ir.Node) -> int:
    """About how many elements there are to go through."""
    match items:
        case ir.ListOf():
            return max(1, len(items.items))
        case ir.Pairs():
            return max(1, len(items.rows))
        case ir.Macro(kind="map"):
            return _length(items.items)
        case ir.Helper() if items.args:
            return max(map(_length, items.args))
        case ir.Call() if items.function.name == "lists.range":
            return MAX_RANGE
    return _USUAL


def _body(
    checker: Checker, node: syntax.Call, items: ir.Node, unique: list[str], types: list[Type]
) -> ir.Node:
    offset, name, bodies = node.offset, node.name, node.args[len(unique) :]
    kind = _KINDS[name]
    if kind != "map":
        return ir.Macro(offset, BOOL, kind, items, unique, checker.condition(bodies[0]), None)
    if name == "filter":
        kept = ir.Local(offset, types[0], unique[0])
        return ir.Macro(offset, ListType(types[0]), kind, items, unique, checker.condition(bodies[0]), kept)
    predicate = checker.condition(bodies[0]) if len(bodies) == 2 else None
    result = checker.check(bodies[-1])
    if name in ("map", "transformList"):
        return ir.Macro(offset, ListType(result.type), kind, items, unique, predicate, result)
    if name == "transformMap":
        key = ir.Local(offset, types[0], unique[0])
        result = ir.Helper(
            offset,
            MapType(types[0], result.type),
            "make_map",
            [ir.Pairs(offset, DYN, [[key, result]])],
        )
    elif not isinstance(result.type, MapType) and not is_dynamic(result.type):
        raise CelError(f"transformMapEntry() wants a map, not {describe(result.type)}", result.offset)
    maps = ir.Macro(offset, ListType(result.type), kind, items, unique, predicate, result)
    return ir.Helper(offset, result.type, "merge_maps", [maps])


def _items(checker: Checker, target: ir.Node, count: int, offset: int) -> tuple[ir.Node, list[Type]]:
    """What a comprehension goes through, and the types of its variables."""
    kind = bare(target.type)
    nullable = isinstance(target.type, Nullable)

    def through(helper: str, types: list[Type]) -> tuple[ir.Node, list[Type]]:
        return ir.Helper(offset, DYN, helper, [target]), types

    if kind is RAW:
        return through("raw_pairs", [RAW, RAW]) if count == 2 else through("raw_items", [RAW])
    if isinstance(kind, ListType):
        if count == 2:
            return through("raw_pairs" if nullable else "pairs", [INT, kind.element])
        return through("raw_items", [kind.element]) if nullable else (target, [kind.element])
    if isinstance(kind, MapType):
        if count == 2:
            return through("raw_pairs" if nullable else "pairs", [kind.key, kind.value])
        return through("null_keys" if nullable else "keys", [kind.key])
    if is_dynamic(kind) or not checker.checked:
        return through("pairs", [DYN, DYN]) if count == 2 else through("keys", [DYN])
    hint = "for one string use its own functions" if kind is STRING else None
    raise CelError(f"can't go through the elements of {describe(target.type)}", offset, hint)


# -- optionals


def _optional_item(checker: Checker, node: ir.Node, offset: int) -> Type:
    if isinstance(node.type, OptionalType):
        return node.type.item
    if node.type is not DYN and checker.checked:
        raise CelError(f"expected an optional, found {describe(node.type)}", offset, "a.?b gives an optional")
    return DYN


def _if_present(
    checker: Checker, target: ir.Node, offset: int, then: Callable[[ir.Node], ir.Node], otherwise: ir.Node
) -> ir.Node:
    unique = checker.fresh("optional")
    local = ir.Local(offset, target.type, unique)
    present = ir.Helper(offset, BOOL, "opt_has", [local])
    taken = then(local)
    type_ = join(taken.type, otherwise.type)
    return ir.Bind(offset, type_, unique, target, ir.Cond(offset, type_, present, taken, otherwise))


def _optional_map(checker: Checker, node: syntax.Call, target_node: syntax.Node) -> ir.Node:
    offset = node.offset
    target = checker.check(target_node)
    item = _optional_item(checker, target, offset)
    name = _variable(node.args[0])
    unique = checker.fresh(name)
    body = checker.within({name: (unique, item)}, lambda: checker.check(node.args[1]))
    if node.name == "optMap":
        body = ir.Helper(offset, OptionalType(body.type), "opt_of", [body])
    else:
        _optional_item(checker, body, body.offset)

    def then(local: ir.Node) -> ir.Node:
        return ir.Bind(offset, body.type, unique, ir.Helper(offset, item, "opt_value", [local]), body)

    return _if_present(checker, target, offset, then, ir.Helper(offset, body.type, "opt_none", []))


def _optional_or(checker: Checker, node: syntax.Call, target_node: syntax.Node) -> ir.Node:
    offset = node.offset
    target = checker.check(target_node)
    item = _optional_item(checker, target, offset)
    otherwise = checker.check(node.args[0])
    if node.name == "or":
        _optional_item(checker, otherwise, otherwise.offset)
        return _if_present(checker, target, offset, lambda local: local, otherwise)
    return _if_present(
        checker, target, offset, lambda local: ir.Helper(offset, item, "opt_value", [local]), otherwise
    )
