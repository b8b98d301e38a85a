"""The value of an expression, as far as the source tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown, UnknownTruth
from linter.formats.terraform import functions, operators
from linter.formats.terraform import syntax as s
from linter.formats.terraform.heredocs import unindent
from linter.formats.terraform.textfunctions import base64encode
from linter.formats.terraform.values import (
    HOLE,
    FunctionError,
    boolean,
    is_unknown,
    join_text,
    text_of,
)
from linter.formats.terraform.walking import walk

MAX_ITEMS = 5_000  # of a `for` expression


class World(Protocol):
    """What an expression can see: the module around it."""

    def lookup(self, name: str, steps: Sequence[Any], scope: Scope) -> tuple[Any, int]:
        """The value that `name` and the first n `steps` mean, and n. Steps are names, values and SPLAT."""
        ...

    def read_file(self, path: str) -> str | None: ...

    def list_files(self, folder: str, pattern: str) -> list[str] | None: ...

    def spend(self, steps: int) -> None:
        """Count steps of loops; raises FunctionError when a module takes too many."""
        ...

    def undecided(self, expr: s.Expr) -> bool:
        """Whether an expression is the environment that each caller says, of which only the default is known."""
        ...

    def template(self, path: str) -> s.Expr | None:
        """A template file, parsed once; None when it can't be read, or reads itself."""
        ...


class Scope:
    """A module and the names that are bound locally: `each`, `count`, iterators, variables of `for`."""

    __slots__ = ("names", "world")

    def __init__(self, world: World, names: Mapping[str, Any] | None = None) -> None:
        self.world = world
        self.names = names or {}

    def bind(self, **names: Any) -> Scope:
        return Scope(self.world, {**self.names, **names})


def evaluate(expr: s.Expr, scope: Scope) -> Any:
    """The value; UNKNOWN also where Terraform itself would fail."""
    try:
        return _value(expr, scope)
    except (FunctionError, UnknownTruth, RecursionError, MemoryError):
        return UNKNOWN


def _value(expr: s.Expr, scope: Scope) -> Any:
    handler = _HANDLERS.get(expr.__class__)
    return handler(expr, scope) if handler is not None else UNKNOWN


def _tuple(expr: s.Tuple, scope: Scope) -> Any:
    return [_value(item, scope) for item in expr.items]


def _object(expr: s.Object, scope: Scope) -> Any:
    result: dict[str, Any] = {}
    for key, value in expr.items:
        name = _value(key, scope)
        result[text_of(name)] = _value(value, scope)
    return result


_MISSPELT = {
    "True": True,
    "False": False,
    "TRUE": True,
    "FALSE": False,
}  # Terraform refuses them; the meaning is clear


def _name(expr: s.Name, scope: Scope) -> Any:
    if expr.name in scope.names:
        return scope.names[expr.name]
    if expr.name in _MISSPELT:
        return _MISSPELT[expr.name]
    return scope.world.lookup(expr.name, (), scope)[0]


def _traversal(expr: s.Traversal, scope: Scope) -> Any:
    steps: Sequence[Any] = expr.steps
    if not expr.named:
        steps = [step if isinstance(step, (str, s.Splat)) else _value(step, scope) for step in steps]
    if not isinstance(expr.base, s.Name):
        return walk(_value(expr.base, scope), steps)
    name = expr.base.name
    if name in scope.names:
        return walk(scope.names[name], steps)
    value, used = scope.world.lookup(name, steps, scope)
    return walk(value, steps[used:])


def _template(expr: s.Template, scope: Scope) -> Any:
    parts = expr.parts
    if len(parts) == 1 and isinstance(parts[0], s.Expr):
        return _value(parts[0], scope)  # "${x}" is x
    text = join_text(pieces(parts, scope))
    if not expr.unindent:
        return text
    if isinstance(text, str):
        return unindent(text)
    return join_text([unindent(text.text)]) if hasattr(text, "text") and isinstance(text.text, str) else text


def pieces(parts: Sequence[Any], scope: Scope) -> list[str]:
    """The texts of the parts of a template, HOLE for what is not known."""
    result: list[str] = []
    for part in parts:
        if isinstance(part, s.Text):
            result.append(part.text)
        elif isinstance(part, s.IfPart):
            result += _if_part(part, scope)
        elif isinstance(part, s.ForPart):
            result += _for_part(part, scope)
        else:
            result.append(text_of(evaluate(part, scope)))
    return result


def _if_part(part: s.IfPart, scope: Scope) -> list[str]:
    condition = boolean(evaluate(part.condition, scope))
    if is_unknown(condition):
        return [HOLE]
    return pieces(part.then if condition is True else part.otherwise, scope)


def _for_part(part: s.ForPart, scope: Scope) -> list[str]:
    source = evaluate(part.source, scope)
    if not isinstance(source, (list, dict)):
        return [HOLE]
    result: list[str] = []
    scope.world.spend(len(source))
    for names in _bindings(part.names, source):
        result += pieces(part.body, scope.bind(**names))
    return result


def _bindings(names: Sequence[str], source: Any) -> list[dict[str, Any]]:
    pairs = list(source.items()) if isinstance(source, dict) else list(enumerate(source))
    if len(names) > 1:
        return [{names[0]: key, names[1]: value} for key, value in pairs[:MAX_ITEMS]]
    return [{names[0]: value} for _, value in pairs[:MAX_ITEMS]]


def _for(expr: s.For, scope: Scope) -> Any:
    source = _value(expr.source, scope)
    if isinstance(source, Unknown):
        return UNKNOWN
    if not isinstance(source, (list, dict)):
        return [] if expr.key is None else {}
    items: list[Any] = []
    entries: dict[str, Any] = {}
    scope.world.spend(len(source))
    for names in _bindings(expr.names, source):
        inner = scope.bind(**names)
        keep = True if expr.condition is None else boolean(evaluate(expr.condition, inner))
        if is_unknown(keep):
            items.append(UNKNOWN)
            entries[HOLE] = UNKNOWN
        elif keep is True:
            value = evaluate(expr.value, inner)
            items.append(value)
            if expr.key is not None:
                key = evaluate(expr.key, inner)
                key = text_of(key)
                if expr.group:
                    entries.setdefault(key, []).append(value)
                else:
                    entries[key] = value
    return items if expr.key is None else entries


def _conditional(expr: s.Conditional, scope: Scope) -> Any:
    condition = boolean(evaluate(expr.condition, scope))
    if condition is True:
        return _value(expr.then, scope)
    if condition is False:
        return _value(expr.otherwise, scope)
    then, otherwise = evaluate(expr.then, scope), evaluate(expr.otherwise, scope)
    if (
        not is_unknown(then)
        and not is_unknown(otherwise)
        and then == otherwise
        and type(then) is type(otherwise)
    ):
        return then
    return UNKNOWN


def _call(expr: s.Call, scope: Scope) -> Any:
    name = expr.name
    if name == "try":
        return _try(expr, scope)
    if name == "can":
        return _can(expr, scope)
    args: list[Any] = [_value(arg, scope) for arg in expr.args]
    if expr.expand and args:
        last = args.pop()
        if not isinstance(last, list):
            return UNKNOWN
        args += last
    if name in _FILE_CALLS:
        return _FILE_CALLS[name](args, scope)
    return functions.call(name, args)


def _try(expr: s.Call, scope: Scope) -> Any:
    for arg in expr.args:
        try:
            return _value(arg, scope)
        except FunctionError:
            continue
    return UNKNOWN


def _can(expr: s.Call, scope: Scope) -> Any:
    try:
        value = _value(expr.args[0], scope)
    except (FunctionError, IndexError):
        return False
    return UNKNOWN if is_unknown(value) else True


def _file(args: list[Any], scope: Scope) -> Any:
    text = scope.world.read_file(args[0]) if args and isinstance(args[0], str) else None
    return UNKNOWN if text is None else text


def _templatefile(args: list[Any], scope: Scope) -> Any:
    expr = scope.world.template(args[0]) if args and isinstance(args[0], str) else None
    if expr is None:
        return UNKNOWN
    names = args[1] if len(args) > 1 and isinstance(args[1], dict) else None
    inner = Scope(scope.world, {**names} if names is not None else _AllUnknown())
    return join_text([text_of(evaluate(expr, inner)).removesuffix("\n")])


class _AllUnknown(dict[str, Any]):
    """The variables of a template whose map is not known."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> Any:
        return UNKNOWN


def _fileset(args: list[Any], scope: Scope) -> Any:
    if len(args) != 2 or not all(isinstance(arg, str) for arg in args):
        return UNKNOWN
    found = scope.world.list_files(args[0], args[1])
    return UNKNOWN if found is None else found


def _fileexists(args: list[Any], scope: Scope) -> Any:
    if not args or not isinstance(args[0], str):
        return UNKNOWN
    return True if scope.world.read_file(args[0]) is not None else UNKNOWN


_FILE_CALLS: dict[str, Callable[[list[Any], Scope], Any]] = {
    "file": _file,
    "templatefile": _templatefile,
    "filebase64": lambda args, scope: base64encode(_file(args, scope)),
    "fileset": _fileset,
    "fileexists": _fileexists,
}


def _unary(expr: s.Unary, scope: Scope) -> Any:
    return operators.unary(expr.operator, _value(expr.operand, scope))


def _binary(expr: s.Binary, scope: Scope) -> Any:
    symbol = expr.operator
    if symbol in ("&&", "||"):
        return _logic(symbol, expr, scope)
    if symbol in ("==", "!=") and (scope.world.undecided(expr.left) or scope.world.undecided(expr.right)):
        return UNKNOWN  # what is to hold in one environment and not in another is decided
    return operators.binary(symbol, _value(expr.left, scope), _value(expr.right, scope))


def _logic(symbol: str, expr: s.Binary, scope: Scope) -> Any:
    stop = symbol == "||"  # the value that decides alone
    left, right = boolean(evaluate(expr.left, scope)), boolean(evaluate(expr.right, scope))
    if left is stop or right is stop:
        return stop
    return UNKNOWN if is_unknown(left) or is_unknown(right) else not stop


_HANDLERS: dict[type, Callable[[Any, Scope], Any]] = {
    s.Literal: lambda expr, scope: expr.value,
    s.Name: _name,
    s.Traversal: _traversal,
    s.Template: _template,
    s.Tuple: _tuple,
    s.Object: _object,
    s.Call: _call,
    s.Conditional: _conditional,
    s.Unary: _unary,
    s.Binary: _binary,
    s.For: _for,
}
