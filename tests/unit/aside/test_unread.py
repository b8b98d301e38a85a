"""Values of releases that the chart in the tree never reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.deploys.unread import UNREAD
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, Severity
from tests.unit.aside.trees import write

RELEASE = (
    "kind: GitRepository\nmetadata: {name: live}\n---\nkind: HelmRelease\nspec:\n  chart:\n    spec:\n"
    "      chart: ./charts/any\n      sourceRef: {kind: GitRepository, name: live}\n  values:\n    app:\n"
    "      before:\n        - name: vpn\n          image: example.com/vpn:1\n          securityContext:\n"
    "            privileged: true\n"
)
LINE = RELEASE.count("\n")
APPLICATION = (
    "kind: Application\nspec:\n  source:\n    path: charts/any\n    helm:\n      valuesObject:\n        app:\n"
    "          before:\n            - securityContext:\n                privileged: true\n"
)
TEMPLATE = (
    "kind: Deployment\nspec:\n  initContainers:\n    {{- range .Values.app.before }}\n    - name: {{ .name }}\n"
    "      {{- if .securityContext }}\n      securityContext:\n        runAsUser: {{ .securityContext.runAsUser }}\n"
    "      {{- end }}\n      env: {{ .env | toYaml | nindent 8 }}\n    {{- end }}\n"
    '    {{- $seen := dict "a" .Values.app.name }}\n    {{- $_ := set $seen .Values.app.name true }}\n'
    '  {{- include "any.labels" . | nindent 2 }}\n'
)
CHART = {
    "charts/any/Chart.yaml": "name: any\nversion: 1.0.0\n",
    "charts/any/templates/all.yaml": TEMPLATE,
    "charts/any/templates/_helpers.tpl": '{{- define "any.labels" }}\na: {{ .Values.app.name }}\n{{- end }}\n',
}


def reason(top: Path, line: int = LINE) -> str:
    place = Location("apps/vpn.yaml", line, 1, line, 2)
    subject = "HelmValues/vpn#/app/before/0/containers/vpn"
    rule = "privileged-container"
    found = Finding(rule, Severity.CRITICAL, Confidence.LOW, "m", place, subject=subject)
    return set_aside([found], Scope(top), lambda _: Config(), {})[0].reason


def test_a_value_that_no_template_reads(tmp_path: Path) -> None:
    write(tmp_path, {**CHART, "apps/vpn.yaml": RELEASE})
    assert reason(tmp_path) == UNREAD
    write(tmp_path, {"apps/vpn.yaml": APPLICATION})
    assert reason(tmp_path, APPLICATION.count("\n")) == UNREAD


ADDED = "charts/any/templates/more.yaml"


@pytest.mark.parametrize(
    "files",
    [
        {ADDED: "privileged: {{ .securityContext.privileged }}\n"},
        {ADDED: "{{ toYaml .securityContext }}\n"},
        {ADDED: "{{ .Values.app | toJson }}\n"},
        {ADDED: "{{ with .Values.app }}{{ toYaml . }}{{ end }}\n"},
        {ADDED: "{{ $one := .securityContext }}{{ toYaml $one }}\n"},
        {ADDED: '{{ include "any.pod" (dict "value" .securityContext) }}\n'},
        {ADDED: '{{ tpl (.Files.Get "pod.yaml") . }}\n'},
        {ADDED: '{{ $_ := set $all "one" .Values.app }}{{ toYaml $all.one }}\n'},
        {ADDED: "{{ range $key, $value := .securityContext }}{{ $key }}: {{ $value }}{{ end }}\n"},
        {ADDED: f"{{{{/* {'long' * 600} */}}}}\n"},  # which is not looked through
        {"charts/any/templates/all.yaml": TEMPLATE.replace(".securityContext", ".context")},
        {"charts/any/Chart.yaml": "name: any\ndependencies:\n- {name: app, version: 1.0.0}\n"},
        {"charts/any/charts/app/Chart.yaml": "name: app\n"},
        {"apps/vpn.yaml": RELEASE.replace("kind: GitRepository, name", "kind: HelmRepository, name")},
        {"apps/vpn.yaml": RELEASE.replace("charts/any", "charts/other")},
    ],
)
def test_a_value_that_a_template_may_read(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {**CHART, "apps/vpn.yaml": RELEASE, **files})
    assert reason(tmp_path) == ""


def test_a_chart_without_templates(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"charts/any/Chart.yaml": CHART["charts/any/Chart.yaml"], "apps/vpn.yaml": RELEASE},
    )
    assert reason(tmp_path) == ""
