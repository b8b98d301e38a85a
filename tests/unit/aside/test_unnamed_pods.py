"""StatefulSets of whose pods nothing asks for one by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.leads.unnamedpods import UNNAMED
from linter.config.model import Config
from tests.unit.aside.trees import finding, write

SET = """kind: StatefulSet
metadata:
  name: gate
spec:
  serviceName: gate
  replicas: 2
  template:
    spec:
      containers:
        - name: gate
          image: example.com/gate:1
          env:
            - name: ID
              valueFrom: {fieldRef: {fieldPath: metadata.name}}
"""
SETTINGS = "kind: ConfigMap\nmetadata: {name: clients}\ndata:\n  url: VALUE\n"


def reason(top: Path) -> str:
    found = finding("deploy/gate.yaml", rule="statefulset-service-not-headless")
    subject = found.evolve(subject="farm/StatefulSet/gate")
    (told,) = set_aside([subject], Scope(top), lambda _: Config(), {})
    return told.reason


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (SET, "http://gate:8080"),
        (SET.replace("  serviceName: gate\n", ""), "http://gate:8080"),
        (SET, "http://delegate-0.other:8080"),
    ],
)
def test_what_nothing_asks_for_by_name(tmp_path: Path, given: str, value: str) -> None:
    settings = SETTINGS.replace("VALUE", value)
    write(tmp_path, {"deploy/gate.yaml": given, "deploy/settings.yaml": settings})
    assert reason(tmp_path) == UNNAMED


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (SET, "gate-0.gate.farm.svc:7070"),
        (SET, "http://gate-${N}:8080"),
        (SET, "http://$(POD).gate:8080"),
        (SET, "'*.gate.farm'"),
        (SET.replace("valueFrom: {fieldRef: {fieldPath: metadata.name}}", "value: gate"), "b"),
        (SET.replace("valueFrom: {fieldRef: {fieldPath: metadata.name}}", "value: run $(hostname -f)"), "b"),
        (f"{SET}  volumeClaimTemplates:\n    - metadata: {{name: data}}\n", "b"),
        (SET.replace("StatefulSet", "Deployment"), "b"),
        (SET, "{discovery-service: gate}"),
    ],
)
def test_what_may_need_names(tmp_path: Path, given: str, value: str) -> None:
    settings = SETTINGS.replace("VALUE", value)
    write(tmp_path, {"deploy/gate.yaml": given, "deploy/settings.yaml": settings})
    assert reason(tmp_path) == ""


def test_a_lone_file_may_be_a_part_of_more(tmp_path: Path) -> None:
    write(tmp_path, {"deploy/gate.yaml": SET})
    assert reason(tmp_path) == ""
