"""What programs render, put together by the file that it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def by_source(parts: Iterable[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    """What was made of each file, as one text: a rule may ask for another object beside one, such as a binding for the
    role that it gives."""
    texts: dict[Path, list[str]] = {}
    for path, text in parts:
        texts.setdefault(path, []).append(text)
    for path, made in texts.items():
        yield path, "---\n".join(made)
