"""What was moved to the base of overlays, and is still where it was: `search/20-roles.yaml`, where overlays build upon
`search/base`, whose kustomization lists `roles.yaml` with the same objects. Nothing leads to the former.
"""

from __future__ import annotations

import os

from linter.aside.leads.namings import Namings
from linter.aside.stamps import changed
from linter.formats.classify import KUSTOMIZATIONS
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MANY = 500_000  # bytes of a manifest that are looked at
_ORDER = lazy_regex(r"\d{1,4}[-_]")  # `20-`, in which people apply the files of a folder
_ENDS = (".yaml", ".yml")


def is_moved_to_base(relative: str, namings: Namings) -> bool:
    """Whether a file below the root is such a one."""
    parts = relative.replace(os.sep, "/").split("/")
    if len(parts) < 2 or not relative.endswith(_ENDS):
        return False
    above, name = "/".join(parts[:-1]), parts[-1]
    folder = os.path.join(namings.root, *parts[:-1])
    moved = _in_base(folder, name, namings)
    if not moved or not namings.has_listings or any(changed(os.path.join(folder, k)) for k in KUSTOMIZATIONS):
        return False
    tops = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
    if namings.is_path(above) or any(namings.takes_below(top) for top in tops):
        return False
    if namings.names("/".join(parts)):
        return False
    ours = _objects(os.path.join(folder, name))
    return bool(ours) and ours <= _objects(moved)


def _in_base(folder: str, name: str, namings: Namings) -> str:
    """The file of that name that the base in a folder lists, where overlays lie beside it; empty: there is none."""
    base = os.path.join(folder, "base")
    if not os.path.isdir(os.path.join(folder, "overlays")):
        return ""
    order = _ORDER.match(name)
    names = {name, name[order.end() :] if order is not None else name}
    for kustomization in KUSTOMIZATIONS:
        text = namings.by_path.get(
            os.path.relpath(os.path.join(base, kustomization), namings.root).replace(os.sep, "/")
        )
        listed = (
            {os.path.join(namings.root, path) for path in namings.paths(text)} if text is not None else set()
        )
        found = next((path for one in sorted(names) if (path := os.path.join(base, one)) in listed), "")
        if found:
            return found
    return ""


def _objects(path: str) -> set[tuple[str, str]]:
    """The kinds and names of the objects in a file."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need
    from linter.text import decode

    found = set()
    for document in parse_documents(decode(path, start_of(path, _MANY))).documents:
        said = document.plain()
        metadata = said.get("metadata") if isinstance(said, dict) else None
        if isinstance(metadata, dict):
            found.add((str(said.get("kind")), str(metadata.get("name"))))
    return found
