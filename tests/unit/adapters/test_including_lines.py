"""Which line of a template, or of one that it includes, wrote an element: of several, and over several lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.adapters.actionlines import joined, named
from linter.finding import INCLUDED, WRITTEN_BY
from tests.programs import needs_helm
from tests.unit.adapters.test_rendered_charts import led_to, scanned, told

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
PRIVILEGED = "{privileged: true}\n"


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ('{{ include "a" (dict\n  "b" .c\n) }}\nd: e', ['{{ include "a" (dict "b" .c ) }}', "", "", "d: e"]),
        ("a: {{ b\n}} {{ c\n}}", ["a: {{ b }}", "   {{ c }}", ""]),
        ('{{- /* of\n{{ include "a" }}\nb: c', ["", "", "b: c"]),
        ("a: {{ b\nc: d", ["a: {{ b", "c: d"]),
        ("a: {{ b }}\n", ["a: {{ b }}", ""]),
    ],
)
def test_an_expression_over_several_lines_is_in_the_first(written: str, lines: list[str]) -> None:
    assert [line.rstrip() for line in joined(written.split("\n"))] == lines


@needs_helm
def test_what_an_expression_over_several_lines_includes_is_told_there(tmp_path: Path) -> None:
    helper = '{{- define "spec" }}\nhostPID: true\n{{- if .quiet }}\nhostIPC: true\n{{- end }}\n{{- end }}\n'
    pod = (
        f'{POD}  {{{{- include "spec" (dict\n    "Values" .Values\n    "quiet" .Values.quiet\n  ) | nindent 2 }}}}\n'
        "  containers:\n    - {name: a, image: registry.example.org/a:1.0}\n"
    )
    files = {"templates/_helpers.tpl": helper, "templates/a.yaml": pod, "values.yaml": "quiet: false\n"}
    report = scanned(tmp_path, **files)
    assert told(report, "host-pid") == [("templates/_helpers.tpl", 2)]
    assert led_to(report, "host-pid") == [
        ("templates/a.yaml", 5)
    ]  # not to a value that something else is made of


INCLUDING = '{{- $a := include "x" (dict "b" .c) -}}'


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        ([INCLUDING, "  {{- $a }}"], '  {{- include "x" (dict "b" .c) }}'),
        ([INCLUDING, "a: {{ $a | nindent 4 }}"], 'a: {{ include "x" (dict "b" .c) | nindent 4 }}'),
        ([INCLUDING, "{{ $a.b }}"], "{{ $a.b }}"),
        ([INCLUDING, "{{ $ab }}"], "{{ $ab }}"),
        ([INCLUDING, '{{ $a = include "y" . }}', "{{ $a }}"], "{{ $a }}"),  # one of both
        (['{{- $a := include "x" . | fromYaml }}', "{{ $a }}"], "{{ $a }}"),
        (["{{- $a := .Values.a }}", "{{ $a }}"], "{{ $a }}"),
    ],
)
def test_a_variable_is_read_as_what_it_includes(lines: list[str], read: str) -> None:
    assert named(lines) == [*lines[:-1], read]


@needs_helm
def test_what_a_variable_includes_is_told_there(tmp_path: Path) -> None:
    helper = (
        '{{- define "rules.first" }}\n- apiGroups: [apps]\n  resources: [deployments]\n  verbs: [get]\n{{- end }}\n'
        '{{- define "rules.more" }}\n- apiGroups: [""]\n  resources:\n  - pods\n  - secrets\n  verbs: [get]\n'
        "{{- end }}\n"
    )
    role = (
        '{{- $first := include "rules.first" . }}\n{{- $more := include "rules.more" . }}\n'
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n"
        "rules:\n{{- $first }}\n{{- $more }}\n"
    )
    report = scanned(tmp_path, **{"templates/_helpers.tpl": helper, "templates/a.yaml": role})
    assert told(report, "rbac-secrets-access") == [("templates/_helpers.tpl", 10)]


HELPERS = (
    '{{- define "a.stdout" }}\n- name: {{ include "a.stdout.name" . }}\n  image: registry.example.org/b:1.0\n'
    "{{- end }}\n"
    '{{- define "a.server" }}\n- name: {{ include "a.server.name" . }}\n  image: registry.example.org/a:1.0\n'
    "  securityContext:\n    {{- toYaml .Values.server.securityContext | nindent 4 }}\n{{- end }}\n"
    '{{- define "a.stdout.name" -}}\n{{- print "out" -}}\n{{- end }}\n'
    '{{- define "a.server.name" -}}\n{{- print "main" -}}\n{{- end }}\n'
)


@needs_helm
@pytest.mark.parametrize("on", ["true", "false"])
@pytest.mark.parametrize("order", [("stdout", "server"), ("server", "stdout")])
def test_of_several_that_write_an_element_it_is_the_one_whose_element_has_the_name(
    tmp_path: Path, on: str, order: tuple[str, str]
) -> None:
    lines = {
        "stdout": '{{- if .Values.out }}\n    {{- include "a.stdout" . | nindent 4 }}\n{{- end }}\n',
        "server": '    {{- include "a.server" . | nindent 4 }}\n',
    }
    pod = f"{POD}  containers:\n{''.join(lines[name] for name in order)}  hostNetwork: false\n"
    values = f"out: {on}\nserver:\n  securityContext:\n    privileged: true\n"
    report = scanned(
        tmp_path, **{"templates/_a.tpl": HELPERS, "templates/a.yaml": pod, "values.yaml": values}
    )
    assert told(report, "privileged-container") == [("values.yaml", 4)]
    found = [finding for finding in report.findings if finding.rule == "privileged-container"]
    assert [(item.location.line, item.message) for item in found[0].related] == [
        (9, WRITTEN_BY),
        (9 if order[0] == "stdout" else 6, INCLUDED),
    ]


@needs_helm
def test_of_several_values_that_write_elements_it_is_the_one_that_has_it(tmp_path: Path) -> None:
    helper = (
        '{{- define "volumes" }}\n{{- if .Values.more }}\n{{ toYaml .Values.more | trim }}\n{{- end }}\n'
        "{{ toYaml .Values.agent.volumes | trim }}\n- name: {{ .Values.secret }}\n  secret: {secretName: a}\n"
        "{{- end }}\n"
    )
    pod = (
        f"{POD}  containers:\n    - name: a\n      image: registry.example.org/a:1.0\n"
        "      volumeMounts: [{name: etc, mountPath: /etc, readOnly: true}]\n"
        '  volumes:\n  {{- include "volumes" (dict "Values" .Values) | nindent 2 }}\n'
    )
    values = (
        "secret: s\nmore: [{name: tmp, emptyDir: {}}]\nagent:\n  volumes:\n"
        "    - name: etc\n      hostPath:\n        path: /etc\n"
    )
    report = scanned(tmp_path, **{"templates/_a.tpl": helper, "templates/a.yaml": pod, "values.yaml": values})
    assert told(report, "sensitive-host-path") == [("values.yaml", 7)]
    assert led_to(report, "sensitive-host-path") == [("templates/_a.tpl", 5), ("templates/a.yaml", 10)]


@needs_helm
def test_an_element_that_none_of_several_can_have_written_is_told_at_its_list(tmp_path: Path) -> None:
    helper = "".join(
        f'{{{{- define "{name}" }}}}\n- name: {name}\n  image: registry.example.org/b:1.0\n{{{{- end }}}}\n'
        for name in ("first", "second")
    )
    pod = (
        f"{POD}  containers:\n"
        '    {{- include "first" . | nindent 4 }}\n    {{- include "second" . | nindent 4 }}\n'
        '    {{- printf "- name: third\\n  image: registry.example.org/a:latest" | nindent 4 }}\n'
    )
    report = scanned(tmp_path, **{"templates/_a.tpl": helper, "templates/a.yaml": pod})
    assert told(report, "image-tag-latest") == [("templates/a.yaml", 5)]
    assert led_to(report, "image-tag-latest") == []


STANDARD = (
    '{{- define "standard" }}\n{{- $service := index . 0 }}\n{{- $all := index . 1 }}\n- name: {{ $service }}\n'
    '  image: registry.example.org/a:1.0\n{{ tuple $service $all | include "context" | indent 2 }}\n{{- end }}\n'
    '{{- define "context" }}\n%s\n{{- end }}\n'
)
WRITTEN_OUT = "securityContext:\n  privileged: true"
OF_THE_VALUES = (
    "{{- $all := index . 1 }}\nsecurityContext:\n{{ toYaml (index $all.Values.of (index . 0)) | indent 2 }}"
)


@needs_helm
@pytest.mark.parametrize(
    ("context", "places"),
    [(WRITTEN_OUT, [("templates/_a.tpl", 10)]), (OF_THE_VALUES, [("templates/_a.tpl", 6)])],
)
def test_what_a_template_makes_of_what_it_is_given_is_told_where_that_is(
    tmp_path: Path, context: str, places: list[tuple[str, int]]
) -> None:
    pod = f'{POD}  containers:\n    {{{{- tuple "first" . | include "standard" | indent 4 }}}}\n'
    pod += '    {{- tuple "second" . | include "standard" | indent 4 }}\n'
    values = "of:\n  first: {privileged: true}\n  second: {privileged: true}\n"
    files = {"templates/_a.tpl": STANDARD % context, "templates/a.yaml": pod, "values.yaml": values}
    report = scanned(tmp_path, **files)
    assert told(report, "privileged-container") == places
    found = [finding for finding in report.findings if finding.rule == "privileged-container"]
    assert len(found[0].instances) == 2


ONE = (
    '{{- define "a.%s" }}\n- name: {{ .Release.Name }}-%s\n  image: {{ include "a.%s.image" . }}\n'
    '{{ include "a.resources" .Values.all | indent 2 }}\n{{- with .Values.more }}\n{{ toYaml . }}\n{{- end }}\n'
    '{{- end }}\n{{- define "a.%s.image" -}}\n{{ .Values.registry }}/%s:{{ .Values.all.tag }}\n{{- end }}\n'
)
RESOURCES = '{{- define "a.resources" }}\nresources:\n  requests: {cpu: 1}\n{{- end }}\n'


@needs_helm
def test_containers_are_told_in_the_templates_that_have_the_most_of_their_names(tmp_path: Path) -> None:
    names = ("cache", "sync", "tls-cache")
    files = {f"templates/_{name}.tpl": ONE % ((name,) * 5) for name in names}
    lines = "".join(f'    {{{{- include "a.{name}" . | indent 4 }}}}\n' for name in names)
    files |= {"templates/_resources.tpl": RESOURCES, "templates/a.yaml": f"{POD}  containers:\n{lines}"}
    report = scanned(
        tmp_path, **files, **{"values.yaml": "registry: registry.example.org\nall:\n  tag: latest\n"}
    )
    paths = [f"templates/_{name}.tpl" for name in names]
    assert told(report, "image-tag-latest") == [(path, 3) for path in paths]
    images = [finding for finding in report.findings if finding.rule == "image-tag-latest"]
    assert all([item.location.line for item in one.related][1:] == [3, 1] for one in images)
    assert told(report, "memory-limit-missing") == [(path, 4) for path in paths]


CONTEXTS = (
    '{{- define "a.environment" }}\n- {name: MODE, value: quiet}\n{{- end }}\n'
    '{{- define "a.securityContextOfInit" }}\nsecurityContext:\n  privileged: true\n{{- end }}\n'
    '{{- define "a.name" -}}\nweb\n{{- end }}\n'
)
MAIN = (
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ template "a.name" . }}-internal\nspec:\n'
    "  ports: [{port: 80}]\n---\n"
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: {{ template "a.name" . }}\nspec:\n  template:\n'
    '    spec:\nODD      containers:\n      - name: {{ template "a.name" . }}-main\n'
    "        image: registry.example.org/a:1.0\n"
    '        {{- include "a.securityContextOfInit" . | indent 8 }}\n        env:\n'
    '        {{- include "a.environment" . | indent 8 }}\n'
)
NO_YAML = "      {{- if .Values.odd }}\n      - a: [\n      {{- end }}\n"


@needs_helm
@pytest.mark.parametrize(
    ("odd", "name", "place"),
    [
        ("", "a.securityContextOfInit", ("templates/_a.tpl", 6)),
        (NO_YAML, "a.securityContextOfInit", ("templates/_a.tpl", 6)),
        ("", "a.hard", ("templates/_a.tpl", 6)),  # not the one that writes `env`
        (NO_YAML, "a.hard", ("templates/a.yaml", 19)),  # the nearest thing, of the same object
    ],
)
def test_what_an_included_template_writes_is_told_in_it(
    tmp_path: Path, odd: str, name: str, place: tuple[str, int]
) -> None:
    files = {
        "templates/_a.tpl": CONTEXTS,
        "templates/a.yaml": MAIN.replace("ODD", odd),
        "values.yaml": "odd: false\n",
    }
    called = {path: text.replace("a.securityContextOfInit", name) for path, text in files.items()}
    assert told(scanned(tmp_path, **called), "privileged-container") == [place]
