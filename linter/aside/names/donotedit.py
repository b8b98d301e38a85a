"""Folders with a file `DO_NOT_EDIT.md`, which says where what is in them is edited: each file of which the source lies
there is the copy of a release.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MANY = 4_000  # bytes of what such a file says
_MOST = 10  # folders that it links to
_NAMES = ("DO_NOT_EDIT.md", "DO_NOT_EDIT.txt", "DO_NOT_EDIT")
_LINK = lazy_regex(r"(?<![\w./-])\.\.?/[\w.-]+(?:/[\w.-]+)*")


def is_not_edited(above: str, relative: str) -> bool:
    """Whether a file below `above` is in such a folder, and its source in one that is named there."""
    names = relative.split(os.sep)
    folder = above
    for depth, name in enumerate(names[:-1]):
        folder = f"{folder}{os.sep}{name}"  # `join` looks into both for what is not there
        rest = names[depth + 1 :]
        for source in _sources(folder, changed(folder)):
            if any(os.path.isfile(os.path.join(source, *path)) for path in (rest, [name, *rest])):
                return True
    return False


@lru_cache(maxsize=1024)
def _sources(folder: str, since: int) -> list[str]:
    """The folders to which the file links. `since`: when the folder was changed."""
    text = "".join(start_of(os.path.join(folder, name), _MANY).decode("utf-8", "replace") for name in _NAMES)
    links = {os.path.normpath(os.path.join(folder, match[0])) for match in _LINK.finditer(text)}
    return sorted(link for link in links if link != folder and os.path.isdir(link))[:_MOST]
