"""The compiled rule set: parsing and checking hundreds of rule files at every start would cost a second.

Like Python's own .pyc files: keyed by everything that went in, safe to delete, rebuilt when anything is off.
"""

from __future__ import annotations

import marshal
from collections.abc import Container, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from linter.errors import RuleError
from linter.finding import RuleInfo
from linter.formats.classify import load_format
from linter.ownfiles import Part
from linter.ruleset import cachefile
from linter.ruleset.builtin import BUILTIN_RULES
from linter.ruleset.files import builtin_directory, rule_files
from linter.ruleset.infos import Infos
from linter.ruleset.model import Param, Rule
from linter.ruleset.packing import PackedRule, pack


class RuleSet:
    """All rules, by id; those of a format and a profile are unpacked when they are first asked for."""

    def __init__(self, packed: Mapping[str, Any], name: str = "", roots: Sequence[FilePath] = ()) -> None:
        self.name = name  # changes with anything that goes into the rules
        self._packed = packed
        self._roots = roots
        # rule -> the folder that it was loaded from, of those that are not ours
        self.homes: dict[str, FilePath] = {}
        self._rules: dict[tuple[str, str], tuple[PackedRule, ...]] = {}
        self._steps: dict[str, Mapping[str, Sequence[str]]] = {}  # by format
        self.tags: dict[str, tuple[str, ...]] = {}
        self.param_specs: dict[str, dict[str, Param]] = {}
        self.supersedes: dict[str, tuple[str, ...]] = {}
        self.outranks: dict[str, tuple[str, ...]] = {}
        rows: dict[str, RuleInfo | bytes] = {info.id: info for info in BUILTIN_RULES}
        profiles = {info.id: info.profile for info in BUILTIN_RULES}
        formats = {info.id: info.format for info in BUILTIN_RULES}
        for rule, profile, format_name, info, tags, params, supersedes, outranks, home in packed["infos"]:
            rows[rule] = info
            profiles[rule] = profile
            formats[rule] = format_name
            self.tags[rule] = tags
            if params:
                self.param_specs[rule] = {name: Param(*spec) for name, spec in params.items()}
            if supersedes:
                self.supersedes[rule] = supersedes
            if outranks:
                self.outranks[rule] = outranks
            if home:
                self.homes[rule] = roots[home]
        self.infos = Infos(dict(sorted(rows.items())), profiles, formats)

    def rules(self, format_name: str) -> tuple[Rule, ...]:
        """The compiled rules of one format, in order of id."""
        return tuple(packed.rule() for packed in self.packed(format_name))

    def steps(self, format_name: str) -> Mapping[str, Sequence[str]]:
        """The steps of the paths that each rule of a format may point at, by its id."""
        found = self._steps.get(format_name)
        if found is None:
            rules = self.rules(format_name)
            found = {r.id: [str(step) for path in r.at for step in path.steps] for r in rules}
            self._steps[format_name] = found
        return found

    def packed(self, format_name: str, profiles: Container[str] | None = None) -> tuple[PackedRule, ...]:
        """The same, each unpacked when it is asked for; those of some profiles only where these are given."""
        blobs = self._packed["formats"].get(format_name) or {}
        parts = [
            self._of(format_name, profile) for profile in blobs if profiles is None or profile in profiles
        ]
        if len(parts) == 1:
            return parts[0]
        return tuple(sorted((rule for part in parts for rule in part), key=lambda rule: rule.id))

    def _of(self, format_name: str, profile: str) -> tuple[PackedRule, ...]:
        found = self._rules.get((format_name, profile))
        if found is None:
            functions = load_format(format_name).functions
            rows = marshal.loads(self._data(format_name, profile))  # noqa: S302 - our own file, ownership checked
            found = tuple(PackedRule(row, self.infos, functions) for row in rows)
            self._rules[format_name, profile] = found
        return found

    def _data(self, format_name: str, profile: str) -> bytes:
        kept: bytes | Part = self._packed["formats"][format_name][profile]
        data = kept.read() if isinstance(kept, Part) else kept
        if (
            data is None
        ):  # damaged, or cleared after the rest was read: written anew, or each run would find it so
            self._packed, errors = _pack_all(self._roots)
            if isinstance(kept, Part) and not errors:
                cachefile.write(kept.path, self._packed)
            data = self._packed["formats"][format_name][profile]
        return data


def load_ruleset(
    directories: Sequence[FilePath] = (), cache: FilePath | None = None
) -> tuple[RuleSet, list[RuleError]]:
    """Our rules and those of the given folders; the errors of the files that could not be loaded."""
    roots = [builtin_directory(), *directories]
    name = cachefile.name_for(roots)
    file = cache / name if cache is not None else None
    if file is not None:
        packed = cachefile.read(file)
        if packed is not None:
            return RuleSet(packed, name, roots), []
    packed, errors = _pack_all(roots)
    if file is not None and not errors:
        cachefile.write(file, packed)
    return RuleSet(packed, name, roots), errors


def _pack_all(roots: Sequence[FilePath]) -> tuple[dict[str, Any], list[RuleError]]:
    from linter.ruleset.load import (
        load_files,  # brings the compiler and jsonschema: only when the cache is stale
    )

    errors: list[RuleError] = []
    rules: dict[str, Rule] = {}
    homes: dict[str, int] = {}  # rule -> which of the roots
    for number, root in enumerate(roots):
        loaded, found = load_files(rule_files(root), root.parent)
        errors += found
        for rule in loaded:
            if rule.id in rules:
                errors.append(
                    RuleError(
                        rule.source, 1, 1, f"rule '{rule.id}' exists already in {rules[rule.id].source}"
                    )
                )
            else:
                rules[rule.id] = rule
                homes[rule.id] = number
    return pack(rules.values(), homes), errors
