"""The `.env` beside a Compose file: variables for its values, not for its containers.

Grammar: docs.docker.com/compose/how-tos/environment-variables/variable-interpolation. What looks like a secret stays
unknown: it is judged where it stands, and no message about the Compose file may quote it.
"""

from __future__ import annotations

import re

from linter.formats import secrets
from linter.formats.compose.interpolate import HOLE, interpolate
from linter.patterns import lazy_regex

_LINE = lazy_regex(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.]*)[ \t]*[=:][ \t]*"
    r"(?:'(?P<single>[^']*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\"|(?P<plain>[^\n\r]*))",
    re.MULTILINE,
)
_COMMENT = lazy_regex(r"(?:^|[ \t])#.*")
_MOST = 2_000  # variables that are looked at


def variables(text: str) -> dict[str, str]:
    """Name to value, HOLE for one that is set and not known."""
    found: dict[str, str] = {}
    for match in _LINE.finditer(text.removeprefix("\ufeff")):
        if len(found) >= _MOST:
            break
        found[match["name"]] = _value(match, found)
    return found


def _value(match: re.Match[str], known: dict[str, str]) -> str:
    name, single, double = match["name"], match["single"], match["double"]
    written = single if single is not None else double
    if written is None:
        written = _COMMENT.sub("", match["plain"]).strip()
    value = written if single is not None else interpolate(written, known)
    if HOLE in value or (double is not None and "\\" in value):
        return HOLE
    if value and (secrets.is_secret_name(name) or secrets.classify(name, value) is not None):
        return HOLE
    return value
