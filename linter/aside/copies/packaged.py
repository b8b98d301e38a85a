"""Descriptions of charts as Helm writes them anew when it packages a chart.

All keys are in order, lists stand under their key without a blank, and there is no comment, no empty line and no quote
that is not needed.
"""

from __future__ import annotations

from collections.abc import Iterable

from linter.patterns import lazy_regex

_LEAST = 6  # keys: people have fewer in order by chance
_NEEDED = frozenset(("apiVersion", "name", "version"))
_ANY_TEXT = "annotations"  # in which notes on the release stand as their author wrote them
_KEY = lazy_regex(r"([A-Za-z]\w*):(?: |$)")
_WITHIN = lazy_regex(r"(- |  )([A-Za-z][\w.-]*):(?: |$)")
_BY_HAND = lazy_regex(r" *(?:#|$)|---")
# `[a]`, `"1.2.3"` and `"text"`, unlike `[]`, `"1.2"` and `"true"`
_QUOTED = lazy_regex(
    r"[^:]*: (?:\[[^\]]|\{[^}]"
    r"|\"(?:v?\d+\.\d+\.\d[^\"]*|(?!(?:true|false|yes|no|on|off|null|y|n)\")[A-Za-z][\w ./-]*)\")"
)


def is_packaged(lines: Iterable[str]) -> bool:
    """Whether Helm may have written the lines of a Chart.yaml."""
    keys: list[str] = []
    inner = before = ""  # the last key of an element, and the line before
    for line in lines:
        key, within = _KEY.match(line), _WITHIN.match(line)
        if key is not None:
            keys.append(key[1])
        elif keys[-1:] == [_ANY_TEXT]:
            before = ""
            continue
        elif line.startswith("  - ") and _KEY.fullmatch(before) is not None:
            return False
        if _BY_HAND.match(line) is not None or _QUOTED.match(line) is not None:
            return False
        if within is not None:
            if within[1] == "  " and within[2] < inner:
                return False
            inner = within[2]
        before = line
    return len(keys) >= _LEAST and _NEEDED.issubset(keys) and keys == sorted(keys)
