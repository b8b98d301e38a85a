"""Which configuration files hold for a directory: the chain from the root to it, with what they extend."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from linter.config.layer import MAX_BYTES, TOML_TABLE, Layer, complain, suggest
from linter.errors import UsageError
from linter.frozen import replace
from linter.givenfiles import read_start

FILE_NAMES = ("tarecheck.yaml", "tarecheck.yml", ".tarecheck.yaml", ".tarecheck.yml", "pyproject.toml")
_PRESETS = os.path.join(os.path.dirname(__file__), "presets")


class FileSource(Protocol):
    """Where configuration files are read from: the disk, or a git tree (`--policy-from`)."""

    def read(self, path: str) -> bytes | None:
        """The bytes of the file at the absolute path; None when there is no such file."""
        ...


class Disk:
    """The files as they are."""

    def read(self, path: str) -> bytes | None:
        try:
            return read_start(path, MAX_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None


def repository_root(directory: str) -> str | None:
    """The nearest directory at or above `directory` (absolute) with a `.git`; a worktree has it as a file."""
    while True:
        if os.path.exists(os.path.join(directory, ".git")):
            return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


class Finder:
    """Reads each directory's configuration once. The walk upwards ends at `root`; names start there."""

    def __init__(self, root: str, source: FileSource) -> None:
        self.root = root
        self.source = source
        self._here: dict[str, tuple[Layer, ...]] = {}
        self._chains: dict[str, tuple[Layer, ...]] = {}
        self._used: dict[int, Layer] = {}
        self.read_files: list[str] = []
        self._extending = 0  # files that the file at hand has taken in so far

    def chain(self, directory: str) -> tuple[Layer, ...]:
        """Layers for files in the absolute directory, weakest first."""
        found = self._chain(directory)
        self._used.update((id(layer), layer) for layer in found)
        return found

    def _chain(self, directory: str) -> tuple[Layer, ...]:
        above = [
            directory
        ]  # those that are not known yet, without recursion: a path may have thousands of parts
        while above[-1] not in self._chains and above[-1] not in (self.root, os.path.dirname(above[-1])):
            above.append(os.path.dirname(above[-1]))
        outer: tuple[Layer, ...] = ()
        for place in reversed(above):
            if place not in self._chains:
                own = self.here(place)
                if any(layer.values.get("root") is True for layer in own if not layer.preset):
                    outer = locks_of(outer)
                self._chains[place] = (*outer, *own)
            outer = self._chains[place]
        return outer

    def here(self, directory: str) -> tuple[Layer, ...]:
        """The layers of the one file in this directory: what it extends, then itself; empty without file."""
        found = self._here.get(directory)
        if found is None:
            found = self._read_directory(directory)
            self._here[directory] = found
        return found

    def layers(self) -> list[Layer]:
        """The layers that hold for any directory asked for so far."""
        return list(self._used.values())

    def _read_directory(self, directory: str) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for name in FILE_NAMES:
            path = os.path.join(directory, name)
            data = self.source.read(path)
            if data is not None and not (name == "pyproject.toml" and TOML_TABLE not in data):
                layer = self._layer(path, data, directory)
                if layer is not None:
                    layers.append(layer)
        if len(layers) > 1:
            first, second = layers[0].name, layers[1].name
            raise UsageError(f"two configurations in one directory: {first} and {second}", "keep one of them")
        if not layers:
            return ()
        self._extending = 0
        return self._with_extended(layers[0], (os.path.join(directory, os.path.basename(layers[0].name)),))

    def explicit(self, path: str, base: str) -> tuple[Layer, ...]:
        """The layers of the file named by `--config`; its patterns start from `base`."""
        data = self.source.read(path)
        if data is None:
            other = os.path.exists(path) and not os.path.isfile(path)
            what = "no regular file" if other else "no such configuration file"
            raise UsageError(f"{what}: {path}")
        layer = self._layer(path, data, base)
        if layer is None:
            raise UsageError(f"{path} has no [tool.tarecheck] table")
        return self._with_extended(layer, (path,), contained=False)

    def _layer(self, path: str, data: bytes, base: str) -> Layer | None:
        from linter.config.check import check
        from linter.config.read import parse

        name = os.path.relpath(path, self.root).replace(os.sep, "/") if _below(path, self.root) else path
        parsed = parse(name, data)
        if parsed is None:
            return None
        self.read_files.append(path)
        layer = Layer(name, base, os.path.dirname(path), *parsed)
        check(layer)
        return layer

    def _with_extended(
        self, layer: Layer, seen: tuple[str, ...], *, contained: bool = True
    ) -> tuple[Layer, ...]:
        extends = layer.values.get("extends", ())
        result: list[Layer] = []
        for entry in [extends] if isinstance(extends, str) else extends:
            place = layer.places.get(("extends",))
            if "/" not in entry and not entry.endswith((".yaml", ".yml", ".toml")):
                result.append(_preset(entry, layer, place))
                continue
            path = os.path.normpath(os.path.join(layer.folder, entry))
            if len(seen) > MAX_EXTENDS:
                raise complain(layer.name, place, f"more than {MAX_EXTENDS} files extend each other in a row")
            self._extending += 1
            if self._extending > MAX_EXTENDED:
                raise complain(layer.name, place, f"more than {MAX_EXTENDED} files are taken in by `extends`")
            if path in seen:
                raise complain(layer.name, place, f"'{entry}' extends itself")
            if contained and not _below(os.path.realpath(path), os.path.realpath(self.root)):
                raise complain(layer.name, place, f"'{entry}' lies outside of the repository")
            data = self.source.read(path)
            extended = self._layer(path, data, layer.base) if data is not None else None
            if extended is None:
                raise complain(layer.name, place, f"no such configuration: '{entry}'")
            result.extend(self._with_extended(extended, (*seen, path), contained=contained))
        return (*result, layer)


MAX_EXTENDS = 20  # files in a row
MAX_EXTENDED = 100  # files that one takes in, with those that these take in

_LOCK_KEYS = (
    "fail-on",
    "min-severity",
    "min-confidence",
    "exclude",
    "extend-exclude",
    "rule-dirs",
    "extend-rule-dirs",
)


def locks_of(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """What holds behind `root: true`: the locked rules, what is said of them, and when they fail the scan."""
    locked = {rule for layer in layers for rule in _locked(layer.values)}
    if not locked:
        return ()
    return tuple(replace(layer, values=_locks_only(layer.values, locked), locks=True) for layer in layers)


def _locked(values: Mapping[str, Any]) -> list[str]:
    policy = values.get("suppressions", {})
    return [*policy.get("locked", ()), *policy.get("extend-locked", ())]


def _locks_only(values: Mapping[str, Any], locked: Collection[str]) -> dict[str, Any]:
    kept = {key: values[key] for key in _LOCK_KEYS if key in values}
    kept["rules"] = {rule: said for rule, said in values.get("rules", {}).items() if rule in locked}
    kept["suppressions"] = {"locked": _locked(values)}
    if "overrides" in values:
        kept["overrides"] = [
            {"paths": entry["paths"], **_locks_only(entry, locked)} for entry in values["overrides"]
        ]
    return kept


def _below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


@cache
def presets() -> Mapping[str, str]:
    """The presets that ship with us: name -> file."""
    names = sorted(os.listdir(_PRESETS))
    return {
        name.removesuffix(".yaml"): os.path.join(_PRESETS, name) for name in names if name.endswith(".yaml")
    }


def _preset(name: str, layer: Layer, place: tuple[int, int] | None) -> Layer:
    from linter.config.read import parse

    path = presets().get(name)
    if path is None:
        hint = (
            suggest(name, presets())
            or f"presets are {', '.join(presets())}; a file's name has a slash or a suffix"
        )
        raise complain(layer.name, place, f"no preset '{name}'", hint)
    with open(path, "rb") as stream:
        parsed = parse(os.path.basename(path), stream.read())
    assert parsed is not None
    return Layer(name, layer.base, layer.folder, *parsed, preset=True)
