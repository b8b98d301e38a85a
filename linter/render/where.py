"""Which folders of a scan are charts, and which files are kustomizations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from linter.unit import FileResult

CHART = "Chart.yaml"
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def chart_folders(results: Sequence[FileResult], root: Path) -> list[Path]:
    """Folders of charts that were met, or that a template among the results belongs to."""
    found: set[PurePosixPath] = set()
    for result in results:
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
    named = {root / r.path for r in results if PurePosixPath(r.path).name in KUSTOMIZATIONS}
    folders = {(root / result.path).parent for result in results}
    bare = {folder / KUSTOMIZATIONS[2] for folder in folders - {path.parent for path in named}}
    return sorted(named | {path for path in bare if path.is_file()})
