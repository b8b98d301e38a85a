"""What a rule says of one file and the other files of a project make moot: set aside, and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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
        (SERVICE.replace("app: web", "app: {{ .Values.app }}"), True),
    ],
)
def test_a_service_that_may_ask_them(run: Run, project: Path, service: str, active: bool) -> None:
    (project / "app/service.yaml").write_text(service)
    assert ("app/worker.yaml" in told(run, ".")[1]) is active
