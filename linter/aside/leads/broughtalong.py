"""What only the developers of a project, or its tests, bring along: `config/store`, which the kustomization in
`config/development` lists, be it in a comment for those who need it, and which nothing else leads to.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from linter.aside.leads.namings import Namings
from linter.aside.leads.onlytried import is_only_tried
from linter.aside.names.folders import reason_of
from linter.aside.names.placenames import TESTS, WORKPLACE
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_KUSTOMIZATIONS = lazy_regex(r"kustomization\.ya?ml(?:[-.](?:sample|example|tmpl|tpl))?|Kustomization")
_MANY = 200_000  # bytes of a kustomization that are looked at
_MOST = 200  # folders beside one
_BESIDE = lazy_regex(
    r"(?m)^[ \t]*(?:#[# \t]*)?-[ \t]*[\"']?\.\./(?P<name>[\w.@-]+)(?:/[\w.@/-]*)?[\"']?[ \t]*$"
)
_DEVELOPERS = (WORKPLACE, TESTS)


def is_brought_along(above: str, relative: str, root: str, namings: Namings) -> bool:
    """Whether a file below `above` is in a folder that only those lead to."""
    if not relative.endswith((".yaml", ".yml")):
        return False
    if is_only_tried(root, os.path.relpath(os.path.join(above, relative), root), namings):
        return True
    folders = relative.split(os.sep)[:-1]
    return any(
        _is_listed_by_developers(above, folders[:depth], name)
        and _is_named_by_developers(root, os.path.join(above, *folders[: depth + 1]), namings)
        for depth, name in enumerate(folders)
        if depth
    )


def _is_listed_by_developers(above: str, parents: list[str], name: str) -> bool:
    """Whether of the kustomizations in the folders beside one only those of developers name it."""
    place = os.path.join(above, *parents)
    listed_by = [folder for folder, names in _listed(place, changed(place)) if name in names]
    return bool(listed_by) and all(
        reason_of(above, os.path.join(*parents, folder, "kustomization.yaml")) in _DEVELOPERS
        for folder in listed_by
    )


def _is_named_by_developers(root: str, folder: str, namings: Namings) -> bool:
    """Whether what else leads to a folder is theirs, too."""
    item = os.path.relpath(folder, root).replace(os.sep, "/")
    named_by = namings.namers(item, by_path=True)
    return named_by is not None and all(
        reason_of(root, namer.replace("/", os.sep)) in _DEVELOPERS for namer in named_by
    )


@lru_cache(maxsize=256)
def _listed(place: str, since: int) -> list[tuple[str, frozenset[str]]]:
    """The folders in a folder, and what is beside them that their kustomizations name, be it in a comment. `since`:
    when it was changed."""
    try:
        folders = sorted(entry.name for entry in os.scandir(place) if entry.is_dir())[:_MOST]
    except OSError:
        return []
    return [(folder, names) for folder in folders if (names := _named(os.path.join(place, folder)))]


def _named(folder: str) -> frozenset[str]:
    try:
        files = [name for name in sorted(os.listdir(folder)) if _KUSTOMIZATIONS.fullmatch(name)]
    except OSError:
        return frozenset()
    texts = (start_of(Path(folder, name), _MANY).decode("utf-8", "replace") for name in files)
    return frozenset(match["name"] for text in texts for match in _BESIDE.finditer(text))
