"""Small trees for tests of what is set aside by what lies around a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from linter.aside import Scope
from linter.aside.leads.namings import Namings


def write(top: Path, files: Mapping[str, str]) -> Path:
    """Write files, by their paths below a folder; that folder."""
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


def reason_by_namings(top: Path, path: str) -> str:
    """Why a file counts for nothing by what the project names; empty: it counts."""
    return Scope(top).reason_by_namings(path, Namings(top))
