"""Kustomizations without what they list and is not here: a remote base, a file that is not checked in.

Kustomize renders nothing where one entry is missing, and nothing is fetched. So the kustomizations are written anew
without such entries into a folder of ours, at the same relative paths, with links to all other files that they name.
Nothing of that is written below the scanned tree.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from linter.adapters.confined import names_in
from linter.formats.node import MAP
from linter.formats.yamltree import parse_documents
from linter.frozen import dataclass
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex
from linter.text import SourceText, decode

_MAX = 5_000_000  # bytes of a kustomization, and of a patch
_MOST = 2_000  # kustomizations
_SHOWN = 3  # names in one sentence
_LONGEST_NAME = 150  # characters
_LISTS = ("resources", "bases", "components")
_PATCHES = ("patchesStrategicMerge", "patches", "patchesJson6902")
_GENERATORS = ("configMapGenerator", "secretGenerator")
_REMOTE = lazy_regex(r"^[a-z0-9+]{2,10}::|://|^git@|^github\.com[/:]|[?&]ref=|\.git(?:$|[/?])")
_UNMATCHED = lazy_regex(
    r"no matches for Id ([\w.\[\]-]{1,300})/([^\s;]{1,300}); failed to find unique target"
)
_UNSOURCED = lazy_regex(
    r"(?:nothing selected by|is missing for replacement source) ([\w.\[\]-]{1,300})/([^\s:]{1,300})"
)
_ACCUMULATED = lazy_regex(r"recursed accumulation of path '([^']{1,4096})'")


@dataclass(frozen=True, slots=True)
class Lack:
    """What a kustomization was rendered without, as a sentence without its full stop."""

    file: Path
    words: str


def take_out(folder: Path, said: dict[str, Any], names: Sequence[str]) -> list[tuple[str, str]]:
    """Take out of what a kustomization in `folder` says all that is not there; the names, with the reasons.

    `names` are those that a kustomization may have.
    """
    out: list[tuple[str, str]] = []

    def is_there(name: Any) -> bool:
        if (
            not isinstance(name, str)
            or not name
            or "\n" in name
            or "\0" in name
            or os.path.isfile(folder / name)
        ):
            return True
        out.append((name, "nothing is fetched" if _REMOTE.search(name) else "it is not there"))
        return False

    def is_listed(name: Any) -> bool:
        if not isinstance(name, str) or not os.path.isdir(folder / name):
            return is_there(name)
        if not any(os.path.isfile(folder / name / one) for one in names):
            out.append((name, "there is no kustomization in it"))
            return False
        return True

    for key in _LISTS:
        _keep(said, key, is_listed)
    for generator in (item for key in _GENERATORS for item in _items(said, key) if isinstance(item, dict)):
        _keep(generator, "files", lambda item: is_there(_path(item)))
        _keep(generator, "envs", is_there)
        if not is_there(generator.get("env")):
            del generator["env"]
    for key in _PATCHES:
        _keep(said, key, lambda item: _is_inline(item) or is_there(_named_by(item)))
    return out


def _items(said: dict[str, Any], key: str) -> list[Any]:
    found = said.get(key)
    return found if isinstance(found, list) else []


def _keep(said: dict[str, Any], key: str, is_kept: Callable[[Any], bool]) -> None:
    if isinstance(said.get(key), list):
        said[key] = [item for item in said[key] if is_kept(item)]


def _path(item: Any) -> Any:
    """The path in an entry of a generator's files: `path`, `key=path`."""
    return item.partition("=")[2] or item if isinstance(item, str) else item


def _named_by(patch: Any) -> Any:
    """The path of a patch in a file."""
    return patch.get("path") if isinstance(patch, dict) else patch


def _is_inline(patch: Any) -> bool:
    return isinstance(patch, str) and ("\n" in patch or patch.lstrip().startswith("{"))


class Mirror:
    """A kustomization and those that it includes, in a folder of ours, without what is not here."""

    def __init__(self, folder: Path, root: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self._root = root
        self._real = Path(os.path.realpath(root))
        self._names = names
        self._said: dict[Path, dict[str, Any]] = {}  # by the kustomization's file
        self._links: set[Path] = set()
        self._left: dict[tuple[Path, str], list[str]] = {}  # file and reason -> names

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What was left out, a sentence for each kustomization and reason."""
        return tuple(
            Lack(file, f"rendered without {_listed(names)}: {reason}")
            for (file, reason), names in self._left.items()
        )

    def of(self, path: Path) -> Path:
        """The place of something of the tree in the mirror."""
        return self.folder / path.relative_to(self._root)

    def original(self, path: Path) -> Path:
        """What something of the mirror stands for."""
        return self._root / path.relative_to(self.folder) if path.is_relative_to(self.folder) else path

    def fill(self, top: Path) -> bool:
        """Write it; False where nothing is left out, or that can't be done faithfully."""
        pending = [top]
        for file in pending:  # grows on the way
            if file in self._said:
                continue
            said = self._read(file)
            if said is None or len(pending) > _MOST:
                return False
            self._said[file] = said
            pending += self._without_missing(file, said)
        if not self._left:
            return False
        try:
            for file in self._said:
                self._write(file)
            for path in self._links:
                self._link(path)
        except (OSError, ValueError, TypeError):  # a value that JSON has not, a name that can't be written
            return False
        return True

    def drop(self, complaint: str) -> Path | Literal[""] | None:
        """Take out the patch or replacement of which kustomize says that nothing matches it; None where that is not it.

        The folder of what it was in, where that can be rendered by itself.
        """
        unmatched, unsourced = _UNMATCHED.search(complaint), _UNSOURCED.search(complaint)
        found = unmatched or unsourced
        if found is None:
            return None
        identity = (found[1].partition(".")[0], found[2].rpartition(".")[0])
        within = _ACCUMULATED.findall(complaint)
        folder = self.original(Path(os.path.normpath(within[-1]))) if within else None
        what, drop = ("a patch of", _drop_patch) if unmatched else ("a replacement from", _drop_replacements)
        for file, said in self._said.items():
            if folder in (None, file.parent) and drop(file, said, identity):
                self._leave(file, f"{what} {' '.join(identity)}", "nothing here matches it")
                self.of(file).unlink()
                self._write(file)
                return "" if said.get("kind") == "Component" else self.of(file.parent)
        return None

    def _read(self, file: Path) -> dict[str, Any] | None:
        """What a kustomization says; None for what is no plain one below the root."""
        if not file.is_relative_to(self._root):
            return None
        if Path(os.path.realpath(file.parent)) != self._real / file.parent.relative_to(self._root):
            return None  # links to folders: what is named from there lies elsewhere
        documents = _documents(file)
        if len(documents) != 1 or not isinstance(documents[0], dict):
            return None
        return documents[0]

    def _without_missing(self, file: Path, said: dict[str, Any]) -> list[Path]:
        """Take out what is not there; the kustomizations that are, and links to the files."""
        for name, reason in take_out(file.parent, said, self._names):
            self._leave(file, name, reason)
        said.setdefault("resources", [])
        paths = [Path(os.path.normpath(file.parent / name)) for name in names_in(said)]
        self._links.update(path for path in paths if path.is_relative_to(self._root) and os.path.isfile(path))
        listed = (item for key in _LISTS for item in said.get(key) or () if isinstance(item, str))
        folders = (Path(os.path.normpath(file.parent / name)) for name in listed)
        # of several in one folder kustomize says that there is one too many
        return [path for folder in folders for name in self._names if os.path.isfile(path := folder / name)]

    def _leave(self, file: Path, name: str, reason: str) -> None:
        self._left.setdefault((file, reason), []).append(name)

    def _write(self, file: Path) -> None:
        place = self.of(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as stream:  # never through a link
            stream.write(json.dumps(self._said[file], ensure_ascii=False, allow_nan=False))

    def _link(self, path: Path) -> None:
        real, place = Path(os.path.realpath(path)), self.of(path)
        if real.is_relative_to(self._real) and not os.path.lexists(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(real)


def _drop_patch(file: Path, said: dict[str, Any], identity: tuple[str, str]) -> bool:
    """Take an object out of the patches of a kustomization that have no target of their own."""
    for key in ("patchesStrategicMerge", "patches"):
        dropped = False
        kept: list[Any] = []
        for item in _items(said, key):
            objects = _objects(file, item)
            others = [one for one in objects if _identity(one) != identity]
            if len(others) == len(objects):
                kept.append(item)
                continue
            dropped = True
            texts = [json.dumps(one, allow_nan=False) for one in others]
            kept += [{"patch": text} for text in texts] if isinstance(item, dict) else texts
        if dropped:
            said[key] = kept
            return True
    return False


def _drop_replacements(_: Path, said: dict[str, Any], identity: tuple[str, str]) -> bool:
    """Take out the replacements with values of an object that is not here, or lacks them."""
    found = _items(said, "replacements")
    kept = [item for item in found if _source(item) != identity]
    if len(kept) == len(found):
        return False
    said["replacements"] = kept
    return True


def _source(replacement: Any) -> tuple[Any, Any]:
    source = replacement.get("source") if isinstance(replacement, dict) else None
    return (source.get("kind"), source.get("name")) if isinstance(source, dict) else (None, None)


def _documents(file: Path) -> list[Any]:
    try:
        text = decode(file.name, read_regular(file, _MAX))
    except (OSError, ValueError):
        return []
    return _plain(text)


def _plain(text: SourceText) -> list[Any]:
    return [document.plain() for document in parse_documents(text).documents if document.kind == MAP]


def _objects(file: Path, patch: Any) -> list[Any]:
    """Those of a strategic merge patch that kustomize finds a target for by itself."""
    if isinstance(patch, dict) and patch.get("target") is not None:
        return []
    text = patch if _is_inline(patch) else patch.get("patch") if isinstance(patch, dict) else None
    if isinstance(text, str):
        return _plain(SourceText(file.name, text))
    path = _named_by(patch)
    return _documents(file.parent / path) if isinstance(path, str) and "\0" not in path else []


def _identity(said: Any) -> tuple[Any, Any]:
    metadata = said.get("metadata")
    return said.get("kind"), metadata.get("name") if isinstance(metadata, dict) else None


def _listed(names: Sequence[str]) -> str:
    shown = [name[:_LONGEST_NAME] for name in names[:_SHOWN]]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)
