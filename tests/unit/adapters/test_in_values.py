"""What a chart's values have as a whole is told where it stands in them, whichever template writes it."""

from __future__ import annotations

from pathlib import Path

from linter.finding import WRITTEN_BY, Status
from tests.programs import needs_helm
from tests.unit.adapters.test_rendered_charts import scanned, told

PODS = """\
{{- range $name := list "a" "b" }}
---
apiVersion: v1
kind: Pod
metadata: {name: {{ $name }}}
spec:
  containers:
    - name: {{ $name }}
      image: "{{ $.Values.image.repository }}:{{ $.Values.image.tag }}"
      securityContext: {{- toYaml $.Values.securityContext | nindent 8 }}
{{- end }}
"""
OTHER = """\
apiVersion: v1
kind: Pod
metadata: {name: c}
spec:
  containers:
    - name: c
      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
        capabilities: {add: [SYS_ADMIN]}
"""
VALUES = "image:\n  repository: registry.example.org/a\n  tag: latest\nsecurityContext:\n  privileged: true\n"
FILES = {"templates/pods.yaml": PODS, "templates/other.yaml": OTHER, "values.yaml": VALUES}


@needs_helm
def test_one_value_of_several_templates_is_told_once(tmp_path: Path) -> None:
    report = scanned(tmp_path, **FILES)
    (finding,) = (f for f in report.active if f.rule == "privileged-container")
    assert (finding.location.path, finding.location.line) == ("values.yaml", 5)
    assert sorted((r.location.path, r.location.line) for r in finding.related if r.message == WRITTEN_BY) == [
        ("templates/other.yaml", 9),
        ("templates/pods.yaml", 10),
    ]
    assert len(finding.instances) == 3
    # a privileged container has every capability: said by the value
    assert told(report, "dangerous-capability-added") == []
    assert told(report, "image-tag-latest") == [("values.yaml", 3)]


@needs_helm
def test_what_only_values_of_tests_set_stays_at_the_template(tmp_path: Path) -> None:
    files = FILES | {"values.yaml": "image: {repository: r.example.org/a, tag: '1'}\nneeded: ''\n"}
    files["templates/needed.yaml"] = '# {{ required "needed" .Values.needed }}'
    files["ci/a-values.yaml"] = "needed: x\nsecurityContext:\n  privileged: true\n"
    report = scanned(tmp_path, **files)
    places = told(report, "privileged-container") + told(report, "privileged-container", Status.ASIDE)
    assert {path for path, _ in places} == {"templates/other.yaml", "templates/pods.yaml"}


@needs_helm
def test_a_secret_is_told_at_the_value_that_has_it(tmp_path: Path) -> None:
    password = "Xk29" + "fjs8" + "Qz7w"
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n"
        "  password: {{ .Values.db.password | b64enc }}\n  other: {{ randAlphaNum 20 | b64enc }}\n"
    )
    values = f"db:\n  password: {password}\n"
    report = scanned(tmp_path, **{"templates/a.yaml": secret, "values.yaml": values})
    assert told(report, "secret-stored-in-manifest") == [("values.yaml", 2)]


@needs_helm
def test_named_templates_stand_in_files_of_yaml_too(tmp_path: Path) -> None:
    helper = '{{- define "a.pod" }}\nspec:\n  hostPID: true\n  containers: []\n{{- end }}\n'
    pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n{{ include "a.pod" . }}\n'
    report = scanned(tmp_path, **{"templates/_pod.yaml": helper, "templates/a.yaml": pod})
    assert told(report, "host-pid") == [("templates/_pod.yaml", 3)]


@needs_helm
def test_what_a_rendering_has_nothing_against_is_not_told_of_the_value_alone(tmp_path: Path) -> None:
    agent = (
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n"
        "  selector: {matchLabels: {app: agent}}\n"
        "  template:\n    metadata: {labels: {app: agent}}\n    spec:\n      containers:\n        - name: agent\n"
        "          image: registry.example.org/a:1.0\n"
        "          volumeMounts: [{name: modules, mountPath: /lib/modules, readOnly: true}]\n"
        "      volumes:\n        {{- toYaml .Values.agent.volumes | nindent 8 }}\n"
    )
    volumes = "\n  volumes: [{name: modules, hostPath: {path: /lib/modules}}]\n"
    values = f"agent:\n  image: registry.example.org/a:1.0{volumes}"
    files = {"values.yaml": f"{values}other:\n  image: registry.example.org/b:1.0{volumes}"}
    line = {"agent": 3, "other": 6}
    report = scanned(tmp_path, **files)
    assert [place[1] for place in told(report, "host-path-volume")] == list(line.values())
    report = scanned(tmp_path, **files, **{"templates/a.yaml": agent})
    # agents of each node may read it
    assert told(report, "host-path-volume") == [("values.yaml", line["other"])]
