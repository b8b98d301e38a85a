"""Variables in Compose values: defaults are literal text, everything else stays a hole.

Grammar: docs.docker.com/reference/compose-file/interpolation. The values themselves come from a shell or an
`.env` file that is rarely in the repository, so a variable without a default is not known.
"""

from __future__ import annotations

import re

from linter.patterns import lazy_regex

HOLE = "\ufffc"  # stands for text that is not known; the same as in image references

_NAME = lazy_regex(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACE = lazy_regex(r"\$\{|\}")
_MAX_DEPTH = 16  # defaults within defaults


def interpolate(text: str) -> str:
    """The text as Compose would see it with no variable set: defaults filled in, HOLE where there is none."""
    if "$" not in text:
        return text
    return _fill(text, 0)


def is_reference(text: str) -> bool:
    """Whether the whole text is one variable without a default: `$X`, `${X}`, `${X:?message}`."""
    match = re.fullmatch(
        r"\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*(?::?\?[^{}]*)?\})", text.strip()
    )
    return match is not None


def _fill(text: str, depth: int) -> str:
    parts: list[str] = []
    closings = _closings(text)
    at = 0
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
            parts.append(_braced(text[dollar + 2 : end], depth))
            at = end + 1
        elif name := _NAME.match(text, dollar + 1):
            parts.append(HOLE)
            at = name.end()
        else:
            parts.append("$")
            at = dollar + 1


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


def _braced(inside: str, depth: int) -> str:
    name = _NAME.match(inside)
    if name is None:
        return HOLE
    rest = inside[name.end() :]
    if rest.startswith((":-", ":=")):
        return _fill(rest[2:], depth + 1)
    if rest.startswith(("-", "=")):
        return _fill(rest[1:], depth + 1)
    return HOLE  # no default, `:?` which has none, or `:+` which depends on the value
