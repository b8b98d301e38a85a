"""Variables in Compose values: defaults are literal text, everything else stays a hole.

Grammar: docs.docker.com/reference/compose-file/interpolation. The values themselves come from a shell or an
`.env` file that is rarely in the repository, so a variable without a default is not known.
"""

from __future__ import annotations

import re

HOLE = "\ufffc"  # stands for text that is not known; the same as in image references

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
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
        elif following == "{" and (end := _closing(text, dollar + 2)) >= 0:
            parts.append(_braced(text[dollar + 2 : end], depth))
            at = end + 1
        elif name := _NAME.match(text, dollar + 1):
            parts.append(HOLE)
            at = name.end()
        else:
            parts.append("$")
            at = dollar + 1


def _closing(text: str, start: int) -> int:
    """The brace that closes an expression whose inside begins at `start`; -1 when there is none."""
    depth = 0
    for index in range(start, len(text)):
        char = text[index]
        if char == "{" and text[index - 1] == "$":
            depth += 1
        elif char == "}":
            if depth == 0:
                return index
            depth -= 1
    return -1


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
