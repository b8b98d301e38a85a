"""Applications that the list of a cluster switches off: `addons.yaml` beside `addons/search/values.yaml` says
`search: {enabled: false}`.

The list is called as the folder is, and beside it, so that it is of the same cluster; what it does not name is left to
whoever reads the folder.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.stamps import changed
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT
from linter.text import decode

LISTED_OFF = "in what a list beside it switches off"
_ENDINGS = (".yaml", ".yml")


def is_listed_off(above: str, relative: str) -> bool:
    """Whether a file below `above` is in a folder of such an application."""
    folders = relative.split(os.sep)[:-1]
    for depth in range(1, len(folders)):
        folder = os.path.join(above, *folders[:depth])
        for ending in _ENDINGS:
            since = changed(f"{folder}{ending}")
            if since and folders[depth] in _off(f"{folder}{ending}", since):
                return True
    return False


@lru_cache(maxsize=64)
def _off(path: str, since: int) -> frozenset[str]:
    """What a list switches off, by name. `since`: when it was changed."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    try:
        data = read_regular(path, MAX_TEXT)
    except OSError:
        return frozenset()
    if b"enabled" not in data:
        return frozenset()
    documents = [document.plain() for document in parse_documents(decode(path, data)).documents]
    return frozenset(
        str(name)
        for listed in documents
        if isinstance(listed, dict)
        for name, application in listed.items()
        if isinstance(application, dict) and application.get("enabled") is False
    )
