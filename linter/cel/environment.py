"""What expressions can name, and the way from text to program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from linter.cel import library, namespace
from linter.cel.functions import Function, table
from linter.cel.program import Program
from linter.cel.regex import Translation
from linter.cel.template import Template
from linter.cel.types import Type
from linter.frozen import dataclass

Table = dict[tuple[str, bool], list[Function]]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all environments with the same functions share. Holds the functions, so that their ids stay theirs."""

    functions: tuple[Function, ...]
    table: Table
    namespace: dict[str, Any]


_SHARED: dict[tuple[int, ...], _Shared] = {}  # by the functions' identity


def shared(functions: Sequence[Function]) -> _Shared:
    key = tuple(map(id, functions))
    found = _SHARED.get(key)
    if found is None:
        known = table((*functions, *library.functions()))
        found = _SHARED[key] = _Shared(tuple(functions), known, namespace.build(functions))
    return found


def namespace_of(
    functions: Sequence[Function], patterns: Sequence[str] = (), translations: Sequence[Translation] = ()
) -> dict[str, Any]:
    """The namespace for these functions: one, however many programs share it."""
    names = shared(functions).namespace
    namespace.add_patterns(names, patterns, translations)
    return names


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
        self.table = shared(functions).table

    def compile(self, text: str) -> Program:
        """The program of an expression. Raises CelError."""
        from linter.cel import compiler  # whose programs come from a cache needs none of it

        return compiler.compile_text(self, text)

    def compile_template(self, text: str) -> Template:
        """The template of a text with `{expression}` placeholders; `{{` and `}}` are braces. Raises CelError."""
        from linter.cel import compiler

        return compiler.compile_template(self, text)
