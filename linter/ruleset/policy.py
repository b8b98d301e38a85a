"""Rules x configuration -> what is asked of one file, and what its findings weigh."""

from __future__ import annotations

from functools import partial
from typing import Any

from linter.config import Config, Source
from linter.finding import RuleInfo, Severity
from linter.formats.classify import load_format
from linter.frozen import dataclass, field
from linter.ruleset.model import Rule
from linter.ruleset.packing import PackedRule
from linter.ruleset.params import ParamValues
from linter.ruleset.plan import Judged, Pending, Plan
from linter.ruleset.select import resolve
from linter.ruleset.store import RuleSet


@dataclass(slots=True)
class Policy:
    """One configuration's view of the rule set; plans are made when a format is first met."""

    ruleset: RuleSet
    config: Config
    enabled: frozenset[str]
    _plans: dict[str, Plan] = field(default_factory=dict)

    def plan(self, format_name: str) -> Plan:
        found = self._plans.get(format_name)
        if found is None:
            profiles = {self.ruleset.infos.profiles[i] for i in self.enabled}
            rules = [
                Pending(packed.subject, packed.types, partial(self._judge_packed, packed))
                for packed in self.ruleset.packed(format_name, profiles)
                if packed.id in self.enabled
            ]
            found = Plan(load_format(format_name), rules)
            self._plans[format_name] = found
        return found

    def share(self, plans: dict[tuple[frozenset[str], str], dict[str, Plan]]) -> Policy:
        """The same with the plans of policies that ask the same: folders may each have a configuration of their own."""
        settings = sorted((i, str(said.severity), repr(said.params)) for i, said in self.config.rules.items())
        self._plans = plans.setdefault((self.enabled, repr(settings)), self._plans)
        return self

    def _judge_packed(self, packed: PackedRule) -> Judged:
        return self.judge(packed.rule())

    def judge(self, rule: Rule) -> Judged:
        settings = self.config.rules.get(rule.id)
        params: Any = rule.params
        if settings is not None and settings.params:
            params = ParamValues(**{**vars(rule.params), **settings.params})
        guest = rule.id in self.ruleset.homes
        return Judged(rule, self.severity(rule.info), rule.info.confidence, params, guest)

    def severity(self, info: RuleInfo) -> Severity:
        settings = self.config.rules.get(info.id)
        return info.severity if settings is None or settings.severity is None else settings.severity


def make_policy(ruleset: RuleSet, config: Config) -> Policy:
    """Raises `UsageError` for a selector that names nothing. Rule ids and parameters were checked before."""
    enabled = resolve(
        ruleset.infos,
        ruleset.tags,
        select=config.select,
        extend_select=config.extend_select,
        ignore=config.ignore,
        profile=config.profile,
    )
    on = {i for i, settings in config.rules.items() if settings.enabled is True}
    off = {i for i, settings in config.rules.items() if settings.enabled is False}
    enabled = (enabled | on) - off
    if Source.COMMAND_LINE not in (config.origin("ignore").source, config.origin("select").source):
        enabled |= config.suppressions.locked & ruleset.infos.keys()  # nothing in the tree switches them off
    return Policy(ruleset, config, enabled)
