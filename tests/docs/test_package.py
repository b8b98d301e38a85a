"""Wheel and sdist: metadata, contents, the same bytes twice."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import linter
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
