"""Objects that a kustomization lists in one file, and that stand in another to which nothing leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside.copies.twins import LISTED_ELSEWHERE
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

TRACER = """apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    name: other
  name: tracer
  namespace: watch
spec:
  template:
    metadata:
      name: pod
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: tracer\n  namespace: watch\n"
LIST = """apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: tracer
      namespace: watch
  - kind: Service
    apiVersion: v1
    metadata:
      namespace: watch
      name: tracer
"""
TREE = {
    "apps/watch/base/kustomization.yaml": "namespace: watch\nresources:\n  - tracer.yaml\n  - service.yaml\n",
    "apps/watch/base/tracer.yaml": TRACER.replace("  namespace: watch\n", ""),
    "apps/watch/base/service.yaml": SERVICE,
    "apps/watch/live/kustomization.yaml": "resources:\n- ../base\n",
    "src/main.ts": "/** A program. */\n",
    "save.sh": 'for file in "$FOLDER"/*; do rm -f "$file"; done\n',
}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("extensions.yaml", TRACER, LISTED_ELSEWHERE),
        ("extensions.yaml", f"{TRACER}---\n{SERVICE}", LISTED_ELSEWHERE),
        ("extensions.yaml", LIST, LISTED_ELSEWHERE),
        ("apps/old/extensions.yaml", LIST, LISTED_ELSEWHERE),
        ("extensions.yaml", LIST.replace("kind: Service", "kind: Ingress"), ""),  # one more object
        ("extensions.yaml", TRACER.replace("watch", "live"), ""),
        ("extensions.yaml", TRACER.replace("  namespace: watch\n", ""), ""),  # everybody has one
        ("extensions.yaml", TRACER.replace("name: tracer", "name: {{ .Values.name }}"), ""),
    ],
)
def test_objects_that_a_kustomization_has(tmp_path: Path, name: str, text: str, why: str) -> None:
    write(tmp_path, {**TREE, name: text})
    assert reason(tmp_path, name) == why
    assert reason(tmp_path, "apps/watch/base/tracer.yaml") == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Makefile", "deploy:\n\tkubectl apply -f old/extensions.yaml\n"),
        ("Makefile", "deploy:\n\tkubectl apply -f old/\n"),
        ("clusters/one.yaml", "kind: Application\nspec:\n  source:\n    path: old\n"),
        ("old/kustomization.yaml", "resources:\n- extensions.yaml\n"),
        # nothing leads to where it is listed
        ("apps/watch/live/kustomization.yaml", "resources: []\n"),
    ],
)
def test_objects_to_which_something_leads(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {**TREE, "old/extensions.yaml": TRACER, name: text})
    assert reason(tmp_path, "old/extensions.yaml") == ""
