"""Files that a kustomization lists as patches: what is in them is no object, but a change of one."""

from __future__ import annotations

from functools import lru_cache
from os.path import basename, dirname

from linter.formats.classify import KUSTOMIZATIONS
from linter.formats.document import Document
from linter.formats.folder import Folder
from linter.patterns import lazy_regex

_KEY = lazy_regex(r"(?m)^(\w+):")
_NAMED = lazy_regex(
    r"(?m)^[ \t]*-?[ \t]*(?:path:[ \t]*|-[ \t]+)[\"']?(?:\./)?([\w.-]+\.ya?ml)[\"']?[ \t]*(?:#.*)?$"
)


def is_patch_file(document: Document) -> bool:
    """Whether the kustomization in a file's folder has the file among its patches."""
    home = getattr(document.root, "home", None)
    if home is None:
        return False
    folder = Folder(home / dirname(document.path), home)
    texts = (folder.read(name) for name in KUSTOMIZATIONS)
    return any(basename(document.path) in _patches(text) for text in texts if text)


@lru_cache(maxsize=64)
def _patches(text: str) -> frozenset[str]:
    """The files that a kustomization names under its patches."""
    parts = _KEY.split(text)
    found = [part for key, part in zip(parts[1::2], parts[2::2], strict=True) if key.startswith("patches")]
    return frozenset(match[1] for part in found for match in _NAMED.finditer(part))
