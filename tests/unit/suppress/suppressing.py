from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from linter.config import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity, Status
from linter.formats.document import Document
from linter.frozen import replace
from linter.ruleset.builtin import BUILTIN_RULES
from linter.suppress.apply import Marker
from linter.suppress.collect import collect
from linter.suppress.names import Names
from linter.text import SourceText

TODAY = datetime.date(2026, 11, 25)

ALIASES = {
    "privileged-container": (
        "trivy:KSV-0017", "checkov:CKV_K8S_16", "kube-linter:privileged-container",
        "kube-score:container-security-context-privileged", "polaris:runAsPrivileged", "kubescape:C-0057",
    ),
    "limits-missing": ("trivy:KSV-0011", "kube-score:container-resources", "polaris:cpuLimitsMissing"),
    "storage-limit": ("kube-score:container-ephemeral-storage-request-and-limit",),
    "root-user": ("trivy:DS-0002", "hadolint:DL3002", "checkov:CKV_DOCKER_8"),
    "floating-base-image": ("trivy:DS-0001", "hadolint:DL3006", "hadolint:DL3007", "buildkit:InvalidBaseImage"),
    "no-encryption": ("trivy:AWS-0132", "checkov:CKV_AWS_145", "tflint:terraform_module_pinned_source"),
    "public-bucket": ("trivy:AWS-0086", "checkov:CKV_AWS_53"),
}  # fmt: skip


def info(rule_id: str, aliases: tuple[str, ...] = ()) -> RuleInfo:
    return RuleInfo(rule_id, "t", "privilege", Severity.HIGH, Confidence.HIGH, "default", "any", "x", "w", "f", "m",
                    aliases)  # fmt: skip


OF_SECRETS = replace(info("secret-written"), category="secrets")
INFOS = {rule.id: rule for rule in (*(info(i, a) for i, a in ALIASES.items()), OF_SECRETS, *BUILTIN_RULES)}


def policy(config: Config | None = None, enabled: frozenset[str] | None = None) -> Any:
    return SimpleNamespace(
        config=config or Config(),
        enabled=frozenset(INFOS) if enabled is None else enabled,
        ruleset=SimpleNamespace(infos=INFOS),
        severity=lambda rule: rule.severity,
    )


def read(path: str, text: str) -> Document:
    """The document as its reader makes it; formats whose layout needs the text alone are not parsed."""
    source = SourceText(path, text)
    if path.endswith(".tf"):
        return Document(source, "terraform")
    if "ockerfile" in path:
        return Document(source, "dockerfile")
    from linter.formats.kubernetes import FORMAT

    return FORMAT.read(source)


def finding(rule: str, path: str, line: int, subject: str = "s") -> Finding:
    return Finding(rule, Severity.HIGH, Confidence.HIGH, "m.", Location(path, line, 1, line, 2), subject)


class Outcome:
    """What became of one finding a line and rule."""

    def __init__(self, findings: list[Finding], given: int) -> None:
        self.marked = {(f.rule, f.location.line): f for f in findings[:given]}
        self.told = [(f.rule, f.message, f.location.line) for f in findings[given:]]

    def suppressed(self, rule: str) -> list[int]:
        return [
            line for (name, line), f in self.marked.items() if name == rule and f.status is Status.SUPPRESSED
        ]

    def reason(self, rule: str) -> str:
        return next(f.reason for (name, _), f in self.marked.items() if name == rule and f.reason)


Mark = Callable[..., Outcome]


@pytest.fixture
def mark() -> Mark:
    """Marks findings of the given rules on every line of a text."""

    def run(path: str, text: str, rules: str, config: Config | None = None, **options: Any) -> Outcome:
        document = read(path, text)
        count = len(text.splitlines())
        findings = [finding(rule, path, line) for rule in rules.split() for line in range(1, count + 1)]
        marker = Marker(Names(INFOS), TODAY, "/repo")
        result = marker.apply(
            findings, collect([document]), policy(config, options.pop("enabled", None)), **options
        )
        return Outcome(result, len(findings))

    return run
