"""Applications that kustomizations name in a comment only: `# - ../../../infrastructure/search`, far from the folder.

Nothing else leads there, nor to what only such a thing names: `search/app`, which the Flux object in `search/ks.yaml`
has as its path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, Text
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MANY = 200_000  # bytes of a kustomization that are looked at
_COMMENTED = lazy_regex(
    r"(?m)^[ \t]*#[# \t]*-[ \t]*[\"']?((?:\.\./){2,}[\w.@+-]+/[\w.@+/-]+)[\"']?[ \t]*(?:#.*)?$"
)
_REST = lazy_regex(r"[\w.@+-]+(?:/[\w.@+-]+)*")
_COPIES = "kind: ArtifactGenerator"  # of Flux: what an object that is deployed takes
_ENDS = (".yaml", ".yml")


def is_commented_out(relative: str, namings: Namings) -> bool:
    """Whether a file below the root is in such an application."""
    parts = relative.split(os.sep)
    if not relative.endswith(_ENDS) or len(parts) < 3 or not namings.has_listings:
        return False
    items = ["/".join(parts[:depth]) for depth in range(2, len(parts) + 1)]
    off = namings.once(_commented)
    near = {item for item in off if item.startswith(f"{parts[0]}/")}
    if not near or any(namings.takes(item) for item in items[:-1]):
        return False
    return any(_is_off(item, items[-1], off, namings) for item in items)


def _is_off(item: str, path: str, off: frozenset[str], namings: Namings) -> bool:
    """Whether what names a folder or file that a file is in, or is, is off itself, and something of it is."""
    beside = {name for name in off if os.path.dirname(name) == os.path.dirname(item)}
    if item not in off and not beside:
        return False
    if item not in off and not _is_listed_beside(item, beside, namings):
        return False
    named_by = _leading(item, path, namings)
    if named_by is None:
        return False
    if item in off:
        return not named_by
    namers = {text.path if text.path in beside else os.path.dirname(text.path) for text in named_by}
    return bool(named_by) and all(namer in beside and not _leading(namer, namer, namings) for namer in namers)


def _is_listed_beside(item: str, beside: set[str], namings: Namings) -> bool:
    """Whether something that is named in comments, or the kustomization in it, has a folder beside it as its path."""
    ours = (text for text in namings.texts if text.path in beside or text.folder in beside)
    tail = "/".join(item.split("/")[-2:])
    return any(tail in text.text or item in namings.paths(text) for text in ours)


def _leading(item: str, path: str, namings: Namings) -> list[Text] | None:
    """The texts that lead to a file by the name of a folder that it is in, and not to something else in it; None: there
    is more than could be read."""
    named_by = namings.namers(item, by_path=True)
    if named_by is None:
        return None
    texts = (namings.by_path[name] for name in named_by)
    return [text for text in texts if _leads(namings, text, item, path)]


def _leads(namings: Namings, text: Text, item: str, path: str) -> bool:
    if KUSTOMIZATION.fullmatch(text.path):  # which may name another of that name
        return any(f"{path}/".startswith(f"{named}/") for named in namings.paths(text))
    return _COPIES not in text.text and not _leads_aside(text.text, item, path)


def _leads_aside(text: str, item: str, path: str) -> bool:
    """Whether all paths of a text through a folder lead to something else in it."""
    within = path[len(item) + 1 :].split("/") if path != item else []
    tail = "/".join(item.split("/")[-2:])
    rests = [
        _REST.match(text, found.end() + 1)
        for found in re.finditer(rf"(?<![\w.-]){re.escape(tail)}(?![\w.-])", text)
        if text[found.end() : found.end() + 1] == "/"
    ]
    plain = len(re.findall(rf"(?<![\w.-]){re.escape(tail)}(?![\w.-])", text))
    if not rests or len(rests) != plain:
        return False
    return all(rest is not None and not _begins(within, rest[0].split("/")) for rest in rests)


def _begins(names: list[str], with_names: list[str]) -> bool:
    return names[: len(with_names)] == with_names


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
