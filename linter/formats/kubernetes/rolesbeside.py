"""Roles in the files beside a manifest: a binding often stands in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import basename, dirname, splitext
from typing import Any

from linter.errors import UnreadableError
from linter.formats.document import Document
from linter.formats.folder import Folder
from linter.formats.kubernetes.manifest import Manifest
from linter.text import SourceText

_MANY = 100  # files of a folder that are looked into


def manifests_beside(document: Document, named: str) -> Iterator[Manifest]:
    """The objects in those files of a manifest's folder that have a name in their text, but for its own."""
    from linter.formats.kubernetes.read import read

    home: Any = getattr(document.root, "home", None)
    if home is None:
        return
    place = dirname(document.path)
    folder = Folder(home / place, home)
    files = (name for name in folder.matching(".", "*") or () if splitext(name)[1] in (".yaml", ".yml"))
    for _, name in zip(range(_MANY), files, strict=False):
        text = folder.read(name) if name != basename(document.path) else None
        if text is not None and named in text:
            try:
                yield from read(SourceText(f"{place}/{name}", text)).root.manifests
            except UnreadableError:
                continue
