"""The merged configuration as frozen data. Reading and merging are elsewhere; nothing here touches a file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from linter.config.globs import PathGlob, address_matches
from linter.config.outside import is_outside, means
from linter.finding import Confidence, Severity
from linter.frozen import asdict, dataclass, field, replace


class Source(StrEnum):
    """Where a value came from, weakest first."""

    DEFAULT = "default"
    PRESET = "preset"
    FILE = "file"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written: `tarecheck.yaml:3:1`, `preset strict`, `command line`."""

    source: Source
    path: str = ""  # of the file, relative to the root; name of the preset
    line: int = 0  # 1-based, 0 when not known
    column: int = 0

    def __str__(self) -> str:
        if self.source is Source.PRESET:
            return f"preset {self.path}"
        if self.source is not Source.FILE:
            return str(self.source)
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class RuleConfig:
    """What the configuration says of one rule. None means: as the rule file has it."""

    enabled: bool | None = None
    severity: Severity | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    ignore: tuple[PathGlob, ...] = ()

    def ignores(self, path: str) -> bool:
        """Whether findings of the rule in this file (absolute path) are suppressed."""
        return any(glob.matches(path) for glob in self.ignore)


@dataclass(frozen=True, slots=True)
class ConfigSuppression:
    """An entry of `suppressions.ignore`. Each of its lists, when given, must match; at least one is given."""

    rules: tuple[str, ...] = ()  # rule ids or selectors, also of peers (`trivy:KSV-0017`)
    paths: tuple[PathGlob, ...] = ()
    addresses: tuple[str, ...] = ()
    reason: str = ""
    until: datetime.date | None = None
    by: str = ""
    origin: Origin = Origin(Source.DEFAULT)

    def covers_path(self, path: str) -> bool:
        """Whether the file (absolute path) is meant."""
        return not self.paths or _any(self.paths, path)

    def covers_address(self, address: str) -> bool:
        """Whether the subject is meant."""
        return not self.addresses or any(address_matches(pattern, address) for pattern in self.addresses)


@dataclass(frozen=True, slots=True)
class SuppressionPolicy:
    """What suppressions in the tree may do."""

    require_reason: bool = False
    max_days: int | None = None  # how far ahead `until` may lie; with it, `until` is required
    locked: frozenset[str] = frozenset()  # rules that nothing in the tree can suppress or switch off
    honor_foreign: bool = True  # also the peers' own comments and annotations
    inline: bool = True  # comments and annotations of the tree at all (`--no-inline-ignores` is False)
    ignore: tuple[ConfigSuppression, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartConfig:
    """One way to render a Helm chart; a chart may be listed several times, once per set of values."""

    path: str  # absolute
    name: str = ""  # of the release; the chart's own when empty
    namespace: str = ""
    values: tuple[str, ...] = ()  # absolute paths, later ones win
    set: Mapping[str, str] = field(default_factory=dict)
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """What a finding must reach to be shown, and to fail the scan."""

    fail_on: Severity | None = Severity.MEDIUM  # None: findings never fail
    min_severity: Severity = Severity.INFO
    min_confidence: Confidence = Confidence.LOW
    exclude: tuple[PathGlob, ...] = ()

    def shows(self, severity: Severity, confidence: Confidence) -> bool:
        return severity >= self.min_severity and confidence >= self.min_confidence

    def fails(self, severity: Severity) -> bool:
        return self.fail_on is not None and severity >= self.fail_on


@dataclass(frozen=True, slots=True)
class Config:
    """What holds for one file. Selectors are carried as written; the ruleset interprets them."""

    profile: str = "default"
    select: tuple[str, ...] = ()  # empty: what the profile has
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.MEDIUM  # None: findings never fail
    min_severity: Severity = Severity.INFO
    min_confidence: Confidence = Confidence.LOW
    exclude: tuple[PathGlob, ...] = ()
    held: Mapping[str, Bar] = field(default_factory=dict)  # locked rule -> as the file that locks it has it
    max_file_size: int = 5  # megabytes
    everywhere: bool | None = None  # findings in tests and in other people's code count; None: nothing said
    rules: Mapping[str, RuleConfig] = field(default_factory=dict)
    rule_dirs: tuple[str, ...] = ()  # absolute
    rule_packages: tuple[str, ...] = ()  # names of entry points of installed packages
    baseline: str = ""  # absolute; empty: none
    suppressions: SuppressionPolicy = SuppressionPolicy()
    charts: tuple[ChartConfig, ...] = ()
    require: tuple[str, ...] = ()  # external programs that must be there
    origins: Mapping[str, Origin] = field(default_factory=dict)  # dotted key -> where its value came from

    def rule(self, rule_id: str) -> RuleConfig:
        found = self.rules.get(rule_id)
        if found is None and is_outside(rule_id):  # other programs spell their ids in several ways
            found = next((said for name, said in self.rules.items() if means(name, rule_id)), None)
        return found or _NOTHING_SAID

    def bar(self, rule_id: str) -> Bar:
        """What a finding of the rule must reach."""
        found = self.held.get(rule_id)
        return found or Bar(self.fail_on, self.min_severity, self.min_confidence, self.exclude)

    def excludes(self, path: str) -> bool:
        """Whether the absolute path is left out when a directory is walked."""
        return bool(self.exclude) and _any(self.exclude, path) and not self.insisted(path)

    def insisted(self, path: str) -> frozenset[str]:
        """The only rules to run on the path: it is excluded, but by a nearer file than the one that locks them."""
        if not self.held or not _any(self.exclude, path):
            return frozenset()
        return frozenset(rule for rule, bar in self.held.items() if not _any(bar.exclude, path))

    def only(self, rules: frozenset[str]) -> Config:
        """The same, in which no rules run but these."""
        return replace(
            self,
            select=tuple(sorted(rules)),
            extend_select=(),
            ignore=(),
            rules={rule: said for rule, said in self.rules.items() if rule in rules},
            suppressions=replace(self.suppressions, locked=rules),
        )

    def origin(self, key: str) -> Origin:
        """Where the value of a dotted key (`rules.max-gpus-per-pod.severity`) came from."""
        return self.origins.get(key, Origin(Source.DEFAULT))

    def digest(self, root: str) -> str:
        """Hash of all that can change a result, the same wherever the tree is checked out; for cache keys."""
        import json

        from linter.digest import blake2b

        values = asdict(self)
        del values["origins"]
        text = json.dumps(values, sort_keys=True, default=_plain)
        root = root.rstrip("/")
        text = text.replace(f"{root}/", "").replace(f'"{root}"', '""')
        return blake2b(text.encode(), digest_size=16).hexdigest()


_NOTHING_SAID = RuleConfig()


def _any(globs: tuple[PathGlob, ...], path: str) -> bool:
    return any(glob.matches(path) for glob in globs)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


@dataclass(frozen=True, slots=True)
class Mention:
    """A selector, rule id or parameter that a configuration names: the ruleset must know it."""

    kind: str  # "selector", "rule" or "param"
    text: str
    rule: str  # the rule of a parameter
    value: Any
    origin: Origin
