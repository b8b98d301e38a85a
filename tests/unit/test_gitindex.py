"""Our reading of an index against git's own."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from linter.gitindex import index_names


def _git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
        check=True, capture_output=True,
    ).stdout  # fmt: skip


def _listed(folder: Path) -> list[str]:
    return [os.fsdecode(name) for name in _git(folder, "ls-files", "-z").split(b"\0") if name]


@pytest.fixture(params=["sha1", "sha256"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "r"
    folder.mkdir()
    _git(folder, "init", "-q", f"--object-format={request.param}")
    for number in range(60):
        name = folder / ("d" * (number % 9 + 1)) / (os.fsdecode(b"\xff\xc3\xa4") + "x" * number)
        name.parent.mkdir(exist_ok=True)
        name.write_text("x")
    (folder / "link").symlink_to("nowhere")
    _git(folder, "add", "--all")
    return folder


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_the_names_are_those_of_git(version: str, repository: Path) -> None:
    if version == "3":
        (repository / "later").write_text("x")
        _git(repository, "add", "--intent-to-add", "later")
    else:
        _git(repository, "update-index", "--index-version", version)
    names = index_names(repository)
    assert names is not None
    assert list(names) == _listed(repository)


def test_a_linked_work_tree_has_its_own(repository: Path, tmp_path: Path) -> None:
    _git(repository, "commit", "-q", "-m", "x")
    _git(repository, "worktree", "add", "-q", str(tmp_path / "w"))
    (tmp_path / "w" / "more").write_text("x")
    _git(tmp_path / "w", "add", "more")
    names = index_names(tmp_path / "w")
    assert names is not None
    assert list(names) == _listed(tmp_path / "w")


def test_an_index_in_two_files_is_left_to_git(repository: Path) -> None:
    _git(repository, "update-index", "--split-index")
    assert index_names(repository) is None


def test_damage_is_survived(repository: Path) -> None:
    index = repository / ".git" / "index"
    whole = index.read_bytes()
    numbers = random.Random(1)
    for _ in range(500):
        data = bytearray(whole[: numbers.choice([len(whole), numbers.randrange(len(whole))])])
        for _ in range(numbers.randrange(4)):
            if data:
                data[numbers.randrange(len(data))] = numbers.randrange(256)
        index.write_bytes(data)
        list(index_names(repository) or ())


def test_no_repository_has_no_names(tmp_path: Path) -> None:
    assert index_names(tmp_path) is None
    (tmp_path / ".git").write_text("gitdir: \0\n")
    assert index_names(tmp_path) is None
