"""Tables of facts about the world, one module or file a table, each entry with where it was read."""

from __future__ import annotations

from pathlib import Path


def table_text(name: str) -> str:
    """The text of a table that is kept as a file here."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
