"""Functions of strings."""

from __future__ import annotations

from typing import Any

from linter.cel.functions import Function
from linter.cel.regex import Pattern
from linter.cel.types import BOOL, STRING


def _matches(text: str, pattern: str) -> Any:
    return Pattern(pattern).search(text) is not None


FUNCTIONS = (
    Function("startsWith", (STRING, STRING), BOOL, lambda text, part: text.startswith(part), method=True),
    Function("endsWith", (STRING, STRING), BOOL, lambda text, part: text.endswith(part), method=True),
    Function("contains", (STRING, STRING), BOOL, lambda text, part: part in text, method=True),
    Function("matches", (STRING, STRING), BOOL, _matches, method=True),
    Function("matches", (STRING, STRING), BOOL, _matches),
)
