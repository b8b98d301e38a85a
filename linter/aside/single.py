"""Why a single finding of a file that counts is set aside: by its rule, its object, or the branch that it is in."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from linter.aside.charts import charts_of
from linter.aside.clusters.letoff import LET_OFF, lets_off
from linter.aside.clusters.openshift import OPENSHIFT
from linter.aside.clusters.talos import TALOS
from linter.aside.copies.releases import EARLIER
from linter.aside.deploys.followed import is_followed
from linter.aside.deploys.generic import GENERIC, is_of_generic_chart
from linter.aside.deploys.leftopen import LEFT_OPEN, is_left_open
from linter.aside.deploys.offeverywhere import is_off_everywhere
from linter.aside.deploys.overridden import OVERRIDDEN, is_overridden
from linter.aside.deploys.triedlibrary import reason_of_including
from linter.aside.deploys.unread import UNREAD, is_unread
from linter.aside.leads.embedded import EMBEDDED, is_embedded
from linter.aside.leads.namedcontexts import NAMED, is_named_context
from linter.aside.leads.unnamedpods import UNNAMED, are_unnamed
from linter.aside.names.examples import EXAMPLES
from linter.aside.names.explained import EXPLAINED, explanation
from linter.aside.names.placenames import BY_HAND, RENDERED, TESTS, VENDORED, WORKPLACE
from linter.aside.names.point import POINT, asks_for_legacy, is_attack, is_the_point
from linter.aside.scope import Places
from linter.aside.values.options import Charts
from linter.aside.values.roles import TOLD_BY_ROLE
from linter.aside.values.stamped import is_retagged, is_rewritten, is_stamped
from linter.aside.values.toldswitches import TOLD
from linter.aside.values.unreleased import (
    COMPLETED,
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
from linter.frozen import dataclass
from linter.patterns import lazy_regex

# An object of an API that is gone is there for old clusters, when somebody switches it on
_OF_OLD_CLUSTERS = "deprecated-api-version"
# and who asks for a Service to the outside, or for constraints of OpenShift, which are off, gets what they ask for
_OF_WHOLES = frozenset(
    (
        _OF_OLD_CLUSTERS,
        "exposed-admin-interface",
        "exposed-code-console",
        "data-store-exposed",
        "security-context-constraints-privileged",
    )
)
_OF_DEVELOPERS = "/templates/debug/"  # so do developers who switch on what is there
# what people make up for a file of text: keys and passwords that no provider issued, as its format would tell
_OF_TEXTS = "secret-in-text"
_MADE_UP = ("(named-secret)", "(password-hash)", "(private-key)", "(private-key-base64)")
# OpenShift gives a user to what names none, and labels to namespaces
_OF_USERS = "run-as-root"
_OF_OPENSHIFT = frozenset((_OF_USERS, "pod-security-admission-missing"))
# two objects that do not go together
_OF_TWO = frozenset(("hpa-with-static-replicas",))
# who works with a tool is who builds it
_OF_IMAGE_USERS = frozenset(
    ("missing-user", "root-user", "world-writable", "no-sudo", "passwordless-sudo", "copy-root-from-stage")
)
_OF_STAGES = "copy-from-unknown-stage"
# what a program makes something else of before the API server sees it
_OF_PROGRAMS = frozenset(
    ("env-value-not-string", "hpa-cannot-scale", "hpa-with-static-replicas", "pdb-keeps-all-replicas")
)
_OF_PODS = "statefulset-service-not-headless"
_OF_STANDARDS = "pod-security-admission-missing"
# what other files say of an object, by the word of the rule that asks for it
_MOOT = {
    "unasked": "of pods or containers that no Service sends requests to",
    "unbound": "of roles that nobody is given",
    "had_anyway": "of roles that give no more than a ClusterRole beside them",
    "of_own_secrets": "of roles for a namespace that holds nothing but the Secrets of their program",
    "bound_within": "of roles that are given in single namespaces alone, of which another rule tells",
    "scaffold": "of the namespace of `make deploy` where others get a chart",
    "own_user": "of images that the project builds for another user",
    "built_here": "of images that are built where they run",
    "scaled_down": "of workloads that are scaled to nothing, or whose schedule is suspended",
    "demo": "of programs that only show something, or imitate a service for developers",
    "started": "of pods for which a startup probe waits",
    "whole_node": "of containers that have their whole node anyway",
    "entered": "of pods of which a privileged container enters the node, as that one is told",
    "for_node": "of drivers and network agents that Kubernetes asks to be privileged",
    "memory_given": "of containers to which a LimitRange gives a limit",
    "sent_on": "of Ingresses whose controller sends all requests on to TLS",
    "api_gone": "of objects that no maintained release of Kubernetes takes, as deprecated-api-version tells",
    "given_masked": "of variables that are given what is sensitive already",
    "only_base": "of images that others are made from, which set their user",
    "run_as_others": "of images that the project itself runs as other users",
    "small": "of files that take next to no room",
    "deleted": "of objects that their kustomization deletes",
}
OPTION = "in options of charts that are off"
OPTION_OF_ROLE = "in options of Ansible roles that are off"
OFF = "in what values switch off"
# `app-{{ .Values.version }}` without the version: what a label has where a value is for whoever installs the chart
_OF_LABELS = "label-value-invalid"
_CUT_OFF = lazy_regex(r": '(?:[-_.]|[^']*[-_.]')")
# `Pod/debug-pod#/spec`, `home/Pod/localai-testpod`: pods without a controller, to try things with
_TRIED = lazy_regex(
    r"(?:[^/#]+/)?Pod/(?:[^/#]*-)?(?:test-?(?:pod|container|shell)|debug(?:ger)?(?:-?(?:pod|shell))?)(?:#|\Z)"
)
# `Pod/tracing-example-app`: the same to show something
_SHOWN = lazy_regex(r"(?:[^/#]+/)?Pod/(?:[^/#]*-)?(?:examples?|samples?)(?:-[^/#]*)?(?:#|\Z)")


@dataclass(frozen=True, slots=True)
class _Case:
    """A finding, and what is asked about it."""

    finding: Finding
    charts: Charts
    places: Places
    infos: Mapping[str, RuleInfo]

    @property
    def path(self) -> str:
        return self.finding.location.path

    @property
    def line(self) -> int:
        return self.finding.location.line

    @property
    def text(self) -> str:
        """The line of the file that it points at."""
        lines = self.places.lines(self.path)
        return lines[self.line - 1] if self.line <= len(lines) else ""

    @property
    def named(self) -> bool:
        """Whether the user named the file itself."""
        return self.places.scope.names(self.path)

    @property
    def rendered(self) -> bool:
        """Whether a chart was rendered to see it."""
        return any(name == "chart" for name, _ in self.finding.properties)

    @property
    def secret(self) -> bool:
        return is_about_secrets(self.finding.rule, self.infos)

    @property
    def critical(self) -> bool:
        return self.finding.severity >= Severity.CRITICAL

    @property
    def whole(self) -> bool:
        """Whether objects that are optional as a whole are options to it."""
        return self.finding.rule in _OF_WHOLES or _OF_DEVELOPERS in self.path

    @property
    def hygiene(self) -> bool:
        """Whether its rule asks for what a manifest works without."""
        info = self.infos.get(self.finding.rule)
        return info is not None and info.hygiene

    @property
    def words(self) -> tuple[str, ...]:
        """What a comment that explains it speaks of; none of secrets, which no reason makes any better."""
        info = self.infos.get(self.finding.rule)
        return () if info is None or self.secret else info.explained_by


def reason_of_finding(finding: Finding, charts: Charts, places: Places, infos: Mapping[str, RuleInfo]) -> str:
    """Why a finding of a file that counts is set aside; empty: it counts."""
    case = _Case(finding, charts, places, infos)
    return next((reason for asks in _IN_TURN if (reason := asks(case))), "")


def _by_subject(case: _Case) -> str:
    return BY_HAND if _TRIED.match(case.finding.subject) else ""


def _by_what_others_say(case: _Case) -> str:
    return next((_MOOT[word] for name, word in case.finding.properties if name == MOOT), "")


def _by_leads(case: _Case) -> str:
    """Why nothing leads to its file; of what only tests get, passwords that are made up do not count either."""
    places, path = case.places, case.path
    if not case.secret:
        return (
            places.reason_but_secrets(path)
            or places.reason_by_namings(path)
            or places.reason_by_deployments(path)
        )
    made_up = case.hygiene and case.finding.severity < Severity.HIGH
    return TESTS if made_up and places.reason_by_namings(path) == TESTS else ""


def _by_partners(case: _Case) -> str:
    """Why the object that makes it wrong, an autoscaler, counts for nothing: nothing deploys that."""
    if case.finding.rule not in _OF_TWO or case.named:
        return ""
    reasons = [_reason_of_file(case.places, item.location.path) for item in case.finding.related]
    return reasons[0] if reasons and all(reasons) else ""


def _reason_of_file(places: Places, path: str) -> str:
    return places.reason(path) or places.reason_but_secrets(path) or places.reason_by_namings(path)


def _by_options(case: _Case) -> str:
    """What a branch of a template has that is not taken. Where that is critical, it matters whether its switch says
    what it brings."""
    if not _is_option(case):
        return ""
    return TOLD if case.critical and case.charts.told.is_told(case.path, case.line, case.words) else OPTION


def _is_option(case: _Case) -> bool:
    """Whether it is about a branch of a template that is not taken; what was rendered is."""
    finding, path = case.finding, case.path
    if OFF_BY_VALUES in finding.properties:
        return not case.named
    if case.rendered:
        return False
    return not case.named and case.charts.is_option(path, case.line, whole=case.whole)


def _by_roles(case: _Case) -> str:
    """The same of a template of an Ansible role."""
    roles, path = case.places.roles, case.path
    if case.named or not case.places.scope.is_whole(path):
        return ""
    if not roles.is_option(path, case.line, whole=case.whole):
        return ""
    return TOLD_BY_ROLE if case.critical and roles.is_told(path, case.line, case.words) else OPTION_OF_ROLE


def _by_switches(case: _Case) -> str:
    """What the chart's values leave off; a secret is there all the same."""
    charts, path, subject = case.charts, case.path, case.finding.subject
    if not charts.switches.is_off(path, subject) and not charts.uses.is_left_out(path, subject):
        return ""
    if case.named or case.secret:
        return ""
    return OFF if charts.switches.is_final(path) else OPTION


def _by_releases(case: _Case) -> str:
    """Why it concerns none of the project's releases of the chart; empty: one, or they are not known."""
    scope, path = case.places.scope, case.path
    if case.secret or not scope.is_whole(path) or not any(charts_of(str(scope.root), path)):
        return ""
    if not case.rendered and is_off_everywhere(path, case.line, case.places.deployments, case.charts):
        return OPTION
    if is_overridden(case.finding, case.places.deployments):
        return OVERRIDDEN
    if is_of_generic_chart(case.finding, case.places.deployments):
        return GENERIC
    return LEFT_OPEN if is_left_open(case.finding, case.places.deployments) else ""


def _by_templates(case: _Case) -> str:
    """What the chart that is given a value makes nothing of; a secret is there all the same."""
    if case.named or case.secret or not case.places.scope.is_whole(case.path):
        return ""
    return UNREAD if is_unread(case.finding, case.places.deployments) else ""


def _by_test_values(case: _Case) -> str:
    """What only values show with which the chart's own tests render it: they set what is wrong, or switch on the part
    of the template that it is in."""
    finding = case.finding
    if OF_TESTS not in finding.properties:
        return ""
    set_by = [case.places.reason(item.location.path) == TESTS for item in finding.related if not item.use]
    only_set = bool(set_by) and all(set_by)
    return TESTS if only_set or case.charts.is_option(case.path, case.line, whole=True) else ""


def _by_tried_library(case: _Case) -> str:
    """What only a chart of tests shows of a library that other charts include as well."""
    if not case.rendered or case.named or case.critical or not case.places.scope.is_whole(case.path):
        return ""
    return reason_of_including(case.finding, case.places.deployments, case.places.reason, case.places.lines)


def _by_program(case: _Case) -> str:
    return VENDORED if not case.secret and case.places.scope.is_of_program(case.path, case.line) else ""


def _by_old_clusters(case: _Case) -> str:
    """What is there for clusters that lack the newer API, when they alone get it."""
    if case.finding.rule != _OF_OLD_CLUSTERS:
        return ""
    if case.places.scope.is_older_api(case.path):
        return EARLIER
    if case.named or any(name == OF_CLUSTER for name, _ in case.finding.properties):
        return ""
    return EARLIER if case.charts.asks_cluster(case.path, case.line) else ""


def _by_tags(case: _Case) -> str:
    """Of a tag that the release of a chart, or of the project, gives, or that a chart's values give."""
    rule, message, root = case.finding.rule, case.finding.message, case.places.scope.root
    if case.named:
        return ""
    if rule in OF_TAGS_BY_NAME and _is_unreleased(case):
        return UNRELEASED
    given = rule in OF_TAGS_BY_NAME and is_given_by_values(str(root), case.path, message)
    return COMPLETED if given else ""


def _is_unreleased(case: _Case) -> bool:
    """Whether it is about a tag that the release of a chart, or of the project, gives, or a program in the cluster."""
    root, path, message = case.places.scope.root, case.path, case.finding.message
    charts = [item.location.path for item in case.finding.related if item.message == APP_VERSION]
    return (
        is_tagged_at_release(str(root), path, message)
        or any(is_stamped(root, (root / chart).parent) for chart in charts)
        or is_retagged(root, path, message)
        or is_rewritten(root, path, case.text)
        or is_followed(message, case.places.deployments.namings)
    )


def _by_empty_values(case: _Case) -> str:
    """What is refused only as a value is empty that whoever installs the chart gives."""
    finding = case.finding
    cut_off = finding.rule == _OF_LABELS and _CUT_OFF.search(finding.message) is not None
    return COMPLETED if cut_off and case.rendered and "{{" in case.text and not case.named else ""


def _by_cluster(case: _Case) -> str:
    """What the cluster gives that it is for."""
    rule, path, places = case.finding.rule, case.path, case.places
    if rule in _OF_OPENSHIFT and (
        places.is_of_openshift(path) or places.is_only_of_openshift(path, rule == _OF_USERS)
    ):
        return OPENSHIFT
    if rule != _OF_STANDARDS:
        return ""
    if places.is_of_talos(path):
        return TALOS
    whole = places.scope.is_whole(path) and not case.named
    return LET_OFF if whole and lets_off(places.deployments.namings) else ""


def _by_examples(case: _Case) -> str:
    """What examples leave out or make up, and renderings, which are mended in their charts."""
    if case.finding.rule == _OF_TEXTS and any(kind in case.finding.message for kind in _MADE_UP):
        return EXAMPLES if case.places.is_example(case.path) else ""
    if not case.hygiene:
        return ""
    if case.places.is_example(case.path) or _SHOWN.match(case.finding.subject):
        return EXAMPLES
    if case.places.is_only_shown(case.path):
        return EXAMPLES
    return RENDERED if case.places.is_rendered(case.path) else ""


def _by_tools(case: _Case) -> str:
    """What an image costs in every pull and as whom it runs, of those that are for work on the project alone."""
    info, users = case.infos.get(case.finding.rule), case.finding.rule in _OF_IMAGE_USERS
    if info is None or info.format != "dockerfile" or not (users or info.category == "resources"):
        return ""
    return WORKPLACE if case.places.is_tool_image(case.path, users) else ""


def _by_contexts(case: _Case) -> str:
    """What is copied from a context that has a name, which is no stage."""
    if case.finding.rule != _OF_STAGES or case.named:
        return ""
    return NAMED if is_named_context(case.finding.message, case.places.deployments.namings) else ""


def _by_pods(case: _Case) -> str:
    """What asks for names of pods that nobody asks for."""
    if case.finding.rule != _OF_PODS or case.named or not case.places.scope.is_whole(case.path):
        return ""
    subject, namings = case.finding.subject, case.places.deployments.namings
    return UNNAMED if are_unnamed(subject, case.path.replace(os.sep, "/"), namings) else ""


def _by_embedding(case: _Case) -> str:
    """What would be refused, or be too few, of what never comes to the API server as it is written."""
    if case.finding.rule not in _OF_PROGRAMS or case.named or not case.places.scope.is_whole(case.path):
        return ""
    path = case.path.replace(os.sep, "/")
    return EMBEDDED if is_embedded(path, case.places.deployments.namings) else ""


def _by_point(case: _Case) -> str:
    path, rule = case.path, case.finding.rule
    attacks = is_attack(path) and not case.secret
    shown = attacks or (not case.critical and is_the_point(path, rule))
    if shown and case.places.is_example(path):
        return POINT
    return POINT if asks_for_legacy(path, rule) and not case.named else ""


def _by_comments(case: _Case) -> str:
    """Where the author gives the reason beside it; of what is critical right beside it."""
    words = case.words
    if not words:
        return ""
    return (
        EXPLAINED if explanation(case.places.lines(case.path), case.line, words, near=case.critical) else ""
    )


_IN_TURN: tuple[Callable[[_Case], str], ...] = (
    _by_subject,
    _by_what_others_say,
    _by_leads,
    _by_partners,
    _by_options,
    _by_roles,
    _by_switches,
    _by_releases,
    _by_templates,
    _by_test_values,
    _by_tried_library,
    _by_program,
    _by_old_clusters,
    _by_tags,
    _by_empty_values,
    _by_cluster,
    _by_examples,
    _by_tools,
    _by_contexts,
    _by_pods,
    _by_embedding,
    _by_point,
    _by_comments,
)
