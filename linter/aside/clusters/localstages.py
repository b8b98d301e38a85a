"""Stages for the cluster on a developer's own machine: `apps/local` beside `apps/home`, `controllers-local` beside
`controllers`.

By its name alone a cluster called local may be the only one that there is, or one on a computer at home. So a script of
the project has to start a cluster of k3d, kind or minikube, and to name the stage.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from linter.aside.leads.steps import texts_with
from linter.aside.stamps import changed
from linter.patterns import lazy_regex

_LOCAL = "local"
_STARTS = lazy_regex(
    r"\bk3d cluster create\b|\bkind create cluster\b|\bminikube start\b|\bctlptl create cluster\b"
)
_OF_ALL = frozenset(("base", "bases", "common", "shared", "components"))  # of each stage


def is_local(above: str, relative: str) -> bool:
    """Whether a file below `above` is of such a stage."""
    *folders, _ = relative.split(os.sep)
    return any(
        _is_beside_others(place := os.path.join(above, *folders[:depth]), name, changed(place))
        and _is_started(above, "/".join((*folders[:depth], name)))
        for depth, name in enumerate(folders)
        if name.lower() == _LOCAL or name.lower().endswith(f"-{_LOCAL}")
    )


@lru_cache(maxsize=64)
def _is_beside_others(place: str, name: str, since: int) -> bool:
    """Whether a folder has the same for another stage beside it. `since`: when the one around was changed."""
    if name.lower() != _LOCAL:
        return os.path.isdir(os.path.join(place, name[: -len(_LOCAL) - 1]))
    try:
        entries = [entry.name.lower() for entry in os.scandir(place) if entry.is_dir()]
    except OSError:
        return False
    return any(entry not in _OF_ALL and _LOCAL not in entry and entry[:1] not in "._" for entry in entries)


def _is_started(above: str, stage: str) -> bool:
    """Whether a script that starts a cluster names the stage."""
    root = Path(above)
    named = re.compile(rf"(?<![\w-]){re.escape(stage)}(?![\w-])")
    return any(named.search(text) is not None for text in texts_with(_STARTS, root, root / stage))
