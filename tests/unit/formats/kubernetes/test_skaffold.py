"""Images that Skaffold builds and tags."""

from __future__ import annotations

from pathlib import Path

from linter.recipe import Recipe
from linter.render.judge import read_piece
from linter.scan import Request, scan

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: a, image: IMAGE}\n"
SKAFFOLD = (
    "apiVersion: skaffold/v4beta11\nkind: Config\n"
    "build:\n  artifacts:\n    - image: emailservice\n      context: src\n"
)


def untagged(root: Path) -> list[str]:
    report = scan(Request(paths=(root,), recipe=Recipe(paths=(str(root),), isolated=True), cwd=root))
    return sorted(f.location.path for f in report.active if f.rule == "image-tag-latest")


def test_what_skaffold_builds_needs_no_tag(tmp_path: Path) -> None:
    folder = tmp_path / "kubernetes-manifests"
    folder.mkdir()
    (folder / "mail.yaml").write_text(POD.replace("IMAGE", "emailservice"))
    (folder / "other.yaml").write_text(POD.replace("IMAGE", "redis"))
    assert untagged(tmp_path) == ["kubernetes-manifests/mail.yaml", "kubernetes-manifests/other.yaml"]
    (tmp_path / "skaffold.yaml").write_text(SKAFFOLD)
    assert untagged(tmp_path) == ["kubernetes-manifests/other.yaml"]


def test_what_a_renderer_makes_of_it_needs_none_either(tmp_path: Path) -> None:
    (tmp_path / "skaffold.yaml").write_text(SKAFFOLD)
    piece = read_piece("kubernetes-manifests/mail.yaml", POD.replace("IMAGE", "emailservice"), tmp_path)
    (manifest,) = piece.document.root.manifests
    assert [container.built for pod in manifest.pods for container in pod.known_containers] == [True]
