"""Plain YAML scalars as Kubernetes reads them.

The rules are those of sigs.k8s.io/yaml (go-yaml v2): YAML 1.1 booleans (`yes`, `on`, `y`), octal as `0777`
and as `0o777`, underscores in numbers, no sexagesimal numbers (`1:30` is a string), timestamps are strings.
"""

from __future__ import annotations

from functools import lru_cache

from linter.patterns import lazy_regex

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_INTEGER = lazy_regex(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))\Z"
)
_FLOAT = lazy_regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_BASES = (("dec", 10), ("oct", 8), ("hex", 16), ("bin", 2))
_MAX_DIGITS = 300  # beyond, a number is of no use to anyone and slow to convert


def whole(text: str) -> int | None:
    """The number that a text of ASCII digits says; None for any other text, and for one that is of no use to anyone."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= _MAX_DIGITS else None


@lru_cache(maxsize=4096)
def resolve(text: str) -> str | int | float | bool | None:
    """The value of an unquoted, untagged scalar."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if not (first.isdigit() or first in "+-.") or len(text) > _MAX_DIGITS:
        return text
    plain = text.replace("_", "") if first != "." else text
    match = _INTEGER.match(plain)
    if match:
        for group, base in _BASES:
            digits = match[group]
            if digits is not None:
                return int(digits, base) * (-1 if match["sign"] == "-" else 1)
    return float(plain) if _FLOAT.match(plain) else text
