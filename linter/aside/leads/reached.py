"""What a tree for Flux or Argo CD leads to: from their objects to the paths that they have, from there to what
kustomizations list, and on with the objects that are found on the way.

What can't be told apart is reached: any path that a file has counts, whatever it is for, and where an expression writes
the rest of one, all that begins alike. An object that nothing leads to starts something by itself, as somebody applied
it, unless a kustomization around it, which is reached, leaves it out.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, PATH, TAKEN, Text
from linter.formats.classify import KUSTOMIZATIONS
from linter.frozen import dataclass, replace
from linter.patterns import lazy_regex

_LONGEST = 190_000  # bytes: of a longer text the end may be missing
_OBJECT = lazy_regex(
    r"(?m)^[ \t]*(?:-[ \t]+)?kind:[ \t]*[\"']?"
    r"(?:Kustomization|FluxInstance|ResourceSet|Application|ApplicationSet|GitRepo)\b"
)
_OF_FLUX = lazy_regex(r"apiVersion:[ \t]*[\"']?(?:kustomize\.toolkit\.fluxcd\.io|fluxcd\.controlplane\.io)/")
_OF_OTHERS = lazy_regex(r"apiVersion:[ \t]*[\"']?(?:argoproj\.io|fleet\.cattle\.io)/")
WORDS = ("fluxcd.io", "fluxcd.controlplane.io", "argoproj.io", "fleet.cattle.io")
_PARTS = lazy_regex(r"(?m)^---")
# which describe in many words what objects may have, and tell where tags are written
_OTHER_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(?:CustomResourceDefinition|ImageUpdateAutomation)\b")
# of an artifact that others publish, where Flux has its own tree from Git
_OF_ARTIFACT = lazy_regex(r"(?m)^[ \t]+kind:[ \t]*[\"']?OCIRepository\b")
_FROM_GIT = lazy_regex(r"(?m)^kind:[ \t]*[\"']?GitRepository\b")
_OF_VALUES = (".json", ".tpl")
_MANIFEST = lazy_regex(r"(?m)^(?:- )?kind:")
# `flux bootstrap` writes these, and the operator of Flux has its own
_BOOTSTRAP = lazy_regex(r"(?:.+/)?(?:flux-system/[^/]+|gotk-sync)\.ya?ml")
_INSTANCE = lazy_regex(r"(?m)^kind:[ \t]*[\"']?FluxInstance\b")
_ITEM = lazy_regex(r"(?m)^[ \t]*-[ \t]+(?:path:[ \t]*)?[\"']?([\w.@+/-]{1,300}?)/?[\"']?[ \t]*(?:#.*)?$")
_OF_REPOSITORY = lazy_regex(r"//([\w.@+/-]{1,300})")  # `file://../x`, `https://host/name`
# `apps/${app}`, `apps/{{ .name }}`, `apps/<<inputs.app>>`, `apps/*`
_BEGUN = lazy_regex(r"(?<![\w./@+-])((?:[\w.@+-]{1,100}/){1,20})[\w.@+-]{0,100}(?:\$|\{|<|\*)")
# a path that something else knows: of a label of a cluster, of a variable
_UNKNOWN = lazy_regex(
    r"(?m)^[ \t]*(?:-[ \t]+)?path:[ \t]*[\"']?(?:\./)?"
    r"(?:\$|<<|\*|\{\{(?!-?[ \t]*\.?path(?:\.path)?[ \t]*-?\}\})(?![^}\n]{0,200}\.Values\b))"
)


@dataclass(frozen=True, slots=True)
class Reached:
    """What they lead to; all paths are relative, with slashes."""

    files: frozenset[str]  # which are texts of the project
    starts: frozenset[str]  # with objects that start something
    sure: (
        bool  # whether all that starts something by Flux is what `flux bootstrap` wrote, or its operator has
    )

    def alive(self, path: str) -> bool:
        """Whether a file is reached, or starts something."""
        return path in self.files or path in self.starts


def reached(namings: Namings) -> Reached | None:
    """None: there are no such objects, or it can't be told."""
    if not namings.has_listings or not namings.is_whole:
        return None
    objects = {text.path: text for text in namings.texts if _is_object(text)}
    if not objects or any(_is_unclear(text) for text in objects.values()):
        return None
    starts = {path for path, text in objects.items() if _bootstraps(text)}
    walk = _Walk(namings, from_git=any(_FROM_GIT.search(objects[path].text) for path in starts))
    is_bootstrapped = bool(starts)
    walk.start(starts)
    rest = {path for path in objects.keys() - walk.files - starts if not walk.lists_above(path)}
    walk.start(rest)
    rest |= {path for path in objects.keys() - walk.files - starts if not walk.is_left_out(path)}
    walk.start(rest)
    flux = any(_is_of_flux(objects[path]) for path in rest - walk.files)
    return Reached(frozenset(walk.files), frozenset(starts | rest), is_bootstrapped and not flux)


def _is_object(text: Text) -> bool:
    if not text.yaml or "apiVersion:" not in text.text:
        return False
    ours = _is_of_flux(text) or _OF_OTHERS.search(text.text) is not None
    return ours and _OBJECT.search(text.text) is not None


def _is_of_flux(text: Text) -> bool:
    return _OF_FLUX.search(text.text) is not None


def _is_unclear(text: Text) -> bool:
    return len(text.text) > _LONGEST or _UNKNOWN.search(text.text) is not None


def _bootstraps(text: Text) -> bool:
    """Whether Flux or its operator begins with a text: it has the path of a folder that the text lies in."""
    if not _is_of_flux(text):
        return False
    if _INSTANCE.search(text.text) is not None:
        return True
    paths = (match[1] for match in TAKEN.finditer(text.text))
    return _BOOTSTRAP.fullmatch(text.path) is not None and any(
        f"{text.path}".startswith(f"{os.path.normpath(path)}/") for path in paths
    )


class _Walk:
    """Follows paths, each once."""

    def __init__(self, namings: Namings, *, from_git: bool) -> None:
        self._from_git = from_git  # whether Flux has the tree from Git
        self._root = namings.root
        self._texts = namings.by_path
        self.files: set[str] = set()
        self._within: dict[str, list[str]] = defaultdict(list)  # the files of a folder
        self._folders: dict[str, set[str]] = defaultdict(set)  # the folders in a folder
        self._done: set[tuple[str, bool]] = set()
        self._left: list[tuple[str, bool]] = []
        for path in self._texts:
            folder = os.path.dirname(path)
            self._within[folder].append(path)
            while folder and folder not in self._folders[os.path.dirname(folder)]:
                self._folders[os.path.dirname(folder)].add(folder)
                folder = os.path.dirname(folder)

    def start(self, paths: set[str]) -> None:
        """Follow what some texts lead to, and all from there."""
        for path in paths:
            self._follow(self._texts[path])
        while self._left:
            self._reach(*self._left.pop())

    def lists_above(self, path: str) -> bool:
        """Whether there is a kustomization in a folder around a file."""
        return any(self._listing(folder) for folder in _around(path))

    def is_left_out(self, path: str) -> bool:
        """Whether a kustomization that is reached is in a folder around a file."""
        return any(self._listing(folder) in self.files for folder in _around(path))

    def _listing(self, folder: str) -> str:
        paths = (f"{folder}/{name}" if folder else name for name in KUSTOMIZATIONS)
        return next((path for path in paths if path in self._texts), "")

    def _ask(self, path: str, *, whole: bool = False) -> None:
        """Have a path reached, `whole`: with all below it."""
        path = "" if path == "." else path
        if path.startswith("..") or (path, whole) in self._done:
            return
        self._done.add((path, whole))
        if path in self._texts or path in self._within or path in self._folders:
            self._left.append((path, whole))
        elif os.path.exists(os.path.join(self._root, path)):
            real = os.path.relpath(
                os.path.realpath(os.path.join(self._root, path)), os.path.realpath(self._root)
            )
            if real.replace(os.sep, "/") != path:  # by a link
                self._ask(real.replace(os.sep, "/"), whole=whole)

    def _reach(self, path: str, whole: bool) -> None:
        if path in self._texts:
            if path not in self.files:
                self.files.add(path)
                self._follow(self._texts[path])
            return
        listing = self._listing(path)
        if listing and not whole:
            self._ask(listing)
            return
        whole = whole or any(name.endswith("/Chart.yaml") for name in self._within.get(path, ()))
        for name in self._within.get(path, ()):
            self._ask(name)
        for folder in self._folders.get(path, ()):
            self._ask(folder, whole=whole)

    def _follow(self, text: Text) -> None:
        if not _may_lead(text):
            return
        text = self._without_others(text)
        tops = (text.folder,) if KUSTOMIZATION.fullmatch(text.path) else (text.folder, "")
        for path in _in_addresses(text):
            self._ask_from((text.folder, ""), path)
        for path in _paths(text):
            self._ask_from(tops, path)
        for path in {match[1] for match in _BEGUN.finditer(text.text)}:
            self._ask_from(tops, path, whole=True)

    def _without_others(self, text: Text) -> Text:
        """A text without the objects in it that lead to nothing here."""
        if "kind:" not in text.text or not text.yaml:
            return text
        parts = _PARTS.split(text.text)
        ours = [
            part
            for part in parts
            if _OTHER_KIND.search(part) is None and not (self._from_git and _OF_ARTIFACT.search(part))
        ]
        return text if len(ours) == len(parts) else replace(text, text="\n---".join(ours))

    def _ask_from(self, tops: tuple[str, ...], path: str, *, whole: bool = False) -> None:
        for top in tops:
            self._ask(os.path.normpath(f"{top}/{path}" if top else path), whole=whole)


def _may_lead(text: Text) -> bool:
    """Whether a text has paths for a cluster: it is a list, has objects of Flux or Argo CD, or is no manifest, as files
    of values and those that generators read are."""
    if not text.yaml and not text.path.endswith(_OF_VALUES):
        return KUSTOMIZATION.fullmatch(text.path) is not None
    if KUSTOMIZATION.fullmatch(text.path) or any(word in text.text for word in WORDS):
        return True
    return _MANIFEST.search(text.text) is None


def _in_addresses(text: Text) -> Iterator[str]:
    """The paths in addresses of repositories: `https://host/owner/name//path`, `host/owner/name/path`."""
    for found in {match[1] for match in _OF_REPOSITORY.finditer(text.text)}:
        yield found.rpartition("//")[2]
        yield "/".join(found.split("/")[3:]) or found


def _paths(text: Text) -> Iterator[str]:
    yield from {match[0] for match in PATH.finditer(text.text) if "/" in match[0] or "." in match[0]}
    yield from {match[1] for match in TAKEN.finditer(text.text)}
    if KUSTOMIZATION.fullmatch(text.path):
        yield from {match[1] for match in _ITEM.finditer(text.text)}


def _around(path: str) -> Iterator[str]:
    folder = os.path.dirname(path)
    while folder:
        yield folder
        folder = os.path.dirname(folder)
    yield ""
