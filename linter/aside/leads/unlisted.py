"""Manifests that no list leads to, where kustomizations list what is deployed.

A tree for Flux, Argo CD or Kustomize says by its kustomizations what is on a cluster. What lies beside what they list,
and that nothing else in the project names, is on none: it was switched off, or never on. Whatever may lead there some
other way (a path of Flux or Argo CD, a glob, a script, a command in the documentation) lets it count.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from linter.aside.leads.leading import leading
from linter.aside.leads.namings import Namings
from linter.aside.stamps import changed
from linter.formats.classify import KUSTOMIZATIONS
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

_MANY = 200_000  # bytes of a kustomization, or of the start of a manifest, that are looked at
_LEAST = 3  # folders that a kustomization lists, of which another is no root of its own then
_COMMENT = lazy_regex(r"(?m)(?:^|[ \t])#.*$")
_COMMENTED = lazy_regex(
    r"(?m)^[ \t]*#[# \t]*-[ \t]*(?:path:[ \t]*)?[\"']?(?:\./)?([\w.@+/-]+)[\"']?[ \t]*(?:#.*)?$"
)
_PATH = lazy_regex(r"(?<![\w./-])(?:\./)?[\w@+-][\w.@+-]*(?:/[\w.@+-]+)*")
_LISTS = lazy_regex(r"(?m)^(?:resources|bases|components):")
_BRINGS_CHARTS = lazy_regex(r"(?m)^helm(?:Charts|Globals|ChartInflationGenerator):")
# roots that people build by their path
_ROOTS = lazy_regex(
    r"(?:overlays?|bases?|components?|variants?|env(?:ironment)?s?|stages?|clusters?|crds?|examples?)"
)
_ANY_NAME = lazy_regex(r"(?:services?|deployments?|jobs|manifests|resources|workloads|files|config)")
_MANIFEST = lazy_bytes_regex(rb"(?m)^(?:- )?kind:")


def is_unlisted(above: str, relative: str, root: str, namings: Namings) -> bool:
    """Whether nothing leads to a file below `above`, though kustomizations list what lies beside it."""
    if not relative.endswith((".yaml", ".yml")) or "templates" in relative.split(os.sep):
        return False
    if os.path.basename(relative) in KUSTOMIZATIONS:
        return False
    place = os.path.join(above, relative)
    found = [item for item in _unlisted(above, relative) if not _is_named(root, place, *item, namings)]
    return bool(found) and _MANIFEST.search(start_of(place, _MANY)) is not None


def _is_named(root: str, place: str, item: str, kustomization: str, namings: Namings) -> bool:
    """Whether something names what a file is in: where that is called as many things are, by its path, or the file."""
    below, but = _below(root, item), _below(root, kustomization)
    if item == place or _ANY_NAME.fullmatch(os.path.basename(item)) is None:
        return namings.names(below, but)
    return leading(below, _below(root, place), namings) != [] or namings.names(_below(root, place), but)


def _below(root: str, path: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _unlisted(above: str, relative: str) -> Iterator[tuple[str, str]]:
    """What a file is in, or the file, that the kustomization of a folder around leaves out; and that kustomization."""
    names = relative.split(os.sep)
    for depth in range(len(names) - 1, -1, -1):
        folder = os.path.join(above, *names[:depth])
        for name in KUSTOMIZATIONS:
            path = os.path.join(folder, name)
            since = changed(path)
            if not since:
                continue
            rest = _left_out(path, since, tuple(names[depth:]))
            if rest:
                yield os.path.join(folder, *rest), path
            break


@lru_cache(maxsize=1024)
def _left_out(path: str, since: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """The part of a path below a kustomization that it lists others beside, and not this; empty: it lists it, or is no
    list. `since`: when it was changed."""
    text = start_of(Path(path), _MANY).decode("utf-8", "replace")
    used = _COMMENT.sub("", text)
    if _LISTS.search(used) is None or _BRINGS_CHARTS.search(used) is not None:
        return ()
    folder = os.path.dirname(path)
    listed = {
        parts for parts in map(_parts, _PATH.findall(used)) if os.path.exists(os.path.join(folder, *parts))
    }
    shared = max((_common(parts, names) for parts in listed), default=0)
    if any(parts == names[: len(parts)] for parts in listed) or shared == len(names):
        return ()
    item = names[: shared + 1]
    beside = {parts[: shared + 1] for parts in listed if parts[:shared] == item[:shared]}
    if len(item) == len(names):
        return item if beside else ()
    if any(_parts(match[1])[: len(item)] == item for match in _COMMENTED.finditer(text)):
        return item if beside else ()
    is_root = _ROOTS.fullmatch(item[-1].lower()) is not None
    return item if len(beside) >= _LEAST and not is_root else ()


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("./").split("/"))


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many names two paths begin with alike."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
