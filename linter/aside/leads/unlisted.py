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
from linter.frozen import dataclass
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
_LISTED: tuple[tuple[str, ...], bool] = (), False


@dataclass(frozen=True, slots=True)
class _Item:
    """A folder or file that a kustomization leaves out."""

    path: str
    kustomization: str
    commented: bool  # whether the kustomization has it in a comment


def is_unlisted(above: str, relative: str, root: str, namings: Namings) -> bool:
    """Whether nothing leads to a file below `above`, though kustomizations list what lies beside it."""
    if not relative.endswith((".yaml", ".yml")) or "templates" in relative.split(os.sep):
        return False
    if os.path.basename(relative) in KUSTOMIZATIONS:
        return False
    place = os.path.join(above, relative)
    found = [item for item in _unlisted(above, relative) if not _is_named(root, place, item, namings)]
    return bool(found) and _MANIFEST.search(start_of(place, _MANY)) is not None


def _is_named(root: str, place: str, item: _Item, namings: Namings) -> bool:
    """Whether something names what a file is in, or the file: by its path where that is called as many things are. Of
    what a comment says that it is off a word alone names nothing."""
    below, file, but = _below(root, item.path), _below(root, place), _below(root, item.kustomization)
    if item.path != place and _ANY_NAME.fullmatch(os.path.basename(item.path)) is not None:
        return leading(below, file, namings) != [] or namings.names(file, but)
    if not namings.names(below, but):
        return False
    return not item.commented or leading(below, file, namings) != [] or _is_led_to(file, below, namings)


def _is_led_to(file: str, folder: str, namings: Namings) -> bool:
    """Whether something outside of a folder leads to a file in it."""
    named_by = leading(file, file, namings)
    return named_by is None or any(not text.path.startswith(f"{folder}/") for text in named_by)


def _below(root: str, path: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _unlisted(above: str, relative: str) -> Iterator[_Item]:
    """What kustomizations of the folders around a file leave out of what it is in."""
    names = relative.split(os.sep)
    for depth in range(len(names) - 1, -1, -1):
        folder = os.path.join(above, *names[:depth])
        for name in KUSTOMIZATIONS:
            path = os.path.join(folder, name)
            since = changed(path)
            if not since:
                continue
            rest, commented = _left_out(path, since, tuple(names[depth:]))
            if rest:
                yield _Item(os.path.join(folder, *rest), path, commented)
            break


@lru_cache(maxsize=1024)
def _left_out(path: str, since: int, names: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The part of a path below a kustomization that it lists others beside, and not this, and whether it has that in a
    comment; empty: it lists it, or is no list. `since`: when it was changed."""
    text = start_of(Path(path), _MANY).decode("utf-8", "replace")
    used = _COMMENT.sub("", text)
    if _LISTS.search(used) is None or _BRINGS_CHARTS.search(used) is not None:
        return _LISTED
    folder = os.path.dirname(path)
    listed = {
        parts for parts in map(_parts, _PATH.findall(used)) if os.path.exists(os.path.join(folder, *parts))
    }
    shared = max((_common(parts, names) for parts in listed), default=0)
    if any(parts == names[: len(parts)] for parts in listed) or shared == len(names):
        return _LISTED
    item = names[: shared + 1]
    beside = {parts[: shared + 1] for parts in listed if parts[:shared] == item[:shared]}
    if not beside:
        return _LISTED
    if any(_parts(match[1])[: len(item)] == item for match in _COMMENTED.finditer(text)):
        return item, True
    is_root = _ROOTS.fullmatch(item[-1].lower()) is not None
    is_off = len(item) == len(names) or (len(beside) >= _LEAST and not is_root)
    return (item, False) if is_off else _LISTED


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
