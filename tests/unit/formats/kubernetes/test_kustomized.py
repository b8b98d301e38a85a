"""What is no whole object: patches that a kustomization lists, templates that a program fills in."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.recipe import Recipe
from linter.scan import Request, scan

NAMESPACE = (
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio.io/dataplane-mode: ambient}\n"
)
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: a, image: 'a:1.2.3', %s}\n"


def _found(root: Path) -> list[tuple[str, str]]:
    report = scan(Request(paths=(root,), recipe=Recipe(paths=(str(root),), isolated=True), cwd=root))
    return sorted((f.rule, f.location.path) for f in report.active)


@pytest.mark.parametrize(
    ("kustomization", "count"),
    [
        ("resources:\n  - labels.yaml\n", 1),
        ("patches:\n  - path: labels.yaml\n    target: {kind: Namespace}\n", 0),
        ("patchesStrategicMerge:\n  - ./labels.yaml # of the mesh\n", 0),
        ("patches:\n  - path: other.yaml\nresources:\n- labels.yaml\n", 1),
    ],
)
def test_a_patch_of_a_namespace_is_none(tmp_path: Path, kustomization: str, count: int) -> None:
    (tmp_path / "labels.yaml").write_text(NAMESPACE)
    (tmp_path / "kustomization.yaml").write_text(f"kind: Component\n{kustomization}")
    assert _found(tmp_path) == [("pod-security-admission-missing", "labels.yaml")] * count


def test_a_name_in_capitals_is_for_a_program_to_replace(tmp_path: Path) -> None:
    text = POD % "workingDir: /data"
    (tmp_path / "pod.yaml").write_text(text.replace("{name: a}", "{name: NAME-web}", 1))
    assert _found(tmp_path) == []
    (tmp_path / "pod.yaml").write_text(text.replace("{name: a}", "{name: Web}", 1))
    assert "run-as-root" in [rule for rule, _ in _found(tmp_path)]


def test_a_sketch_is_no_object(tmp_path: Path) -> None:
    text = POD % "workingDir: /data"
    (tmp_path / "pod.yaml").write_text(text + "  volumes:\n    ...\n  tolerations:\n")
    assert "unparsable-file" not in [rule for rule, _ in _found(tmp_path)]
    (tmp_path / "pod.yaml").write_text(text + "  volumes:\n    - name\n    : x\n   - b\n")
    assert "unparsable-file" in [rule for rule, _ in _found(tmp_path)]
