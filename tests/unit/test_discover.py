from __future__ import annotations

import os
from pathlib import Path

import pytest

from linter.discover import Walk, discover, find_root
from linter.errors import UsageError


def _tree(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")


def _shown(root: Path, *paths: Path, **walk: object) -> list[str]:
    return [t.shown for t in discover(paths or (root,), root, Walk(**walk)).targets]  # type: ignore[arg-type]


def test_takes_files_by_name_sorted(tmp_path: Path) -> None:
    _tree(
        tmp_path,
        "b/Dockerfile.gpu",
        "a.yaml",
        "train.dockerfile",
        "dockerfile.go",
        "notes.md",
        "x/main.tf",
        "node_modules/a.yaml",
    )
    assert _shown(tmp_path) == ["a.yaml", "b/Dockerfile.gpu", "train.dockerfile", "x/main.tf"]


def test_honours_gitignore_as_git_does(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    _tree(tmp_path, "a.yaml", "build/b.yaml", "sub/c.yaml", "sub/keep.yaml")
    (tmp_path / ".gitignore").write_text("build/\n*.yaml\n!a.yaml\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.yaml\n")
    assert _shown(tmp_path) == ["a.yaml", "sub/keep.yaml"]
    assert _shown(tmp_path, tmp_path / "sub") == ["sub/keep.yaml"]
    assert len(_shown(tmp_path, gitignore=False)) == 4


def test_a_named_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*\n")
    _tree(tmp_path, "image.txt")
    found = discover((tmp_path / "image.txt",), tmp_path, Walk())
    assert [(t.shown, t.named) for t in found.targets] == [("image.txt", True)]
    assert not found.directories


def test_links_are_resolved_once_and_never_followed_out(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    _tree(tmp_path, "root/a.yaml", "outside/b.yaml")
    (root / "again.yaml").symlink_to(root / "a.yaml")
    (root / "out.yaml").symlink_to(outside / "b.yaml")
    (root / "broken.yaml").symlink_to(root / "nothing.yaml")
    (root / "loop").symlink_to(root)
    found = discover((root,), root, Walk())
    assert [t.shown for t in found.targets] == ["a.yaml"]
    assert {(s.path, s.reason) for s in found.skipped} == {
        ("out.yaml", "link out of the scanned tree"),
        ("broken.yaml", "broken link"),
    }


def test_what_is_no_regular_file_is_skipped_aloud(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "Dockerfile").mkdir()
    found = discover((tmp_path,), tmp_path, Walk())
    assert [(s.path, s.reason) for s in found.skipped] == [("pipe.yaml", "not a regular file")]


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        discover((tmp_path / "missing",), tmp_path, Walk())


def test_the_root_is_the_repository(tmp_path: Path) -> None:
    _tree(tmp_path, "repo/sub/a.yaml")
    (tmp_path / "repo/.git").mkdir()
    assert find_root((tmp_path / "repo/sub",), tmp_path) == tmp_path / "repo"
    assert find_root((tmp_path / "repo/sub/a.yaml",), tmp_path) == tmp_path / "repo"
