"""A name that a template gives, as it reads in a message.

Of `{{ include "app.fullname" . }}-reader` that is `{app.fullname}-reader`.
"""

from __future__ import annotations

import re

from linter.patterns import lazy_regex

_LONGEST = 2_000  # characters of what a template has for a name
_ACTION = lazy_regex(r"\{\{-?\s*+([^{}]{1,500}+)\}\}")
_BRANCH = lazy_regex(r"(?:if|else|end|with|range)\b")
_INCLUDED = lazy_regex(r"\(?\s*+(?:include|template)\s++\"([^\"]{1,200})\"")
_FORMAT = lazy_regex(r"\(?\s*+printf\s++\"([^\"]{1,200})\"")
_VERB = lazy_regex(r"%[sdv]")
_GIVEN = lazy_regex(r"\"\w{1,60}\"\s++\"([\w.-]{1,60})\"")  # in a `dict`
_PATH = lazy_regex(r"\$?\.?(\w[\w.]*+)")


def readable(written: str) -> str:
    """The written name, of each expression what says whose name it is."""
    return _ACTION.sub(_shown, written[:_LONGEST])


def _shown(match: re.Match[str]) -> str:
    action = match[1].strip("- \t\n")
    if _BRANCH.match(action) is not None:
        return ""
    format_ = _FORMAT.match(action)
    if format_ is not None:
        return _VERB.sub("…", format_[1])
    included = _INCLUDED.match(action)
    if included is not None:
        return f"{{{' '.join((included[1], *_GIVEN.findall(action)))}}}"
    value = action.partition("|")[0].strip()
    path = _PATH.fullmatch(value)
    return f"{{{path[1] if path is not None else value}}}"
