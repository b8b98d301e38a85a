"""Applications that kustomizations name in a comment only: `# - ../../../infrastructure/search`, far from the folder.

Nothing else leads there, nor to what only such a thing names: `search/app`, which the Flux object in `search/ks.yaml`
has as its path.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from linter.aside.leads.leading import leading
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, Text
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MANY = 200_000  # bytes of a kustomization that are looked at
_COMMENTED = lazy_regex(
    r"(?m)^[ \t]*#[# \t]*-[ \t]*[\"']?((?:\.\./){2,}[\w.@+-]+/[\w.@+/-]+)[\"']?[ \t]*(?:#.*)?$"
)
_ENDS = (".yaml", ".yml")


def is_commented_out(relative: str, namings: Namings) -> bool:
    """Whether a file below the root is in such an application."""
    parts = relative.split(os.sep)
    if not relative.endswith(_ENDS) or len(parts) < 2 or not namings.has_listings:
        return False
    items = ["/".join(parts[:depth]) for depth in range(2, len(parts) + 1)]
    off = namings.once(_commented)
    near = {item for item in off if item.startswith(f"{parts[0]}/")}
    if not near or any(namings.takes(item) for item in (parts[0], *items[:-1])):
        return False
    return any(_is_off(item, items[-1], off, namings) for item in items)


def _is_off(item: str, path: str, off: frozenset[str], namings: Namings) -> bool:
    """Whether what names a folder or file that a file is in, or is, is off itself, and something of it is."""
    beside = {name for name in off if os.path.dirname(name) == os.path.dirname(item)}
    if item not in off and not beside:
        return False
    if item not in off and not _is_listed_beside(item, beside, namings):
        return False
    named_by = leading(item, path, namings)
    if named_by is None:
        return False
    if item in off:
        return not named_by
    namers = {text.path if text.path in beside else os.path.dirname(text.path) for text in named_by}
    return bool(named_by) and all(namer in beside and not leading(namer, namer, namings) for namer in namers)


def _is_listed_beside(item: str, beside: set[str], namings: Namings) -> bool:
    """Whether something that is named in comments, or the kustomization in it, has a folder beside it as its path."""
    ours = (text for text in namings.texts if text.path in beside or text.folder in beside)
    tail = "/".join(item.split("/")[-2:])
    return any(tail in text.text or item in namings.paths(text) for text in ours)


def _commented(namings: Namings) -> frozenset[str]:
    """What kustomizations name in comments, and is there, far from them: what lies beside one is for those who need it.
    They have others of that folder."""
    return frozenset(
        path
        for text in namings.texts
        if KUSTOMIZATION.fullmatch(text.path)
        for path in _paths(namings.root, text)
    )


def _paths(root: str, text: Text) -> Iterator[str]:
    """`text` is without its comments."""
    raw = start_of(Path(root, text.path), _MANY).decode("utf-8", "replace")
    for match in _COMMENTED.finditer(raw):
        path = os.path.normpath(f"{text.folder}/{match[1]}")
        first = "/".join(match[1].split("/")[: match[1].count("../") + 1])
        known = f"{first}/" in text.text and os.path.exists(os.path.join(root, path))
        if known and "/" in path and not path.startswith(".."):
            yield path
