"""Version constraints of providers and modules."""

from __future__ import annotations

import re

from linter.patterns import lazy_regex

_PART = lazy_regex(r"(~>|>=|<=|!=|=|>|<)?\s*v?(\d{1,9})((?:\.\d+)*)", re.ASCII)


def newest_major(constraint: str) -> int | None:
    """The newest major version that a constraint such as `~> 3.0, < 3.90` allows; None when it has no upper end."""
    found: list[int] = []
    for part in constraint.split(","):
        match = _PART.match(part.strip())
        if match is None:
            return None
        sign, major, rest = match[1] or "=", int(match[2]), match[3]
        if sign in ("=", "<=") or (sign == "~>" and rest):
            found.append(major)
        elif sign == "<":
            found.append(major if rest.replace(".", "").strip("0") else major - 1)
    return min(found, default=None)
