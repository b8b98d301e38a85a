"""What is set aside besides folders: options of charts, and manifests of earlier releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.adapters.chartvalues import ChartValues
from linter.adapters.expressions import evaluate
from linter.aside import Scope, set_aside
from linter.aside.copies.releases import EARLIER
from linter.aside.names.placenames import RENDERED
from linter.aside.single import OPTION
from linter.aside.values.options import Charts, branches
from linter.aside.values.toldswitches import TOLD
from linter.aside.values.unreleased import UNRELEASED
from linter.cel import UNKNOWN
from linter.config.model import Config, SuppressionPolicy
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity, Status
from linter.frozen import replace

VALUES = {
    "hostNetwork": False,
    "metrics": {"enabled": True, "port": 9090},
    "expose": {"ingress": {"controller": "default"}},
    "extra": [],
}

TEMPLATE = """{{- if .Values.enabled }}
apiVersion: v1
kind: Pod
metadata:
  name: x
spec:
  {{- if .Values.hostNetwork }}
  hostNetwork: true
  {{- else }}
  hostPID: true
  {{- end }}
  {{- with .Values.metrics }}
  hostIPC: true
  {{- end }}
{{- end }}
"""


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        (".Values.hostNetwork", False),
        ("$.Values.metrics.enabled", True),
        (".Values.none.of.these", None),
        ("not .Values.hostNetwork", True),
        ("and .Values.metrics.enabled .Values.hostNetwork", False),
        ("or .Values.hostNetwork (not .Values.metrics.enabled)", False),
        (
            'or (eq .Values.expose.ingress.controller "gce") (eq .Values.expose.ingress.controller "alb")',
            False,
        ),
        ('ne .Values.expose.ingress.controller "gce"', True),
        ("and .Values.hostNetwork .Release.IsInstall", False),
        ('get .Values.metrics "port"', 9090),
        ('get .Values.metrics "none"', ""),
        ("get .Values.metrics .Release.Name", UNKNOWN),
        ('index .Values.metrics "port"', 9090),
        ('index .Values.metrics "none" "below"', UNKNOWN),
        ('eq (toString (index .Values.expose.ingress "controller")) "default"', True),
        ('eq (.Values.hostNetwork | toString) "true"', False),
        ("empty .Values.extra", True),
        ('.Values.hostNetwork | default "x"', "x"),
        (".Values.absent | quote", ""),
        (".Values.metrics.port | quote", '"9090"'),
        ("(.Values.metrics).port", 9090),
        ("(.Values.absent).enabled", None),
        ("and (.Values.metrics).port (.Values.absent).port", None),
        ("(.Release).Name", UNKNOWN),
        (".Values.metrics.enabled | not", False),
        (".Release.Name | default .Values.hostNetwork", UNKNOWN),
        (".Values.hostNetwork | b64enc", UNKNOWN),
        (".Values.hostNetwork | quote", '"false"'),
        (".Release.Name | quote", UNKNOWN),
        ('eq (.Values.none | default "Disk" | lower) "disk"', True),
        ("coalesce .Values.none .Values.hostNetwork .Values.metrics.port", 9090),
        ("coalesce .Values.none .Release.Name", UNKNOWN),
        ("gt (len .Values.extra) 0", False),
        ("ge (int .Values.metrics.port) 9090", True),
        ("$app.extra", []),
        (".Release.IsInstall", UNKNOWN),
        ("and .Values.metrics.enabled .Release.IsInstall", UNKNOWN),
        ('.Values.metrics.port | default "x"', 9090),
        ("gt .Values.metrics.port 1", True),
        ('gt .Values.metrics.port "1"', UNKNOWN),
        ("$other", UNKNOWN),
        ("((((", UNKNOWN),
        ("or .Values.hostNetwork .Values.metrics", {"enabled": True, "port": 9090}),
        ("or .Release.Name .Values.metrics", True),
        ("and .Release.Name .Values.extra", False),
        ("$map.port", 9090),
        ("$yes.port", UNKNOWN),
    ],
)
def test_conditions(condition: str, value: object) -> None:
    found = evaluate(condition, VALUES, {"$app": VALUES, "$map": VALUES["metrics"], "$yes": True})
    assert found is UNKNOWN if value is UNKNOWN else found == value


def test_the_parts_of_an_if_with_else() -> None:
    text = "{{ if a }}1{{ else if b }}2{{ else }}3{{ end }}"
    told = [(text[b.start : b.end], b.condition, b.wanted) for b in branches(text)]
    assert told == [
        ("1", "a", True),
        ("2", "a", False),
        ("2", "b", True),
        ("3", "b", False),
        ("3", "a", False),
    ]


INFOS: dict[str, RuleInfo] = {}


def finding(path: str, line: int, chart: str = "", severity: Severity = Severity.HIGH) -> Finding:
    properties = (("chart", chart),) if chart else ()
    place = Location(path, line, 1, line, 2)
    return Finding("rule", severity, Confidence.HIGH, "m", place, properties=properties)


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    (tmp_path / "c" / "templates").mkdir(parents=True)
    (tmp_path / "c" / "Chart.yaml").write_text("name: c\n")
    (tmp_path / "c" / "values.yaml").write_text("hostNetwork: false\nenabled: false\nmetrics: {}\n")
    (tmp_path / "c" / "templates" / "pod.yaml").write_text(TEMPLATE)
    return tmp_path


def test_an_option_that_is_off_is_set_aside(chart: Path) -> None:
    path = "c/templates/pod.yaml"
    lines = [finding(path, line) for line in (5, 8, 10, 13)]  # the object itself may be optional
    reasons = [f.reason for f in set_aside(lines, Scope(chart), lambda _: Config(), INFOS)]
    assert reasons == ["", OPTION, "", OPTION]
    kept = [f.reason for f in set_aside([finding(path, 8, "c")], Scope(chart), lambda _: Config(), INFOS)]
    assert kept == [""]  # somebody's values switch it on
    grave = set_aside([finding(path, 8, severity=Severity.CRITICAL)], Scope(chart), lambda _: Config(), INFOS)
    assert [f.reason for f in grave] == [""]
    named = Scope(chart, files=frozenset({str(chart / path)}))
    assert [f.reason for f in set_aside([finding(path, 8)], named, lambda _: Config(), INFOS)] == [""]


ABOUT = RuleInfo("rule", "t", "privilege", Severity.HIGH, Confidence.HIGH, "default", "any", "", "", "", "")

REST = "enabled: false\nmetrics: {}\n"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ("# Gives the pod the host network, for DHCP.\nhostNetwork: false\n", True),
        ("hostNetwork: false  # the pod takes the host network then\n", True),
        ("# @param hostNetwork Gives the pod the host network\n\na: 1\nhostNetwork: false\n", True),
        ("# When pods are asked for by DHCP.\nhostNetwork: false\n", False),  # not what that takes
        ("# host network\nhostNetwork: false\n", False),
        ("# Gives the pod the host network, for DHCP.\na: 1\nhostNetwork: false\n", False),  # of another
        ("# TODO: get rid of the host network for pods.\nhostNetwork: false\n", False),
        ("# Gives the pod the host network, for DHCP.\nhostNetwork: true\n", False),  # it is on
    ],
)
def test_what_is_critical_is_decided_where_its_switch_says_so(chart: Path, values: str, told: bool) -> None:
    (chart / "c" / "values.yaml").write_text(values + REST)
    infos = {"rule": replace(ABOUT, explained_by=("host network",))}
    grave = finding("c/templates/pod.yaml", 8, severity=Severity.CRITICAL)
    (found,) = set_aside([grave], Scope(chart), lambda _: Config(), infos)
    assert found.reason == (TOLD if told else "")
    strict = Config(suppressions=SuppressionPolicy(max_days=30))  # a comment says nothing there
    assert set_aside([grave], Scope(chart), lambda _: strict, infos)[0].reason == ""
    assert set_aside([grave], Scope(chart), lambda _: Config(), {"rule": ABOUT})[0].reason == ""


def test_what_is_on_around_an_option_says_nothing_of_it(chart: Path) -> None:
    (chart / "c" / "values.yaml").write_text(
        "# Gives the pod the host network, for DHCP.\nenabled: true\nhostNetwork: false\nmetrics: {}\n"
    )
    infos = {"rule": replace(ABOUT, explained_by=("host network",))}
    grave = finding("c/templates/pod.yaml", 8, severity=Severity.CRITICAL)
    assert set_aside([grave], Scope(chart), lambda _: Config(), infos)[0].reason == ""


def test_a_named_template_may_be_what_hangs_on_a_switch(chart: Path) -> None:
    (chart / "c" / "values.yaml").write_text(
        "a: {}\n# Which needs the host network where it is dhcp.\nmode: none\n" + REST
    )
    (chart / "c" / "templates" / "_helpers.tpl").write_text(
        '{{ define "c.mode" }}{{ .Values.mode }}{{ end }}\n'
    )
    (chart / "c" / "templates" / "pod.yaml").write_text(
        TEMPLATE.replace("if .Values.hostNetwork", 'if eq (include "c.mode" .) "dhcp"')
    )
    infos = {"rule": replace(ABOUT, explained_by=("host network",))}
    grave = finding("c/templates/pod.yaml", 8, severity=Severity.CRITICAL)
    assert set_aside([grave], Scope(chart), lambda _: Config(), infos)[0].reason == TOLD


def test_what_developers_switch_on_to_debug_is_an_option_as_a_whole(chart: Path) -> None:
    for folder, reason in (("debug", OPTION), ("web", "")):
        (chart / "c" / "templates" / folder).mkdir()
        (chart / "c" / "templates" / folder / "pod.yaml").write_text(TEMPLATE)
        (found,) = set_aside(
            [finding(f"c/templates/{folder}/pod.yaml", 5)], Scope(chart), lambda _: Config(), INFOS
        )
        assert (folder, found.reason) == (folder, reason)
    (chart / "c" / "values.yaml").write_text("enabled: true\n")
    path = "c/templates/debug/pod.yaml"
    (found,) = set_aside([finding(path, 5)], Scope(chart), lambda _: Config(), INFOS)
    assert found.reason == ""


HELPERS = """{{/* Whether it {{ may }} */}}
{{- define "c.hostPID" -}}
{{- if or .Values.pid (eq (include "c.mode" .) "deep") }}
true
{{- else if .Values.none }}
none
{{- else -}}
false
{{- end }}
{{- end }}
{{- define "c.mode" -}}
{{- with .Values.mode }}{{ . }}{{ else }}{{ "plain" }}{{ end -}}
{{- end }}
{{- define "c.loop" -}}{{ include "c.loop" . }}{{- end }}
{{- define "c.name" -}}{{ .Release.Name }}{{- end }}
{{- define "c.each" -}}{{ range .Values.list }}x{{ end }}{{- end }}
{{- define "c.flag" -}}{{ if .Values.none }}{{ range .Values.list }}x{{ end }}{{ end }}{{ true }}{{- end }}
"""


def test_a_named_template_may_be_the_switch(chart: Path) -> None:
    (chart / "c" / "templates" / "_helpers.tpl").write_text(HELPERS)
    (chart / "c" / "templates" / "pod.yaml").write_text(
        TEMPLATE.replace("if .Values.hostNetwork", 'if eq (include "c.hostPID" .) "true"')
    )
    lines = [finding("c/templates/pod.yaml", line) for line in (8, 10)]
    reasons = [f.reason for f in set_aside(lines, Scope(chart), lambda _: Config(), INFOS)]
    assert reasons == [OPTION, ""]


DEFAULTS = """{{- define "c.yes" -}}
{{- if typeIs "bool" . -}}{{- . -}}{{- else -}}{{- template "c.word" . -}}{{- default "no" . -}}{{- end -}}
{{- end }}
{{- define "c.word" -}}{{- if not (kindIs "string" .) }}{{ fail "no word" }}{{ end }}{{- end }}
{{- define "c.within" -}}{{ with "x" }}{{ . }}{{ end }}{{- end }}
{{- define "c.more" -}}{{ . }}{{ .Values.mode }}{{ .Release.Name }}{{- end }}
{{- define "c.asks" -}}{{ include "c.yes" .Values.hostNetwork }}{{- end }}
"""


def test_a_named_template_that_is_given_one_value(chart: Path) -> None:
    (chart / "c" / "templates" / "_helpers.tpl").write_text(DEFAULTS)
    values = ChartValues()
    templates = values.templates_of(chart / "c")
    said = {True: "true", False: "false", "": "no", "maybe": "maybe"}
    assert {dot: templates.output("c.yes", dot) for dot in said} == said
    assert templates.output("c.asks") == "false"
    assert templates.output("c.yes", 3) is UNKNOWN  # no word
    assert templates.output("c.yes") is UNKNOWN  # everything
    assert templates.output("c.within", "y") is UNKNOWN
    assert templates.output("c.more", "y") is UNKNOWN  # which is all that there is
    assert values.come_to(chart / "c", 'eq (include "c.yes" .Values.hostNetwork) "true"') is False
    assert values.come_to(chart / "c", 'include "c.yes" .Values') is UNKNOWN


def test_what_a_named_template_comes_to(chart: Path) -> None:
    (chart / "c" / "templates" / "_helpers.tpl").write_text(HELPERS)
    templates = ChartValues().templates_of(chart / "c")
    names = ("c.hostPID", "c.mode", "c.flag")
    assert [templates.output(name) for name in names] == ["false", "plain", "true"]
    for name in ("c.loop", "c.name", "c.each", "c.none"):
        assert templates.output(name) is UNKNOWN


def test_variables_stand_for_what_they_are_given(chart: Path) -> None:
    (chart / "c" / "templates" / "pod.yaml").write_text(
        "kind: Pod\nspec:\n"
        '{{- $off := and (eq .Values.metrics.mode "x") .Values.enabled }}\n'
        "{{- $other := .Values.enabled }}\n"
        "{{- if .Release.IsInstall }}\n{{- $other = true }}\n{{- end }}\n"
        "{{- if or $off .Values.hostNetwork }}\n  hostNetwork: true\n{{- end }}\n"
        "{{- if $other }}\n  hostPID: true\n{{- end }}\n"
    )
    charts = Charts(chart)
    assert charts.is_option("c/templates/pod.yaml", 9)
    assert not charts.is_option("c/templates/pod.yaml", 12)
    assert not charts.faults


def test_a_variable_that_is_given_what_nobody_knows_twice(chart: Path) -> None:
    (chart / "c" / "templates" / "pod.yaml").write_text(
        "kind: Pod\nspec:\n{{- $name := .Release.Name }}\n{{- $name := .Values.hostNetwork }}\n"
        "{{- if $name }}\n  hostNetwork: true\n{{- end }}\n"
    )
    charts = Charts(chart)
    assert not charts.is_option("c/templates/pod.yaml", 6)
    assert not charts.faults


def test_an_object_of_an_old_api_that_is_off_is_an_option(chart: Path) -> None:
    policy = (
        "{{- if .Values.hostNetwork }}\napiVersion: policy/v1beta1\nkind: PodSecurityPolicy\n{{- end }}\n"
    )
    (chart / "c" / "templates" / "policy.yaml").write_text(policy)
    found = [finding("c/templates/policy.yaml", 2)]
    found.append(found[0].evolve(rule="deprecated-api-version"))
    reasons = [f.reason for f in set_aside(found, Scope(chart), lambda _: Config(), INFOS)]
    assert reasons == ["", OPTION]


def test_what_templates_read_as_a_template_has_options_too(chart: Path) -> None:
    (chart / "c" / "files" / "templates").mkdir(parents=True)
    for path in ("c/files/pod.yaml", "c/files/templates/pod.yaml"):
        (chart / path).write_text(TEMPLATE)
    (chart / "c" / "templates" / "all.yaml").write_text(
        '{{ range $path, $_ := .Files.Glob "files/**.yaml" }}\n'
    )
    paths = ("c/files/pod.yaml", "c/files/templates/pod.yaml")
    told = set_aside([finding(path, 8) for path in paths], Scope(chart), lambda _: Config(), INFOS)
    assert [f.reason for f in told] == [OPTION, ""]  # of no chart as it seems


def test_a_service_to_the_outside_that_is_off_is_an_option(chart: Path) -> None:
    text = (
        "{{- if .Values.enabled }}\napiVersion: v1\nkind: Service\nspec:\n  type: LoadBalancer\n{{- end }}\n"
    )
    (chart / "c/templates/service.yaml").write_text(text)
    for rule, reason in (
        ("exposed-admin-interface", OPTION),
        ("security-context-constraints-privileged", OPTION),
        ("other", ""),
    ):
        outside = finding("c/templates/service.yaml", 5).evolve(rule=rule)
        (told,) = set_aside([outside], Scope(chart), lambda _: Config(), INFOS)
        assert (rule, told.reason) == (rule, reason)


def test_what_asks_for_the_version_of_a_cluster_is_there_for_it(chart: Path) -> None:
    text = "{{- if %s }}\napiVersion: policy/v1beta1\nkind: PodSecurityPolicy\n{{- end }}\n"
    for condition, reason in (
        ('.Capabilities.APIVersions.Has "policy/v1beta1"', EARLIER),
        ('semverCompare "<1.25-0" .Capabilities.KubeVersion.GitVersion', EARLIER),
        (".Values.metrics.x", OPTION),
        (".Release.IsInstall", ""),
    ):
        (chart / "c/templates/psp.yaml").write_text(text % condition)
        old = finding("c/templates/psp.yaml", 2).evolve(rule="deprecated-api-version")
        (told,) = set_aside([old], Scope(chart), lambda _: Config(), INFOS)
        assert (condition, told.reason) == (condition, reason)


def test_a_template_of_no_chart_has_no_options(chart: Path) -> None:
    (chart / "c" / "Chart.yaml").unlink()
    told = set_aside([finding("c/templates/pod.yaml", 8)], Scope(chart), lambda _: Config(), INFOS)
    assert [f.reason for f in told] == [""]


def test_what_a_chart_was_rendered_to_lies_beside_it(chart: Path) -> None:
    source = "---\n# Source: c/templates/{}.yaml\napiVersion: v1\nkind: Pod\n"
    names = {"c/all.yaml": "pod", "c/out/all.yaml": "pod", "c/other.yaml": "gone", "deploy/all.yaml": "pod"}
    for name, template in names.items():
        (chart / name).parent.mkdir(exist_ok=True)
        (chart / name).write_text(source.format(template))
    reasons = [Scope(chart).reason(name) for name in (*names, "c/templates/pod.yaml")]
    assert reasons == [RENDERED, RENDERED, "", "", ""]


def test_the_release_of_a_chart_gives_its_tags(chart: Path) -> None:
    def reason(version: str, image: str) -> str:
        (chart / "c" / "Chart.yaml").write_text(f"name: acme-operator\nversion: {version}\n")
        found = finding("c/templates/pod.yaml", 5).evolve(
            rule="image-tag-latest", message=f"Container 'acme' uses {image}, which is whatever is newest."
        )
        return set_aside([found], Scope(chart), lambda _: Config(), INFOS)[0].reason

    assert reason("0.0.0", "ghcr.io/acme/operator:latest") == UNRELEASED
    assert reason('"0.0.0-dev"', "ghcr.io/acme/operator:latest") == UNRELEASED
    assert reason("3-canary", "ghcr.io/acme/operator:latest") == UNRELEASED
    assert reason("0.0.0", "docker.io/library/busybox:latest") == ""
    assert reason("1.2.3", "ghcr.io/acme/operator:latest") == ""


def test_a_template_of_thousands_of_branches_is_read_in_one_pass(chart: Path) -> None:
    branch = "  {{- if .Values.enabled }}\n  hostNetwork: true\n  {{- end }}\n"
    path = chart / "c" / "templates" / "pod.yaml"
    head = "apiVersion: v1\nkind: Pod\nspec:\n"
    for count, reason in ((2_000, OPTION), (3_000, "")):  # of too many none is an option
        path.write_text(head + branch * count)
        told = set_aside([finding("c/templates/pod.yaml", 5)], Scope(chart), lambda _: Config(), INFOS)
        assert [f.reason for f in told] == [reason]
    assert evaluate("and " + "false " * 300, VALUES, {}) is UNKNOWN  # a condition that nobody wrote
    chain = "{{ if a }}" + "{{ else if b }}" * 1_000 + "{{ end }}"
    assert sum(1 for _ in branches(chain)) < 25_000


def test_raw_material_of_a_chart_gets_its_images_from_values(chart: Path) -> None:
    (chart / "c" / "values.yaml").write_text("runtimes:\n  sklearn:\n    image: acme/sklearn\n    tag: v1\n")
    place = Location("c/files/runtimes.yaml", 1, 1, 1, 2)
    used = "Container 'a' uses acme/{}:latest, which is whatever is newest when the node pulls it."
    run = "'a' runs acme/{}:latest-gpu, whose tag moves."
    for rule, words, image, status in (
        ("image-tag-latest", used, "sklearn", Status.ASIDE),
        ("image-tag-latest", used, "sklearn-server", Status.ACTIVE),
        ("ai-image-latest", run, "sklearn", Status.ASIDE),
        ("other", run, "sklearn", Status.ACTIVE),
    ):
        found = Finding(rule, Severity.MEDIUM, Confidence.HIGH, words.format(image), place)
        (told,) = set_aside([found], Scope(chart), lambda _: Config(), {})
        assert (rule, image, told.status) == (rule, image, status)
