"""Where rule files are."""

from __future__ import annotations

from pathlib import Path as FilePath


def builtin_directory() -> FilePath:
    """The folder of the rules that we ship: beside the package in a checkout, inside it in an install."""
    package = FilePath(__file__).resolve().parent.parent
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"


def rule_files(directory: FilePath) -> list[FilePath]:
    """The rule files of a folder, sorted by name."""
    return sorted(p for p in directory.rglob("*.yaml") if not p.name.startswith("."))
