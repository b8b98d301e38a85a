"""The functions that every environment has."""

from __future__ import annotations

from functools import cache

from linter.cel import strings
from linter.cel.functions import Function


@cache
def functions() -> tuple[Function, ...]:
    """All of them."""
    return (*strings.FUNCTIONS,)
