"""Regular expressions that are compiled when they are first used.

A hundred and fifty of them compiled at import cost more than reading and judging one file; a run uses a third of them.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any, cast

from linter import compiled

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "scanner")


class _Pattern:
    """Stands for a `re.Pattern`: at the first use it compiles itself and takes on the methods of the compiled one."""

    def __init__(self, expression: Any, flags: int) -> None:  # a text or bytes
        self._source = (expression, flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copying and the like ask for what no pattern has
            raise AttributeError(name)
        pattern = compiled.regex(*self._source)
        for method in _METHODS:
            self.__dict__[method] = getattr(pattern, method)
        return getattr(pattern, name)


def lazy_regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, but an invalid expression raises `re.error` only when it is first used."""
    return cast("re.Pattern[str]", _Pattern(expression, flags))


def lazy_bytes_regex(expression: bytes, flags: int = 0) -> re.Pattern[bytes]:
    """`lazy_regex` for bytes."""
    return cast("re.Pattern[bytes]", _Pattern(expression, flags))


@cache
def kept_regex(expression: str) -> re.Pattern[str]:
    """The compiled form of an expression of ours that stands in a table or is asked in passing; none of scanned files.

    As `re.search` and the like have it, but kept for later runs.
    """
    return compiled.regex(expression)


def imported(name: str) -> Any:
    """A library whose own expressions are compiled at their first use, as ours are.

    For one of which we use a part that needs none of them. Without effect where it is imported already.
    """
    compile_now = re.compile
    re.compile = lazy_regex  # type: ignore[assignment]
    try:
        return import_module(name)
    finally:
        re.compile = compile_now
