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
BINDING = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NAME}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NAME}
subjects: [{kind: User, name: jane}]
"""
SECRETS = "rbac-secrets-access"
TWO = f"{manifest('clerk', ROLE)}---\n{manifest('boss', ROLE)}"


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


def test_a_role_that_nobody_is_given(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, monkeypatch, {"rbac/roles.yaml": TWO, "rbac/bindings.yaml": manifest("clerk", BINDING)})
    assert counted(run, SECRETS) == {"ClusterRole/clerk"}


@pytest.mark.parametrize(
    ("roles", "bindings"),
    [
        (TWO, ""),  # the bindings may lie elsewhere
        (TWO, manifest("boss", BINDING)),
        (TWO, f"{manifest('clerk', BINDING)}---\n{manifest('boss', BINDING)}"),
        (TWO, manifest("clerk", BINDING) + "---\n" + BINDING.replace("name: NAME}\nsub", "name: \"${ROLE}\"}\nsub")),
        (TWO, manifest("clerk", BINDING) + "---\n" + manifest("prod-boss", BINDING)),  # as a kustomization calls it
        (
            TWO.replace("name: boss}", "name: boss, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}"),
            manifest("clerk", BINDING),
        ),
    ],
)  # fmt: skip
def test_a_role_that_somebody_may_be_given(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, roles: str, bindings: str
) -> None:
    lay(tmp_path, monkeypatch, {"rbac/roles.yaml": roles, "rbac/bindings.yaml": bindings})
    assert "ClusterRole/boss" in counted(run, SECRETS)


def test_a_role_in_a_file_of_its_own_is_for_who_installs_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "rbac/clerk.yaml": f"{manifest('clerk', ROLE)}---\n{manifest('clerk', BINDING)}",
        "rbac/boss.yaml": manifest("boss", ROLE),
    }
    lay(tmp_path, monkeypatch, files)
    assert counted(run, SECRETS) == {"ClusterRole/clerk", "ClusterRole/boss"}


OF_NAMESPACE = "rbac-namespace-secrets-access"
OWN_ROLE = manifest("desk", ROLE).replace("ClusterRole", "Role")
OWN_BINDING = manifest("desk", BINDING).replace("ClusterRole", "Role")
JANE, CLERK = "{kind: User, name: jane}", "{kind: ServiceAccount, namespace: shop, name: clerk}"
OTHER = CLERK.replace("clerk", "other")
GIVEN_ALL = f"{manifest('clerk', ROLE)}---\n{manifest('clerk', BINDING)}---\n".replace(JANE, CLERK)
GIVEN_ONE = f"{OWN_ROLE}---\n{OWN_BINDING}".replace(JANE, CLERK)


@pytest.mark.parametrize(
    ("everywhere", "here", "counts"),
    [
        (GIVEN_ALL, GIVEN_ONE, False),
        ("", GIVEN_ONE, True),
        (GIVEN_ALL.replace("[get, list]", "[create]"), GIVEN_ONE, True),
        (GIVEN_ALL.replace("verbs:", "resourceNames: [one], verbs:"), GIVEN_ONE, True),
        (GIVEN_ALL.replace("ClusterRoleBinding", "RoleBinding"), GIVEN_ONE, True),
        (GIVEN_ALL.replace(CLERK, OTHER), GIVEN_ONE, True),
        (GIVEN_ALL, GIVEN_ONE.replace(CLERK, f"{CLERK}, {OTHER}"), True),
        (GIVEN_ALL, GIVEN_ONE.replace(CLERK, f"{CLERK}, {JANE}"), True),
        (GIVEN_ALL, f"{GIVEN_ONE}---\n{OWN_BINDING}", True),  # and to a user
    ],
)
def test_a_role_whose_accounts_read_every_secret_anyway(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, everywhere: str, here: str, counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"rbac.yaml": everywhere + here})
    assert (OF_NAMESPACE in rules_told(run)) is counts
    lay(tmp_path, monkeypatch, {"rbac.yaml": here, "elsewhere/all.yaml": everywhere})
    assert OF_NAMESPACE in rules_told(run)


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


TERRAFORM = """resource "kubernetes_cluster_role" "NAME" {
  metadata {
    name = "NAME"
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get", "list"]
  }
}
"""
GIVEN = """resource "kubernetes_cluster_role_binding" "NAME" {
  metadata {
    name = "NAME"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = ROLE
  }
  subject {
    kind = "User"
    name = "jane"
  }
}
"""


@pytest.mark.parametrize(
    ("binding", "told"),
    [
        ('"admin"', {"clerk"}),
        ("kubernetes_cluster_role.boss.metadata[0].name", {"clerk", "boss"}),
        ("var.role", {"clerk", "boss"}),
    ],
)
def test_roles_in_terraform(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, binding: str, told: set[str]
) -> None:
    clerk = manifest("clerk", GIVEN).replace("ROLE", "kubernetes_cluster_role.clerk.metadata[0].name")
    other = manifest("other", GIVEN).replace("ROLE", binding)
    roles = manifest("clerk", TERRAFORM) + manifest("boss", TERRAFORM)
    # the rules across files of Kubernetes are asked where there is a manifest
    files = {"main.tf": roles + clerk + other + 'variable "role" {}\n', "app/service.yaml": SERVICE}
    lay(tmp_path, monkeypatch, files)
    assert counted(run, SECRETS) == {f"ClusterRole/{name}" for name in told}


def rooted(run: Run, *arguments: str) -> set[tuple[str, str]]:
    """Files and containers that may run as root, of those that count."""
    document = json.loads(run("scan", ".", *arguments, "--isolated", "--exit-zero", "-f", "json").out)
    return {
        (f["path"], f["subject"].rpartition("/")[2])
        for f in document["findings"]
        if f["rule"] == "run-as-root"
    }


OWN = "FROM alpine:3.22\nUSER 65532:65532\n"


@pytest.mark.parametrize(
    ("dockerfile", "text", "image", "counts"),
    [
        ("api/Dockerfile", OWN, "registry.example.org/team/api:1.0", False),
        ("cmd/api/docker/Dockerfile", OWN, "registry.example.org/team/api:1.0", False),
        ("build/Dockerfile.api", OWN, "registry.example.org/team/api:1.0", False),
        ("images/api.dockerfile", OWN, "registry.example.org/team/api:1.0", False),
        ("Dockerfile", OWN, "registry.example.org/team/product:1.0", False),  # by go.mod
        ("docker/Dockerfile", OWN, "team/shopfront:1.0", False),  # by package.json
        ("Dockerfile", OWN, "registry.example.org/team/py-shop:1.0", False),  # by pyproject.toml
        ("Dockerfile", "FROM alpine:3.22\n", "team/shopfront:1.0", True),
        ("front/Dockerfile", OWN, "team/shopfront:1.0", True),
        ("Dockerfile", OWN, "controller:latest", False),  # by PROJECT
        ("api/Dockerfile", "FROM gcr.io/distroless/static:nonroot\n", "registry.example.org/api:1.0", False),
        ("api/Dockerfile", "FROM alpine:3.22\n", "registry.example.org/team/api:1.0", True),
        (
            "api/Dockerfile",
            "FROM alpine:3.22\nUSER 1000\nUSER root\n",
            "registry.example.org/team/api:1.0",
            True,
        ),
        ("api/Dockerfile", "FROM alpine:3.22\nARG U\nUSER ${U}\n", "registry.example.org/team/api:1.0", True),
        ("api/Dockerfile", OWN, "registry.example.org/team/web:1.0", True),
        ("api/Dockerfile", OWN, "api:1.0", False),
        ("redis/Dockerfile", OWN, "redis:8.2", True),  # of Docker's library, by its name
        ("redis/Dockerfile", OWN, "registry.example.org/team/redis:8.2", False),
        ("images/api/Dockerfile.3.5.7", OWN, "api:3.5.7", False),
        ("api/Dockerfile.dev", OWN, "registry.example.org/team/api:1.0", True),
        ("Dockerfile", OWN, "registry.example.org/team/other:1.0", True),
    ],
)
def test_images_that_the_project_builds_for_a_user(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    dockerfile: str,
    text: str,
    image: str,
    counts: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    manifest_text = manifest("web").replace("registry.example.org/web:1.0", image)
    beside = "        - name: proxy\n          image: registry.example.org/proxy:1\n"
    files = {
        dockerfile: text,
        "go.mod": "module github.com/team/product/v2\n\ngo 1.26\n",
        "PROJECT": "layout:\n- go.kubebuilder.io/v4\n",
        "package.json": '{\n  "name": "@team/shop-front",\n  "author": {"name": "other"}\n}\n',
        "pyproject.toml": "[project]\nname = 'py_shop'\n",
        "deploy/web.yaml": manifest_text + beside,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    proxy = ("deploy/web.yaml", "proxy")
    assert rooted(run) == {proxy, *([("deploy/web.yaml", "web")] if counts else ())}
    assert ("deploy/web.yaml", "web") in rooted(run, "--everywhere")


WORKFLOW = """env:
  REGISTRY: registry.example.org
jobs:
  web:
    runs-on: ubuntu-24.04
    steps:
      - id: meta
        uses: docker/metadata-action@v5
        with: {images: "${{ env.REGISTRY }}/team/front"}
      - uses: docker/build-push-action@v6
        with:
          context: ./web/app
          tags: ${{ steps.meta.outputs.tags }}
"""


@pytest.mark.parametrize(
    ("dockerfiles", "workflow", "counts"),
    [
        ({"web/app/Dockerfile": OWN}, WORKFLOW, False),
        ({"web/app/Dockerfile": OWN}, "", True),
        ({"web/app/Dockerfile": "FROM alpine:3.22\n", "front/Dockerfile": OWN}, WORKFLOW, True),
        ({"web/app/Dockerfile": OWN, "front/Dockerfile": "FROM alpine:3.22\n"}, WORKFLOW, False),
        ({"web/app/Dockerfile": OWN}, WORKFLOW.replace("team/front", "team/other"), True),
        ({"web/app/Dockerfile": OWN}, WORKFLOW.replace("env.REGISTRY", "inputs.registry"), True),
        ({"web/app/Dockerfile": OWN}, WORKFLOW + "          target: debug\n", True),
        ({"web/Dockerfile": OWN}, WORKFLOW + "          file: web/Dockerfile\n", False),
        ({"web/app/Dockerfile": OWN}, WORKFLOW.replace("./web/app", "${{ matrix.folder }}"), True),
        (
            {"web/app/Dockerfile": OWN},
            WORKFLOW.replace(
                "${{ steps.meta.outputs.tags }}",
                "registry.example.org/team/front:${{ github.sha }},registry.example.org/x",
            ),
            False,
        ),
        ({"web/app/Dockerfile": OWN}, "jobs: [docker/build-push-action@v6]\n", True),
        ({"web/app/Dockerfile": OWN}, "jobs: {a: {steps: docker/build-push-action@v6}}\n", True),
    ],
)
def test_images_of_which_a_workflow_says_what_they_are_built_from(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    dockerfiles: dict[str, str],
    workflow: str,
    counts: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    web = manifest("web").replace("example.org/web:1.0", "example.org/team/front:1.0")
    for name, content in {**dockerfiles, ".github/workflows/image.yaml": workflow, "web.yaml": web}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert rooted(run) == ({("web.yaml", "web")} if counts else set())


def test_of_two_dockerfiles_of_a_name_both_leave_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "api/Dockerfile": OWN,
        "images/api/Dockerfile": "FROM alpine:3.22\n",
        "web.yaml": manifest("web").replace("example.org/web", "example.org/api"),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert rooted(run) == {("web.yaml", "web")}
    (tmp_path / "images/api/Dockerfile").write_text(OWN)
    assert rooted(run) == set()
    (tmp_path / "api/image.Dockerfile").write_text("FROM alpine:3.22\n")
    assert rooted(run) == {("web.yaml", "web")}


NO_USER = "FROM python:3.12-slim\nRUN apt-get -y upgrade\n"
NON_ROOT = "          securityContext: {runAsNonRoot: true}\n"
API = manifest("api")  # runs registry.example.org/api
SAFE = API + NON_ROOT
PATCH = API.replace("          image: registry.example.org/api:1.0\n", "")
COMPOSED = "services:\n  web: IT\n"


def composed(service: str) -> dict[str, str]:
    return {"compose.yaml": COMPOSED.replace("IT", service)}


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({}, False),
        ({"k8s/api.yaml": API + "          securityContext: {runAsUser: 1000}\n"}, False),
        (
            {"k8s/api.yaml": API.replace("    spec:", "    spec:\n      securityContext: {runAsUser: 1}")},
            False,
        ),
        ({"k8s/api.yaml": API}, True),
        ({"k8s/api.yaml": API + "          securityContext: {runAsUser: 0}\n"}, True),
        ({"k8s/api.yaml": SAFE.replace("true", "{{ .Values.nonRoot }}")}, True),
        ({"k8s/api.yaml": SAFE.replace("registry.example.org/", "")}, True),  # who knows whose
        ({"k8s/api.yaml": SAFE.replace("example.org/api", "example.org/web")}, True),
        ({"k8s/other.yaml": API.replace("name: api}", "name: other}")}, True),  # one that sets none
        ({"k8s/other.yaml": API.replace("registry.example.org/", "")}, True),
        (
            {"chart/templates/api.yaml": API.replace("registry.example.org/api:1.0", "{{ .Values.image }}")},
            True,
        ),
        (
            {
                "chart/templates/api.yaml": f"{API.partition('  template:')[0]}  template: {{{{ .Values.pod }}}}\n"
            },
            True,
        ),
        ({"overlay/api.yaml": PATCH}, False),
        ({"k8s/patch.yaml": PATCH}, False),
        ({"overlay/api.yaml": PATCH + "          securityContext: {runAsUser: 0}\n"}, True),
        ({"chart/templates/api.yaml": PATCH + '          {{- include "container" . | nindent 10 }}\n'}, True),
        ({"overlay/api.yaml": API.partition("spec:")[0]}, False),
        ({"k8s/api.yaml": API, "tests/api.yaml": SAFE}, True),
        ({"k8s/api.yaml": "", "tests/api.yaml": SAFE}, True),
        ({"k8s/api.yaml": "", "examples/api.yaml": SAFE}, True),
        ({"images/api/Dockerfile": OWN}, True),  # a name of two
        ({"api/Dockerfile": "FROM upstream/api:1.0\nCOPY a /a\n"}, True),  # they may run what it is made from
        (composed("{image: registry.example.org/api:1.0}"), True),
        (composed("{image: registry.example.org/api:1.0, user: root}"), True),
        (composed('{image: registry.example.org/api:1.0, user: "${USER_OF_IT}"}'), True),
        (composed('{image: registry.example.org/api:1.0, user: "1000:1000"}'), False),
        (composed("{image: registry.example.org/web:1.0}"), False),
        (composed("{build: ./api}"), True),
        (composed("{build: {context: ., dockerfile: api/Dockerfile}}"), True),
        (composed('{build: ./api, user: "1000"}'), False),
        (composed("{build: ./web}"), False),
    ],
)
def test_images_that_the_project_runs_as_others(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], counts: bool
) -> None:
    lay(tmp_path, monkeypatch, {"api/Dockerfile": NO_USER, "k8s/api.yaml": SAFE} | files)
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    found = {f["path"] for f in document["findings"] if f["rule"] == "missing-user"}
    assert found == ({"api/Dockerfile"} if counts else set())


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


LATEST = "image-tag-latest"
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


@pytest.mark.parametrize(
    ("dockerfile", "image", "counts"),
    [
        ("web_app/Dockerfile", "web-app:latest", False),
        ("web_app/Dockerfile", "web-app", False),
        ("web_app/Dockerfile", "team/web-app:latest", True),
        ("other/Dockerfile", "web-app:latest", True),
        ("nginx/Dockerfile", "nginx:latest", True),  # which it is made from
    ],
)
def test_latest_of_what_only_the_project_builds(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dockerfile: str, image: str, counts: bool
) -> None:
    files = {
        dockerfile: "FROM nginx:1.29\nUSER 1000\n",
        "web.yaml": manifest("web").replace("registry.example.org/web:1.0", image),
    }
    lay(tmp_path, monkeypatch, files)
    assert bool(counted(run, LATEST)) is counts


def test_a_role_of_a_program_is_for_its_users(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"rbac/roles.yaml": TWO, "rbac/bindings.yaml": manifest("clerk", BINDING)}
    lay(tmp_path, monkeypatch, files | {"go.mod": "module example.org/clerk\n"})
    assert counted(run, SECRETS) == {"ClusterRole/clerk", "ClusterRole/boss"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (CHART, False),
        ({}, True),  # others may bind it
        (CHART | {"config/rbac/role_binding.yaml": manifest("manager-role", BINDING)}, True),
        ({name: text for name, text in CHART.items() if "role" not in name}, True),
    ],
)
def test_a_role_that_was_generated_for_the_chart(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], told: bool
) -> None:
    files = {"config/rbac/role.yaml": manifest("manager-role", ROLE), "go.mod": "module example.org/op\n"}
    lay(tmp_path, monkeypatch, files | more)
    assert ("ClusterRole/manager-role" in counted(run, SECRETS)) is told


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


@pytest.mark.parametrize(("user", "told"), [("USER 1001\n", False), ("", True)])
def test_a_base_of_images_that_leave_root(run: Run, tmp_path: Path, user: str, told: bool) -> None:
    base = "FROM registry.example.org/ubi:9.6\nUSER root\nRUN dnf install -y jre-17.0.1\n"
    for name, text in (
        ("base", base),
        ("broker", f"FROM acme/base:1.2.3\n{user}"),
        ("other", "FROM scratch\n"),
    ):
        (tmp_path / "images" / name).mkdir(parents=True)
        (tmp_path / "images" / name / "Dockerfile").write_text(text)
    found = json.loads(run("scan", ".", "--exit-zero", "-f", "json", "--no-cache").out)["findings"]
    assert [f["path"] for f in found if f["rule"] == "root-user"] == ["images/base/Dockerfile"] * told


@pytest.mark.parametrize(
    ("base", "image", "user", "counts"),
    [
        ("Dockerfile_base", "team/shop-base:1.0", "1000", False),
        ("Dockerfile_base", "team/shop-base:1.0", "root", False),  # which is told there
        ("Dockerfile_base", "team/shop-base:1.0", "", True),
        ("Dockerfile_base", "team/till-base:1.0", "1000", True),
        ("images/shop/Dockerfile", "team/shop:1.0", "1000", False),
        ("images/shop/Dockerfile", "team/shop:1.0", "root", True),  # which may be deployed itself
    ],
)
def test_of_a_base_the_images_that_are_made_from_it_say_as_whom_they_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, base: str, image: str, user: str, counts: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / base).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / base).write_text("FROM ubuntu:24.04\nUSER root\n")
    (tmp_path / "Dockerfile").write_text(f"FROM {image}\n" + (f"USER {user}\n" if user else "RUN true\n"))
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    rooted = {one["path"] for one in document["findings"] if one["rule"] == "root-user"}
    assert rooted == {*([base] if counts else ()), *(["Dockerfile"] if user == "root" else ())}


IN_SHOP = manifest("clerk", BINDING).replace("ClusterRoleBinding", "RoleBinding")
CLERKS = manifest("clerk", ROLE)
BY_CLUSTER_ROLE = "rbac-namespace-secrets-by-cluster-role"


@pytest.mark.parametrize(
    ("role", "binding", "everywhere"),
    [
        (CLERKS, IN_SHOP, False),
        (CLERKS, "", True),
        (CLERKS, manifest("clerk", BINDING), True),
        (CLERKS, f"{IN_SHOP}---\n{manifest('clerk', BINDING)}", True),
        (CLERKS, f"{IN_SHOP}---\n{manifest('prod-clerk', BINDING)}", True),  # as a kustomization calls it
        (CLERKS, IN_SHOP + "---\n" + manifest('"${ROLE}"', BINDING), True),
        (CLERKS, IN_SHOP.replace("metadata: {", "metadata: {namespace: kube-system, "), True),
        (CLERKS.replace("name: clerk}", "name: clerk, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}"),
         IN_SHOP, True),
    ],
)  # fmt: skip
def test_a_cluster_role_that_is_given_in_namespaces(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, binding: str, everywhere: bool
) -> None:
    lay(tmp_path, monkeypatch, {"rbac/role.yaml": role, "rbac/bindings.yaml": binding})
    found = rules_told(run) & {SECRETS, BY_CLUSTER_ROLE}
    assert found == {SECRETS if everywhere else BY_CLUSTER_ROLE}
    name = '{{ include "shop.fullname" . }}'
    chart = {
        "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        "chart/templates/role.yaml": role.replace("name: clerk", f"name: {name}"),
        "chart/templates/bindings.yaml": binding.replace("name: clerk", f"name: {name}").replace(
            "RoleBinding\nmetadata: {name:",
            "RoleBinding\nmetadata: {namespace: '{{ .Release.Namespace }}', name:",
        ),
    }
    lay(tmp_path / "other", monkeypatch, chart)
    assert rules_told(run) & {SECRETS, BY_CLUSTER_ROLE} == found


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
