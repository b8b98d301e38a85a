"""Which folders of a scan are charts, and which files are kustomizations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from linter.formats.classify import KUSTOMIZATIONS
from linter.unit import FileResult

CHART = "Chart.yaml"


def chart_folders(results: Sequence[FileResult], root: Path) -> list[Path]:
    """Folders of charts that were met, or that a template among the results belongs to."""
    found: set[PurePosixPath] = set()
    for result in results:
        if not result.path.endswith(CHART) and "templates" not in result.path:
            continue  # nearly all
        path = PurePosixPath(result.path)
        if path.name == CHART:
            found.add(path.parent)
        elif "templates" in path.parts:
            parts = path.parts
            found.add(PurePosixPath(*parts[: len(parts) - 1 - parts[::-1].index("templates")]))
    folders = {_top(root / folder) for folder in found if ".." not in folder.parts}
    return sorted(folder for folder in folders if (folder / CHART).is_file())


def _top(folder: Path) -> Path:
    """The chart that the folder is a part of, by `charts/` folders."""
    while folder.parent.name == "charts" and (folder.parent.parent / CHART).is_file():
        folder = folder.parent.parent
    return folder


def kustomization_files(results: Sequence[FileResult], root: Path) -> list[Path]:
    """The kustomizations among the results, also those whose name has no suffix that a walk would look for."""
    places = [result.path.rpartition("/") for result in results]
    named = {(folder, name) for folder, _, name in places if name in KUSTOMIZATIONS}
    without = {folder for folder, _, _ in places} - {folder for folder, _ in named}
    bare = [path for folder in without if (path := root / folder / KUSTOMIZATIONS[2]).is_file()]
    return sorted([root / folder / name for folder, name in named] + bare)
