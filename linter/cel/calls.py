"""Function calls: which function, with what kind of dispatch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cel import ir, syntax
from linter.cel.errors import CelError
from linter.cel.functions import Function, default_of
from linter.cel.names import group_name
from linter.cel.suggest import suggest
from linter.cel.types import (
    BOOL,
    DYN,
    INT,
    RAW,
    STRING,
    TYPE,
    ListType,
    MapType,
    Nullable,
    Type,
    assignable,
    bare,
    describe,
    is_dynamic,
    join,
)

if TYPE_CHECKING:
    from linter.cel.checker import Checker


def call(checker: Checker, node: syntax.Call) -> ir.Node:
    """The checked form of a call that is no macro."""
    namespaced = _namespace(checker, node)
    if namespaced is not None:
        name, arg_nodes, method = namespaced, node.args, False
    elif node.target is not None:
        name, arg_nodes, method = node.name, [node.target, *node.args], True
    else:
        name, arg_nodes, method = node.name, node.args, False
    if (name, method) not in checker.functions and name not in _SPECIAL:
        raise _unknown_function(checker, name, method, node.offset)
    args = [checker.check(arg) for arg in arg_nodes]
    if (special := _special(name, args, node.offset)) is not None:
        return special
    return _resolve(checker, name, method, args, node.offset)


def _namespace(checker: Checker, node: syntax.Call) -> str | None:
    """The full name of a call like `math.abs(x)`."""
    from linter.cel.checker import dotted_name  # the checker imports this module

    if node.target is None or (name := dotted_name(node.target)) is None:
        return None
    if name.partition(".")[0] in checker.locals:
        return None
    full = f"{name}.{node.name}"
    return full if (full, False) in checker.functions else None


def _unknown_function(checker: Checker, name: str, method: bool, offset: int) -> CelError:
    if (name, not method) in checker.functions:
        shown = checker.functions[name, not method][0].signature
        return CelError(f"{name!r} is called the other way: {shown}", offset)
    near = suggest(
        name, {known for known, _ in checker.functions} | {"has", "exists", "filter", "map", "all"}
    )
    tail = f"; did you mean {near!r}?" if near else ""
    return CelError(f"no function {name!r}{tail}", offset)


# -- functions that the checker knows by name

_SPECIAL = frozenset({"dyn", "type", "size"})


def _special(name: str, args: list[ir.Node], offset: int) -> ir.Node | None:
    if len(args) != 1 or name not in _SPECIAL:
        return None
    arg = args[0]
    if name == "dyn":
        return ir.Helper(offset, DYN, "same", [arg])
    if name == "type":
        return ir.Helper(offset, TYPE, "type_of", [arg])
    kind = bare(arg.type)
    if isinstance(arg.type, Nullable) or kind is RAW:
        return ir.Helper(offset, INT, "raw_size", [arg])
    if kind is DYN or isinstance(kind, (ListType, MapType)) or kind.name in ("string", "bytes"):
        return ir.Helper(offset, INT, "size", [arg])
    return None


# -- resolution


def _resolve(checker: Checker, name: str, method: bool, args: list[ir.Node], offset: int) -> ir.Node:
    named = checker.functions.get((name, method), [])
    types = [arg.type for arg in args]
    fitting = [function for function in named if len(function.params) == len(args)]
    viable = [
        function
        for function in fitting
        if all(assignable(param, type_) for param, type_ in zip(function.params, types, strict=True))
    ]
    if not viable:
        raise _no_overload(name, named, types, args, offset, method=method)
    chosen = viable[0]
    loose = [
        type_
        for param, type_ in zip(chosen.params, types, strict=True)
        if _is_loose(param, type_) or (len(viable) > 1 and is_dynamic(type_))
    ]
    if not loose:
        return _inline(name, chosen, args, offset) or ir.Call(offset, chosen.result_type(types), chosen, args)
    result = _joined_result(viable, types)
    group = group_name(name, method, len(args))
    if DYN in loose:
        return ir.Helper(offset, result, f"{group} strict", args)
    inline = _inline(name, chosen, args, offset) if len(viable) == 1 else None
    if inline is not None:
        return inline
    default = default_of(result, name)
    if result is not BOOL:
        result = Nullable(result)
    return ir.Helper(offset, result, f"{group} lenient", [ir.Const(offset, DYN, default), *args])


def _is_loose(param: Type, arg: Type) -> bool:
    """Whether a value of the argument may not be one of the parameter."""
    if is_dynamic(param):
        return False
    return is_dynamic(arg) or (isinstance(arg, Nullable) and not isinstance(param, Nullable))


def _joined_result(viable: list[Function], types: list[Type]) -> Type:
    result = viable[0].result_type(types)
    for function in viable[1:]:
        result = join(result, function.result_type(types))
    return result


def _no_overload(
    name: str, named: list[Function], types: list[Type], args: list[ir.Node], offset: int, *, method: bool
) -> CelError:
    known = "; ".join(dict.fromkeys(function.signature for function in named))
    for position, type_ in enumerate(types):
        wanted = [function.params[position] for function in named if len(function.params) == len(types)]
        if wanted and not any(assignable(param, type_) for param in wanted):
            shown = " or ".join(dict.fromkeys(describe(param) for param in wanted))
            place = args[position].offset if position or not method else offset
            return CelError(f"{name}() wants {shown}, not {describe(type_)}", place, known)
    return CelError(f"{name}() does not take ({', '.join(map(describe, types))})", offset, known)


_STRING_TESTS = {
    "startsWith": "startswith",
    "endsWith": "endswith",
    "contains": "__contains__",
    "matches": "search",
}


def _inline(name: str, function: Function, args: list[ir.Node], offset: int) -> ir.Node | None:
    """The string tests that nearly every rule asks, as Python's own."""
    if name not in _STRING_TESTS or function.params != (STRING, STRING):
        return None
    receiver, arg = args
    if not isinstance(arg, ir.Const) or not isinstance(arg.value, str):
        return None
    if name == "matches":
        from linter.cel.regex import check_pattern  # only rules with patterns need it

        check_pattern(arg.value, arg.offset)
    if receiver.type is DYN:
        return None
    return ir.StringTest(offset, BOOL, _STRING_TESTS[name], receiver, arg, receiver.type is not STRING)
