"""Roles in the files beside a manifest, and in the folders that the kustomization there lists: a binding often stands
in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from os.path import dirname, normpath, splitext
from typing import Any

from linter.errors import UnreadableError
from linter.formats.document import Document
from linter.formats.folder import Folder
from linter.formats.kubernetes.manifest import Manifest
from linter.patterns import lazy_regex
from linter.text import SourceText

_MANY = 100  # files of a folder that are looked into
_ITEM = lazy_regex(r"(?m)^[ \t]*-[ \t]+[\"']?(?:\./)?([\w-]+(?:/[\w-]+)?)/?[\"']?[ \t]*(?:#.*)?$")


def manifests_beside(document: Document, named: str) -> Iterator[Manifest]:
    """The objects in those files of a manifest's folder that have a name in their text, but for its own."""
    from linter.formats.kubernetes.read import read

    home: Any = getattr(document.root, "home", None)
    if home is None:
        return
    place = dirname(document.path)
    for below in ("", *_listed(Folder(home / place, home))):
        for name, text in _texts(Folder(home / place / below, home)):
            path = normpath(f"{place}/{below}/{name}").lstrip("/")
            if path != document.path and named in text:
                try:
                    yield from read(SourceText(path, text)).root.manifests
                except UnreadableError:
                    continue


def _texts(folder: Folder) -> Iterator[tuple[str, str]]:
    """The manifests of a folder that may be looked into, with their texts."""
    files = (name for name in folder.matching(".", "*") or () if splitext(name)[1] in (".yaml", ".yml"))
    for name in islice(files, _MANY):
        text = folder.read(name)
        if text is not None:
            yield name, text


def _listed(folder: Folder) -> list[str]:
    """The folders below one that its kustomization lists."""
    text = folder.read("kustomization.yaml") or ""
    names = [match[1] for match in islice(_ITEM.finditer(text), _MANY)]
    return [name for name in dict.fromkeys(names) if folder.folder(name) is not None]
