"""What lies where nothing is shipped from, and what the user asked for all the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from linter.aside.bundled import is_bundled, is_rendering, is_unpacked
from linter.aside.dumps import DUMPED, is_dumped, is_export, may_be_dumped
from linter.aside.examples import EXAMPLES, is_example
from linter.aside.folders import reason_of
from linter.aside.leftout import LEFT_OUT, is_left_out
from linter.aside.openshift import OPENSHIFT, is_of_openshift
from linter.aside.options import Charts
from linter.aside.placenames import BY_HAND, RENDERED, TESTS, VENDORED, WORKPLACE
from linter.aside.point import POINT, is_the_point
from linter.aside.releases import is_earlier_release, is_older_api
from linter.aside.unreleased import (
    COMPLETED,
    OF_TAGS,
    OF_TAGS_BY_NAME,
    UNRELEASED,
    is_given_by_values,
    is_tagged_at_release,
)
from linter.config.model import Config
from linter.finding import OF_TESTS, OFF_BY_VALUES, Diagnostic, Finding, RuleInfo, Severity, Status
from linter.frozen import dataclass
from linter.patterns import lazy_regex

# An object of an API that is gone is there for old clusters, when somebody switches it on
_OF_OLD_CLUSTERS = "deprecated-api-version"
# OpenShift gives a user to what names none, and labels to namespaces
_OF_OPENSHIFT = frozenset(("run-as-root", "pod-security-admission-missing"))
EARLIER = "in copies of earlier releases"
OPTION = "in options of charts that are off"
# `Pod/debug-pod#/spec`, `home/Pod/localai-testpod`: pods without a controller, to try things with
_TRIED = lazy_regex(
    r"(?:[^/#]+/)?Pod/(?:[^/#]*-)?(?:test-?(?:pod|container|shell)|debug(?:ger)?(?:-?(?:pod|shell))?)(?:#|\Z)"
)
_BY_NAME = "(named-secret)"  # what the message says of a value that only the name beside it makes a secret


@dataclass(frozen=True, slots=True)
class Scope:
    """What the user asked for: whatever is named counts, be it a folder of tests. Paths are absolute."""

    root: Path
    folders: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()
    everywhere: bool = False  # where the configuration says nothing

    def moved(self, root: Path) -> Scope:
        """The same in a copy of the tree."""
        return Scope(
            root,
            tuple(os.path.join(root, os.path.relpath(top, self.root)) for top in self.folders),
            frozenset(os.path.join(root, os.path.relpath(file, self.root)) for file in self.files),
            self.everywhere,
        )

    def reason(self, path: str) -> str:
        """Why findings in the file (relative to the root) are set aside; empty: they count."""
        above, relative = self._split(path)
        if not above:
            return ""
        reason = reason_of(above, relative)
        if not reason and (is_bundled(above, relative) or is_unpacked(above, relative)):
            return VENDORED
        if not reason and is_left_out(above, relative):
            return LEFT_OUT
        if not reason and is_rendering(above, relative):
            return RENDERED
        if not reason and is_earlier_release(above, relative):
            return EARLIER
        return reason or (DUMPED if is_export(above, relative) else "")

    def is_older_api(self, path: str) -> bool:
        """Whether the file (relative to the root) is there for clusters that lack the API of the one beside it."""
        above, relative = self._split(path)
        return bool(above) and is_older_api(above, relative)

    def is_example(self, path: str) -> bool:
        """Whether the file (relative to the root) shows how something is used."""
        above, relative = self._split(path)
        return bool(above) and is_example(above, relative)

    def is_of_openshift(self, path: str) -> bool:
        """Whether the file (relative to the root) lies beside objects that only OpenShift knows."""
        return bool(self._split(path)[0]) and is_of_openshift(str(self.root), path)

    def is_dumped(self, path: str) -> bool:
        """Whether the file (relative to the root) keeps what a cluster was asked for."""
        return bool(self._split(path)[0]) and is_dumped(str(self.root), path)

    def _split(self, path: str) -> tuple[str, str]:
        """The folder that was asked for, and the path below it; empty: the file itself was, or nothing around it."""
        absolute = os.path.join(self.root, path)
        if absolute in self.files:
            return "", ""
        above = ""
        for top in (*self.folders, str(self.root)):
            if len(top) > len(above) and _below(absolute, top):
                above = top
        return above, absolute[len(above.rstrip(os.sep)) + 1 :] if above else ""


def set_aside(
    findings: Iterable[Finding],
    scope: Scope,
    config_for: Callable[[str], Config],
    infos: Mapping[str, RuleInfo],
    faults: list[Diagnostic] | None = None,
) -> list[Finding]:
    """The findings, those marked that stand where nothing is shipped from. `config_for` is asked with their paths.

    What is critical counts in options too, and in tests when it is about secrets, as `infos` of its rule says: a leaked
    key is one wherever it lies, though not a password that nothing but its name tells. So do locked rules, and all
    secrets of a cluster that was asked for them. Errors of ours are added to `faults`.
    """
    findings = list(findings)
    reasons = _dumps(findings, scope)
    charts = Charts(scope.root)
    result = []
    for finding in findings:
        if finding.status is Status.ACTIVE:
            path = finding.location.path
            reason = reasons.get(path)
            if reason is None:
                reason = reasons[path] = scope.reason(path)
            reason = reason or _reason_of(finding, charts, scope, infos)
            if reason and not _is_grave(finding, reason, infos):
                config = config_for(path)
                if not _counts(config, scope) and finding.rule not in config.suppressions.locked:
                    finding = finding.evolve(status=Status.ASIDE, reason=reason)
        result.append(finding)
    if faults is not None:
        faults += charts.faults
    return result


def _reason_of(finding: Finding, charts: Charts, scope: Scope, infos: Mapping[str, RuleInfo]) -> str:
    """Why a finding of a file that counts is set aside; empty: it counts."""
    path = finding.location.path
    if _TRIED.match(finding.subject):
        return BY_HAND
    if _is_option(finding, charts, scope) or _is_switched_off(finding, charts, scope, infos):
        return OPTION
    if _is_of_test_values(finding, charts, scope):
        return TESTS
    if finding.rule == _OF_OLD_CLUSTERS and scope.is_older_api(path):
        return EARLIER
    if finding.rule == OF_TAGS and _is_unreleased(finding, scope):
        return UNRELEASED
    if finding.rule in OF_TAGS_BY_NAME and _is_completed(finding, scope):
        return COMPLETED
    if finding.rule in _OF_OPENSHIFT and scope.is_of_openshift(path):
        return OPENSHIFT
    if _is_hygiene(finding, infos) and scope.is_example(path):
        return EXAMPLES
    shown = finding.severity < Severity.CRITICAL and is_the_point(path, finding.rule)
    return POINT if shown and scope.is_example(path) else ""


def _dumps(findings: Iterable[Finding], scope: Scope) -> dict[str, str]:
    """The files among those of the findings that keep what a cluster was asked for, with that reason."""
    asked = {
        finding.location.path
        for finding in findings
        if finding.status is Status.ACTIVE and may_be_dumped(finding.subject)
    }
    return {path: DUMPED for path in asked if scope.is_dumped(path)}


def _is_grave(finding: Finding, reason: str, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether it counts all the same."""
    if reason == DUMPED:
        return _leaks(finding, infos)
    return finding.severity >= Severity.CRITICAL and (
        reason == OPTION or (reason in (TESTS, WORKPLACE) and _leaks(finding, infos))
    )


def _is_option(finding: Finding, charts: Charts, scope: Scope) -> bool:
    """Whether it is about a branch of a template that is not taken; what was rendered is."""
    place = finding.location
    if OFF_BY_VALUES in finding.properties:
        return os.path.join(scope.root, place.path) not in scope.files
    if "templates/" not in place.path or any(name == "chart" for name, _ in finding.properties):
        return False
    return os.path.join(scope.root, place.path) not in scope.files and charts.is_option(
        place.path, place.line, whole=finding.rule == _OF_OLD_CLUSTERS
    )


def _is_switched_off(finding: Finding, charts: Charts, scope: Scope, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether it is about a component that the values around it leave off; a secret is there all the same."""
    path, info = finding.location.path, infos.get(finding.rule)
    if os.path.join(scope.root, path) in scope.files or (info is not None and info.category == "secrets"):
        return False
    return charts.switches.is_off(path, finding.subject)


def _is_unreleased(finding: Finding, scope: Scope) -> bool:
    """Whether it is about a tag that the release of a chart gives."""
    path = finding.location.path
    if os.path.join(scope.root, path) in scope.files:
        return False
    return is_tagged_at_release(str(scope.root), path, finding.message)


def _is_completed(finding: Finding, scope: Scope) -> bool:
    """Whether it is about an image in whose place a chart puts that of its values."""
    path = finding.location.path
    named = os.path.join(scope.root, path) in scope.files
    return not named and is_given_by_values(str(scope.root), path, finding.message)


def _is_of_test_values(finding: Finding, charts: Charts, scope: Scope) -> bool:
    """Whether only values show it with which the chart's own tests render it: they set what is wrong, or switch on the
    part of the template that it is in."""
    if OF_TESTS not in finding.properties:
        return False
    place = finding.location
    set_by = [scope.reason(item.location.path) == TESTS for item in finding.related]
    return (bool(set_by) and all(set_by)) or charts.is_option(place.path, place.line, whole=True)


def _is_hygiene(finding: Finding, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether its rule asks for what a manifest works without."""
    info = infos.get(finding.rule)
    return info is not None and info.hygiene


def _leaks(finding: Finding, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether it is about a secret, by what the secret looks like: tests have passwords that are made up for them."""
    info = infos.get(finding.rule)
    return info is not None and info.category == "secrets" and _BY_NAME not in finding.message


def _counts(config: Config, scope: Scope) -> bool:
    """Whether everything counts. Who asks for rules by name, or for all of them, asks for all that they find."""
    if config.everywhere is not None:
        return config.everywhere
    return scope.everywhere or config.profile == "strict" or bool(config.select)


def _below(path: str, top: str) -> bool:
    return path.startswith(top.rstrip(os.sep) + os.sep)
