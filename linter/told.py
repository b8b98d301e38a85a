"""Which findings of a scan are told: those above the thresholds of their file, one a fact."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from linter.aside import Scope, set_aside
from linter.config.model import Bar
from linter.finding import Diagnostic, Finding
from linter.ruleset.lesser import without_copies, without_lesser, without_overridden
from linter.ruleset.policy import Policy
from linter.ruleset.store import RuleSet


def told(
    findings: Iterable[Finding],
    policy_for: Callable[[str], Policy],
    scope: Scope,
    ruleset: RuleSet,
    faults: list[Diagnostic] | None = None,
) -> list[Finding]:
    """The findings that their file's configuration lets through, those marked that another rule says better.

    `policy_for` is asked with absolute paths; findings must have been marked by suppressions. Errors of ours
    are added to `faults`.
    """

    policies: dict[str, Policy] = {}

    def policy(finding: Finding) -> Policy:
        path = finding.location.path
        found = policies.get(path)
        if found is None:
            found = policies[path] = policy_for(
                os.path.join(scope.root, path)
            )  # a `Path` takes as long as the answer
        return found

    bars: dict[tuple[int, str], Bar] = {}

    def bar(finding: Finding) -> Bar:
        config = policy(finding).config
        key = (id(config), finding.rule)
        found = bars.get(key)
        if found is None:
            found = bars[key] = config.bar(finding.rule)
        return found

    visible = [f for f in findings if bar(f).shows(f.severity, f.confidence)]
    counted = set_aside(
        visible, scope, lambda path: policy_for(os.path.join(scope.root, path)).config, ruleset.infos, faults
    )
    return without_lesser(
        without_overridden(without_copies(counted)),
        ruleset.supersedes,
        ruleset.outranks,
        lambda rule: (info := ruleset.infos.get(rule)) is not None and info.throughout,
        lambda finding: finding.rule in policy(finding).config.suppressions.locked,
    )
