"""The README in a folder."""

from __future__ import annotations

import os
from functools import lru_cache

from linter.givenfiles import start_of

_HEAD = 4_000  # bytes of one that are looked at
_NAMES = ("README.md", "Readme.md", "readme.md", "README.rst", "README.asciidoc", "README.adoc", "README")


@lru_cache(maxsize=256)
def readme_in(folder: str, since: int) -> str:
    """The head of the README in a folder; empty: it has none. `since`: when the folder was changed."""
    texts = (start_of(os.path.join(folder, name), _HEAD).decode("utf-8", "replace") for name in _NAMES)
    return next((text for text in texts if text), "")
