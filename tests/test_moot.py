"""What a rule says of one file and the other files of a project make moot: set aside, and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linter.formats.kubernetes.project import KubernetesProject
from tests.test_cli import Run, run

__all__ = ["run"]

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      containers:
        - name: NAME
          image: registry.example.org/NAME:1.0
          ports: [{containerPort: 8080}]
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""
STATEFUL = DEPLOYMENT.replace("Deployment", "StatefulSet").replace("spec:\n", "spec:\n  serviceName: db\n", 1)
POOL = """apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: pool}
spec:
  selector: {matchLabels: {app: model}}
  targetPorts: [{number: 8000}]
"""
PROBE = "readiness-probe-missing"


def manifest(name: str, text: str = DEPLOYMENT) -> str:
    return text.replace("NAME", name)


def told(run: Run, *arguments: str) -> tuple[dict[str, Any], set[str]]:
    """Findings of the rule by file and status."""
    result = run("scan", *arguments, "--isolated", "--exit-zero", "-f", "json")
    document = json.loads(result.out)
    found = {f["path"]: f for f in document["findings"] if f["rule"] == PROBE}
    return document, set(found)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (
        ("app/web.yaml", manifest("web")),
        ("app/worker.yaml", manifest("worker")),
        ("app/db.yaml", manifest("db", STATEFUL)),
        ("app/service.yaml", SERVICE),
        ("app/pool.yaml", POOL),
        ("app/model.yaml", manifest("model")),
        ("alone/agent.yaml", manifest("agent")),
        ("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"),
        ("chart/templates/bot.yaml", manifest("bot")),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_pods_that_no_service_asks_need_no_readiness_probe(run: Run) -> None:
    document, active = told(run, ".")
    assert active == {"app/web.yaml", "app/db.yaml", "app/model.yaml"}
    assert document["summary"]["by_status"]["aside"] >= 3


@pytest.mark.usefixtures("project")
def test_a_chart_without_services_has_none_and_a_folder_may_have_them_elsewhere(run: Run) -> None:
    assert told(run, "alone")[1] == {"alone/agent.yaml"}
    assert told(run, "chart")[1] == set()


@pytest.mark.usefixtures("project")
def test_a_chart_whose_service_has_no_selector_asks_nobody(run: Run, project: Path) -> None:
    (project / "chart/templates/outside.yaml").write_text(SERVICE.replace("  selector: {app: web}\n", ""))
    assert told(run, "chart")[1] == set()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "arguments",
    [("app/worker.yaml",), (".", "--everywhere"), (".", "--select", PROBE), (".", "--profile", "strict")],
)
def test_they_count_where_they_are_asked_for(run: Run, arguments: tuple[str, ...]) -> None:
    assert "app/worker.yaml" in told(run, *arguments)[1]


@pytest.mark.parametrize(
    ("service", "active"),
    [
        (SERVICE.replace("app: web", "app: worker"), True),
        (SERVICE.replace("metadata: {", "metadata: {namespace: elsewhere, "), False),
        (SERVICE.replace("  selector: {app: web}\n", ""), True),  # a kustomization may write it
        (SERVICE.replace("app: web", "app: worker").replace("name: web", "name: worker-metrics"), False),
        (SERVICE.replace("app: web", "app: worker").replace("name: web", "name: metrics-store"), True),
        (SERVICE.replace("app: web", "app: {{ .Values.app }}"), True),
    ],
)
def test_a_service_that_may_ask_them(run: Run, project: Path, service: str, active: bool) -> None:
    (project / "app/service.yaml").write_text(service)
    assert ("app/worker.yaml" in told(run, ".")[1]) is active


ROLE = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: NAME}
rules:
  - {apiGroups: [""], resources: [secrets], verbs: [get, list]}
"""


def counted(run: Run, rule: str) -> set[str]:
    """Objects of the findings of a rule that count."""
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    return {f["subject"].partition("#")[0] for f in document["findings"] if f["rule"] == rule}


def rules_told(run: Run) -> set[str]:
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    return {f["rule"] for f in document["findings"]}


def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)


NAMESPACE = """apiVersion: v1
kind: Namespace
metadata:
  name: NAME
  labels: {control-plane: controller-manager}
---
"""
OPERATOR = {
    "config/manager/manager.yaml": manifest("system", NAMESPACE) + manifest("manager"),
    "config/manager/kustomization.yaml": "resources: [manager.yaml]\n",
    "config/default/kustomization.yaml": "namespace: op-system\nnamePrefix: op-\nresources: [../manager]\n",
}
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: op\nversion: 1.0.0\n",
    "chart/templates/manager.yaml": manifest("manager"),
    "chart/templates/role.yaml": manifest("manager", ROLE),
}
ADMISSION = "pod-security-admission-missing"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (CHART, False),
        ({}, True),
        (CHART | {"dist/install.yaml": manifest("op-system", NAMESPACE) + manifest("manager")}, True),
        (
            {name: text for name, text in CHART.items() if "role" not in name},
            True,
        ),  # the chart of something else
        (CHART | {"config/manager/manager.yaml": NAMESPACE.replace("control-plane", "team")}, True),
    ],
)
def test_the_namespace_of_make_deploy(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], told: bool
) -> None:
    lay(tmp_path, monkeypatch, OPERATOR | more)
    assert bool(counted(run, ADMISSION)) is told


PAIR = """apiVersion: apps/v1
kind: Deployment
metadata: {name: pair}
spec:
  selector: {matchLabels: {app: pair}}
  template:
    metadata:
      labels: {app: pair}
    spec:
      containers:
        - name: store
          image: registry.example.org/store:1.0
          args: [ARGUMENT]
          ports: [{name: grpc, containerPort: 10901}]
          readinessProbe: {tcpSocket: {port: 10901}}
        - name: compactor
          image: registry.example.org/store:1.0
          ports: [{name: http, containerPort: 10922}]
"""
ASKING = """apiVersion: v1
kind: Service
metadata: {name: pair}
spec:
  selector: {app: pair}
  ports: [{port: 80, targetPort: 10901}]
"""


@pytest.mark.parametrize(
    ("pair", "service", "told"),
    [
        (PAIR, ASKING, False),
        (PAIR, ASKING.replace("10901", "grpc"), False),
        (PAIR, ASKING.replace("10901", "other"), False),  # a name that no container has leads nowhere
        (PAIR, ASKING.replace("10901", "10922"), True),
        (PAIR, ASKING.replace("10901", "http"), True),
        (PAIR, ASKING.replace("10901", "9999"), True),  # a number that none names may be anybody's
        (PAIR, ASKING.replace("  ports", "  clusterIP: None\n  ports"), True),
        # what is asked passes requests on
        (PAIR.replace("ARGUMENT", "--upstream=http://localhost:10922"), ASKING, True),
        (PAIR.replace("store:1.0", "gate:1.0", 1), ASKING, True),
        (PAIR.replace("containerPort: 10922", "containerPort: 10922, hostPort: 80"), ASKING, True),
    ],
)
def test_a_container_that_services_leave_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pair: str, service: str, told: bool
) -> None:
    lay(
        tmp_path,
        monkeypatch,
        {"app/pair.yaml": pair.replace("ARGUMENT", "store"), "app/service.yaml": service},
    )
    assert bool(counted(run, PROBE)) is told


def test_a_container_that_the_services_of_a_chart_leave_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The labels of its pods are not known, and other charts have Services, too."""
    pods = PAIR.replace(
        "      labels: {app: pair}", "      labels: {{- include `pair` . | nindent 8 }}".replace("`", '"')
    )
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: pair\nversion: 1.0.0\n",
        "chart/templates/pair.yaml": pods,
        "chart/templates/service.yaml": ASKING,
        "other/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n",
        "other/templates/service.yaml": ASKING.replace("10901", "10922").replace(
            "app: pair", "app: {{ .Values.app }}"
        ),
    }
    lay(tmp_path, monkeypatch, files)
    assert not counted(run, PROBE)
    (tmp_path / "chart/templates/service.yaml").write_text(ASKING.replace("10901", "10922"))
    assert counted(run, PROBE)


LIMIT = "memory-limit-missing"


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({"web.yaml": manifest("web").replace("spec:\n", "spec:\n  replicas: 0\n", 1)}, False),
        ({"web.yaml": manifest("web")}, True),
        (
            {
                "web.yaml": manifest("web").replace("spec:\n", "spec:\n  replicas: 0\n", 1),
                "scaler.yaml": "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web}\n"
                "spec: {scaleTargetRef: {name: web}}\n",
            },
            True,
        ),
        (
            {
                "web.yaml": manifest("web").replace(
                    "registry.example.org/web", "gcr.io/google-samples/hello-app"
                )
            },
            False,
        ),
        ({"web.yaml": manifest("web").replace("registry.example.org/web", "traefik/whoami")}, False),
        (  # imitates a service for developers
            {"web.yaml": manifest("web").replace("registry.example.org/web", "localstack/localstack")},
            False,
        ),
        (  # which is in the path of somebody's
            {"web.yaml": manifest("web").replace("example.org/web", "example.org/team/localstack")},
            True,
        ),
        (
            {
                "web.yaml": manifest("web").replace(
                    "registry.example.org/web", "registry.example.org/whoami-api"
                )
            },
            True,
        ),
        (  # beside a program of its own
            {
                "web.yaml": manifest("web").replace("registry.example.org/web", "traefik/whoami")
                + "        - {name: api, image: 'registry.example.org/api:1.0'}\n"
            },
            True,
        ),
    ],
)
def test_what_has_no_pods_or_only_shows_something(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], counts: bool
) -> None:
    lay(tmp_path, monkeypatch, files)
    assert bool(counted(run, LIMIT)) is counts


ROOT = "run-as-root"
SCHEDULED = """apiVersion: batch/v1
kind: CronJob
metadata: {name: refresh}
spec:
  schedule: "@weekly"
  suspend: true
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [
    {name: refresh, image: "registry.example.org/refresh:1.0"}]}}}}
"""
WORKFLOW = """apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: refresh}
spec:
  schedule: "@weekly"
  suspend: true
  workflowSpec: {templates: [{name: refresh, container: {image: "registry.example.org/refresh:1.0"}}]}
"""
# which a queue goes on with
QUEUED = """apiVersion: batch/v1
kind: Job
metadata: {name: refresh}
spec:
  suspend: true
  template: {spec: {restartPolicy: Never, containers: [
    {name: refresh, image: "registry.example.org/refresh:1.0"}]}}
"""


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (SCHEDULED, False),
        (WORKFLOW, False),
        (SCHEDULED.replace("true", "false"), True),
        (SCHEDULED.replace("  suspend: true\n", ""), True),
        (QUEUED, True),
    ],
)
def test_schedules_that_are_suspended(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"refresh.yaml": text})
    assert bool(counted(run, ROOT)) is counts


def test_a_schedule_that_an_overlay_goes_on_with(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: refresh}\nspec: {suspend: false}\n"
    files = {
        "base/kustomization.yaml": "resources: [refresh.yaml]\n",
        "base/refresh.yaml": SCHEDULED,
        "live/kustomization.yaml": "resources: [../base]\npatches: [{path: on.yaml}]\n",
        "live/on.yaml": patch,
        "off/kustomization.yaml": "resources: [../base]\nnameSuffix: -off\n",
    }
    lay(tmp_path, monkeypatch, files)
    assert counted(run, ROOT)
    (tmp_path / "live/on.yaml").write_text(patch.replace("false", "true"))
    assert not counted(run, ROOT)
    (tmp_path / "live/on.yaml").write_text("{}\n")
    (tmp_path / "off/web.yaml").write_text(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: {{ .Values.name }}}\n"
        "spec: {suspend: {{ .Values.off }}}\n"
    )
    assert not counted(run, ROOT)


@pytest.mark.parametrize("port", ['"\u00b2"', '"' + "9" * 5000 + '"'])
def test_ports_that_look_like_numbers(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    two = (
        manifest("web")
        + "        - {name: api, image: 'registry.example.org/web:1.0', ports: [{containerPort: 81}]}\n"
    )
    service = SERVICE.replace("{port: 80}", f"{{port: 80, targetPort: {port}}}")
    lay(tmp_path, monkeypatch, {"web.yaml": two, "service.yaml": service})
    assert counted(run, "run-as-root")  # and the scan goes on


def test_our_own_faults_are_told_and_the_finding_counts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_project: object, _word: str, _path: str, _subject: str) -> bool:
        raise ValueError("no port")

    lay(
        tmp_path,
        monkeypatch,
        {"web.yaml": manifest("web"), "service.yaml": SERVICE.replace("app: web", "app: x")},
    )
    assert not counted(run, PROBE)
    monkeypatch.setattr(KubernetesProject, "is_moot", fails)
    result = run("scan", ".", "--isolated", "--exit-zero", "-f", "json")
    document = json.loads(result.out)
    assert PROBE in {f["rule"] for f in document["findings"]}
    assert any("no port" in one["message"] and one["internal"] for one in document["diagnostics"])


SCALED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example.org/web:1.4"}]}
"""
SCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 4}
"""


@pytest.mark.parametrize(
    ("listed", "counts"), [("deployment.yaml", False), ("deployment.yaml, hpa.yaml", True)]
)
def test_an_autoscaler_that_nothing_deploys_sets_no_number(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: str, counts: bool
) -> None:
    files = {"kustomization.yaml": f"resources: [{listed}]\n", "deployment.yaml": SCALED, "hpa.yaml": SCALER}
    lay(tmp_path, monkeypatch, {f"k8s/base/{name}": text for name, text in files.items()})
    assert bool(counted(run, "hpa-with-static-replicas")) is counts
