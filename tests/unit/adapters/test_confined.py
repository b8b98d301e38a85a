"""Overlays that name files of other folders are built as long as all that is named is in the scanned tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.adapters.confined import confined
from linter.formats.classify import KUSTOMIZATIONS
from tests.programs import needs_kustomize
from tests.unit.adapters.test_overlay_places import BASE, places

OVERLAY = "resources: [../../base/server.yaml]\npatches: [{path: on.yaml}]\n"
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec: {template: {spec: {hostNetwork: true}}}
"""


@needs_kustomize
def test_a_file_of_the_base_is_built(tmp_path: Path) -> None:
    files = {"base/server.yaml": BASE, "overlays/x/kustomization.yaml": OVERLAY, "overlays/x/on.yaml": PATCH}
    assert places(tmp_path, "host-network", **files) == [("overlays/x/on.yaml", 4)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("resources: [../base/a.yaml, ../base]\nreplacements: [{options: {delimiter: /}}]\n", True),
        ("resources: [../gone.yaml, https://example.org/x.yaml]\n", True),
        ("resources: [../../outside.yaml]\n", False),
        ("resources: [../base/link.yaml]\n", False),
        ("resources: [../../other]\n", False),
        ("resources: [../inner]\n", False),  # which names what is outside
        ("configMapGenerator: [{name: x, files: [/etc/passwd]}]\n", False),
        ("configMapGenerator: [{name: x, files: [key=../../outside.yaml]}]\n", False),
        ("secretGenerator: [{name: x, envs: [../../outside.yaml]}]\n", False),
        ("generators: [a.yaml]\n", False),  # may name files in ways of its own
        ("resources: [../deep]\n", True),
    ],
)
def test_what_is_named_must_be_in_the_tree(tmp_path: Path, text: str, inside: bool) -> None:
    root = tmp_path / "root"
    files = {
        "../outside.yaml": "a: 1\n",
        "../other/kustomization.yaml": "resources: []\n",
        "base/a.yaml": "a: 1\n",
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "inner/kustomization.yml": "resources: [../../outside.yaml]\n",
        "deep/Kustomization": "resources: [../base, ../deep]\n",
        "x/kustomization.yaml": text,
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (root / "base" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert confined(root / "x" / "kustomization.yaml", root, KUSTOMIZATIONS) is inside


def test_no_kustomization(tmp_path: Path) -> None:
    assert not confined(tmp_path / "gone.yaml", tmp_path, KUSTOMIZATIONS)
