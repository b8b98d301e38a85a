"""The index of architecture decision records."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "adr"


def records() -> list[Path]:
    return sorted(FOLDER.glob("[0-9][0-9][0-9][0-9]-*.md"))


def index() -> str:
    """Each record by its title."""
    lines = ["# Decisions\n", "Half a page each: what was decided where the code alone does not say why.\n"]
    for path in records():
        title = path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
        lines.append(f"- [{title}](../../adr/{path.name})")
    return "\n".join(lines) + "\n"
