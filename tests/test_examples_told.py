"""What examples are told: what they show, and not what they leave out so that they run on any cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

SANDBOX = """apiVersion: extensions.agents.x-k8s.io/v1beta1
kind: SandboxTemplate
metadata: {name: agent}
spec:
  networkPolicyManagement: Unmanaged
  podTemplate:
    spec:
      containers:
        - name: agent
          image: docker.io/bitnami/python:3.13
          command: [sh, -c, "python agent.py"]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: agent}
spec:
  maxUnavailable: 0
  selector: {matchLabels: {app: agent}}
"""
NOTEBOOK = """apiVersion: v1
kind: Pod
metadata: {name: notebook}
spec:
  containers:
    - name: notebook
      image: registry.example.org/notebook:1.0
      command: [sh, -c, "pip install torch && jupyter lab --ip=0.0.0.0 --ServerApp.token="]
---
apiVersion: v1
kind: Pod
metadata: {name: tuner}
spec:
  containers:
    - name: tuner
      image: registry.example.org/tuner:1.0
      securityContext: {privileged: true}
"""
LEFT_OUT = {
    "agent-sandbox-no-runtimeclass",
    "sandbox-egress-policy",
    "runtime-pip-install",
    "image-registry-deprecated",
    "pdb-blocks-eviction",
}
SHOWN = {"jupyter-no-token", "privileged-container"}


def told(run: Run) -> set[str]:
    result = run("scan", ".", "--isolated", "--exit-zero", "-f", "json")
    return {finding["rule"] for finding in json.loads(result.out)["findings"]}


@pytest.mark.parametrize(("folder", "left_out"), [("examples", True), ("deploy", False)])
def test_an_example_runs_anywhere_and_shows_what_is_copied(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, left_out: bool
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "sandbox.yaml").write_text(SANDBOX)
    (tmp_path / folder / "notebook.yaml").write_text(NOTEBOOK)
    monkeypatch.chdir(tmp_path)
    found = told(run)
    assert found >= SHOWN
    assert found & LEFT_OUT == (set() if left_out else LEFT_OUT)


DOCKERFILE = """FROM python:3.8-slim
RUN pip install flask && curl -fsSL https://get.example.org/install.sh | sh
USER root
"""


@pytest.mark.parametrize(("folder", "left_out"), [("examples", True), ("images", False)])
def test_a_dockerfile_of_an_example_is_told_what_it_does(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, left_out: bool
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "Dockerfile").write_text(DOCKERFILE)
    monkeypatch.chdir(tmp_path)
    found = told(run)
    assert found >= {"root-user", "pipe-to-shell"}
    assert found & {"pin-pip", "eol-base-image"} == (set() if left_out else {"pin-pip", "eol-base-image"})
