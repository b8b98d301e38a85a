"""Operators on checked operands: is it allowed, what is its type, how is it done."""

from __future__ import annotations

from linter.cel import ir
from linter.cel.errors import CelError
from linter.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    NUMBERS,
    ORDERED,
    RAW,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    Nullable,
    Type,
    bare,
    comparable,
    describe,
    is_dynamic,
    join,
)

_ORDER_NAMES = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
_ARITHMETIC_NAMES = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"}
_PLAIN = NUMBERS | {STRING.name, BYTES.name, BOOL.name, NULL.name}
_TUPLE_LIMIT = 8  # above this a set is faster than comparing one after the other


def truth(node: ir.Node, *, checked: bool) -> ir.Node:
    """The node as an operand of logic."""
    if node.type is BOOL:
        return node
    if node.type is RAW:
        return ir.Helper(node.offset, BOOL, "raw_truth", [node])
    if node.type is DYN or not checked:
        return ir.Helper(node.offset, BOOL, "truth", [node])
    if bare(node.type) is BOOL:
        return ir.Compare(node.offset, BOOL, "==", node, ir.Const(node.offset, BOOL, True))
    raise CelError(
        f"expected true or false, found {describe(node.type)}", node.offset, _truth_hint(node.type)
    )


def _truth_hint(type_: Type) -> str | None:
    if isinstance(bare(type_), (ListType, MapType)) or bare(type_) is STRING:
        return "compare it, or ask size(…) > 0"
    return "compare it" if bare(type_).name in NUMBERS else None


def equality(op: str, left: ir.Node, right: ir.Node, offset: int, *, checked: bool) -> ir.Node:
    """`==` and `!=`."""
    if not comparable(left.type, right.type):
        if checked:
            raise _incomparable(op, left.type, right.type, offset)
    elif (emptiness := _emptiness(op, left, right, offset)) is not None:
        return emptiness
    elif _plainly_equal(left, right):
        return ir.Compare(offset, BOOL, op, left, right)
    return ir.Helper(offset, BOOL, "eq" if op == "==" else "ne", [left, right])


def _plainly_equal(left: ir.Node, right: ir.Node) -> bool:
    """Whether Python's own `==` is CEL's."""
    if bare(left.type).name in _PLAIN and bare(right.type).name in _PLAIN:
        return True
    return any(isinstance(side, ir.Const) and _is_unmistakable(side.value) for side in (left, right))


def _is_unmistakable(value: object) -> bool:
    """Whether Python finds a constant equal to what CEL does, whatever the other type: all but bools, 0 and 1."""
    if type(value) in (int, float):
        return value not in (0, 1)
    return value is None or isinstance(value, str)


def _emptiness(op: str, left: ir.Node, right: ir.Node, offset: int) -> ir.Node | None:
    """`size(x) > 0` and its like, asked without counting: then an open list can answer, too."""
    if not (
        isinstance(left, ir.Helper) and left.name in ("size", "raw_size") and isinstance(right, ir.Const)
    ):
        return None
    if type(right.value) is not int or (left.name == "size" and left.args[0].type is DYN):
        return None
    asked = (op, right.value)
    test = ir.Helper(offset, BOOL, "not_empty", left.args)
    if asked in ((">", 0), (">=", 1), ("!=", 0)):
        return test
    return ir.Not(offset, BOOL, test) if asked in (("==", 0), ("<", 1), ("<=", 0)) else None


def _incomparable(op: str, left: Type, right: Type, offset: int) -> CelError:
    if left is NULL or right is NULL:
        other = right if left is NULL else left
        return CelError(
            f"a {describe(other)} is never null", offset, "has(…) asks whether a field was written"
        )
    return CelError(f"{describe(left)} {op} {describe(right)} can never be true", offset)


def ordering(op: str, left: ir.Node, right: ir.Node, offset: int, *, checked: bool) -> ir.Node:
    """`<`, `<=`, `>`, `>=`."""
    if (emptiness := _emptiness(op, left, right, offset)) is not None:
        return emptiness
    low, high = bare(left.type), bare(right.type)
    helper = _ORDER_NAMES[op]
    lenient = any(node.type is RAW or isinstance(node.type, Nullable) for node in (left, right))
    numeric = low.name in NUMBERS and high.name in NUMBERS
    if not is_dynamic(low) and not is_dynamic(high):
        if (low.name == high.name and low.name in ORDERED) or (numeric and DOUBLE not in (low, high)):
            guards = isinstance(left.type, Nullable), isinstance(right.type, Nullable)
            return ir.Compare(offset, BOOL, op, left, right, *guards)
        if not numeric and checked:
            raise CelError(f"{describe(left.type)} {op} {describe(right.type)} has no meaning", offset)
    return ir.Helper(offset, BOOL, f"raw_{helper}" if lenient else helper, [left, right])


def membership(left: ir.Node, right: ir.Node, offset: int, *, checked: bool) -> ir.Node:
    """`in`."""
    container = bare(right.type)
    if isinstance(container, ListType):
        element = container.element
    elif isinstance(container, MapType):
        element = container.key
    elif is_dynamic(container) or not checked:
        element = DYN
    else:
        raise CelError(f"`in` wants a list or a map, not {describe(right.type)}", offset, _in_hint(container))
    if checked and not comparable(left.type, element):
        raise CelError(f"a {describe(right.type)} never holds {describe(left.type)}", offset)
    if isinstance(right, ir.ListOf) and (done := _in_constants(left, right, offset)) is not None:
        return done
    nullable = isinstance(right.type, Nullable)
    if (
        isinstance(left, ir.Const)
        and isinstance(left.value, str)
        and isinstance(container, (ListType, MapType))
    ):
        return ir.Compare(offset, BOOL, "in", left, right, guard_right=nullable)
    lenient = nullable or right.type is RAW
    return ir.Helper(offset, BOOL, "raw_contains" if lenient else "contains", [left, right])


def _in_hint(container: Type) -> str | None:
    return "a part of a string: text.contains(part)" if container is STRING else None


def _in_constants(left: ir.Node, right: ir.ListOf, offset: int) -> ir.Node | None:
    values = [item.value for item in right.items if isinstance(item, ir.Const)]
    if len(values) != len(right.items) or not values:
        return None
    strings = all(isinstance(value, str) for value in values)
    whole = all(type(value) is int for value in values) and bare(left.type) is INT
    if not strings and not whole:
        return None
    if strings and len(values) > _TUPLE_LIMIT:
        constants = ir.Const(right.offset, right.type, frozenset(values))
        return ir.Helper(offset, BOOL, "known_in", [left, constants])
    return ir.Compare(offset, BOOL, "in", left, ir.Const(right.offset, right.type, tuple(values)))


def arithmetic(op: str, left: ir.Node, right: ir.Node, offset: int, *, checked: bool) -> ir.Node:
    """`+`, `-`, `*`, `/`, `%`."""
    helper = _ARITHMETIC_NAMES[op]
    low, high = bare(left.type), bare(right.type)
    result: Type | None = DYN if is_dynamic(low) or is_dynamic(high) else _result(op, low, high)
    if result is None:
        if checked:
            hint = (
                "convert one with int() or double()" if low.name in NUMBERS and high.name in NUMBERS else None
            )
            raise CelError(f"{describe(left.type)} {op} {describe(right.type)} has no meaning", offset, hint)
        result = DYN
    if left.type is RAW or right.type is RAW:
        return ir.Helper(offset, RAW, f"raw_{helper}", [left, right])
    if isinstance(left.type, Nullable) or isinstance(right.type, Nullable):
        return ir.Helper(offset, Nullable(result), f"raw_{helper}", [left, right])
    if result in (INT, UINT) and op in "+-*":
        return ir.Arithmetic(offset, result, op, left, right, "int64" if result is INT else "uint64")
    if result is DOUBLE and op in "+-*":
        return ir.Arithmetic(offset, result, op, left, right, None)
    joined = result in (STRING, BYTES) or isinstance(result, ListType)
    return ir.Helper(offset, result, "concat" if joined else helper, [left, right])


def _result(op: str, low: Type, high: Type) -> Type | None:
    if isinstance(low, ListType) and isinstance(high, ListType):
        return join(low, high) if op == "+" else None
    if low.name == high.name:
        if low in (INT, UINT):
            return low
        if low is DOUBLE:
            return low if op != "%" else None
        if low in (STRING, BYTES):
            return low if op == "+" else None
        if low is DURATION:
            return low if op in "+-" else None
        return DURATION if low is TIMESTAMP and op == "-" else None
    if (low, high) == (TIMESTAMP, DURATION):
        return TIMESTAMP if op in "+-" else None
    return TIMESTAMP if (low, high) == (DURATION, TIMESTAMP) and op == "+" else None


def negation(operand: ir.Node, offset: int, *, checked: bool) -> ir.Node:
    """Unary minus."""
    kind = operand.type
    if isinstance(kind, Nullable) or kind is RAW:
        return ir.Helper(offset, kind, "raw_negate", [operand])
    if kind not in (INT, DOUBLE, DYN) and checked:
        raise CelError(f"-{describe(kind)} has no meaning", offset)
    return ir.Helper(offset, kind if kind in (INT, DOUBLE) else DYN, "negate", [operand])
