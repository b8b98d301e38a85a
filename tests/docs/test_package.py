"""Wheel and sdist: metadata, contents, the same bytes twice."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

import linter
from linter.recipe import load_rules
from tests.docs.pages import ROOT


def build(out: Path) -> dict[str, str]:
    """File name -> digest of what a build makes."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1750000000"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.iterdir())}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build(folder)
    return folder


@pytest.mark.slow
def test_a_second_build_gives_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    first = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(dist.iterdir())}
    assert build(tmp_path) == first


def test_the_action_and_the_image_install_what_the_package_needs_by_hash() -> None:
    text = (ROOT / "requirements" / "runtime.txt").read_text()
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, re.MULTILINE))
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]:
        name, _, least = line.lower().partition(">=")
        assert version_of(pinned[name]) >= version_of(least), name
    assert len(re.findall(r"^[a-z0-9-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pinned)


@pytest.mark.slow
def test_the_version_is_that_of_the_package(dist: Path) -> None:
    names = {path.name for path in dist.iterdir()}
    version = linter.__version__
    assert names == {f"tarecheck-{version}-py3-none-any.whl", f"tarecheck-{version}.tar.gz"}
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text()


@pytest.mark.slow
def test_the_sdist_has_all_that_tests_need(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "linter/__init__.py",
        "rules/README.md",
        "tests/conftest.py",
        "docs/index.md",
        "mkdocs.yml",
        "Makefile",
    ):
        assert name in names
    assert not [name for name in names if "__pycache__" in name or name.startswith((".venv", ".git/"))]


@pytest.mark.slow
@pytest.mark.parametrize(
    "checker", [["twine", "check", "--strict"], ["check_wheel_contents"]], ids=lambda c: c[0]
)
def test_the_index_would_take_it(checker: list[str], dist: Path) -> None:
    pytest.importorskip(checker[0], reason="pip install '.[release]'")
    files = [str(path) for path in dist.iterdir() if checker[0] == "twine" or path.suffix == ".whl"]
    result = subprocess.run(
        [sys.executable, "-m", *checker, *files], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def version_of(tag: str) -> tuple[int, ...]:
    return tuple(map(int, tag.removeprefix("v").split(".")))


def forgotten(before: set[str], last: str) -> list[str]:
    """Rules that the release `last` had not, and that do not say a later `since`; `before` are its rules."""
    infos = load_rules().infos.values()
    new = [info for info in infos if info.id not in before and info.format != "any"]
    return [info.id for info in new if not info.since or version_of(info.since) <= version_of(last)]


def test_new_rules_say_since_when_they_are_there() -> None:
    listed = subprocess.run(
        ["git", "tag", "--list", "v[0-9]*"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    tags = sorted((tag for tag in listed.stdout.split() if tag.count(".") == 2), key=version_of)
    if tags:
        command = ["git", "ls-tree", "-r", "--name-only", tags[-1], "rules"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert forgotten({Path(name).stem for name in names.split()}, tags[-1]) == []
    ids = set(load_rules().infos)
    assert forgotten(ids - {"host-pid"}, "v0.1.0") == ["host-pid"]
    assert forgotten(ids, "v0.1.0") == []
