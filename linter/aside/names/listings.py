"""Kustomizations that list what lies beside them: it is deployed, whatever it is called or says of itself."""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.stamps import changed
from linter.formats.classify import KUSTOMIZATIONS
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_HEAD = 8_000  # bytes of one that are looked at
_COMMENT = lazy_regex(r"(?m)(?:^|[ \t])#.*$")


def listing_of(path: str) -> str:
    """The kustomization beside a file or folder that names it; empty: none does."""
    folder, name = os.path.split(path)
    for file in KUSTOMIZATIONS:
        listing = os.path.join(folder, file)
        since = changed(listing)
        if since:
            return listing if name != file and name in _used(listing, since) else ""
    return ""


@lru_cache(maxsize=256)
def _used(path: str, since: int) -> str:
    """What a kustomization says, without its comments. `since`: when it was changed."""
    return _COMMENT.sub("", start_of(path, _HEAD).decode("utf-8", "replace"))
