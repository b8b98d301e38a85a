"""How generated code calls what it needs. Any string may be a name in a code object, so these read as what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.cel.functions import Function


def param_name(index: int) -> str:
    """The name of an environment variable in generated code."""
    return f"param {index}"


def function_name(function: Function) -> str:
    """The name of a function in generated code."""
    return function.signature + (" ?" if function.unknown else "")


def pattern_name(pattern: str) -> str:
    """The name of a compiled pattern in generated code."""
    return f"pattern {pattern}"


def group_name(name: str, method: bool, arity: int) -> str:
    """The functions of one name among which only run time can choose."""
    return f"{'.' if method else ''}{name}/{arity}"
