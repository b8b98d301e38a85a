"""Edits of what stands under a span: for Dockerfiles, and for `replace` everywhere."""

from __future__ import annotations

import re
from typing import Any

from linter.errors import UsageError
from linter.finding import Edit
from linter.patterns import lazy_regex
from linter.text import Span, line_start

MAX_CHARACTERS = 20_000  # of the text that a pattern is tried on
_LINE_END = lazy_regex(r"\r\n|\n|\r|\Z")


def replace(path: str, text: str, span: Span, pattern: str, replacement: str) -> list[Edit] | None:
    """Replace every match of a pattern under the span; one edit a match, so that the rest stays as it is."""
    if span.end - span.start > MAX_CHARACTERS:
        return None
    try:
        found = list(re.finditer(pattern, text[span.start : span.end]))
    except re.error as error:
        raise UsageError(f"edit: the pattern {pattern!r} is wrong: {error}") from None
    edits = [
        Edit(path, span.start + match.start(), span.start + match.end(), new)
        for match in found
        if (new := match.expand(replacement)) != match[0]
    ]
    return edits or None


def put(path: str, span: Span, value: Any) -> list[Edit]:
    """Write a value over the span."""
    return [Edit(path, span.start, span.end, value if isinstance(value, str) else str(value).lower())]


def cut(path: str, text: str, span: Span) -> list[Edit] | None:
    """Remove what stands under the span: whole lines when nothing else is on them, else with the blank before it."""
    start = line_start(text, span.start)
    end = _LINE_END.search(text, span.end)
    if end is None:
        return None
    if not text[start : span.start].strip() and not text[span.end : end.start()].strip():
        return [Edit(path, start, end.end(), "")]
    if "\n" in text[span.start : span.end]:
        return None
    before = span.start - (1 if text[span.start - 1 : span.start] in (" ", "\t") else 0)
    return [Edit(path, before, span.end, "")]
