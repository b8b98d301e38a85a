"""Variables to which a Makefile or a script gives a value itself, as its commands have them."""

from __future__ import annotations

import re

from linter.patterns import lazy_regex

_DEFINED = lazy_regex(r"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*[:?+]?=[ \t]*([^\n]*)$")
# `define arguments … endef`, of which `$(call arguments)` has the text
_DEFINED_BELOW = lazy_regex(
    r"(?ms)^define[ \t]+([A-Za-z_]\w*)[ \t]*[:?+]?=?[ \t]*\n([^\n].{0,4000}?)\n[ \t]*endef\b"
)
_VARIABLE = lazy_regex(r"\$[({](?:call[ \t]+)?([A-Za-z_]\w*)[)}]|\$([A-Za-z_]\w*)")
_DEEPEST = 3  # variables in variables
_LONGEST = 10_000  # letters of a command


def variables_of(text: str) -> dict[str, str]:
    """The variables that a text defines."""
    return dict(_DEFINED.findall(text)) | _defined_below(text)


def put_in(line: str, known: dict[str, str]) -> str:
    """A line with the variables that the text itself gives a value."""

    def value(match: re.Match[str]) -> str:
        said = known.get(match[1] or match[2])
        return match[0] if said is None else said.strip()

    for _ in range(_DEEPEST):
        line = _VARIABLE.sub(value, line)[:_LONGEST]
    return line


def _defined_below(text: str) -> dict[str, str]:
    """What a Makefile defines over several lines, as one: a call of it stands among the words of a command."""
    found = _DEFINED_BELOW.findall(text) if "endef" in text else []
    return {name: " ".join(said.split()) for name, said in found}
