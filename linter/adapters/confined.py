"""Whether all files that a kustomization and those below it name lie in the scanned tree.

Kustomize refuses files outside of the folder of the kustomization that names them, since one from a stranger could
put any file of the machine into a ConfigMap. Flux builds without that limit, and overlays that name files of their base
are common; where nothing outside of the tree is named the limit protects nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from linter.formats.yamltree import parse_documents
from linter.givenfiles import read_regular
from linter.text import decode

_MAX = 5_000_000  # bytes of a kustomization
_LONGEST = 4096  # characters of a path
_MOST = 2_000  # kustomizations
# What names files in ways of its own
_PLUGINS = ("generators", "transformers", "validators", "helmCharts", "helmChartInflationGenerator")


def confined(kustomization: Path, root: Path, names: Sequence[str]) -> bool:
    """Whether what a kustomization and those that it includes name is in the tree below `root`, links followed.

    `names` are those that a kustomization may have.
    """
    top = root.resolve()
    pending, seen = [kustomization], {kustomization}
    for file in pending:  # grows on the way
        folders = _included(file, top)
        if folders is None or len(pending) > _MOST:
            return False
        inner = {path for folder in folders for name in names if os.path.isfile(path := folder / name)}
        if not all(_is_below(path, top) for path in inner):
            return False
        pending += inner - seen
        seen |= inner
    return True


def _included(file: Path, top: Path) -> list[Path] | None:
    """The folders that a kustomization names; None where it names what is not in the tree."""
    try:
        documents = parse_documents(decode(file.name, read_regular(file, _MAX))).documents
    except OSError:
        return None
    if any(document.get(key) is not None for document in documents for key in _PLUGINS):
        return None
    folders = []
    for name in (name for document in documents for name in names_in(document.plain())):
        path = Path(os.path.normpath(file.parent / name))
        if os.path.isdir(path):
            folders.append(path)
        elif not _is_below(path, top):
            return None
    return folders


def names_in(said: Any) -> Iterator[str]:
    """What a kustomization may name files by."""
    return _names(_texts(said))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _names(texts: Iterable[str]) -> Iterator[str]:
    """What may be a path among texts: as a whole, and after the key of a generator (`key=path`)."""
    for text in texts:
        if len(text) <= _LONGEST and "\n" not in text and "\0" not in text:
            yield text
            yield text.partition("=")[2]


def _is_below(path: Path, top: Path) -> bool:
    """Whether a path is in the folder, or nothing is there."""
    try:
        return not os.path.lexists(path) or Path(os.path.realpath(path)).is_relative_to(top)
    except (OSError, ValueError):
        return False
