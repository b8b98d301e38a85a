"""Layers, weakest first -> one frozen `Config` for a file.

One law: nearer wins, lists replace, `extend-…` adds, mappings merge by key. One exception:
`suppressions.locked` only grows, and a rule that a farther file locked is judged as that file has it: what a nearer
one says of the rule, of thresholds and of paths to leave out does not concern it. The command line does.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from linter.config.globs import PathGlob
from linter.config.layer import Layer, Path, complain
from linter.config.model import (
    Bar,
    ChartConfig,
    Config,
    ConfigSuppression,
    Mention,
    Origin,
    RuleConfig,
    Source,
    SuppressionPolicy,
)
from linter.finding import Confidence, Severity
from linter.frozen import replace

SELECTOR_KEYS = ("select", "extend-select", "ignore", "extend-ignore")


def merge(
    layers: Sequence[Layer], path: str | None, direct: Sequence[tuple[Source, Mapping[str, Any], str]]
) -> Config:
    """The configuration of the file at the absolute path (None: of the tree, without overrides).

    `direct` holds values from the environment and the command line, weakest first: (source, values by key,
    base directory of their patterns).
    """
    merger = _Merger()
    for layer in layers:
        merger.add(_Block(layer, ()), layer.values)
        for index in matching_overrides(layer, path):
            merger.add(_Block(layer, ("overrides", index)), layer.values["overrides"][index])
    for source, values, base in direct:
        merger.add(_Direct(source, base), values)
    return merger.result()


def matching_overrides(layer: Layer, path: str | None) -> list[int]:
    """Indexes of the `overrides` whose paths mean this file."""
    if path is None or "overrides" not in layer.values:
        return []
    entries = layer.values["overrides"]
    return [
        index
        for index, entry in enumerate(entries)
        if any(PathGlob(layer.base, pattern).matches(path) for pattern in entry["paths"])
    ]


class _Block:
    """A mapping of settings in a file: where it stands, and what its names are relative to."""

    def __init__(self, layer: Layer, prefix: Path) -> None:
        self.layer = layer
        self.prefix = prefix
        self.base = layer.base
        self.folder = layer.folder

    def origin(self, *path: str | int) -> Origin:
        source = Source.PRESET if self.layer.preset else Source.FILE
        place = self.layer.places.get((*self.prefix, *path), (0, 0))
        return Origin(source, self.layer.name, *place)


class _Direct:
    """Values that came from no file."""

    def __init__(self, source: Source, base: str) -> None:
        self.source = source
        self.base = self.folder = base

    def origin(self, *path: str | int) -> Origin:
        return Origin(self.source)


_Where = _Block | _Direct


class _Merger:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.policy: dict[str, Any] = {}
        self.rules: dict[str, RuleConfig] = {}
        self.origins: dict[str, Origin] = {}
        self.locked_by: dict[str, int] = {}  # rule -> number of the layer that locked it
        self.held: dict[
            str, dict[str, Any]
        ] = {}  # locked rule -> the values of `Bar` in the layer that locked it
        self.layer = -1
        self.layer_of: Any = None

    def add(self, where: _Where, values: Mapping[str, Any]) -> None:
        owner = where.layer if isinstance(where, _Block) else where
        if owner is not self.layer_of:
            self.hold()
            self.layer += 1
            self.layer_of = owner
        for key, value in values.items():
            if value is None:
                continue
            if key == "suppressions":
                self.add_policy(where, value)
            elif key == "rules":
                for rule_id, setting in value.items():
                    self.add_rule(where, rule_id, setting)
            else:
                target = key.removeprefix("extend-") if key != "extend-select" else key
                convert = _CONVERT.get(target)
                if convert is None:
                    continue  # root, extends, overrides, $schema: about the file itself
                converted = convert(where, value, (key,))
                for values_of in self.reached(where, target):
                    before = values_of.get(target, ()) if key.startswith("extend-") else ()
                    values_of[target] = (*before, *converted) if key.startswith("extend-") else converted
                self.origins[target] = where.origin(key)

    def hold(self) -> None:
        """At the end of a layer: what it locked is judged by the thresholds that it has."""
        for rule_id in self.locked_by.keys() - self.held.keys():
            self.held[rule_id] = {key: self.values[key] for key in _BAR if key in self.values}

    def reached(self, where: _Where, key: str) -> Iterator[dict[str, Any]]:
        """The values that a setting changes: those of locked rules only by whoever runs the scan."""
        yield self.values
        if key in _BAR and isinstance(where, _Direct):
            yield from self.held.values()

    def add_policy(self, where: _Where, values: Mapping[str, Any]) -> None:
        for key, value in values.items():
            target = key.removeprefix("extend-")
            if target == "locked":
                for rule_id in value:
                    self.locked_by.setdefault(rule_id, self.layer)
            elif target == "ignore":
                entries = tuple(_suppression(where, entry, index, key) for index, entry in enumerate(value))
                self.policy[target] = (*self.policy.get(target, ()), *entries) if key != target else entries
            else:
                self.policy[target.replace("-", "_")] = value
            self.origins[f"suppressions.{target}"] = where.origin("suppressions", key)

    def add_rule(self, where: _Where, rule_id: str, setting: Any) -> None:
        if self.locked_by.get(rule_id, self.layer) < self.layer and isinstance(where, _Block):
            return
        rule = self.rules.get(rule_id, RuleConfig())
        if isinstance(setting, bool):
            setting = {"enabled": setting}
        elif isinstance(setting, str):
            setting = {"severity": setting}
        for key, value in setting.items():
            prefix = f"rules.{rule_id}.{key}"
            self.origins[prefix] = where.origin("rules", rule_id, key)
            if self.origins[prefix].line == 0:
                self.origins[prefix] = where.origin("rules", rule_id)
            if key == "enabled":
                rule = replace(rule, enabled=value)
            elif key == "severity":
                rule = replace(rule, severity=Severity[value.upper()])
            elif key == "params":
                rule = replace(rule, params={**rule.params, **value})
                for name in value:
                    self.origins[f"{prefix}.{name}"] = where.origin("rules", rule_id, "params", name)
            else:
                before = rule.ignore if key == "extend-ignore" else ()
                rule = replace(rule, ignore=(*before, *_globs(where, value, ())))
        self.rules[rule_id] = rule

    def result(self) -> Config:
        self.hold()
        policy = SuppressionPolicy(locked=frozenset(self.locked_by), **self.policy)
        held = {rule_id: Bar(**_names(values)) for rule_id, values in self.held.items()}
        return Config(
            rules=self.rules, suppressions=policy, origins=self.origins, held=held, **_names(self.values)
        )


_BAR = ("fail-on", "min-severity", "min-confidence", "exclude")


def _names(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key.replace("-", "_"): value for key, value in values.items()}


def _strings(_where: _Where, value: Any, _path: Path) -> tuple[str, ...]:
    return tuple(value)


def _word(_where: _Where, value: Any, _path: Path) -> Any:
    return value


def _globs(where: _Where, value: Any, _path: Path) -> tuple[PathGlob, ...]:
    return tuple(PathGlob(where.base, pattern) for pattern in value)


def _severity(_where: _Where, value: Any, _path: Path) -> Severity | None:
    return None if value == "none" else Severity[value.upper()]


def _confidence(_where: _Where, value: Any, _path: Path) -> Confidence:
    return Confidence[value.upper()]


def _file(where: _Where, value: Any, _path: Path) -> str:
    return os.path.normpath(os.path.join(where.folder, value))


def _files(where: _Where, value: Any, path: Path) -> tuple[str, ...]:
    return tuple(_file(where, item, path) for item in value)


def _charts(where: _Where, value: Any, path: Path) -> tuple[ChartConfig, ...]:
    return tuple(
        ChartConfig(
            path=_file(where, chart["path"], path),
            name=chart.get("name", ""),
            namespace=chart.get("namespace", ""),
            values=_files(where, chart.get("values", ()), path),
            set={key: _helm_text(item) for key, item in chart.get("set", {}).items()},
            kube_version=chart.get("kube-version", ""),
            api_versions=tuple(chart.get("api-versions", ())),
        )
        for chart in value
    )


def _helm_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _suppression(where: _Where, entry: Mapping[str, Any], index: int, key: str) -> ConfigSuppression:
    until = None
    if "until" in entry:
        try:
            until = datetime.date.fromisoformat(entry["until"])
        except ValueError:
            origin = where.origin("suppressions", key, index, "until")
            raise complain(
                origin.path, (origin.line, origin.column), f"there is no day {entry['until']}"
            ) from None
    return ConfigSuppression(
        rules=tuple(entry.get("rules", ())),
        paths=_globs(where, entry.get("paths", ()), ()),
        addresses=tuple(entry.get("addresses", ())),
        reason=entry["reason"],
        until=until,
        by=entry.get("by", ""),
        origin=where.origin("suppressions", key, index),
    )


_CONVERT: Mapping[str, Callable[[_Where, Any, Path], Any]] = {
    "profile": _word,
    "select": _strings,
    "extend-select": _strings,
    "ignore": _strings,
    "fail-on": _severity,
    "min-severity": _severity,
    "min-confidence": _confidence,
    "exclude": _globs,
    "max-file-size": _word,
    "everywhere": _word,
    "rule-dirs": _files,
    "rule-packages": _strings,
    "baseline": _file,
    "charts": _charts,
    "require": _strings,
}


def mentions(layer: Layer) -> list[Mention]:
    """Every rule, selector and parameter that a layer names, with its place."""
    blocks: list[tuple[_Block, Mapping[str, Any]]] = [(_Block(layer, ()), layer.values)]
    for index, entry in enumerate(layer.values.get("overrides", ())):
        blocks.append((_Block(layer, ("overrides", index)), entry))
    result: list[Mention] = []
    for where, values in blocks:
        for key in SELECTOR_KEYS:
            for index, text in enumerate(values.get(key, ())):
                result.append(Mention("selector", text, "", None, where.origin(key, index)))
        for rule_id, setting in values.get("rules", {}).items():
            result.append(Mention("rule", rule_id, rule_id, None, where.origin("rules", rule_id)))
            for name, value in (setting.get("params", {}) if isinstance(setting, dict) else {}).items():
                origin = where.origin("rules", rule_id, "params", name)
                result.append(Mention("param", name, rule_id, value, origin))
        policy = values.get("suppressions", {})
        for key in ("locked", "extend-locked"):
            for index, text in enumerate(policy.get(key, ())):
                result.append(Mention("rule", text, text, None, where.origin("suppressions", key, index)))
        for key in ("ignore", "extend-ignore"):
            for index, entry in enumerate(policy.get(key, ())):
                for number, text in enumerate(entry.get("rules", ())):
                    origin = where.origin("suppressions", key, index, "rules", number)
                    result.append(Mention("selector", text, "", None, origin))
    return result
