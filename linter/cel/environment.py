"""What expressions can name, and the way from text to program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from linter.cel import ir, library, namespace, syntax
from linter.cel.checker import Checker
from linter.cel.errors import CelError
from linter.cel.functions import Function, table
from linter.cel.parser import parse_tokens
from linter.cel.program import Code, Program
from linter.cel.template import Template, split
from linter.cel.tokens import Token, tokenize
from linter.cel.types import Type

_NAMESPACES: dict[
    tuple[int, ...], tuple[Sequence[Function], dict[str, Any]]
] = {}  # by the functions' identity


def namespace_of(functions: Sequence[Function], patterns: Sequence[str] = ()) -> dict[str, Any]:
    """The namespace for these functions: one, however many programs share it."""
    key = tuple(map(id, functions))
    entry = _NAMESPACES.get(key)
    if entry is None:
        entry = _NAMESPACES[key] = (
            tuple(functions),
            namespace.build(functions),
        )  # holds them, so that ids stay theirs
    namespace.add_patterns(entry[1], patterns)
    return entry[1]


class Environment:
    """The variables and functions of a family of expressions.

    `variables` are in the order in which programs take them. `container` is CEL's name-space for unqualified names.
    `checked=False` is CEL's parse-only mode: what is wrong with types or names shows when it is evaluated.
    """

    def __init__(
        self,
        variables: Iterable[tuple[str, Type]] = (),
        functions: Sequence[Function] = (),
        *,
        container: str = "",
        checked: bool = True,
    ) -> None:
        self.variables = tuple(variables)
        self.functions = functions
        self.container = container
        self.checked = checked
        self._places = {name: (index, type_) for index, (name, type_) in enumerate(self.variables)}
        self._table = table((*functions, *library.functions()))

    def compile(self, text: str) -> Program:
        """The program of an expression. Raises CelError."""
        return self._compile(text, tokenize(text))

    def compile_template(self, text: str) -> Template:
        """The template of a text with `{expression}` placeholders; `{{` and `}}` are braces. Raises CelError."""
        parts = [part if isinstance(part, str) else self._compile(text, part) for part in split(text)]
        return Template(text, parts)

    def _compile(self, text: str, tokens: list[Token]) -> Program:
        try:
            tree = parse_tokens(tokens)
            checker = Checker(self._places, self._table, self.container, self.checked)
            checked = checker.check(tree)
            code = Code.compile(checked, len(self.variables))
        except (RecursionError, MemoryError, OverflowError):
            raise CelError("the expression is too large", tokens[0].start) from None
        names = frozenset(self.variables[index][0] for index in checker.used)
        source = text[tokens[0].start : tokens[-1].start]
        return Program(
            source,
            checked.type,
            _path(tree, checked),
            names,
            code,
            namespace_of(self.functions, code.patterns),
        )


def _path(tree: syntax.Node, checked: ir.Node) -> tuple[str | int, ...] | None:
    """The steps of a plain selection: fields and constant indexes of a variable."""
    steps: list[str | int] = []
    while not isinstance(tree, syntax.Ident):
        if isinstance(tree, syntax.Select) and not tree.optional:
            steps.append(tree.field)
        elif isinstance(tree, syntax.Index) and not tree.optional and isinstance(tree.index, syntax.Literal):
            if type(tree.index.value) not in (int, str):
                return None
            steps.append(tree.index.value)
        else:
            return None
        tree = tree.operand
    if isinstance(checked, ir.Helper) and checked.name in ("type_value", "fail"):
        return None
    return (tree.name, *reversed(steps))
