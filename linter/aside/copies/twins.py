"""Manifests whose objects stand a second time where a kustomization lists them, while nothing leads to the file: an old
`observers.yaml` at the top of a tree that deploys `apps/observers/base` with the same Deployments.

An object is the same by its kind, namespace and name, of which the namespace has to be written: everybody has a
Deployment `web`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from linter.aside.leads.leading import leading
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, PATH, Text
from linter.patterns import lazy_regex

LISTED_ELSEWHERE = "of objects that a kustomization lists in another file"
_MANY = 190_000  # bytes: of a longer file the end may be missing
_MOST_OTHERS = 20  # files with the same objects: of more the names say nothing
_ENDS = (".yaml", ".yml")
_LISTED = lazy_regex(r"(?m)^resources:[ \t]*(?:\[([^\]]*)\]|\r?\n((?:[ \t]*(?:-[^\n]*)?\n)*))")
_NAMESPACE = lazy_regex(r"(?m)^namespace:[ \t]*[\"']?([\w.-]+)")
_PARTS = lazy_regex(r"(?m)^---.*$")
_LIST = lazy_regex(r"(?m)^kind:[ \t]*[\"']?List\b")
_ITEMS = lazy_regex(r"(?m)^[ ]{0,4}-[ ](?=(?:apiVersion|kind):)")
_KIND = lazy_regex(r"(?m)^([ ]{0,6})kind:[ \t]*[\"']?(\w+)[\"']?[ \t]*\r?$")
_METADATA = lazy_regex(r"(?m)^([ ]{0,6})metadata:[ \t]*\r?\n((?:\1[ ][^\n]*\n)*)")
_KEY = lazy_regex(r"(?m)^([ ]+)(name|namespace):[ \t]*[\"']?([\w.:-]+)[\"']?[ \t]*\r?$")

_Object = tuple[str, str, str]  # kind, namespace, name


def stands_twice(relative: str, namings: Namings) -> bool:
    """Whether a file below the root is such a one."""
    path = relative.replace(os.sep, "/")
    text = namings.by_path.get(path) if path.endswith(_ENDS) and namings.has_listings else None
    if text is None or not namings.is_whole or os.path.getsize(os.path.join(namings.root, path)) > _MANY:
        return False
    ours = _objects(text)
    if not any(namespace for _, namespace, _ in ours):
        return False
    listed = namings.once(_listed)
    twins = [listed.get(one, frozenset()) for one in ours]
    if not all(twins) or any(path in files for files in twins):
        return False
    others = frozenset[str]().union(*twins)
    return (
        len(others) <= _MOST_OTHERS
        and all(_is_deployed(other, namings) for other in others)
        and not _is_led_to(path, others, namings)
    )


def _is_deployed(path: str, namings: Namings) -> bool:
    """Whether something leads to the folder of a kustomization."""
    folder = os.path.dirname(path)
    return folder == "" or namings.is_path(folder) or bool(leading(folder, path, namings))


def _is_led_to(path: str, others: frozenset[str], namings: Namings) -> bool:
    """Whether something leads to a file, or to a folder around it that the others do not share."""
    parts = path.split("/")
    items = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    own = [item for item in items if not any(other.startswith(f"{item}/") for other in others)]
    if any(namings.is_path(item) or namings.takes_below(item) for item in items[:-1]):
        return True
    return any(leading(item, path, namings) != [] for item in own)


def _listed(namings: Namings) -> dict[_Object, frozenset[str]]:
    """The objects in files that kustomizations list, and these files."""
    found: dict[_Object, set[str]] = {}
    for text in namings.texts:
        for path, namespace in _resources(text) if KUSTOMIZATION.fullmatch(text.path) else ():
            if path in namings.by_path:
                for kind, own, name in _objects(namings.by_path[path]):
                    found.setdefault((kind, own, name), set()).add(path)
                    found.setdefault((kind, namespace or own, name), set()).add(path)
    return {one: frozenset(paths) for one, paths in found.items()}


def _resources(text: Text) -> Iterator[tuple[str, str]]:
    """The files that a kustomization lists, each with the namespace that it gives them; empty: none."""
    given = _NAMESPACE.search(text.text)
    for match in _LISTED.finditer(f"{text.text}\n"):
        for item in PATH.finditer(match[1] or match[2] or ""):
            if item[0].endswith(_ENDS):
                path = os.path.normpath(os.path.join(text.folder, item[0]))
                yield path.replace(os.sep, "/"), given[1] if given is not None else ""


def _objects(text: Text) -> set[_Object]:
    """The objects in a manifest; empty: they can't all be told."""
    found = set()
    for part in _PARTS.split(text.text):
        for item in _ITEMS.split(part)[1:] if _LIST.search(part) is not None else (part,):
            if not item.strip():
                continue
            one = _object(item if item.endswith("\n") else f"{item}\n")
            if one is None:
                return set()
            found.add(one)
    return found


def _object(text: str) -> _Object | None:
    kind, metadata = _outermost(_KIND, text), _outermost(_METADATA, text)
    keys = list(_KEY.finditer(metadata[2])) if metadata is not None else []
    depth = min((len(key[1]) for key in keys), default=0)
    said = {key[2]: key[3] for key in keys if len(key[1]) == depth}
    if kind is None or "name" not in said:
        return None
    return kind[2], said.get("namespace", ""), said["name"]


def _outermost(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first of the matches with the fewest spaces before them."""
    return min(pattern.finditer(text), key=lambda match: len(match[1]), default=None)
