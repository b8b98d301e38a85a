"""What makes a policy: plain words that any process can turn into rules and configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linter import compiled
from linter.config import ConfigTree, FileSource, check_mentions, load
from linter.discover import find_root
from linter.errors import RuleError, UsageError
from linter.frozen import dataclass, field
from linter.givenfiles import read_given
from linter.newfiles import scratch
from linter.ruleset.cachefile import default_directory
from linter.ruleset.policy import Policy, make_policy
from linter.ruleset.store import RuleSet, load_ruleset

if TYPE_CHECKING:
    from linter.ruleset.plan import Plan

MAX_BASELINE = 100_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Recipe:
    """How rules and configuration are found. `settings` are the command line's words for configuration keys."""

    paths: tuple[str, ...] = ()
    config_file: str | None = None
    isolated: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    cache_dir: str | None = None  # of compiled rules; None: the user's
    policy_from: str | None = None  # git reference that configuration and rules of the tree are taken from

    def prepare(self) -> Prepared:
        """Load the configuration, then the rules that it names. Raises `UsageError` for anything wrong in either."""
        if self.policy_from is not None:
            return self._prepare_from(self.policy_from)
        tree = self._load(None)
        return self._finish(tree, tree.top.rule_dirs, None)

    def _load(self, source: FileSource | None) -> ConfigTree:
        return load(
            self.paths,
            explicit=self.config_file,
            isolated=self.isolated,
            cli=dict(self.settings),
            source=source,
        )

    def _prepare_from(self, reference: str) -> Prepared:
        """Configuration and rules as they are at the reference: what the tree says of itself does not count."""
        from linter.suppress.git import Repository

        start = Path(self.paths[0] if self.paths else ".").resolve()
        repository = Repository(find_root([start], Path.cwd()))
        source = repository.tree(repository.commit(reference))
        tree = self._load(source)
        if not tree.top.rule_dirs:
            return self._finish(tree, (), source)
        with scratch() as folder:
            copies = []
            for number, rule_dir in enumerate(tree.top.rule_dirs):
                copy = str(folder / str(number))
                source.export(os.path.relpath(rule_dir, tree.root), copy)
                copies.append(copy)
            return self._finish(tree, tuple(copies), source)

    def _finish(self, tree: ConfigTree, rule_dirs: tuple[str, ...], source: FileSource | None) -> Prepared:
        packages = [_package(name) for name in tree.top.rule_packages]
        ruleset = load_rules((*rule_dirs, *packages), self.cache_dir)
        known = {i: {n: p.default for n, p in ruleset.param_specs.get(i, {}).items()} for i in ruleset.infos}
        check_mentions(tree.mentions(), known)
        return Prepared(ruleset, tree, source)


class Prepared:
    """Rules and configuration, and the policy of each file: made once a configuration."""

    def __init__(self, ruleset: RuleSet, tree: ConfigTree, source: FileSource | None = None) -> None:
        self.ruleset = ruleset
        self.tree = tree
        self._source = source  # where policy comes from when it is not the disk
        self._plans: dict[tuple[frozenset[str], str], dict[str, Plan]] = {}
        self.main = make_policy(ruleset, tree.top).share(self._plans)
        self._made: dict[tuple[int, frozenset[str]], Policy] = {
            (id(self.main.config), frozenset()): self.main
        }

    def policy(self, path: str | os.PathLike[str]) -> Policy:
        """The policy of a file, given its absolute path."""
        config = self.tree.for_file(path)
        insisted = config.insisted(str(path)) if config.held else frozenset()
        key = (id(config), insisted)
        found = self._made.get(key)
        if found is None:
            chosen = config.only(insisted) if insisted else config
            found = self._made[key] = make_policy(self.ruleset, chosen).share(self._plans)
        return found

    def read(self, path: Path) -> bytes | None:
        """A file that belongs to the policy, such as the baseline; None when there is none.

        Raises `UsageError` for one that can't be read.
        """
        place = path.absolute()
        if self._source is not None and place.is_relative_to(self.tree.root):
            return self._source.read(str(place))
        try:
            return read_given(path, MAX_BASELINE)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None

    def policies(self) -> list[Policy]:
        """All policies in use so far."""
        return list(self._made.values())


def configured_rules() -> RuleSet:
    """Our rules and those that the configuration of the working directory adds."""
    return Recipe().prepare().ruleset


def _package(name: str) -> str:
    from linter.ruleset.packages import package_directory  # 20 ms of importlib.metadata

    return str(package_directory(name))


def load_rules(rule_dirs: tuple[str, ...] = (), cache_dir: str | None = None) -> RuleSet:
    """Our rules and the user's. Raises `UsageError` that names every broken rule file."""
    for folder in rule_dirs:
        if not Path(folder).is_dir():
            raise UsageError(f"rule-dirs: no such directory: {folder}")
    cache = Path(cache_dir) if cache_dir else default_directory()
    compiled.load(cache)
    ruleset, errors = load_ruleset([Path(d) for d in rule_dirs], cache)
    if errors:
        raise UsageError(_all_errors(errors))
    return ruleset


def _all_errors(errors: list[RuleError]) -> str:
    shown = [str(error) for error in errors[:20]]
    more = len(errors) - len(shown)
    return "\n".join([*shown, *([f"and {more} more rule files"] if more else [])])
