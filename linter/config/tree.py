"""`load`: the configuration of a run, answered file by file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linter.config.find import Disk, FileSource, Finder, repository_root
from linter.config.layer import Layer, suggest
from linter.config.merge import matching_overrides, mentions, merge
from linter.config.model import Config, Mention, Source
from linter.config.outside import is_outside
from linter.errors import UsageError
from linter.finding import Diagnostic

# settings of the whole run: read where the scan starts, told when they stand deeper
RUN_KEYS = (
    "rule-dirs",
    "extend-rule-dirs",
    "rule-packages",
    "baseline",
    "charts",
    "extend-charts",
    "require",
)


class ConfigTree:
    """Answers which configuration holds for a file. Directories are read when asked for, once."""

    def __init__(
        self,
        finder: Finder | None,
        fixed: tuple[Layer, ...],
        start: Sequence[str],
        direct: Sequence[tuple[Source, Mapping[str, Any], str]],
        root: str,
    ) -> None:
        self.root = root  # absolute; relative paths given to `for_file` start here
        self._finder = finder  # None: no files of the tree
        self._fixed = fixed
        self._start = start
        self._direct = direct
        self._merged: dict[tuple[Any, ...], Config] = {}
        self._folders: dict[str | os.PathLike[str], Config] = {}  # of directories themselves
        self._shared: dict[str, Config] = {}  # of directories in which all files have the same

    def for_file(self, path: str | os.PathLike[str]) -> Config:
        """The configuration of a file, absolute or relative to the root; the file need not exist."""
        # the same for all files of a folder, however that is written; half the time of `dirname`
        written = str(path).rpartition(os.sep)[0] or os.path.dirname(path)
        shared = self._shared.get(written)
        if shared is not None:
            return shared
        absolute = os.path.normpath(os.path.join(self.root, path))
        layers = self._layers(os.path.dirname(absolute))
        chosen = tuple(tuple(matching_overrides(layer, absolute)) for layer in layers)
        key = (tuple(map(id, layers)), chosen)
        found = self._merged.get(key)
        if found is None:
            found = self._merged[key] = merge(layers, absolute, self._direct)
        if not any("overrides" in layer.values for layer in layers):
            self._shared[written] = found
        return found

    def for_directory(self, path: str | os.PathLike[str]) -> Config:
        """The configuration of a directory itself: for `exclude` while walking. Overrides do not apply."""
        known = self._folders.get(path)
        if known is not None:
            return known
        layers = self._layers(os.path.normpath(os.path.join(self.root, path)))
        key = (tuple(map(id, layers)), None)
        found = self._merged.get(key)
        if found is None:
            found = self._merged[key] = merge(layers, None, self._direct)
        self._folders[path] = found
        return found

    @property
    def top(self) -> Config:
        """The configuration of the run: of the directory that holds all scanned paths.

        Rule folders of each named path's own configuration are added.
        """
        directories = [path if os.path.isdir(path) else os.path.dirname(path) for path in self._start]
        common = os.path.commonpath(directories) if directories else self.root
        config = self.for_directory(common)
        extra = [item for place in directories for item in self.for_directory(place).rule_dirs]
        dirs = tuple(dict.fromkeys((*config.rule_dirs, *extra)))
        if dirs == config.rule_dirs:
            return config
        from linter.frozen import replace

        return replace(config, rule_dirs=dirs)

    @property
    def files(self) -> tuple[str, ...]:
        """Absolute paths of the configuration files read so far."""
        return tuple(self._finder.read_files) if self._finder else ()

    def layers(self, path: str | os.PathLike[str]) -> tuple[Layer, ...]:
        """The layers that hold for a file or directory, weakest first: for `config show` and `validate`."""
        absolute = os.path.normpath(os.path.join(self.root, path))
        return self._layers(absolute if os.path.isdir(absolute) else os.path.dirname(absolute))

    def mentions(self) -> tuple[Mention, ...]:
        """Every rule, selector and parameter that the layers read so far name."""
        seen = {id(layer): layer for layer in self._all_layers()}
        return tuple(mention for layer in seen.values() for mention in mentions(layer))

    def notes(self) -> tuple[Diagnostic, ...]:
        """Warnings about settings that have no effect where they stand."""
        top = set(map(id, self._top_layers()))
        result = []
        for layer in {id(layer): layer for layer in self._all_layers()}.values():
            for key in RUN_KEYS:
                mine = not (layer.preset or layer.locks)
                if key in layer.values and id(layer) not in top and mine:
                    line, column = layer.places.get((key,), (0, 0))
                    message = (
                        f"'{key}' concerns the whole run and has no effect here: the scan started elsewhere"
                    )
                    result.append(Diagnostic("warning", message, layer.name, line, column))
        return tuple(result)

    def _all_layers(self) -> Iterable[Layer]:
        yield from self._fixed
        if self._finder:
            yield from self._finder.layers()

    def _top_layers(self) -> Iterable[Layer]:
        for path in self._start or (self.root,):
            yield from self._layers(path if os.path.isdir(path) else os.path.dirname(path))

    def _layers(self, directory: str) -> tuple[Layer, ...]:
        return self._fixed if self._finder is None else self._finder.chain(directory)


def load(
    paths: Iterable[str | os.PathLike[str]] = (),
    *,
    explicit: str | os.PathLike[str] | None = None,
    isolated: bool = False,
    cli: Mapping[str, Any] | None = None,
    env: Mapping[str, Any] | None = None,
    root: str | None = None,
    source: FileSource | None = None,
) -> ConfigTree:
    """Find the configuration for the scanned paths.

    `cli` and `env` map configuration keys (`fail-on`, `exclude`) to values already checked; None: not given.
    `root` is where the walk upwards ends: by default the repository of the first path, else the current
    directory when the path is below it, else the path's own directory. `isolated` reads nothing of the tree;
    `explicit` is the one file to read instead. `source` reads files from elsewhere than the disk (git).
    Raises `UsageError`: file, line, column, what is wrong, and a suggestion.
    """
    try:
        here = os.getcwd()
    except FileNotFoundError:
        raise UsageError("the current directory does not exist any more") from None
    start = [os.path.abspath(path) for path in paths] or [here]
    top = start[0] if os.path.isdir(start[0]) else os.path.dirname(start[0])
    if root is None:
        root = repository_root(top) or (here if (top + "/").startswith(here.rstrip("/") + "/") else top)
    finder = Finder(os.path.abspath(root), source or Disk())
    fixed: tuple[Layer, ...] = ()
    if explicit is not None:
        fixed = Finder(finder.root, _Routed(finder.root, source)).explicit(
            os.path.abspath(explicit), finder.root
        )
    direct = [(Source.ENVIRONMENT, env or {}, here), (Source.COMMAND_LINE, cli or {}, here)]
    unused = isolated or explicit is not None
    tree = ConfigTree(None if unused else finder, fixed, start, direct, finder.root)
    tree.top  # noqa: B018 - a wrong file is told before the scan begins
    return tree


class _Routed:
    """Files of the repository from `source` where there is one, others from the disk.

    So `--policy-from` holds for a `--config` file of the scanned tree too.
    """

    def __init__(self, root: str, source: FileSource | None) -> None:
        self.root = root
        self.source = source
        self.disk = Disk()

    def read(self, path: str) -> bytes | None:
        if self.source is not None and path.startswith(self.root.rstrip("/") + "/"):
            return self.source.read(path)
        return self.disk.read(path)


def check_mentions(mentioned: Iterable[Mention], rules: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise `UsageError` for unknown rules and parameters; `rules` maps ids to parameter names and defaults.

    Selectors are the ruleset's to check: it knows their kinds.
    """
    for mention in mentioned:
        if mention.kind == "rule" and mention.text not in rules and not is_outside(mention.text):
            raise UsageError(f"{mention.origin}: no rule '{mention.text}'", suggest(mention.text, rules))
        if mention.kind == "param":
            known = rules.get(mention.rule, {})
            if mention.text not in known:
                hint = suggest(mention.text, known) or (
                    f"it has {', '.join(known)}" if known else "it has none"
                )
                raise UsageError(
                    f"{mention.origin}: rule '{mention.rule}' has no parameter '{mention.text}'", hint
                )
            default = known[mention.text]
            if not _same_type(default, mention.value):
                wanted = type(default).__name__
                raise UsageError(
                    f"{mention.origin}: '{mention.text}' must be {wanted}, as its default {default!r}"
                )


def _same_type(default: Any, value: Any) -> bool:
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return True
    return default is None or type(value) is type(default)


def schema_path() -> str:
    """The JSON Schema of configuration files, for editors and `config init`."""
    return os.path.join(os.path.dirname(__file__), "config.schema.json")
