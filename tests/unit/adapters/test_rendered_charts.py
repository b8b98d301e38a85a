"""What helm is told of the cluster, and which findings of a rendering are about the chart itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.adapters.sourcemap import Element
from linter.adapters.sourceobjects import SourceObjects
from linter.adapters.templatemap import TemplateMap
from linter.finding import Report, Status
from linter.formats.kubernetes import FORMAT
from linter.formats.secrets import sample
from linter.formats.yamltree import parse_documents
from linter.recipe import Recipe
from linter.scan import Request, scan
from linter.text import SourceText
from tests.programs import needs_helm

CHART = "apiVersion: v2\nname: server\nversion: 1.0.0\n"


def scanned(root: Path, **files: str) -> Report:
    chart = {} if any(name.endswith("/Chart.yaml") for name in files) else {"Chart.yaml": CHART}
    for name, text in (chart | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan(Request(paths=(root,), recipe=Recipe(paths=(str(root),), isolated=True), cwd=root))


def told(report: Report, rule: str, status: Status = Status.ACTIVE) -> list[tuple[str, int]]:
    found = [f for f in report.findings if f.rule == rule and f.status is status]
    return [(f.location.path, f.location.line) for f in found]


@needs_helm
def test_a_cluster_serves_what_is_newest(tmp_path: Path) -> None:
    budget = (
        '{{- if .Capabilities.APIVersions.Has "policy/v1/PodDisruptionBudget" }}\napiVersion: policy/v1\n'
        "{{- else }}\napiVersion: policy/v1beta1\n{{- end }}\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"
        "spec:\n  maxUnavailable: 1\n  selector: {matchLabels: {app: a}}\n"
    )
    assert told(scanned(tmp_path, **{"templates/a.yaml": budget}), "deprecated-api-version") == []


INGRESS = """\
{{- required "name" .Values.name }}
{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  {{- with .Values.ingress.tls }}
  tls: {{ toYaml . | nindent 4 }}
  {{- end }}
  rules: [{host: web.example.org}]
{{- end }}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: server}
spec:
  hostNetwork: {{ .Values.hostNetwork }}
  hostPID: {{ .Values.hostPID }}
  containers:
    - {name: a, image: registry.example.org/a:1.0}
"""


@needs_helm
def test_what_only_the_values_of_tests_show_is_set_aside(tmp_path: Path) -> None:
    values = "name: ''\nhostNetwork: false\nhostPID: true\ningress: {enabled: false}\n"
    tried = "name: |\n  # tried\nhostNetwork: true\ningress: {enabled: true}\n"
    files = {"values.yaml": values, "ci/test-values.yaml": tried}
    report = scanned(tmp_path, **files, **{"templates/a.yaml": INGRESS, "templates/b.yaml": POD})
    assert report.coverage.rendered == {"charts": 1}
    assert told(report, "host-pid") == [("templates/b.yaml", 6)]  # by the chart's own values
    assert told(report, "host-network") == []
    assert told(report, "ingress-tls-missing") == []
    assert told(report, "host-network", Status.ASIDE) == [("templates/b.yaml", 5)]
    assert told(report, "ingress-tls-missing", Status.ASIDE) == [("templates/a.yaml", 6)]


@needs_helm
def test_a_branch_that_the_rendering_leaves_out_is_an_option(tmp_path: Path) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: server}\nspec:\n"
        "  {{- if gt (int .Values.depth) 1 }}\n  hostPID: true\n  {{- end }}\n  hostNetwork: true\n"
        "  containers:\n    - {name: a, image: registry.example.org/a:1.0}\n"
    )
    other = "{{- if gt (int .Values.depth) 1 }}\n" + pod.replace("server", "other") + "{{- end }}\n"
    files = {"templates/a.yaml": pod, "templates/b.yaml": other, "values.yaml": "depth: 1\n"}
    report = scanned(tmp_path, **files)
    # who wants the other pod gets what it has
    assert told(report, "host-pid") == [("templates/b.yaml", 7)]
    assert told(report, "host-pid", Status.ASIDE) == [("templates/a.yaml", 6)]
    assert told(report, "host-network") == [("templates/a.yaml", 8), ("templates/b.yaml", 9)]


BRANCHES = """\
apiVersion: v1
kind: Pod
metadata: {name: server}
spec:
  containers:
    - name: a
      image: registry.example.org/a:1.0
      {{- if .Values.rootless }}
      securityContext:
        seccompProfile:
          type: Unconfined
      {{- else }}
      securityContext:
        privileged: true
      {{- end }}
"""


@needs_helm
@pytest.mark.parametrize(
    ("rootless", "rule", "line"),
    [("true", "seccomp-unconfined", 11), ("false", "privileged-container", 14)],
)
def test_of_the_branches_that_write_a_key_the_one_that_is_taken_is_told(
    tmp_path: Path, rootless: str, rule: str, line: int
) -> None:
    files = {"templates/a.yaml": BRANCHES, "values.yaml": f"rootless: {rootless}\n"}
    assert told(scanned(tmp_path, **files), rule) == [("templates/a.yaml", line)]


IMAGES = """\
apiVersion: v1
kind: Pod
metadata: {name: server}
spec:
  containers:
    {{- if .Values.first }}
    - name: first
      {{- if .Values.first.image }}
      image: {{ .Values.first.image }}
      {{- else }}
      image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
      {{- end }}
    {{- end }}
    - name: a
      {{- if .Values.side.image }}
      image: {{ .Values.side.image }}
      {{- else }}
      image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
      {{- end }}
"""


@needs_helm
@pytest.mark.parametrize(("side", "line"), [("registry.example.org/b:latest", 16), ("", 18)])
def test_of_branches_that_write_an_image_it_is_the_one_that_can_have_become_it(
    tmp_path: Path, side: str, line: int
) -> None:
    values = f"side: {{image: '{side}'}}\nimage: {{name: registry.example.org/a, tag: latest}}\n"
    report = scanned(tmp_path, **{"templates/a.yaml": IMAGES, "values.yaml": values})
    found = [finding for finding in report.findings if finding.rule == "image-tag-latest"]
    places = {
        (item.path, item.line)
        for one in found
        for item in (one.location, *(other.location for other in one.related))
    }
    assert [place for place in places if place[0] == "templates/a.yaml"] == [("templates/a.yaml", line)]


@needs_helm
@pytest.mark.parametrize(
    ("taken", "status"),
    [
        ("securityContext: {privileged: false}", Status.ASIDE),
        ("securityContext: {runAsUser: 1000}", Status.ASIDE),
        ("tty: true", Status.ACTIVE),
    ],
)
def test_what_is_critical_in_an_option_counts_unless_the_chart_writes_its_key_otherwise(
    tmp_path: Path, taken: str, status: Status
) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: server}\nspec:\n  containers:\n    - name: a\n"
        "      image: registry.example.org/a:1.0\n      {{- if .Values.safe }}\n"
        f"      {taken}\n      {{{{- else }}}}\n      securityContext: {{privileged: true}}\n      {{{{- end }}}}\n"
    )
    files = {"templates/a.yaml": pod, "values.yaml": "safe: true\n"}
    assert told(scanned(tmp_path, **files), "privileged-container", status) == [("templates/a.yaml", 11)]


@needs_helm
def test_what_a_value_adds_to_a_list_is_not_the_element_that_is_left_out_beside_it(tmp_path: Path) -> None:
    role = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n"
        "{{- with .Values.rules }}\n{{- toYaml . | nindent 2 }}\n{{- end }}\n{{- if .Values.psp }}\n"
        "  - apiGroups: [extensions]\n    resources: [podsecuritypolicies]\n    verbs: [use]\n{{- end }}\n"
    )
    values = "psp: false\nrules:\n  - apiGroups: ['*']\n    resources: ['*']\n    verbs: [get]\n"
    made = "# Source: server/templates/a.yaml\n" + role.partition("{{")[0] + values.partition("rules:\n")[2]
    files = {
        "server/Chart.yaml": CHART,
        "server/templates/a.yaml": role,
        "server/values.yaml": values,
        "all.yaml": made,
    }
    report = scanned(tmp_path, **files)
    assert told(report, "rbac-every-resource") == [("server/values.yaml", 4)]
    assert led_to(report, "rbac-every-resource")[0] == ("server/templates/a.yaml", 6)


ELEMENTS = """\
apiVersion: v1
kind: Pod
metadata: {name: server}
spec:
  containers:
    {{- if .Values.nightly }}
    - image: registry.example.org/a-nightly:latest
    {{- else }}
    - image: registry.example.org/a:{{ .Chart.Version }}
    {{- end }}
      name: a
"""


@needs_helm
def test_an_element_that_is_begun_in_branches_is_told_in_the_one_that_is_taken(tmp_path: Path) -> None:
    files = {"templates/a.yaml": ELEMENTS, "values.yaml": "nightly: true\n"}
    assert told(scanned(tmp_path, **files), "image-tag-latest") == [("templates/a.yaml", 7)]


KINDS = """\
{{- if .Values.namespaced }}
kind: Role
{{- else }}
kind: ClusterRole
{{- end }}
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: "{{ .Release.Name }}"}
rules:
  - apiGroups: [""]
    resources: [nodes]
    verbs: [get]
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, list]
---
{{- if .Values.namespaced }}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Name }}-list"}
rules:
  - apiGroups: [""]
    resources: [nodes]
    verbs: [get]
{{- end }}
---
{{- if .Values.namespaced }}
kind: RoleBinding
{{- else }}
kind: ClusterRoleBinding
{{- end }}
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: "{{ .Release.Name }}"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{{ .Release.Name }}"}
subjects: [{kind: ServiceAccount, name: server, namespace: default}]
"""


@needs_helm
def test_an_object_whose_kind_hangs_on_a_value_is_known_by_what_it_says(tmp_path: Path) -> None:
    files = {"templates/a.yaml": KINDS, "values.yaml": "namespaced: false\n"}
    assert told(scanned(tmp_path, **files), "rbac-secrets-access") == [("templates/a.yaml", 13)]


@needs_helm
def test_of_objects_that_helpers_name_the_one_is_meant_whose_expression_has_its_words(tmp_path: Path) -> None:
    helper = '{{- define "name" }}{{ printf "server-%s" .suffix }}{{- end }}\n'
    named = '{{ include "name" (dict "suffix" "%s") }}'
    reader = KINDS.partition("---\n")[2].partition("---\n")[0].replace("{{ .Release.Name }}-list", "%s")
    manager = KINDS.partition("---\n")[0].replace('"{{ .Release.Name }}"', "%s")
    other = reader.replace("if ", "if not ") % named % "metrics-reader"
    files = {
        "templates/_helpers.tpl": helper,
        "templates/a.yaml": f"{manager % named % 'manager-role'}---\n{other}",
        "values.yaml": "namespaced: false\n",
    }
    assert told(scanned(tmp_path, **files), "rbac-secrets-access") == [("templates/a.yaml", 13)]


@needs_helm
def test_a_key_in_a_block_that_a_chart_makes_is_no_secret(tmp_path: Path) -> None:
    secret = (
        '{{ $ca := genCA "ca" 365 }}\napiVersion: v1\nkind: Secret\nmetadata: {name: tls}\nstringData:\n'
        "  tls.key: |\n    {{ $ca.Key | nindent 4 }}\n"
    )
    report = scanned(tmp_path, **{"templates/a.yaml": secret, "values.yaml": "a: 1\n"})
    assert report.coverage.rendered == {"charts": 1}
    assert told(report, "secret-stored-in-manifest") == []


@needs_helm
def test_what_a_helper_makes_below_a_key_is_no_secret(tmp_path: Path) -> None:
    helper = '{{- define "csrf" }}\nprivate.key: {{ randBytes 256 | b64enc | quote }}\n{{- end }}\n'
    secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: csrf}\ndata:\n  {{ include "csrf" . }}\n'
    files = {"templates/_helpers.tpl": helper, "templates/a.yaml": secret, "values.yaml": "a: 1\n"}
    report = scanned(tmp_path, **files)
    assert report.coverage.rendered == {"charts": 1}
    assert told(report, "secret-stored-in-manifest") == []


@needs_helm
def test_a_container_that_a_helper_writes_stands_in_the_helper(tmp_path: Path) -> None:
    helper = (
        '{{- define "image" }}\nimage: registry.example.org/a:1.0\n{{- end }}\n'
        '{{- define "proxy" }}\n- name: proxy\n  image: registry.example.org/proxy:latest\n{{- end }}\n'
    )
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n"
        '      {{- include "image" . | indent 6 }}\n    {{- include "proxy" . | indent 4 }}\n'
    )
    report = scanned(tmp_path, **{"templates/_helpers.tpl": helper, "templates/a.yaml": pod})
    assert told(report, "image-tag-latest") == [("templates/_helpers.tpl", 6)]
    (finding,) = (f for f in report.findings if f.rule == "image-tag-latest")
    assert [(r.location.path, r.location.line) for r in finding.related] == [("templates/a.yaml", 8)]


@needs_helm
@pytest.mark.parametrize("named", ["app.log_cleanup", "app.logCleanup.container"])
def test_of_two_helpers_the_one_named_like_the_container_wrote_it(tmp_path: Path, named: str) -> None:
    helper = (
        '{{- define "sync" }}\n- name: git-sync\n  image: registry.example.org/sync:1.0\n{{- end }}\n'
        '{{- define "NAMED" }}\n- name: log-cleanup\n  image: registry.example.org/b:latest\n{{- end }}\n'
    )
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n"
        "      image: registry.example.org/a:1.0\n"
        '    {{- include "sync" . | indent 4 }}\n    {{- include "NAMED" . | indent 4 }}\n'
    )
    files = {"templates/_helpers.tpl": helper, "templates/a.yaml": pod}
    report = scanned(tmp_path, **{name: text.replace("NAMED", named) for name, text in files.items()})
    assert told(report, "image-tag-latest") == [("templates/_helpers.tpl", 7)]


def led_to(report: Report, rule: str) -> list[tuple[str, int]]:
    """The other places that findings of a rule name."""
    found = (item.location for finding in report.findings if finding.rule == rule for item in finding.related)
    return [(location.path, location.line) for location in found]


@needs_helm
def test_what_helpers_write_is_told_in_the_one_of_its_kind(tmp_path: Path) -> None:
    helper = (
        '{{- define "account" }}\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n{{ end }}\n'
        '{{- define "pod" }}\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n'
        "  containers:\n    - {name: a, image: registry.example.org/a:1.0}\n{{ end }}\n"
    )
    included = '{{ include "account" . }}\n---\n{{ include "pod" . }}\n'
    report = scanned(tmp_path, **{"templates/_helpers.tpl": helper, "templates/a.yaml": included})
    assert told(report, "host-pid") == [("templates/_helpers.tpl", 11)]
    assert led_to(report, "host-pid") == [("templates/a.yaml", 3)]


@needs_helm
def test_a_key_that_a_helper_writes_is_told_in_one_of_that_name(tmp_path: Path) -> None:
    helper = (
        '{{- define "snippets.image" }}\nimage: registry.example.org/a:1.0\n{{- end }}\n'
        '{{- define "snippets.security_context" }}\nsecurityContext: {privileged: true}\n{{- end }}\n'
        '{{- define "snippets.probe" }}\nlivenessProbe: {exec: {command: [a]}}\n{{- end }}\n'
    )
    names = ("security_context", "image", "probe")
    lines = "".join(f'{{{{ include "snippets.{name}" . | indent 6 }}}}\n' for name in names)
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n    - name: a\n{lines}"
    report = scanned(tmp_path, **{"templates/_helpers.tpl": helper, "templates/a.yaml": pod})
    assert told(report, "privileged-container") == [("templates/_helpers.tpl", 5)]


POD_OF_HELPER = (
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  {{- include "spec" . | nindent 2 }}\n'
)
SPEC = (
    '{{- define "spec" }}\n%shostPID: true\ncontainers:\n'
    "  - {name: a, image: registry.example.org/a:1.0}\n{{- end }}\n"
)


@needs_helm
@pytest.mark.parametrize("place", ["helper", "template", "nowhere"])
def test_what_a_helper_writes_is_suppressed_there_or_where_it_is_included(tmp_path: Path, place: str) -> None:
    comment = "# tarecheck: ignore[host-pid] it reads the processes of its node\n"
    helper = SPEC % (comment if place == "helper" else "")
    pod = POD_OF_HELPER.replace("  {{-", f"  {comment}  {{{{-") if place == "template" else POD_OF_HELPER
    report = scanned(tmp_path, **{"templates/_helpers.tpl": helper, "templates/a.yaml": pod})
    line = 3 if place == "helper" else 2
    status = Status.ACTIVE if place == "nowhere" else Status.SUPPRESSED
    assert told(report, "host-pid", status) == [("templates/_helpers.tpl", line)]


@needs_helm
@pytest.mark.parametrize("other", ["charts/lib/templates/_helpers.tpl", "templates/_more.tpl"])
def test_what_others_or_several_helpers_of_a_name_write_is_told_where_it_is_included(
    tmp_path: Path, other: str
) -> None:
    lib = CHART.replace("server", "lib") + "type: library\n"
    files = {
        "Chart.yaml": CHART,
        "charts/lib/Chart.yaml": lib,
        other: SPEC % "",
        "templates/a.yaml": POD_OF_HELPER,
    }
    if other.startswith("templates"):
        files["templates/_helpers.tpl"] = SPEC % "hostIPC: true\n"
    assert told(scanned(tmp_path, **files), "host-pid") == [("templates/a.yaml", 5)]


@needs_helm
def test_what_a_helper_and_a_manifest_made_with_it_say_is_told_once(tmp_path: Path) -> None:
    made = (
        "---\n# Source: server/templates/a.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
        "  hostPID: true\n  containers:\n    - {name: a, image: registry.example.org/a:1.0}\n"
    )
    templates = {"server/templates/_helpers.tpl": SPEC % "", "server/templates/a.yaml": POD_OF_HELPER}
    files = {"server/Chart.yaml": CHART, "deploy/all.yaml": made} | templates
    assert told(scanned(tmp_path, **files), "host-pid") == [("server/templates/_helpers.tpl", 2)]


@needs_helm
def test_a_helper_among_vendored_charts_counts_where_a_template_of_ours_includes_it(tmp_path: Path) -> None:
    described = CHART + "dependencies:\n  - {name: lib, version: 1.0.0, repository: 'file://../vendor/lib'}\n"
    files = {
        "server/Chart.yaml": described,
        "server/templates/a.yaml": POD_OF_HELPER,
        "vendor/lib/Chart.yaml": CHART.replace("server", "lib") + "type: library\n",
        "vendor/lib/templates/_helpers.tpl": SPEC % "",
    }
    assert told(scanned(tmp_path, **files), "host-pid") == [("vendor/lib/templates/_helpers.tpl", 2)]


@needs_helm
def test_a_rule_of_a_role_is_found_in_the_helper_of_its_rules(tmp_path: Path) -> None:
    helper = (
        '{{- define "rules" }}\nrules:\n{{- if .all }}\n- apiGroups: [apps]\n  resources: [deployments]\n'
        "  verbs: [get]\n{{- end }}\n- apiGroups: [rbac.authorization.k8s.io]\n  resources:\n  - roles\n"
        "  - rolebindings\n  verbs: [get, create]\n{{- end }}\n"
    )
    role = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n"
        '{{ include "rules" (dict "all" .Values.all) }}\n'
    )
    files = {"templates/_helpers.tpl": helper, "templates/a.yaml": role, "values.yaml": "all: false\n"}
    assert told(scanned(tmp_path, **files), "rbac-modify-bindings") == [("templates/_helpers.tpl", 11)]


@needs_helm
def test_of_the_objects_of_a_helper_the_one_of_that_name_is_meant(tmp_path: Path) -> None:
    role = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: %s}\nrules:\n"
        "- apiGroups: ['']\n  resources:\n  - %s\n  verbs: [get]\n"
    )
    roles = role % ("elects", "configmaps") + "---\n" + role % ("reads", "secrets")
    helper = '{{- define "all" }}\n' + roles + "{{- end }}\n"
    files = {"templates/_helpers.tpl": helper, "templates/a.yaml": '{{ include "all" . }}\n'}
    assert told(scanned(tmp_path, **files), "rbac-namespace-secrets-access") == [
        ("templates/_helpers.tpl", 17)
    ]


@needs_helm
def test_what_a_helper_makes_of_a_value_is_told_where_it_gets_it(tmp_path: Path) -> None:
    helper = (
        '{{- define "resources" }}\nresources:\n  {{- with .limits }}\n  limits:\n    {{- toYaml . | nindent 4 }}\n'
        "  {{- end }}\n  requests: {cpu: 1}\n{{- end }}\n"
    )
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n"
        '      image: registry.example.org/a:1.0\n      {{- include "resources" .Values.a | nindent 6 }}\n'
    )
    files = {"templates/_helpers.tpl": helper, "templates/a.yaml": pod, "values.yaml": "a: {limits: {}}\n"}
    assert told(scanned(tmp_path, **files), "memory-limit-missing") == [("templates/a.yaml", 8)]


@needs_helm
def test_a_container_that_a_helper_includes_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    helper = (
        '{{- define "spec" }}\ncontainers:\n  - name: {{ .Chart.Name }}\n    image: registry.example.org/a:1.0\n'
        '  {{- include "sidecar" . | nindent 2 }}\n{{- end }}\n'
        '{{- define "sidecar" }}\n- name: sidecar\n  image: registry.example.org/b:latest\n{{- end }}\n'
    )
    report = scanned(tmp_path, **{"templates/_helpers.tpl": helper, "templates/a.yaml": POD_OF_HELPER})
    assert ("templates/_helpers.tpl", 4) not in told(report, "image-tag-latest")


SETUP = """\
apiVersion: v1
kind: Pod
metadata: {name: setup}
spec:
  containers:
    - name: setup
      image: registry.example.org/setup:1.0
      command: [sh, -c]
      args:
        - |
          # what is there stays
          kubectl get secret admin || kubectl create secret generic admin \\
            --from-literal=ADMIN_PASSWORD={{ .Values.password | default (randAlphaNum 32) }}
"""


@needs_helm
@pytest.mark.parametrize("given", [True, False])
def test_a_secret_in_a_script_is_told_at_its_line_unless_the_chart_makes_it(
    tmp_path: Path, given: bool
) -> None:
    password = sample("named-secret") if given else ""
    report = scanned(tmp_path, **{"values.yaml": f"password: '{password}'\n", "templates/a.yaml": SETUP})
    assert told(report, "secret-in-command") == ([("templates/a.yaml", 13)] if given else [])


@needs_helm
@pytest.mark.parametrize("given", [True, False])
def test_a_secret_in_a_text_is_made_unless_a_value_or_the_text_has_it(tmp_path: Path, given: bool) -> None:
    password = "Xk29" + "fjs8" + "Qz7w"
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  app.json: |\n    {\n"
        '      "host": "{{ .Values.host }}",\n'
        '      "password": "{{ .Values.password | default (randAlphaNum 32) }}"\n    }\n'
    )
    values = f"host: localhost\npassword: '{password if given else ''}'\n"
    report = scanned(tmp_path, **{"templates/a.yaml": secret, "values.yaml": values})
    assert report.coverage.rendered == {"charts": 1}
    assert bool(told(report, "secret-stored-in-manifest")) is given
    written = secret.replace("{{ .Values.password | default (randAlphaNum 32) }}", password)
    report = scanned(tmp_path, **{"templates/a.yaml": written, "values.yaml": "host: localhost\n"})
    assert told(report, "secret-stored-in-manifest") != []


@needs_helm
def test_what_a_file_of_the_chart_holds_is_told_where_it_is_read(tmp_path: Path) -> None:
    labels = '{{- define "labels" }}\napp: a\n{{- end }}\n'
    role = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: a\n  labels:\n"
        '    {{- include "labels" . | nindent 4 }}\n{{ .Files.Get "files/rules.yaml" }}\n'
    )
    rules = "rules:\n  - apiGroups: ['']\n    resources: [secrets]\n    verbs: [get]\n"
    files = {"templates/_helpers.tpl": labels, "templates/a.yaml": role, "files/rules.yaml": rules}
    report = scanned(tmp_path, **files)
    assert told(report, "rbac-secrets-access") == [("templates/a.yaml", 7)]
    assert led_to(report, "rbac-secrets-access") == [("files/rules.yaml", 3)]


IMAGE = '{{- define "server.image" }}{{ printf "%s:%s" .repository .tag }}{{ end }}\n'


@needs_helm
def test_an_image_that_a_helper_puts_together_is_told_once(tmp_path: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: "
    image = "  image: {repository: registry.example.org/web, tag: latest}\n"
    files = {
        "templates/_helpers.tpl": IMAGE,
        "templates/a.yaml": pod + '{{ include "server.image" (get .Values "web").image }}\n',
        "values.yaml": f"web:\n{image}sidecar:\n{image.replace('/web', '/sidecar')}",
    }
    report = scanned(tmp_path, **files)
    assert told(report, "image-tag-latest") == [("values.yaml", 2), ("values.yaml", 4)]
    assert led_to(report, "image-tag-latest") == [("templates/a.yaml", 7)]


@needs_helm
def test_an_image_of_the_values_is_told_of_the_container_that_stays(tmp_path: Path) -> None:
    image = '{{ include "server.image" .Values.image }}'
    pod = (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  initContainers:\n"
        f"    - name: prepare\n      image: {image}\n  containers:\n    - name: web\n      image: {image}\n"
    )
    files = {"templates/_helpers.tpl": IMAGE, "templates/a.yaml": pod}
    values = "image: {repository: registry.example.org/web, tag: latest}\n"
    report = scanned(tmp_path, **files, **{"values.yaml": values})
    messages = [finding.message for finding in report.findings if finding.rule == "image-tag-latest"]
    assert [message.split()[1] for message in messages] == ["'web'"]


POD_OF_IMAGE = (
    "{{- $web := .Values.web -}}\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
    "    - name: a\n      image: "
)


@needs_helm
@pytest.mark.parametrize(
    "image",
    [
        "{{ .Values.registry }}/{{ .Values.web.name }}:{{ .Values.web.tag }}",
        '{{ required ".Values.registry" .Values.registry }}/{{ required ".Values.web.name" .Values.web.name }}'
        ':{{ required ".Values.web.tag" .Values.web.tag }}',
        "{{ .Values.registry }}/{{ $web.name }}:{{ $web.tag | default .Chart.AppVersion }}",
    ],
)
def test_a_moving_tag_leads_to_the_value_of_the_tag_first(tmp_path: Path, image: str) -> None:
    values = "registry: registry.example.org\nweb:\n  name: web\n  tag: latest\n"
    report = scanned(tmp_path, **{"templates/a.yaml": f"{POD_OF_IMAGE}{image}\n", "values.yaml": values})
    assert told(report, "image-tag-latest") == [("templates/a.yaml", 8)]
    assert led_to(report, "image-tag-latest")[0] == ("values.yaml", 4)


@needs_helm
@pytest.mark.parametrize("steps", ["", "Makefile"])
def test_a_tag_that_is_the_version_of_the_program_leads_to_the_chart(tmp_path: Path, steps: str) -> None:
    helper = '{{- define "registry" }}registry.example.org/{{ end }}\n'
    image = '{{ include "registry" . }}a:{{ .Values.tag | default .Chart.AppVersion }}\n'
    files = {
        "server/Chart.yaml": f"{CHART}# set when it is packaged\nappVersion: latest\n",
        "server/templates/_helpers.tpl": helper,
        "server/templates/a.yaml": POD_OF_IMAGE + image,
        "server/values.yaml": "web: {}\ntag: ''\n",
        "Makefile": "package:\n\thelm package server --version $(V)\n",
    }
    if steps:
        files[steps] = "package:\n\thelm package charts/server --app-version $(V)\n"
    report = scanned(tmp_path, **files)
    assert led_to(report, "image-tag-latest")[0] == ("server/Chart.yaml", 5)
    status = Status.ASIDE if steps else Status.ACTIVE
    assert told(report, "image-tag-latest", status) == [("server/templates/a.yaml", 8)]


@needs_helm
def test_what_a_loop_takes_from_the_values_is_told_there(tmp_path: Path) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n"
        "      image: registry.example.org/a:1.0\n      env:\n        {{- range $name, $value := .Values.env }}\n"
        "        - name: {{ $name }}\n          value: {{ $value | quote }}\n        {{- end }}\n"
    )
    values = "env:\n  MODE: a\n  NODE_TLS_REJECT_UNAUTHORIZED: 0\n"
    report = scanned(tmp_path, **{"templates/a.yaml": pod, "values.yaml": values})
    assert told(report, "tls-verification-off") == [("values.yaml", 3)]
    assert led_to(report, "tls-verification-off") == [("templates/a.yaml", 11)]


def test_an_object_whose_kind_a_condition_gives_is_found_by_its_name() -> None:
    head = "apiVersion: rbac.authorization.k8s.io/v1\n"
    either = "{{- if .Values.one }}\nkind: Role\n{{- else }}\nkind: ClusterRole\n{{- end }}\n"
    first = head + either + 'metadata:\n  name: {{ include "full" . }}\n'
    text = SourceText(
        "t.yaml",
        first + "---\n" + head + 'kind: ClusterRole\nmetadata:\n  name: {{ include "full" . }}-view\n',
    )
    sources = SourceObjects([m.node for m in FORMAT.read(text).root.manifests], text)
    for name, line in (("rel", 8), ("rel-view", 13)):
        written = f"kind: ClusterRole\nmetadata: {{name: {name}}}\n"
        rendered = parse_documents(SourceText("a.yaml", written)).documents[0]
        found = sources.counterpart(rendered, 0)
        assert found is not None
        assert text.position(found.get("metadata").get("name").span.start).line == line
    maybe = parse_documents(
        SourceText("a.yaml", "kind: ClusterRole\nmetadata: {name: rel-view}\n")
    ).documents[0]
    assert sources.certain(maybe) is None  # both may be it


def test_an_argument_that_a_template_is_a_part_of_writes_no_entries() -> None:
    pod = (
        "kind: Pod\nspec:\n  containers:\n    - name: a\n      args:\n"
        '        - "--config={{ template "path" . }}"\n      ports: []\n'
    )
    text = SourceText("t.yaml", pod)
    plain = SourceText("t.yaml", pod.replace('{{ template "path" . }}', "x"))
    template = TemplateMap(text, [parse_documents(plain).documents[0]])
    route = ("spec", "containers", Element(0, "a", 1), "resources")
    origin = template.origin(template.objects[0], route, "resources: {}", 6)
    assert text.position(origin.span.start).line == 4


@needs_helm
def test_an_old_api_that_only_clusters_get_which_have_it(tmp_path: Path) -> None:
    text = (
        '{{- if .Capabilities.APIVersions.Has "policy/v1beta1" }}\napiVersion: policy/v1beta1\n'
        "kind: PodSecurityPolicy\nmetadata: {name: {{ .Release.Name }}}\n{{- end }}\n"
    )
    report = scanned(tmp_path, **{"templates/psp.yaml": text})
    assert told(report, "deprecated-api-version") == []
    assert told(report, "deprecated-api-version", Status.ASIDE) == [("templates/psp.yaml", 2)]


READER = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "{{ .Release.Name }}-metrics"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{{ .Release.Name }}-metrics"}
subjects:
  - {kind: ServiceAccount, name: default, namespace: "{{ .Release.Namespace }}"}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Name }}-metrics"}
rules:
  - nonResourceURLs: [PATH]
    verbs: [get]
"""


@needs_helm
@pytest.mark.parametrize(("path", "lines"), [("/metrics", []), ("/logs", [6])])
def test_what_is_made_of_a_template_is_judged_together(tmp_path: Path, path: str, lines: list[int]) -> None:
    """The role that a binding gives stands in the same template, where the rule looks for it."""
    report = scanned(tmp_path, **{"templates/metrics.yaml": READER.replace("PATH", path)})
    assert told(report, "default-service-account-bound") == [
        ("templates/metrics.yaml", line) for line in lines
    ]


@needs_helm
@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("{{ .Release.Name }}-setup-{{ randAlphaNum 6 | lower }}", "server-setup-random"),
        ('"at-{{ now | unixEpoch }}"', "at-random"),
        ("{{ .Release.Name }}-setup", "server-setup"),
    ],
)
def test_a_name_that_chance_makes_is_the_same_in_each_scan(tmp_path: Path, name: str, subject: str) -> None:
    pod = f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  hostNetwork: true\n"
    files = {"templates/a.yaml": pod, "values.yaml": "a: 1\n"}
    first, second = (
        [f for f in scanned(tmp_path, **files).findings if f.rule == "host-network"] for _ in range(2)
    )
    assert [f.identity for f in first] == [f.identity for f in second]
    assert [f.subject.partition("#")[0] for f in first] == [f"Pod/{subject}"]
