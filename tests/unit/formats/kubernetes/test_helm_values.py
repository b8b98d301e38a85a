"""Values of Helm charts: what has the form of a container is judged as one, and nothing is said of what is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.finding import Confidence, Finding, Report
from linter.formats.classify import classify
from linter.formats.kubernetes.read import read
from linter.recipe import Recipe
from linter.scan import Request, scan
from linter.text import SourceText
from tests.programs import needs_helm

VALUES = """\
image:
  repository: vllm/vllm-openai
  tag: v0.14.0
args: ["--tensor-parallel-size=8"]
resources:
  limits:
    nvidia.com/gpu: 4
    cpu: 8
    memory: 64Gi
"""


def scanned(root: Path, **files: str) -> Report:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan(Request(paths=(root,), recipe=Recipe(paths=(str(root),), isolated=True), cwd=root))


def found(report: Report) -> list[str]:
    return sorted({finding.rule for finding in report.active})


def only(report: Report, rule: str) -> Finding:
    (finding,) = [finding for finding in report.active if finding.rule == rule]
    return finding


@pytest.mark.parametrize(
    "name", ["values.yaml", "values-prod.yaml", "chart/values.yml", "x/ms-values.yaml", "values.dev.yaml"]
)
def test_values_are_known_by_their_name(name: str) -> None:
    assert classify(name, VALUES.encode()) == "kubernetes"


@pytest.mark.parametrize(
    ("name", "text"),
    [("config.yaml", VALUES), ("values.yaml", "a: 1\n"), ("values.json", "{}"), ("myvalues.yaml", VALUES)],
)
def test_other_files_are_none(name: str, text: str) -> None:
    assert classify(name, text.encode()) is None


def test_launcher_and_resources_of_a_component_are_held_together(tmp_path: Path) -> None:
    finding = only(scanned(tmp_path, **{"values.yaml": VALUES}), "tp-gpu-mismatch")
    assert finding.location.line == 4
    assert finding.confidence is Confidence.LOW
    assert finding.subject == "HelmValues/values#/containers/main"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("resources: {limits: {nvidia.com/gpu: 0.5}}\n", "gpu-fractional"),
        (
            "resources: {limits: {nvidia.com/gpu: 2}, requests: {nvidia.com/gpu: 1}}\n",
            "gpu-request-limit-mismatch",
        ),
        ("server:\n  image: {repository: a/b, tag: latest}\n", "image-tag-latest"),
        ("server:\n  image: a/b:latest\n", "image-tag-latest"),
        ("env:\n  - {name: VLLM_SERVER_DEV_MODE, value: '1'}\n", "vllm-dev-endpoints"),
        ("env:\n  VLLM_SERVER_DEV_MODE: '1'\n", "vllm-dev-endpoints"),
        (
            "a:\n  - image: x/y:1\n    tolerations: [{key: nvidia.com/gpus, operator: Exists}]\n",
            "gpu-toleration-key-typo",
        ),
    ],
)
def test_what_a_value_says_by_itself(tmp_path: Path, text: str, rule: str) -> None:
    assert rule in found(scanned(tmp_path, **{"values.yaml": text}))


@pytest.mark.parametrize(
    "text",
    [
        "image: {repository: a/b, tag: ''}\n",  # the chart's version
        "image: {repository: a/b}\n",
        "image: a/b\ntag: 1.2.3\n",
        "image: {repository: a/b, tag: latest, digest: 'sha256:" + "0" * 64 + "'}\n",
        "image: {repository: a/b, tag: 1.2.3}\n",
        "env:\n  REPLICAS: 3\n",  # the chart quotes it
        "resources: {limits: {cpu: 1}}\n",
        "resources: {}\n",
        "image:\n",
    ],
)
def test_nothing_is_said_of_what_the_chart_may_add(tmp_path: Path, text: str) -> None:
    assert found(scanned(tmp_path, **{"values.yaml": text})) == []


def test_resources_of_the_chart_itself_are_whole(tmp_path: Path) -> None:
    text = "image: {repository: a/b, tag: 1.0}\nresources: {limits: {nvidia.com/gpu: 1}}\n"
    assert "gpu-cpu-memory-missing" in found(scanned(tmp_path / "own", **{"values.yaml": text}))
    assert found(scanned(tmp_path / "over", **{"values-prod.yaml": text})) == []


def test_a_file_that_terraform_fills_in_is_not_broken(tmp_path: Path) -> None:
    text = "image: a/b:1\n%{ if gpu }\nresources: [\n%{ endif }\nother: x\n"
    assert found(scanned(tmp_path, **{"values.yaml": text})) == []


def test_what_a_release_says_without_a_key_has_its_name(tmp_path: Path) -> None:
    text = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: exporter}\nspec:\n  values:\n"
        "    securityContext: {capabilities: {add: [SYS_ADMIN]}}\n    resources: {limits: {memory: 1Gi}}\n"
    )
    finding = only(scanned(tmp_path, **{"release.yaml": text}), "dangerous-capability-added")
    assert finding.message.startswith("Container 'exporter' adds")


@needs_helm
def test_what_the_rendered_chart_says_is_not_said_again(tmp_path: Path) -> None:
    template = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  selector: {matchLabels: {app: server}}
  template:
    metadata: {labels: {app: server}}
    spec:
      containers:
        - name: server
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          args:
            {{- toYaml .Values.args | nindent 12 }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
"""
    chart = {
        "Chart.yaml": "apiVersion: v2\nname: server\nversion: 1.0.0\n",
        "templates/server.yaml": template,
    }
    finding = only(scanned(tmp_path, **{"values.yaml": VALUES}, **chart), "tp-gpu-mismatch")
    assert finding.location.path == "values.yaml"
    assert {related.location.path for related in finding.related} == {"templates/server.yaml"}


def test_values_that_an_object_hands_to_a_chart(tmp_path: Path) -> None:
    values = "\n".join("    " + line for line in VALUES.splitlines())
    release = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: llm}\nspec:\n  values:\n"
    )
    deeper = "\n".join("        " + line for line in VALUES.splitlines())
    app = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: llm}\nspec:\n  sources:\n"
        "    - repoURL: https://charts.example.org\n      helm:\n        valuesObject:\n"
    )
    app += "\n".join("  " + line for line in deeper.splitlines())
    report = scanned(tmp_path, **{"release.yaml": release + values, "app.yaml": app})
    assert [(row["path"], row["resource"], row["count"]) for row in report.inventory] == [
        ("app.yaml", "nvidia.com/gpu", 4),
        ("release.yaml", "nvidia.com/gpu", 4),
    ]


def test_what_mounts_the_logs_of_a_node_is_an_agent(tmp_path: Path) -> None:
    text = "image: {repository: a/b, tag: 1.0}\nvolumes:\n  - name: x\n    hostPath: {path: PATH}\n"
    logs = {"values.yaml": text.replace("PATH", "/var/log/pods")}
    data = {"values.yaml": text.replace("PATH", "/data")}
    assert found(scanned(tmp_path / "logs", **logs)) == []
    assert found(scanned(tmp_path / "data", **data)) == ["host-path-volume"]


@pytest.mark.parametrize(("policy", "told"), [("Never", False), ("Always", True)])
def test_an_image_that_no_node_pulls_needs_no_tag(tmp_path: Path, policy: str, told: bool) -> None:
    text = f"image:\n  repository: acme/demo\n  tag: latest\n  pullPolicy: {policy}\n"
    report = scanned(tmp_path, **{"chart/values.yaml": text})
    assert ("image-tag-latest" in found(report)) is told


@pytest.mark.parametrize(
    ("image", "line"),
    [
        ("repository: bitnamilegacy/redis\n  tag: 7.2.5", 2),
        ("tag: 7.2.5\n  repository: bitnamilegacy/redis", 3),
        ("registry: docker.io\n  repository: bitnamilegacy/redis", 3),
        ("registry: k8s.gcr.io\n  repository: pause\n  tag: 3.5", 2),
        ("name: bitnamilegacy/redis\n  tag: 7.2.5", 2),
    ],
)
def test_a_retired_place_is_told_where_it_is_written(tmp_path: Path, image: str, line: int) -> None:
    report = scanned(tmp_path, **{"chart/values.yaml": f"image:\n  {image}\n"})
    assert only(report, "image-registry-deprecated").location.line == line


def test_a_moving_tag_is_told_where_the_tag_is_written(tmp_path: Path) -> None:
    text = "image:\n  repository: acme/demo\n  tag: latest\n"
    assert only(scanned(tmp_path, **{"chart/values.yaml": text}), "image-tag-latest").location.line == 3


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("image: {repository: acme/operator, tag: latest}\n", "operator"),
        ("name: own\nimage: {repository: acme/operator, tag: latest}\n", "own"),
        ("server:\n  image: {repository: acme/operator, tag: latest}\n", "server"),
        ("main:\n  image: {repository: acme/operator, tag: latest}\n", "main"),
    ],
)
def test_a_container_without_a_key_is_called_by_its_image(tmp_path: Path, text: str, named: str) -> None:
    finding = only(scanned(tmp_path, **{"values.yaml": text}), "image-tag-latest")
    assert finding.message.startswith(f"Container '{named}' uses ")


def test_a_value_that_is_written_twice_the_same_is_a_problem_of_manifests_alone() -> None:
    text = "image: {repository: app, tag: '1.0'}\nttl: 20s\nttl: 20s\nmode: a\nmode: b\n"
    (problem,) = read(SourceText("chart/values.yaml", text)).problems
    assert "'mode'" in problem.message
    assert (
        len(read(SourceText("chart/web.yaml", "kind: Pod\napiVersion: v1\nttl: 20s\nttl: 20s\n")).problems)
        == 1
    )


_DRIVER = """\
controller: {image: {repository: acme/disks, tag: v1.0.0}}
node:
  image: {repository: acme/disks, tag: v1.0.0}
  hostNetwork: true
  sidecars:
    registrar:
      image: {repository: IMAGE, tag: v2.14.0}
"""
_REGISTRAR = "sig-storage/csi-node-driver-registrar"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_DRIVER.replace("IMAGE", _REGISTRAR), False),  # its vendor's default
        (_DRIVER.replace("IMAGE", "sig-storage/livenessprobe"), True),
        (
            _DRIVER.replace("IMAGE", _REGISTRAR).replace("controller: {", "controller: {hostNetwork: true, "),
            True,
        ),
    ],
)
def test_the_network_of_a_storage_driver_on_each_node(tmp_path: Path, text: str, told: bool) -> None:
    report = scanned(
        tmp_path, **{"disks/values.yaml": text, "disks/Chart.yaml": "name: disks\nversion: 1.0.0\n"}
    )
    assert ("host-network" in found(report)) is told
