"""The way from text to program: tokens, syntax tree, checked tree, code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cel import ir, syntax
from linter.cel.checker import Checker
from linter.cel.environment import namespace_of
from linter.cel.errors import CelError
from linter.cel.parser import parse_tokens
from linter.cel.program import Code, Program
from linter.cel.template import Template
from linter.cel.tokens import Token, tokenize

if TYPE_CHECKING:
    from linter.cel.environment import Environment


def compile_text(environment: Environment, text: str) -> Program:
    """The program of an expression. Raises CelError."""
    return _compile(environment, text, tokenize(text))


def compile_template(environment: Environment, text: str) -> Template:
    """The template of a text with placeholders. Raises CelError."""
    parts = [part if isinstance(part, str) else _compile(environment, text, part) for part in split(text)]
    return Template(text, parts)


def _compile(environment: Environment, text: str, tokens: list[Token]) -> Program:
    try:
        tree = parse_tokens(tokens)
        checker = Checker(environment.places, environment.table, environment.container, environment.checked)
        checked = checker.check(tree)
        path = _path(tree, checked)
        code = Code.compile(checked, len(environment.variables), later=path is not None)
    except (RecursionError, MemoryError, OverflowError):
        raise CelError("the expression is too large", tokens[0].start) from None
    names = frozenset(environment.variables[index][0] for index in checker.used)
    source = text[tokens[0].start : tokens[-1].start]
    namespace = namespace_of(environment.functions, code.patterns)
    return Program(source, checked.type, path, names, code, namespace)


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


def split(text: str) -> list[str | list[Token]]:
    """A template's parts: literal text, and the tokens of each placeholder. Raises CelError."""
    parts: list[str | list[Token]] = []
    literal: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character in "{}" and text.startswith(character * 2, position):
            literal.append(character)
            position += 2
        elif character == "}":
            raise CelError("a } that closes nothing", position, "write }} for a brace")
        elif character == "{":
            tokens = tokenize(text, position + 1, stop_at_brace=True)
            end = tokens[-1].start
            if end >= len(text):
                raise CelError("this placeholder is not closed", position, "write {{ for a brace")
            if len(tokens) == 1:
                raise CelError("an empty placeholder", position, "write {{}} for two braces")
            parts += ["".join(literal), tokens]
            literal = []
            position = end + 1
        else:
            literal.append(character)
            position += 1
    return [part for part in (*parts, "".join(literal)) if part]
