"""Functions that conditions on Dockerfiles can call."""

from __future__ import annotations

import re

from linter import cel
from linter.patterns import lazy_regex

_OCTAL = lazy_regex(r"[0-7]{3,5}")


def world_writable(mode: str) -> bool:
    """Whether a chmod mode lets everybody write; a directory's sticky bit makes that harmless."""
    if _OCTAL.fullmatch(mode):
        return bool(int(mode[-1], 8) & 2) and not (len(mode) > 3 and int(mode[-4], 8) & 1)
    return any(_symbolic(clause, "oa", "w") for clause in mode.split(",")) and "t" not in mode


def sets_id(mode: str) -> bool:
    """Whether a chmod mode sets the setuid or setgid bit."""
    if _OCTAL.fullmatch(mode):
        return len(mode) > 3 and bool(int(mode[-4], 8) & 6)
    return any(_symbolic(clause, "uga", "s") for clause in mode.split(","))


def _symbolic(clause: str, who: str, permission: str) -> bool:
    found = re.fullmatch(r"([ugoa]*)([+=])([rwxXst]*)", clause)
    if found is None or permission not in found.group(3):
        return False
    # without a class the umask applies, which keeps the write bit from others
    return any(one in found.group(1) for one in who)


FUNCTIONS = (
    cel.Function(
        "worldWritable",
        (cel.STRING,),
        cel.BOOL,
        world_writable,
        doc="whether a chmod mode lets everybody write",
    ),
    cel.Function(
        "setsId", (cel.STRING,), cel.BOOL, sets_id, doc="whether a chmod mode sets the setuid or setgid bit"
    ),
)
