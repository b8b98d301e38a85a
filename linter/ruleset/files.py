"""Where rule files are."""

from __future__ import annotations

import os
from pathlib import Path as FilePath

from linter.errors import UsageError

MAX_FILES = 5_000  # rule files of one folder
MAX_ENTRIES = 50_000  # of all folders below it


def builtin_directory() -> FilePath:
    """The folder of the rules that we ship: beside the package in a checkout, inside it in an install."""
    package = FilePath(__file__).resolve().parent.parent
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"


def rule_files(directory: FilePath) -> list[FilePath]:
    """The rule files of a folder, sorted by name: regular files that stand in it, links out of it left aside.

    Raises `UsageError` for a folder that holds more than anybody's rules.
    """
    found: list[FilePath] = []
    seen = 0
    top = os.path.realpath(directory)
    for folder, folders, names in os.walk(directory):
        folders[:] = [name for name in folders if not name.startswith(".")]
        seen += len(folders) + len(names)
        for name in names:
            path = os.path.join(folder, name)
            ours = name.endswith(".yaml") and not name.startswith(".") and os.path.isfile(path)
            if ours and os.path.realpath(path).startswith(top.rstrip(os.sep) + os.sep):
                found.append(FilePath(path))
        if seen > MAX_ENTRIES or len(found) > MAX_FILES:
            raise UsageError(f"rule-dirs: {directory} holds too many files", "name the folder of the rules")
    return sorted(found)
