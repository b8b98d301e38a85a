"""Why a single finding of a file that counts is set aside: by its rule, its object, or the branch that it is in."""

from __future__ import annotations

from collections.abc import Mapping

from linter.aside.charts import charts_of
from linter.aside.clusters.openshift import OPENSHIFT
from linter.aside.clusters.talos import TALOS
from linter.aside.copies.releases import EARLIER
from linter.aside.deploys.offeverywhere import is_off_everywhere
from linter.aside.deploys.overridden import OVERRIDDEN, is_overridden
from linter.aside.names.examples import EXAMPLES
from linter.aside.names.explained import EXPLAINED, explanation
from linter.aside.names.placenames import BY_HAND, RENDERED, TESTS, VENDORED
from linter.aside.names.point import POINT, asks_for_legacy, is_attack, is_the_point
from linter.aside.scope import Places, Scope
from linter.aside.values.options import Charts
from linter.aside.values.stamped import is_retagged, is_stamped
from linter.aside.values.toldswitches import TOLD
from linter.aside.values.unreleased import (
    COMPLETED,
    OF_TAGS,
    OF_TAGS_BY_NAME,
    UNRELEASED,
    is_given_by_values,
    is_tagged_at_release,
)
from linter.finding import (
    APP_VERSION,
    MOOT,
    OF_CLUSTER,
    OF_TESTS,
    OFF_BY_VALUES,
    Finding,
    RuleInfo,
    Severity,
    is_about_secrets,
)
from linter.patterns import lazy_regex

# An object of an API that is gone is there for old clusters, when somebody switches it on
_OF_OLD_CLUSTERS = "deprecated-api-version"
# and who asks for a Service to the outside, which is off, gets what they ask for
_OF_WHOLES = frozenset((_OF_OLD_CLUSTERS, "exposed-admin-interface", "data-store-exposed"))
# so do developers who switch on what is in `templates/debug`
# OpenShift gives a user to what names none, and labels to namespaces
_OF_USERS = "run-as-root"
_OF_OPENSHIFT = frozenset((_OF_USERS, "pod-security-admission-missing"))
_OF_TALOS = "pod-security-admission-missing"
# what other files say of an object, by the word of the rule that asks for it
_MOOT = {
    "unasked": "of pods or containers that no Service sends requests to",
    "unbound": "of roles that nobody is given",
    "scaffold": "of the namespace of `make deploy` where others get a chart",
    "own_user": "of images that the project builds for another user",
    "built_here": "of images that are built where they run",
    "scaled_down": "of workloads that are scaled to nothing",
    "demo": "of programs that only show something",
    "started": "of pods for which a startup probe waits",
    "whole_node": "of containers that have their whole node anyway",
}
OPTION = "in options of charts that are off"
OFF = "in what values switch off"
# `Pod/debug-pod#/spec`, `home/Pod/localai-testpod`: pods without a controller, to try things with
_TRIED = lazy_regex(
    r"(?:[^/#]+/)?Pod/(?:[^/#]*-)?(?:test-?(?:pod|container|shell)|debug(?:ger)?(?:-?(?:pod|shell))?)(?:#|\Z)"
)
# `Pod/tracing-example-app`: the same to show something
_SHOWN = lazy_regex(r"(?:[^/#]+/)?Pod/(?:[^/#]*-)?(?:examples?|samples?)(?:-[^/#]*)?(?:#|\Z)")


def reason_of_finding(finding: Finding, charts: Charts, places: Places, infos: Mapping[str, RuleInfo]) -> str:
    """Why a finding of a file that counts is set aside; empty: it counts."""
    path, scope = finding.location.path, places.scope
    if _TRIED.match(finding.subject):
        return BY_HAND
    for name, word in finding.properties:
        if name == MOOT:
            return _MOOT[word]
    if reason := _reason_of_leads(finding, places, infos):
        return reason
    if _is_option(finding, charts, scope):
        return TOLD if _is_told(finding, charts, infos) else OPTION
    if _is_switched_off(finding, charts, scope, infos):
        return OFF if charts.switches.is_final(path) else OPTION
    if not is_about_secrets(finding.rule, infos) and (reason := _by_releases(finding, charts, places)):
        return reason
    if _is_of_test_values(finding, charts, places):
        return TESTS
    if not is_about_secrets(finding.rule, infos) and scope.is_of_program(path, finding.location.line):
        return VENDORED
    if finding.rule == _OF_OLD_CLUSTERS and _is_for_old_clusters(finding, charts, scope):
        return EARLIER
    if finding.rule == OF_TAGS and _is_unreleased(finding, scope):
        return UNRELEASED
    if finding.rule in OF_TAGS_BY_NAME and _is_completed(finding, scope):
        return COMPLETED
    if finding.rule in _OF_OPENSHIFT and (
        places.is_of_openshift(path) or places.is_only_of_openshift(path, finding.rule == _OF_USERS)
    ):
        return OPENSHIFT
    if finding.rule == _OF_TALOS and places.is_of_talos(path):
        return TALOS
    if _is_hygiene(finding, infos):
        if places.is_example(path) or _SHOWN.match(finding.subject):
            return EXAMPLES
        if places.is_rendered(path):
            return RENDERED
    attacks = is_attack(path) and not is_about_secrets(finding.rule, infos)
    shown = attacks or (finding.severity < Severity.CRITICAL and is_the_point(path, finding.rule))
    if (shown and places.is_example(path)) or (asks_for_legacy(path, finding.rule) and not scope.names(path)):
        return POINT
    return EXPLAINED if _is_explained(finding, places, infos) else ""


def _reason_of_leads(finding: Finding, places: Places, infos: Mapping[str, RuleInfo]) -> str:
    """Why nothing leads to its file; of what only tests get, passwords that are made up do not count either."""
    path = finding.location.path
    if not is_about_secrets(finding.rule, infos):
        return (
            places.reason_but_secrets(path)
            or places.reason_by_namings(path)
            or places.reason_by_deployments(path)
        )
    made_up = _is_hygiene(finding, infos) and finding.severity < Severity.HIGH
    return TESTS if made_up and places.reason_by_namings(path) == TESTS else ""


def _is_explained(finding: Finding, places: Places, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether the author gives the reason beside it; of what is critical right beside it. No reason makes a secret
    none."""
    info, place = infos.get(finding.rule), finding.location
    if info is None or not info.explained_by or is_about_secrets(finding.rule, infos):
        return False
    near = finding.severity >= Severity.CRITICAL
    return bool(explanation(places.lines(place.path), place.line, info.explained_by, near=near))


def _is_for_old_clusters(finding: Finding, charts: Charts, scope: Scope) -> bool:
    """Whether it is about what is there for clusters that lack the newer API, and they alone get it."""
    place = finding.location
    if scope.is_older_api(place.path):
        return True
    if scope.names(place.path) or any(name == OF_CLUSTER for name, _ in finding.properties):
        return False
    return charts.asks_cluster(place.path, place.line)


def _is_option(finding: Finding, charts: Charts, scope: Scope) -> bool:
    """Whether it is about a branch of a template that is not taken; what was rendered is."""
    place = finding.location
    if OFF_BY_VALUES in finding.properties:
        return not scope.names(place.path)
    if any(name == "chart" for name, _ in finding.properties):
        return False
    return not scope.names(place.path) and charts.is_option(
        place.path, place.line, whole=finding.rule in _OF_WHOLES or "/templates/debug/" in place.path
    )


def _is_told(finding: Finding, charts: Charts, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether the switch of an option that is critical says what it brings. Others are set aside whatever it says."""
    info, place = infos.get(finding.rule), finding.location
    if info is None or finding.severity < Severity.CRITICAL or is_about_secrets(finding.rule, infos):
        return False
    return charts.told.is_told(place.path, place.line, info.explained_by)


def _by_releases(finding: Finding, charts: Charts, places: Places) -> str:
    """Why it concerns none of the project's releases of the chart; empty: one, or they are not known."""
    place = finding.location
    if not places.scope.is_whole(place.path) or not any(charts_of(str(places.scope.root), place.path)):
        return ""
    rendered = any(name == "chart" for name, _ in finding.properties)
    if not rendered and is_off_everywhere(place.path, place.line, places.deployments, charts):
        return OPTION
    return OVERRIDDEN if is_overridden(finding, places.deployments) else ""


def _is_switched_off(finding: Finding, charts: Charts, scope: Scope, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether it is about a component that the chart's values leave off; a secret is there all the same."""
    path, subject = finding.location.path, finding.subject
    if not charts.switches.is_off(path, subject) and not charts.uses.is_left_out(path, subject):
        return False
    if scope.names(path):
        return False
    return not is_about_secrets(finding.rule, infos)


def _is_unreleased(finding: Finding, scope: Scope) -> bool:
    """Whether it is about a tag that the release of a chart, or of the project, gives."""
    path = finding.location.path
    if scope.names(path):
        return False
    charts = [item.location.path for item in finding.related if item.message == APP_VERSION]
    if is_tagged_at_release(str(scope.root), path, finding.message):
        return True
    if any(is_stamped(scope.root, (scope.root / chart).parent) for chart in charts):
        return True
    return is_retagged(scope.root, path, finding.message)


def _is_completed(finding: Finding, scope: Scope) -> bool:
    """Whether it is about an image in whose place a chart puts that of its values."""
    path = finding.location.path
    return not scope.names(path) and is_given_by_values(str(scope.root), path, finding.message)


def _is_of_test_values(finding: Finding, charts: Charts, places: Places) -> bool:
    """Whether only values show it with which the chart's own tests render it: they set what is wrong, or switch on the
    part of the template that it is in."""
    if OF_TESTS not in finding.properties:
        return False
    place = finding.location
    set_by = [places.reason(item.location.path) == TESTS for item in finding.related if not item.use]
    return (bool(set_by) and all(set_by)) or charts.is_option(place.path, place.line, whole=True)


def _is_hygiene(finding: Finding, infos: Mapping[str, RuleInfo]) -> bool:
    """Whether its rule asks for what a manifest works without."""
    info = infos.get(finding.rule)
    return info is not None and info.hygiene
