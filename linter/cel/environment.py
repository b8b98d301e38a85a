"""What expressions can name, and the way from text to program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from linter.cel import library, namespace
from linter.cel.functions import Function, table
from linter.cel.program import Program
from linter.cel.template import Template
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
        self.places = {name: (index, type_) for index, (name, type_) in enumerate(self.variables)}
        self.table = table((*functions, *library.functions()))

    def compile(self, text: str) -> Program:
        """The program of an expression. Raises CelError."""
        from linter.cel import compiler  # whose programs come from a cache needs none of it

        return compiler.compile_text(self, text)

    def compile_template(self, text: str) -> Template:
        """The template of a text with `{expression}` placeholders; `{{` and `}}` are braces. Raises CelError."""
        from linter.cel import compiler

        return compiler.compile_template(self, text)
