"""Manifests that the project's own chart is past, and to which nothing leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside.copies.releases import EARLIER
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

PLAIN = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: carrier
spec:
  template:
    spec:
      containers:
        - image: registry.example.org:5000/team/carrier-agent:v0.1.0-5b5a67d
        - image: registry.example.org/other/registrar:v9.0.0
"""
RELEASE = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: carrier
  labels:
    app.kubernetes.io/name: carrier
    app.kubernetes.io/instance: carrier
"""
TREE = {
    "go.mod": "module example.org/team/carrier\n",
    "charts/carrier/Chart.yaml": "name: carrier\nversion: 1.1.0\nappVersion: 1.1.0-36f0467\n",
    "charts/carrier/templates/server.yaml": "kind: Deployment\nmetadata: {name: {{ .Release.Name }}}\n",
    "charts/carrier/templates/service.yaml": "kind: Service\nmetadata: {name: {{ .Release.Name }}}\n",
    "docs/install.md": "Call `kubectl apply -f agent/deploy/driver.yaml`.\n",
}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PLAIN, EARLIER),
        (PLAIN.replace("v0.1.0", "v1.1.0"), ""),
        (PLAIN.replace("v0.1.0-5b5a67d", "5b5a67d"), ""),
        (PLAIN.replace("carrier-agent", "carriers"), ""),
        (RELEASE, EARLIER),
        (RELEASE.replace("instance: carrier", "instance: mine"), ""),
        (RELEASE.replace("app.kubernetes.io/instance: carrier", "helm.sh/chart: carrier-0.9.0"), EARLIER),
        (RELEASE.replace("Deployment", "DaemonSet"), ""),  # the chart has none
        (RELEASE.replace("Deployment", "Service"), ""),
    ],
)
def test_what_is_left_of_earlier_versions(tmp_path: Path, text: str, why: str) -> None:
    write(tmp_path, {**TREE, "agent/deploy/server.yaml": text})
    assert reason(tmp_path, "agent/deploy/server.yaml") == why


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/more.md", "Then `kubectl apply -f agent/deploy/server.yaml`.\n"),
        ("docs/more.md", "Then `kubectl apply -f agent/deploy/`.\n"),
        ("Makefile", "deploy:\n\tfor f in agent/deploy/*; do kubectl apply -f $$f; done\n"),
        ("clusters/one.yaml", "kind: Application\nspec:\n  source:\n    path: agent/deploy\n"),
        ("agent/deploy/kustomization.yaml", "resources:\n- server.yaml\n"),
        ("go.mod", "module example.org/team/shop\n"),  # of others
    ],
)
def test_earlier_versions_that_count(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {**TREE, "agent/deploy/server.yaml": PLAIN, name: text})
    assert reason(tmp_path, "agent/deploy/server.yaml") == ""
