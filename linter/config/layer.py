"""One configuration as written, and errors that point into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from linter.errors import UsageError
from linter.frozen import dataclass

Path = tuple[str | int, ...]
Places = Mapping[Path, tuple[int, int]]  # 1-based line and column; of the key for mapping entries
MAX_BYTES = 1_000_000  # of a configuration file
TOML_TABLE = b"tool.tarecheck"  # a TOML file without these bytes is none of ours


@dataclass(frozen=True, slots=True)
class Layer:
    """One configuration file or preset, as written."""

    name: str  # as shown: path relative to the root, or the preset's name
    base: str  # absolute directory that its patterns start from
    folder: str  # absolute directory that its file names start from
    values: Mapping[str, Any]
    places: Places
    preset: bool = False
    locks: bool = False  # what remains of a farther file behind `root: true`: its locked rules


def complain(name: str, place: tuple[int, int] | None, message: str, hint: str | None = None) -> UsageError:
    """An error that points into a configuration file."""
    where = f"{name}:{place[0]}:{place[1]}" if place else name
    return UsageError(f"{where}: {message}", hint)


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The nearest match as a hint, None when nothing is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else None
