"""Pods and jobs that a script starts to test something, and deletes again: only tests name their file."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from linter.aside.leads.namings import Namings
from linter.aside.names.folders import reason_of
from linter.aside.names.placenames import TESTS
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MANY = 200_000  # bytes of a script, or of a manifest, that are looked at
_TEST = lazy_regex(r"(?:.+[-_.])?tests?(?:[-_].+)?\.(?:sh|bash|py)")
_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(\w+)")
_TRIED = frozenset(("Pod", "Job"))  # what is deployed to stay has a controller
_BESIDES = frozenset(("Service", "ConfigMap", "Namespace", "ServiceAccount", "PersistentVolumeClaim"))


def is_thrown_away(above: str, relative: str, root: str, namings: Namings) -> bool:
    """Whether a test beside a manifest below `above`, or in the folder above it, deletes it, and only tests name it."""
    if not relative.endswith((".yaml", ".yml")):
        return False
    path = os.path.join(above, relative)
    folder, name = os.path.split(path)
    if not any(
        _deletes(place, name, changed(place))
        for place in (folder, os.path.dirname(folder))
        if len(place) >= len(above)
    ):
        return False
    kinds = set(_KIND.findall(start_of(path, _MANY).decode("utf-8", "replace")))
    if not _TRIED & kinds or kinds - _TRIED - _BESIDES:
        return False
    item = os.path.relpath(path, root).replace(os.sep, "/")
    named_by = namings.namers(item)
    return named_by is not None and all(is_test(root, namer) for namer in named_by)


@lru_cache(maxsize=256)
def _deletes(folder: str, name: str, since: int) -> bool:
    """Whether a test in a folder deletes what a manifest of that name says. `since`: when the folder was changed."""
    try:
        scripts = sorted(script for script in os.listdir(folder) if _TEST.fullmatch(script.lower()))
    except OSError:
        return False
    return any(
        "delete" in line and name in line
        for script in scripts
        for line in start_of(Path(folder, script), _MANY).decode("utf-8", "replace").splitlines()
    )


def is_test(root: str, path: str) -> bool:
    """Whether a text of the project, by its path below the root with slashes, is a test."""
    name = path.rpartition("/")[2].lower()
    return _TEST.fullmatch(name) is not None or reason_of(root, path.replace("/", os.sep)) == TESTS
