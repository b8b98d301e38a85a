"""Names that a template makes anew each time, such as `setup-{{ randAlphaNum 6 | lower }}`.

What is found in such an object has to be the same finding in the next scan, or no baseline would know it.
"""

from __future__ import annotations

import re

from linter.patterns import lazy_regex

_CHANCE = lazy_regex(r"\b(?:rand(?:Alpha|AlphaNum|Ascii|Bytes|Int|Numeric)|shuffle|uuidv4|now)\b")
_NAME = lazy_regex(r"(?m)^[ \t]*name:[ \t]*([^\n]{0,500})$")
_EXPRESSION = lazy_regex(r"(\{\{.{0,500}?\}\})")
_MOST = 4  # expressions in a name
_GIVEN = "random"  # in the place of what chance gives


def without_chance(rendered: str, template: str) -> str:
    """What was rendered, with the same names in each scan. `template`: the text that it was made of."""
    if _CHANCE.search(template) is None:  # most have none
        return rendered
    for name in sorted({match[1].rstrip() for match in _NAME.finditer(template)}):
        parts = _EXPRESSION.split(name)
        if len(parts) <= 2 * _MOST + 1 and any(map(_is_chance, parts)):
            rendered = _settled(rendered, parts)
    return rendered


def _settled(rendered: str, parts: list[str]) -> str:
    written = "".join(f"({_pattern(part)})" for part in parts)
    kept = [_GIVEN if _is_chance(part) else None for part in parts]

    def settle(match: re.Match[str]) -> str:
        start, *found = match.groups()
        return start + "".join(
            text if given is None else given for text, given in zip(found, kept, strict=True)
        )

    return re.sub(rf"(?m)^([ \t]*name:[ \t]*){written}$", settle, rendered)


def _is_chance(part: str) -> bool:
    return part.startswith("{{") and _CHANCE.search(part) is not None


def _pattern(part: str) -> str:
    """What a part of a name is rendered to."""
    if not part.startswith("{{"):
        return re.escape(part)
    return r"[\w.:-]{1,100}" if _is_chance(part) else r"[\w.-]{0,100}"
