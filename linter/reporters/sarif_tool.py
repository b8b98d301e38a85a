"""Who says the results: our driver with every rule, and each other program that was heard as an extension.

Rules of other programs stand in the driver too, under names that say whose they are (`trivy:KSV-0104`). In an
extension they could only be named by `result.rule`: GitLab, DefectDojo and SonarQube read `ruleId` and the driver's
rules alone, and a result that has both draws a warning of Microsoft's validator.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sarif_om

from linter import __version__
from linter.finding import Finding, Program, Report, RuleInfo
from linter.frozen import replace
from linter.patterns import lazy_regex
from linter.reporters import sarif_rules, tally
from linter.reporters.links import HOME, ORGANIZATION
from linter.reporters.sarif_model import plain
from linter.reporters.sarif_notices import NOTICES
from linter.reporters.visible import quiet

_DRIVER_GUID = "5b3c1f7e-0a52-4d0c-9f3a-7c1de3b4a6f2"
_SEMANTIC = lazy_regex(r"v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)")
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
# origin -> how the program is written, who makes it, where it lives
_KNOWN = {
    "checkov": ("Checkov", "Prisma Cloud", "https://www.checkov.io/"),
    "hadolint": ("Hadolint", "Hadolint", "https://github.com/hadolint/hadolint"),
    "kube-linter": ("KubeLinter", "StackRox", "https://docs.kubelinter.io/"),
    "trivy": ("Trivy", "Aqua Security", "https://trivy.dev/"),
}


def rules_of(report: Report, findings: Iterable[Finding]) -> list[RuleInfo]:
    """Every enabled rule, so that consumers can close alerts of rules that ran clean; of others the named ones."""
    known = dict(report.rules)
    for finding in findings:
        if finding.rule not in known:
            known[finding.rule] = replace(tally.rule_of(report, finding.rule), origin=finding.origin)
    return list(known.values())


def weaknesses(rules: Iterable[RuleInfo]) -> list[str]:
    """CWE numbers of all rules, in their order."""
    numbers = {number for rule in rules for number in sarif_rules.weaknesses(rule)}
    return sorted(numbers, key=lambda number: (len(number), number))


def tool(report: Report, rules: Iterable[RuleInfo], numbers: list[str]) -> str:
    """The `tool` object as text, one rule a line. `numbers`: the taxonomy that rules refer to."""
    taxa = {number: index for index, number in enumerate(numbers)}
    body = ",\n".join(_ENCODE(sarif_rules.descriptor(rule, taxa)) for rule in rules)
    text = f'{{"driver": {_ENCODE(_driver(numbers))[:-1]},"rules": [\n{body}\n]}}'
    if report.programs:
        text += f',\n"extensions": {quiet(_ENCODE([_extension(program) for program in report.programs]))}'
    return text + "}"


def _driver(numbers: list[str]) -> Any:
    cwe = sarif_om.ToolComponentReference(name="CWE", guid=sarif_rules.TAXONOMY_GUID, index=0)
    return plain(
        sarif_om.ToolComponent(
            name="tarecheck",
            full_name="tarecheck policy and security linter",
            guid=_DRIVER_GUID,
            organization=ORGANIZATION,
            information_uri=HOME,
            version=__version__,
            semantic_version=__version__,
            notifications=NOTICES,
            supported_taxonomies=[cwe] if numbers else None,
        )
    )


def _extension(program: Program) -> Any:
    name, organization, home = _KNOWN.get(program.name, (program.name, None, None))
    semantic = _SEMANTIC.fullmatch(program.version)
    dated = {"databaseUpdatedAt": program.database} if program.database else {}
    return plain(
        sarif_om.ToolComponent(
            name=name,
            organization=organization,
            information_uri=home,
            version=program.version or None,
            semantic_version=semantic[1] if semantic else None,
            contents=None,
            properties={"origin": program.name, **dated},
        )
    )
