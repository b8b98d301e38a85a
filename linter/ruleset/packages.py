"""Rules in installed packages: data that an entry point names. No code of the package runs, not even its import.

A package declares `[project.entry-points."tarecheck.rules"]` with `name = "its_package.folder"`, and a configuration
asks for it by `rule-packages: [name]`. What is installed and not asked for does not count.
"""

from __future__ import annotations

from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from linter.cel import suggest
from linter.errors import UsageError

GROUP = "tarecheck.rules"


def package_directory(name: str) -> Path:
    """The folder of rules that the entry point `name` stands for. Raises `UsageError` when there is none."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        near = suggest(name, list(found))
        known = f"there are {', '.join(sorted(found))}" if found else "no installed package has rules"
        hint = f"did you mean '{near}'?" if near else known
        raise UsageError(f"rule-packages: no package of rules '{name}' is installed", hint)
    point = found[name]
    folder = _folder(point)
    if folder is None:
        raise UsageError(
            f"rule-packages: '{name}' names no folder of an installed package: {point.value}",
            "its entry point is written as 'package.folder', and the folder must be part of the wheel",
        )
    return folder


def _folder(point: EntryPoint) -> Path | None:
    parts = point.value.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    places = [Path(str(point.dist.locate_file("/".join(parts))))] if point.dist is not None else []
    # an editable install: a top-level package is found without importing it
    spec = PathFinder.find_spec(parts[0])
    if spec is not None:
        places += [Path(place, *parts[1:]) for place in spec.submodule_search_locations or ()]
    return next((place for place in places if place.is_dir()), None)
