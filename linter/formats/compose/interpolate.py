"""Variables in Compose values: defaults are literal text, what an `.env` sets is known, everything else stays a hole.

Grammar: docs.docker.com/reference/compose-file/interpolation. Values that come from a shell are not in the repository,
so a variable without a default that no `.env` of the tree sets is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from linter.patterns import lazy_regex

HOLE = "\ufffc"  # stands for text that is not known; the same as in image references

_NAME = lazy_regex(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACE = lazy_regex(r"\$\{|\}")
_MAX_DEPTH = 16  # defaults within defaults
MAX_FILLED = 100_000  # characters that the variables of one text may add to it


def interpolate(text: str, variables: Mapping[str, str] | None = None) -> str:
    """The text as Compose would see it with these variables set (HOLE: set, not known) and no others.

    Defaults are filled in, HOLE stands where there is none.
    """
    if "$" not in text:
        return text
    return _fill(text, variables or {}, 0)


def is_reference(text: str) -> bool:
    """Whether the whole text is one variable without a default: `$X`, `${X}`, `${X:?message}`."""
    match = re.fullmatch(
        r"\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*(?::?\?[^{}]*)?\})", text.strip()
    )
    return match is not None


def _fill(text: str, variables: Mapping[str, str], depth: int) -> str:
    parts: list[str] = []
    closings = _closings(text)
    at = added = 0
    while True:
        dollar = text.find("$", at)
        if dollar < 0 or depth > _MAX_DEPTH:
            parts.append(text[at:])
            return "".join(parts)
        parts.append(text[at:dollar])
        following = text[dollar + 1 : dollar + 2]
        if following == "$":
            parts.append("$")
            at = dollar + 2
        elif following == "{" and (end := closings.get(dollar, -1)) >= 0:
            parts.append(_braced(text[dollar + 2 : end], variables, depth))
            added += len(parts[-1]) - (end - dollar)
            at = end + 1
        elif name := _NAME.match(text, dollar + 1):
            parts.append(variables.get(name.group(), HOLE))
            added += len(parts[-1])
            at = name.end()
        else:
            parts.append("$")
            at = dollar + 1
        if added > MAX_FILLED:  # each a text of texts
            return HOLE


def _closings(text: str) -> dict[int, int]:
    """Where each `${` begins -> the brace that closes it, in one pass: a text may hold thousands that stay open."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for mark in _BRACE.finditer(text):
        if mark.group() != "}":
            waiting.append(mark.start())
        elif waiting:
            pairs[waiting.pop()] = mark.start()
    return pairs


def _braced(inside: str, variables: Mapping[str, str], depth: int) -> str:
    name = _NAME.match(inside)
    if name is None:
        return HOLE
    rest, value = inside[name.end() :], variables.get(name.group())
    if rest.startswith((":-", ":=")):
        return value or _fill(rest[2:], variables, depth + 1)
    if rest.startswith(("-", "=")):
        return value if value is not None else _fill(rest[1:], variables, depth + 1)
    if rest.startswith((":+", "+")):
        if value is None or value == HOLE:
            return HOLE  # it depends on whether a shell sets it
        skipped = 2 if rest[0] == ":" else 1
        return "" if rest[0] == ":" and not value else _fill(rest[skipped:], variables, depth + 1)
    return value if value is not None else HOLE  # no default, or `:?` which has none
