"""Checked tree to Python code: a fast function, and a slow one with the complete semantics.

Fast: `&&` is `and`, a field is an attribute, `exists` is `any`. Whatever is not plainly true or false raises,
and then the slow function answers, in which logic goes through `kleene`. In the slow function the line number
of a node is its offset + 1, so that a traceback tells where in the expression an error arose.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from linter.cel import ir, statements
from linter.cel.names import function_name, param_name, pattern_name
from linter.cel.values import UInt

_COMPARE: dict[str, ast.cmpop] = {
    "==": ast.Eq(), "!=": ast.NotEq(), "<": ast.Lt(), "<=": ast.LtE(), ">": ast.Gt(), ">=": ast.GtE(), "in": ast.In(),
}  # fmt: skip
_BINARY: dict[str, ast.operator] = {"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult()}
_LOAD = ast.Load()


@dataclass(slots=True)
class Emitter:
    """Builds the Python expression of one checked tree."""

    slow: bool
    patterns: set[str] = field(default_factory=set)
    temporaries: int = 0
    in_iterable: bool = False  # Python allows no := there

    def function(self, tree: ir.Node, params: int) -> CodeType:
        """The code object of a function over `params` positional parameters."""
        arguments = _arguments([param_name(index) for index in range(params)])
        body: list[ast.stmt] = [ast.Return(self.emit(tree))] if self.slow else statements.answer(self, tree)
        (function,) = ast.parse(
            "def cel(): ..."
        ).body  # the fields of a definition differ between Python versions
        assert isinstance(function, ast.FunctionDef)
        function.args, function.body = arguments, body
        for part in (arguments, *body):
            _fill(part, tree.offset + 1)
        module = compile(ast.Module([function], []), "<cel>", "exec", dont_inherit=True)
        return next(constant for constant in module.co_consts if isinstance(constant, CodeType))

    def emit(self, node: ir.Node) -> ast.expr:
        result = _EMITTERS[type(node)](self, node)
        if self.slow:
            _fill(result, node.offset + 1)
        return result

    def emit_all(self, nodes: Sequence[ir.Node]) -> list[ast.expr]:
        return [self.emit(node) for node in nodes]

    # -- leaves and access

    def const(self, node: ir.Const) -> ast.expr:
        if isinstance(node.value, UInt):
            return _call("UInt", ast.Constant(int(node.value)))
        return ast.Constant(node.value)

    def param(self, node: ir.Param) -> ast.expr:
        return _name(param_name(node.index))

    def local(self, node: ir.Local) -> ast.expr:
        return _name(node.name)

    def attr(self, node: ir.Attr) -> ast.expr:
        return ast.Attribute(self.emit(node.base), node.attr, _LOAD)

    def has(self, node: ir.Has) -> ast.expr:
        return _method(self.emit(node.base), "has", ast.Constant(node.attr))

    def item(self, node: ir.Item) -> ast.expr:
        if self.slow:
            return _call("index", self.emit(node.base), self.emit(node.key))
        return ast.Subscript(self.emit(node.base), self.emit(node.key), _LOAD)

    # -- operators

    def compare(self, node: ir.Compare) -> ast.expr:
        left, right = self.emit(node.left), self.emit(node.right)
        if self.slow and node.op == "in":
            return _call("raw_contains" if node.guard_right else "contains", left, right)
        operator = _COMPARE[node.op]
        if not node.guard_left and not node.guard_right:
            return ast.Compare(left, [operator], [right])
        guards: list[tuple[ast.expr, bool]] = [(left, node.guard_left), (right, node.guard_right)]
        return self._guarded(guards, lambda a, b: ast.Compare(a, [operator], [b]))

    def _guarded(self, operands: list[tuple[ast.expr, bool]], build: Callable[..., ast.expr]) -> ast.expr:
        """`build(operands)`, false where a guarded one is null. Each operand is evaluated once."""
        names = [f"tmp {self.temporaries + position}" for position in range(len(operands))]
        self.temporaries += len(operands)
        used = [_name(name) if guard else value for name, (value, guard) in zip(names, operands, strict=True)]
        body = build(*used)
        guarded = [(name, value) for name, (value, guard) in zip(names, operands, strict=True) if guard]
        if not self.in_iterable:
            tests: list[ast.expr] = [
                _not_null(ast.NamedExpr(ast.Name(name, ast.Store()), value)) for name, value in guarded
            ]
            return ast.BoolOp(ast.And(), [*tests, body])
        checked = ast.BoolOp(ast.And(), [*(_not_null(_name(name)) for name, _ in guarded), body])
        function = ast.Lambda(_arguments([name for name, _ in guarded]), checked)
        return ast.Call(function, [value for _, value in guarded], [])

    def arithmetic(self, node: ir.Arithmetic) -> ast.expr:
        result: ast.expr = ast.BinOp(self.emit(node.left), _BINARY[node.op], self.emit(node.right))
        return _call(node.wrap, result) if node.wrap else result

    def logic(self, node: ir.Logic) -> ast.expr:
        operands = self.emit_all(node.operands)
        if self.slow:
            return _call("all_of" if node.op == "&&" else "any_of", *map(_thunk, operands))
        return ast.BoolOp(ast.And() if node.op == "&&" else ast.Or(), operands)

    def negation(self, node: ir.Not) -> ast.expr:
        operand = self.emit(node.operand)
        return _call("negation", operand) if self.slow else ast.UnaryOp(ast.Not(), operand)

    def cond(self, node: ir.Cond) -> ast.expr:
        condition, then, otherwise = self.emit_all([node.condition, node.then, node.otherwise])
        if self.slow:
            return _call("choose", condition, _thunk(then), _thunk(otherwise))
        return ast.IfExp(condition, then, otherwise)

    # -- calls

    def helper(self, node: ir.Helper) -> ast.expr:
        return _call(node.name, *self.emit_all(node.args))

    def call(self, node: ir.Call) -> ast.expr:
        name = function_name(node.function)
        args = self.emit_all(node.args)
        if node.function.unknown:
            return _call(name, *args)
        if self.slow:
            return _call("call", _name(name), *args)
        return _call(name, *(arg if isinstance(arg, ast.Constant) else _call("known", arg) for arg in args))

    def string_test(self, node: ir.StringTest) -> ast.expr:
        arg = self.emit(node.arg)
        if node.method == "search":
            assert isinstance(node.arg, ir.Const)
            self.patterns.add(node.arg.value)
            arg = _name(pattern_name(node.arg.value))
        receiver = self.emit(node.receiver)
        if self.slow:
            return _call(f"test {node.method}", receiver, arg)
        if not node.raw:
            return _string_test(node.method, receiver, arg)
        if self.in_iterable:
            return _call(f"test {node.method}", receiver, arg)
        name = f"tmp {self.temporaries}"
        self.temporaries += 1
        bound = ast.NamedExpr(ast.Name(name, ast.Store()), receiver)
        is_string = ast.Compare(ast.Attribute(bound, "__class__", _LOAD), [ast.Is()], [_name("str")])
        return ast.IfExp(
            is_string, _string_test(node.method, _name(name), arg), _call("not_string", _name(name))
        )

    # -- literals, macros, bindings

    def list_of(self, node: ir.ListOf) -> ast.expr:
        return ast.List(self.emit_all(node.items), _LOAD)

    def pairs(self, node: ir.Pairs) -> ast.expr:
        return ast.List([ast.Tuple(self.emit_all(row), _LOAD) for row in node.rows], _LOAD)

    def macro(self, node: ir.Macro) -> ast.expr:
        return self._slow_macro(node) if self.slow else self._fast_macro(node)

    def _fast_macro(self, node: ir.Macro) -> ast.expr:
        before, self.in_iterable = self.in_iterable, True
        items = self.emit(node.items)
        self.in_iterable = before
        target = statements.loop_target(node)
        predicate = self.emit(node.predicate) if node.predicate else None
        if node.kind in ("exists", "all"):
            assert predicate is not None
            loop = ast.comprehension(target, items, [], 0)
            return _call("any" if node.kind == "exists" else "all", ast.GeneratorExp(predicate, [loop]))
        loop = ast.comprehension(target, items, [predicate] if predicate else [], 0)
        if node.kind == "exists_one":
            return ast.Compare(
                _call("len", ast.ListComp(ast.Constant(1), [loop])), [ast.Eq()], [ast.Constant(1)]
            )
        assert node.result is not None
        return ast.ListComp(self.emit(node.result), [loop])

    def _slow_macro(self, node: ir.Macro) -> ast.expr:
        items = self.emit(node.items)

        def over_item(body: ir.Node) -> ast.expr:
            function = ast.Lambda(_arguments(node.variables), self.emit(body))
            return function if len(node.variables) == 1 else _call("unpacked", function)

        predicate = over_item(node.predicate) if node.predicate else ast.Constant(None)
        if node.result is None:
            return _call(
                {"exists": "exists", "all": "every", "exists_one": "exists_one"}[node.kind], items, predicate
            )
        return _call("transform", items, predicate, over_item(node.result))

    def bind(self, node: ir.Bind) -> ast.expr:
        value, body = self.emit(node.value), self.emit(node.body)
        return ast.Call(ast.Lambda(_arguments([node.name]), body), [value], [])


def _name(name: str) -> ast.Name:
    return ast.Name(name, _LOAD)


def _call(name: str, *args: ast.expr) -> ast.expr:
    return ast.Call(_name(name), list(args), [])


def _method(receiver: ast.expr, name: str, *args: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(receiver, name, _LOAD), list(args), [])


def _string_test(method: str, receiver: ast.expr, arg: ast.expr) -> ast.expr:
    if method == "__contains__":
        return ast.Compare(arg, [ast.In()], [receiver])
    if method == "search":
        return ast.Compare(_method(arg, "search", receiver), [ast.IsNot()], [ast.Constant(None)])
    return _method(receiver, method, arg)


def _not_null(value: ast.expr) -> ast.expr:
    return ast.Compare(value, [ast.IsNot()], [ast.Constant(None)])


def _thunk(body: ast.expr) -> ast.expr:
    return ast.Lambda(_arguments([]), body)


def _arguments(names: list[str]) -> ast.arguments:
    return ast.arguments(
        posonlyargs=[], args=[ast.arg(name) for name in names], kwonlyargs=[], kw_defaults=[], defaults=[]
    )


def _fill(node: ast.AST, line: int) -> None:
    """Give a line to a node and to what is below it, where nothing has one yet."""
    if isinstance(node, (ast.expr, ast.stmt, ast.arg)):
        if hasattr(node, "lineno"):
            return
        node.lineno = node.end_lineno = line
        node.col_offset = node.end_col_offset = 0
    for child in ast.iter_child_nodes(node):
        _fill(child, line)


_EMITTERS: dict[type, Callable[[Emitter, Any], ast.expr]] = {
    ir.Const: Emitter.const,
    ir.Param: Emitter.param,
    ir.Local: Emitter.local,
    ir.Attr: Emitter.attr,
    ir.Has: Emitter.has,
    ir.Item: Emitter.item,
    ir.Compare: Emitter.compare,
    ir.Arithmetic: Emitter.arithmetic,
    ir.Logic: Emitter.logic,
    ir.Not: Emitter.negation,
    ir.Cond: Emitter.cond,
    ir.Helper: Emitter.helper,
    ir.Call: Emitter.call,
    ir.StringTest: Emitter.string_test,
    ir.ListOf: Emitter.list_of,
    ir.Pairs: Emitter.pairs,
    ir.Macro: Emitter.macro,
    ir.Bind: Emitter.bind,
}
