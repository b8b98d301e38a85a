"""Findings set aside: those marked that stand where nothing is shipped from, or that nobody gets unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from linter.aside.copies.dumps import DUMPED, may_be_dumped
from linter.aside.names.explained import EXPLAINED
from linter.aside.names.placenames import RENDERED, TESTS, VENDORED, WORKPLACE
from linter.aside.scope import Places, Scope
from linter.aside.single import OPTION, OPTION_OF_ROLE, reason_of_finding
from linter.aside.values.options import Charts
from linter.aside.values.roles import TOLD_BY_ROLE
from linter.aside.values.toldswitches import TOLD
from linter.config.model import Config
from linter.finding import (
    DECIDED,
    INCLUDED,
    Diagnostic,
    Finding,
    RuleInfo,
    Severity,
    Status,
    is_about_secrets,
)
from linter.loading import crash_of

# releases that are attacked: who copied one deploys it, and can take the next
_ATTACKED = frozenset(("ingress-nginx-controller-vulnerable", "toolkit-vulnerable"))
_SAID = (EXPLAINED, TOLD, TOLD_BY_ROLE)  # what a comment decides
_OF_TESTS = (TESTS, WORKPLACE)
_MASK = "****"
_FEW = 4  # letters of a secret that its evidence shows
_BY_NAME = "(named-secret)"  # what the message says of a value that only the name beside it makes a secret


def set_aside(
    findings: Iterable[Finding],
    scope: Scope,
    config_for: Callable[[str], Config],
    infos: Mapping[str, RuleInfo],
    faults: list[Diagnostic] | None = None,
) -> list[Finding]:
    """The findings, those marked that stand where nothing is shipped from. `config_for` is asked with their paths.

    What is critical counts in options too, but for those in whose place the chart writes the same key otherwise or
    whose switch says what they give, and in tests when it is about secrets, as `infos` of its rule says: a leaked key
    is one wherever it lies, though not a password that nothing but its name tells, nor one that is told beside the
    tests. So do locked rules, and all secrets of a cluster that was asked for them.
    Errors of ours are added to `faults`.
    """
    findings = list(findings)
    reasons = _Reasons(findings, scope, infos)
    result = []
    for finding in findings:
        reason = reasons.of(finding) if finding.status is Status.ACTIVE else ""
        grave = _is_grave(finding, reason, infos) and not reasons.repeats(finding, reason)
        if reason and not grave:
            config = config_for(finding.location.path)
            counts = _counts(config, scope) or (reason in _SAID and not _takes_word(config))
            if not counts and finding.rule not in config.suppressions.locked:
                finding = finding.evolve(status=Status.ASIDE, reason=reason)
        result.append(finding)
    if faults is not None:
        faults += reasons.faults
    return result


class _Reasons:
    """Asked about finding after finding; what concerns a file is looked up once."""

    def __init__(self, findings: Iterable[Finding], scope: Scope, infos: Mapping[str, RuleInfo]) -> None:
        self._places = Places(scope)
        self._infos = infos
        self._charts = Charts(scope.root)
        self._findings = findings
        self._faults: dict[str, Diagnostic] = {}
        self._dumped = {
            finding.location.path
            for finding in findings
            if finding.status is Status.ACTIVE and may_be_dumped(finding.subject)
        }

    @property
    def faults(self) -> list[Diagnostic]:
        """Errors of ours, one a file at most."""
        return [*self._faults.values(), *self._charts.faults]

    def repeats(self, finding: Finding, reason: str) -> bool:
        """Whether it is about a secret of tests that a line which counts has in the same words."""
        said = (
            self._said(finding) if reason in _OF_TESTS and is_about_secrets(finding.rule, self._infos) else ""
        )
        return said != "" and (finding.rule, finding.severity, said) in self._secrets

    @cached_property
    def _secrets(self) -> frozenset[tuple[str, Severity, str]]:
        """The lines with secrets that count whatever their weight."""
        ours = (
            finding
            for finding in self._findings
            if finding.status is Status.ACTIVE and is_about_secrets(finding.rule, self._infos)
        )
        return frozenset(
            (finding.rule, finding.severity, said)
            for finding in ours
            if (said := self._said(finding)) and not self.of(finding)
        )

    def _said(self, finding: Finding) -> str:
        """The line that a secret stands in; empty: it is not in one alone, which has what the evidence shows of it."""
        at, masked = finding.location, finding.evidence.partition(_MASK)
        if at.line != at.end_line or not masked[1]:
            return ""
        lines = self._places.lines(at.path)
        line = lines[at.line - 1].strip() if at.line <= len(lines) else ""
        begins = masked[0][-_FEW:]
        return line if len(begins) == _FEW and begins in line[:-_FEW] else ""

    def of(self, finding: Finding) -> str:
        """Why a finding is set aside; empty: it counts, as it does where we fail."""
        path = finding.location.path
        try:
            if path in self._dumped and self._places.is_dumped(path):
                return DUMPED
            return self._of_place(finding) or reason_of_finding(
                finding, self._charts, self._places, self._infos
            )
        except Exception as error:  # noqa: BLE001 - our fault: told, and the scan goes on
            self._faults.setdefault(path, crash_of(path, "looking for what to set aside", error))
            return ""

    def _of_place(self, finding: Finding) -> str:
        """What the place says; nothing where a template that counts includes what is there."""
        reason = self._places.reason(finding.location.path)
        including = (
            [item.location.path for item in finding.related if item.message == INCLUDED] if reason else []
        )
        return "" if any(not self._places.reason(path) for path in including) else reason


def _is_grave(finding: Finding, reason: str, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether it counts all the same."""
    if reason == DUMPED:
        return _leaks(finding, infos)
    decided = DECIDED in finding.properties and not is_about_secrets(finding.rule, infos)
    option = reason in (OPTION, OPTION_OF_ROLE) and not decided
    attacked = reason in (VENDORED, RENDERED) and finding.rule in _ATTACKED
    return finding.severity >= Severity.CRITICAL and (
        option or attacked or (reason in _OF_TESTS and _leaks(finding, infos))
    )


def _leaks(finding: Finding, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether it is about a secret, by what the secret looks like: tests have passwords that are made up for them."""
    return is_about_secrets(finding.rule, infos) and _BY_NAME not in finding.message


def _counts(config: Config, scope: Scope) -> bool:
    """Whether everything counts. Who asks for rules by name, or for all of them, asks for all that they find."""
    if config.everywhere is not None:
        return config.everywhere
    return scope.everywhere or config.profile == "strict" or bool(config.select)


def _takes_word(config: Config) -> bool:
    """Whether the word of a comment counts: not where comments can suppress nothing, or must say until when."""
    return config.suppressions.inline and config.suppressions.max_days is None
