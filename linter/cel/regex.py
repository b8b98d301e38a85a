"""Patterns."""

from __future__ import annotations

import re
from typing import Any

from linter.cel.errors import CelError, CelRuntimeError


def check_pattern(pattern: str, offset: int) -> None:
    """Raise CelError where a pattern is none."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise CelError(f"bad pattern: {error}", offset) from None


class Pattern:
    """A pattern that is compiled at its first use."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __getattr__(self, name: str) -> Any:
        if name != "search":
            raise AttributeError(name)
        try:
            self.search = re.compile(self.pattern).search
        except re.error as error:
            raise CelRuntimeError(f"bad pattern: {error}") from None
        return self.search


def compiled(pattern: str) -> Any:
    return Pattern(pattern)
