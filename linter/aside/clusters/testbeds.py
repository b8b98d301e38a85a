"""Clusters that a project starts in machines of its own to test itself: a Vagrantfile, and scripts that check it or
take it down, beside the manifests that are applied there.

A Vagrantfile alone tells nothing, as some people try by it what they deploy elsewhere, and neither do the scripts. Of a
program's source that has a row of such folders in one, the others in that are scenarios of its tests, too.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.names.folders import is_source
from linter.aside.stamps import changed
from linter.patterns import lazy_regex

_MACHINES = "Vagrantfile"
_CHECKS = lazy_regex(r"(?:run[-_])?(?:validat(?:e|ion)|verify|verification|(?:e2e[-_])?tests?)\.(?:sh|bash)")
_TAKES_DOWN = lazy_regex(
    r"(?:rm[-_]?config|tear[-_]?down|clean(?:[-_]?up)?|destroy|(?:stop|down|rm)[-_]?(?:vms?|cluster|all)?)\.(?:sh|bash)"
)
_ROW = 3  # beds in one folder
_MOST = 500  # entries of a folder that are looked at


def is_of_test_bed(above: str, relative: str) -> bool:
    """Whether a file below `above` is in a folder of machines for a test, or in one beside several of them."""
    folder = above
    for name in relative.split(os.sep)[:-1]:
        if folder != above and is_source(above) and _is_row(folder, changed(folder)):
            return True
        folder = f"{folder}{os.sep}{name}"
        if _is_bed(folder, changed(folder)):
            return True
    return False


@lru_cache(maxsize=1024)
def _is_bed(folder: str, since: int) -> bool:
    """`since`: when the folder was changed."""
    if not os.path.isfile(f"{folder}{os.sep}{_MACHINES}"):
        return False
    names = [name.lower() for name in _names(folder)]
    return any(_CHECKS.fullmatch(name) or _TAKES_DOWN.fullmatch(name) for name in names)


@lru_cache(maxsize=1024)
def _is_row(folder: str, since: int) -> bool:
    """Whether there are several in a folder. `since`: when it was changed."""
    inner = (f"{folder}{os.sep}{name}" for name in _names(folder))
    return sum(_is_bed(place, changed(place)) for place in inner) >= _ROW


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:_MOST]
    except OSError:
        return []
