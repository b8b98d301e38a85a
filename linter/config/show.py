"""What `config show` and `config init` print."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from linter.config.globs import PathGlob
from linter.config.model import ChartConfig, Config, ConfigSuppression, Origin, RuleConfig, Source
from linter.finding import Confidence, Severity

STARTER = """\
# tarecheck configuration; every key: `tarecheck config show`, editors: config.schema.json
profile: default            # strict runs every rule
fail-on: medium             # critical, high, medium, low, info or none
exclude: []                 # such as "**/testdata/**"
# baseline: tarecheck-baseline.json   # what was there before: `tarecheck baseline create`
rules: {}
  # max-gpus-per-pod: {severity: high, params: {max: 8}}
  # floating-base-image: {ignore: ["docs/**"]}
suppressions:
  require-reason: true
  # max-days: 180
  # locked: [privileged-container]
"""


def rows(config: Config, root: str) -> Iterator[tuple[str, Any, Origin]]:
    """Every setting as (dotted key, plain value, origin), in a fixed order; paths relative to `root`."""
    default = Origin(Source.DEFAULT)
    for name in ("profile", "select", "extend_select", "ignore", "fail_on", "min_severity", "min_confidence"):
        key = name.replace("_", "-")
        value = "none" if name == "fail_on" and config.fail_on is None else getattr(config, name)
        yield key, plain(value, root), config.origins.get(key, default)
    for name in (
        "exclude",
        "everywhere",
        "max_file_size",
        "rule_dirs",
        "rule_packages",
        "baseline",
        "charts",
        "require",
    ):
        key = name.replace("_", "-")
        yield key, plain(getattr(config, name), root), config.origins.get(key, default)
    for name in ("require_reason", "max_days", "locked", "honor_foreign", "inline", "ignore"):
        key = f"suppressions.{name.replace('_', '-')}"
        yield key, plain(getattr(config.suppressions, name), root), config.origins.get(key, default)
    for rule_id in sorted(config.rules):
        for part, value in _parts(config.rules[rule_id]):
            key = f"rules.{rule_id}.{part}"
            fallback = config.origins.get(f"rules.{rule_id}.ignore", default)
            yield key, plain(value, root), config.origins.get(key, fallback)


def _parts(rule: RuleConfig) -> Iterator[tuple[str, Any]]:
    if rule.enabled is not None:
        yield "enabled", rule.enabled
    if rule.severity is not None:
        yield "severity", rule.severity
    for name in sorted(rule.params):
        yield f"params.{name}", rule.params[name]
    if rule.ignore:
        yield "ignore", rule.ignore


def plain(value: Any, root: str) -> Any:
    """A setting as JSON-able data."""
    if isinstance(value, (Severity, Confidence)):
        return value.label
    if isinstance(value, PathGlob):
        place = _relative(value.base, root)
        return value.pattern if place == "." else f"{place}: {value.pattern}"
    if isinstance(value, ChartConfig):
        pairs = {"path": value.path, "name": value.name, "values": value.values, "set": value.set}
        return {key: plain(item, root) for key, item in pairs.items() if item}
    if isinstance(value, ConfigSuppression):
        names = ("rules", "paths", "addresses", "reason", "by")
        entry = {name: plain(getattr(value, name), root) for name in names if getattr(value, name)}
        return entry | ({"until": value.until.isoformat()} if value.until else {})
    if isinstance(value, Mapping):
        return {key: plain(item, root) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, (tuple, list)):
        return [plain(item, root) for item in value]
    return _relative(value, root) if isinstance(value, str) and os.path.isabs(value) else value


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/") if path.startswith(root) else path
