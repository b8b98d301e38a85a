"""Charts and kustomizations: rendered by the real programs, findings at their sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linter.aside.values.options import Charts
from linter.finding import Confidence, Finding, Report
from linter.outside import Wish
from linter.recipe import Recipe
from linter.scan import Request, scan
from tests.programs import needs_helm, needs_kustomize
from tests.unit.adapters import reading_trivy

TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-server
spec:
  selector:
    matchLabels: {app: server}
  template:
    metadata:
      labels: {app: server}
    spec:
      {{- with .Values.pod }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      containers:
        - name: server
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          {{- if .Values.debug }}
          securityContext:
            privileged: true
          {{- end }}
"""
VALUES = """\
image:
  repository: registry.example.org/server
  tag: latest
pod:
  hostNetwork: true
debug: false
"""


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@needs_helm
@pytest.mark.parametrize("of_values", [True, False])
def test_a_secret_that_no_value_holds_is_made_when_rendered(tmp_path: Path, of_values: bool) -> None:
    password = "Xk29" + "fjs8" + "Qz7w"
    text = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData:\n"
        '  DB_URL: "postgresql://app:{{ PASSWORD }}@db/{{ .Values.database }}"\n'
    )
    written = ".Values.password" if of_values else f'"{password}" | lower | title'
    values = f"database: app\npassword: {password if of_values else ''}\nimage: {{}}\n"
    files = {"templates/server.yaml": text.replace("PASSWORD", written), "values.yaml": values}
    report = scanned(chart(tmp_path, **files))
    told = found(report, "secret-stored-in-manifest")
    assert [(f.location.path, f.location.line) for f in told] == [("values.yaml", 2)] * of_values


@needs_helm
@pytest.mark.parametrize("given", [True, False])
def test_a_secret_that_values_may_hold_is_made_where_they_hold_none(tmp_path: Path, given: bool) -> None:
    value = "Xk29" + "fjs8" + "Qz7w"
    template = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n"
        '  encryption_key: {{ include "value" .Values.storage.encryption_key }}\n'
    )
    helper = (
        '{{- define "value" }}{{ if .value }}{{ .value }}{{ else }}{{ randAlphaNum 64 }}{{ end }}{{- end }}\n'
    )
    values = "storage:\n  encryption_key:\n    # set it\n    disabled: false\n    value: {}\n    path: storage.key\n"
    files = {
        "templates/server.yaml": template,
        "templates/_helpers.tpl": helper,
        "values.yaml": values.replace("{}", value if given else "''"),
    }
    assert bool(found(scanned(chart(tmp_path, **files)), "secret-stored-in-manifest")) is given


def chart(root: Path, **more: str) -> Path:
    described = "apiVersion: v2\nname: server\nversion: 1.0.0\n"
    files = {"Chart.yaml": described, "values.yaml": VALUES, "templates/server.yaml": TEMPLATE}
    return write(root, **(files | more))


def scanned(root: Path, *, isolated: bool = True) -> Report:
    recipe = Recipe(paths=(str(root),), isolated=isolated)
    return scan(Request(paths=(root,), recipe=recipe, cwd=root))


def found(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.active if finding.rule == rule]


@needs_helm
def test_an_image_is_told_at_the_value_that_names_it(tmp_path: Path) -> None:
    (finding,) = found(scanned(chart(tmp_path)), "image-tag-latest")
    assert (finding.location.path, finding.location.line) == ("values.yaml", 3)
    assert [(r.location.path, r.location.line) for r in finding.related] == [("templates/server.yaml", 17)]
    assert finding.confidence is Confidence.HIGH


@needs_helm
def test_what_a_whole_value_writes(tmp_path: Path) -> None:
    (finding,) = found(scanned(chart(tmp_path)), "host-network")
    assert (finding.location.path, finding.location.line) == ("values.yaml", 5)
    assert [(r.location.path, r.location.line) for r in finding.related] == [("templates/server.yaml", 13)]


@needs_helm
def test_a_branch_that_is_not_taken_keeps_its_raw_reading_once(tmp_path: Path) -> None:
    (finding,) = found(scanned(chart(tmp_path)), "privileged-container")
    assert finding.location.line == 20


@needs_helm
@pytest.mark.parametrize(
    ("config", "old"), [("", False), ("charts: [{path: ., kube-version: 1.20.0}]\n", True)]
)
def test_a_cluster_has_the_kinds_of_its_version(tmp_path: Path, config: str, old: bool) -> None:
    text = (
        '{{- if .Capabilities.APIVersions.Has "batch/v1/CronJob" }}\napiVersion: batch/v1\n'
        "{{- else }}\napiVersion: batch/v1beta1\n{{- end }}\nkind: CronJob\nmetadata: {name: a}\n"
        "spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: 'b:1'}]}}}}}\n"
    )
    root = chart(tmp_path, **{"templates/server.yaml": text, "tarecheck.yaml": config})
    report = scanned(root, isolated=False)
    assert bool(found(report, "deprecated-api-version")) is old


@needs_helm
def test_sets_of_values_are_told_once(tmp_path: Path) -> None:
    config = "charts:\n  - {path: ., values: [prod.yaml]}\n  - {path: ., set: {debug: 'true'}}\n"
    root = chart(tmp_path, **{"prod.yaml": "image: {tag: '1.0'}\n", "tarecheck.yaml": config})
    report = scanned(root, isolated=False)
    assert len(found(report, "image-tag-latest")) == 1
    assert len(found(report, "privileged-container")) == 1
    assert report.coverage.rendered == {"charts": 1}


@needs_kustomize
def test_why_a_kustomization_is_not_rendered_names_files_from_the_root(tmp_path: Path) -> None:
    lines = "resources: [env/of-mine.yaml]\n"
    root = write(tmp_path, **{"app/kustomization.yaml": lines, "app/env/of-mine.yaml": "kind: Deployment\n"})
    (missed,) = scanned(root).coverage.unrendered
    assert "app/env/of-mine.yaml" in missed.reason
    assert str(tmp_path) not in missed.reason


@needs_helm
def test_a_chart_that_can_not_be_rendered_is_named(tmp_path: Path) -> None:
    root = chart(tmp_path, **{"templates/bad.yaml": '{{ fail "no password" }}\n'})
    report = scanned(root)
    assert [(s.path, "no password" in s.reason) for s in report.coverage.unrendered] == [(".", True)]
    assert any("was not rendered" in d.message for d in report.diagnostics)
    assert found(report, "privileged-container")


@needs_helm
def test_local_library_charts_and_missing_dependencies(tmp_path: Path) -> None:
    described = (
        "apiVersion: v2\nname: server\nversion: 1.0.0\ndependencies:\n"
        "  - {name: common, version: 1.0.0, repository: 'file://../common'}\n"
        "  - {name: database, version: 1.0.0, repository: 'https://charts.example.org'}\n"
    )
    root = chart(tmp_path / "server", **{"Chart.yaml": described})
    (root / "templates/server.yaml").write_text('{{ include "common.pod" . }}\n')
    library = "apiVersion: v2\nname: common\nversion: 1.0.0\ntype: library\n"
    pod = (
        '{{ define "common.pod" }}\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\n'
        "spec:\n  hostPID: true\n  containers:\n    - {name: a, image: a.example.org/a:1}\n{{ end }}\n"
    )
    write(tmp_path / "common", **{"Chart.yaml": library, "templates/_pod.tpl": pod})
    report = scanned(tmp_path)
    (finding,) = found(report, "host-pid")
    assert (finding.location.path, finding.location.line) == ("common/templates/_pod.tpl", 6)
    assert [(r.location.path, r.location.line) for r in finding.related] == [
        ("server/templates/server.yaml", 1)
    ]
    assert any("without dependencies" in d.message and "database" in d.message for d in report.diagnostics)
    assert report.coverage.unrendered == ()
    write(tmp_path / "other", **{"Chart.yaml": library.replace("common", "other")})
    assert [(s.path, s.reason) for s in scanned(tmp_path).coverage.unrendered] == [
        ("other", "library chart not rendered: no chart here uses it")
    ]


def test_without_helm_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    report = scanned(chart(tmp_path))
    assert [s.reason for s in report.coverage.unrendered] == ["chart not rendered: no helm"]
    assert found(report, "privileged-container")


BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: server
spec:
  selector:
    matchLabels: {app: server}
  template:
    metadata:
      labels: {app: server}
    spec:
      hostPID: true
      containers:
        - name: server
          image: registry.example.org/server:1.0
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: server
spec:
  template:
    spec:
      hostPID: false
      hostNetwork: true
"""


def overlay(root: Path) -> Path:
    return write(
        root,
        **{
            "base/kustomization.yaml": "resources: [server.yaml]\n",
            "base/server.yaml": BASE,
            "prod/kustomization.yaml": "resources: [../base]\npatches:\n  - path: patch.yaml\nnamePrefix: prod-\n",
            "prod/patch.yaml": PATCH,
        },
    )


@needs_kustomize
def test_findings_are_in_the_file_that_sets_the_field(tmp_path: Path) -> None:
    report = scanned(overlay(tmp_path))
    (finding,) = found(report, "host-network")
    assert (finding.location.path, finding.location.line) == ("prod/patch.yaml", 9)
    assert found(report, "host-pid") == []  # the only overlay takes it back
    assert report.coverage.rendered == {"kustomizations": 1}


@needs_kustomize
def test_bases_are_not_told_twice(tmp_path: Path) -> None:
    root = overlay(tmp_path)
    write(root, **{"test/kustomization.yaml": "resources: [../base]\nnamePrefix: test-\n"})
    (finding,) = found(scanned(root), "host-pid")
    assert (finding.location.path, finding.location.line) == ("base/server.yaml", 12)


@needs_kustomize
def test_what_a_generator_reads_is_told_where_it_stands(tmp_path: Path) -> None:
    key = "dff2dd0f" + "5c3bad85" + "890f0628" + "98aab547"
    generator = "configMapGenerator:\n  - name: mirror\n    files: [app.js=config/config.js]\n"
    files = {
        "kustomization.yaml": generator,
        "config/config.js": f'const a = 1;\nlet x = {{\n  apiKey: "{key}",\n}};\n',
    }
    (finding,) = found(scanned(write(tmp_path, **files)), "secret-in-configmap")
    assert (finding.location.path, finding.location.line) == ("config/config.js", 3)


@needs_kustomize
def test_what_one_that_fails_includes_is_rendered_by_itself(tmp_path: Path) -> None:
    remote = "https://charts.example.org/base.yaml"
    plugin = "validators: [plugin.yaml]\n"  # so that it is not rendered without what is remote
    files = {
        "kustomization.yaml": "resources: [apps]\n",
        "apps/kustomization.yaml": "resources: [web, mail, ../prod]\n",
        "apps/web/kustomization.yaml": "resources: [web.yaml]\npatches:\n  - path: patch.yaml\n",
        "apps/web/web.yaml": BASE,
        "apps/web/patch.yaml": PATCH.replace("hostNetwork: true", "hostNetwork: false"),
        "apps/mail/kustomization.yaml": f"resources: [mail.yaml, '{remote}']\n{plugin}",
        "apps/mail/mail.yaml": BASE.replace("name: server", "name: mail"),
    }
    report = scanned(write(overlay(tmp_path), **files))
    # below `apps` only the mail, and what is read as it is written, keeps it
    assert [f.location.path for f in found(report, "host-pid")] == ["apps/mail/mail.yaml"]
    assert report.coverage.rendered == {"kustomizations": 2}
    assert [item.path for item in report.coverage.unrendered] == ["kustomization.yaml"]  # told once


@needs_kustomize
def test_what_another_one_renders_is_not_rendered_without_it(tmp_path: Path) -> None:
    inflated = "resources: [../base]\nhelmCharts: [{name: x, repo: 'https://charts.example.org'}]\n"
    report = scanned(write(overlay(tmp_path), **{"test/kustomization.yaml": inflated}))
    assert report.coverage.rendered == {"kustomizations": 1}


@needs_kustomize
def test_remote_bases_are_refused_and_named(tmp_path: Path) -> None:
    remote = "resources: ['https://charts.example.org/base.yaml']\n"
    report = scanned(write(tmp_path, **{"kustomization.yaml": remote}))
    assert [s.path for s in report.coverage.unrendered] == ["kustomization.yaml"]


@needs_kustomize
def test_a_component_that_nothing_includes_is_named(tmp_path: Path) -> None:
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [a.yaml]\n"
    write(overlay(tmp_path), **{"extra/kustomization.yaml": component, "extra/a.yaml": BASE})
    report = scanned(tmp_path)
    assert [(s.path, s.reason) for s in report.coverage.unrendered] == [
        ("extra/kustomization.yaml", "component not rendered: no kustomization includes it")
    ]
    assert found(report, "host-pid")  # read as it is written


SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {app: {{ .Values.app }}}
  ports: [{port: 80}]
"""


def selected(root: Path, rule: str) -> list[Finding]:
    recipe = Recipe(paths=(str(root),), settings={"select": [rule]})
    return found(scan(Request(paths=(root,), recipe=recipe, cwd=root)), rule)


@needs_helm
@pytest.mark.parametrize(("app", "lines"), [("nobody", [6]), ("server", [])])
def test_rules_across_files_see_what_is_rendered(tmp_path: Path, app: str, lines: list[int]) -> None:
    root = chart(tmp_path, **{"templates/service.yaml": SERVICE, "values.yaml": f"{VALUES}app: {app}\n"})
    findings = selected(root, "service-without-workload")
    assert [(f.location.path, f.location.line) for f in findings] == [
        ("templates/service.yaml", line) for line in lines
    ]


@needs_helm
def test_several_ways_to_render_contradict_each_other_across_files(tmp_path: Path) -> None:
    root = chart(tmp_path, **{"templates/service.yaml": SERVICE, "values.yaml": f"{VALUES}app: nobody\n"})
    ways = "charts:\n  - {path: ., set: {app: nobody}}\n  - {path: ., set: {app: server}}\n"
    write(root, **{"tarecheck.yaml": ways})
    assert selected(root, "service-without-workload") == []


def asked(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The images that Trivy is asked about."""
    search = os.environ["PATH"]
    log = reading_trivy.install(tmp_path, monkeypatch)
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{search}")
    recipe = Recipe(paths=(str(root),), isolated=True)
    report = scan(Request((root,), recipe, cwd=root, wish=Wish(("image",))))
    assert {f.location.path for f in report.findings if f.origin == "trivy"} <= set(report.files)
    words = [line.partition(" ") for line in log.read_text().splitlines()]
    return [image for what, _, image in words if what == "image"]


@needs_helm
def test_an_image_that_values_name_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = chart(tmp_path / "tree")
    assert asked(root, tmp_path, monkeypatch) == ["registry.example.org/server:latest"]


@needs_kustomize
def test_an_image_is_asked_about_as_the_overlay_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = overlay(tmp_path / "tree")
    other = "resources: [../base]\nimages:\n  - {name: registry.example.org/server, newTag: '2.0'}\n"
    write(root, **{"prod/kustomization.yaml": other})
    assert asked(root, tmp_path, monkeypatch) == ["registry.example.org/server:2.0"]


SCRIPTED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: train}
spec:
  selector: {matchLabels: {app: train}}
  template:
    metadata: {labels: {app: train}}
    spec:
      containers:
        - name: main
          image: nvcr.io/nvidia/pytorch:25.01-py3
          command: [bash, -c]
          args:
            - |
              set -e
              pip install flash-attn
              python train.py
"""


@needs_kustomize
def test_a_line_of_a_script_is_found_at_its_own_line_once(tmp_path: Path) -> None:
    files = {"kustomization.yaml": "resources: [train.yaml]\nnamePrefix: a-\n", "train.yaml": SCRIPTED}
    lines = [f.location.line for f in found(scanned(write(tmp_path, **files)), "runtime-pip-install")]
    assert lines == [16]


@needs_helm
def test_what_says_more_of_a_container_covers_what_says_less(tmp_path: Path) -> None:
    text = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: '{{ .Release.Name }}-worker'}
spec:
  selector: {matchLabels: {app: w}}
  template:
    metadata: {labels: {app: w}}
    spec:
      containers:
        - name: '{{ .Release.Name }}-worker'
          image: 'ghcr.io/acme/worker:1.0'
          securityContext:
            privileged: true
"""
    report = scanned(chart(tmp_path, **{"templates/server.yaml": text}))
    (finding,) = found(report, "privileged-container")
    assert finding.subject == "StatefulSet/server-worker#/spec/template/spec/containers/server-worker"
    assert not found(report, "run-as-root")


@needs_helm
def test_a_template_is_told_before_what_was_made_of_it(tmp_path: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\n"
    pod += "spec: {hostPID: true, containers: [{name: a, image: 'b:1'}]}\n"
    files = {"templates/server.yaml": pod.replace("NAME", "'{{ .Release.Name }}-x'")}
    chart(tmp_path / "z" / "acme", **files)
    write(tmp_path, **{"a.yaml": "# Source: acme/templates/server.yaml\n" + pod.replace("NAME", "server-x")})
    (finding,) = found(scanned(tmp_path), "host-pid")
    assert finding.location.path == "z/acme/templates/server.yaml"


def test_a_crash_while_rendering_leaves_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise IndexError("token=" + "x" * 3)

    monkeypatch.setattr("linter.render.charts.render_charts", crash)
    (tmp_path / "c" / "templates").mkdir(parents=True)
    (tmp_path / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n"
    (tmp_path / "c" / "templates" / "pod.yaml").write_text(pod)
    request = Request(
        paths=(tmp_path,), recipe=Recipe(paths=(str(tmp_path),), isolated=True), cwd=tmp_path, jobs=1
    )
    report = scan(request)
    assert "host-pid" in [finding.rule for finding in report.active]
    (told,) = [item for item in report.diagnostics if item.internal]
    assert told.message.startswith("rendering the charts crashed: IndexError")


def test_a_crash_over_the_options_of_a_chart_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(Charts, "_of", crash)
    charts = Charts(tmp_path)
    assert charts.is_option("c/templates/pod.yaml", 3) is False
    assert [(fault.path, fault.internal) for fault in charts.faults] == [("c/templates/pod.yaml", True)]


BRANCHES = """apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ .Values.name }}
spec:
  template:
    spec:
      containers:
        - name: agent
          image: ghcr.io/acme/agent:1.2.3
          securityContext:
            privileged: true
            capabilities:
              add: {{ .Values.capabilities | toJson }}
          resources: {limits: {memory: 1Gi}}
      volumes:
        {{- if .Values.secret }}
        - name: settings
          secret:
            secretName: settings
        {{- else }}
        - name: settings
          hostPath:
            path: /etc/settings
        {{- end }}
"""


@needs_helm
def test_a_branch_that_is_taken_is_found_in_its_own_place_and_objects_by_both_names(tmp_path: Path) -> None:
    values = "name: agent\ncapabilities: [SYS_ADMIN]\n"
    report = scanned(chart(tmp_path, **{"templates/server.yaml": BRANCHES, "values.yaml": values}))
    assert [f.location.line for f in found(report, "sensitive-host-path")] == [24]
    assert len(found(report, "privileged-container")) == 1
    assert not found(report, "dangerous-capability-added")
