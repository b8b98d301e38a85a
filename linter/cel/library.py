"""The functions that every environment has."""

from __future__ import annotations

from functools import cache

from linter.cel import conversions, formatting, lists, maths, network, quantities, strings, times
from linter.cel.functions import Function


@cache
def functions() -> tuple[Function, ...]:
    """All of them."""
    modules = (strings, formatting, conversions, lists, maths, times, network, quantities)
    return tuple(function for module in modules for function in module.FUNCTIONS)
