"""Which networks are the whole internet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.patterns import lazy_regex

_WORDS = frozenset({"*", "any", "internet", "0.0.0.0", "::0"})  # noqa: S104 - words of rules, no socket of ours
_WHOLE = lazy_regex(
    r"[0-9a-f:.]*/0|(?:0|128)\.0\.0\.0/1"
)  # whatever stands before `/0`; or one half of it all


def whole(text: Any) -> bool:
    """Whether a network as it is written is the whole internet."""
    if not isinstance(text, str):
        return False
    written = text.strip().lower()
    return written in _WORDS or _WHOLE.fullmatch(written) is not None


def any_whole(values: Iterable[Any]) -> Any:
    """Whether one of the networks is the whole internet; UNKNOWN when one that is not known may be."""
    unknown = False
    for value in values:
        if whole(value):
            return True
        unknown = unknown or isinstance(value, Unknown)
    return UNKNOWN if unknown else False
