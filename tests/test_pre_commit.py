"""The hook under the real pre-commit, in a scratch repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

BAD = """apiVersion: v1
kind: Pod
metadata: {name: shell}
spec:
  containers:
    - name: shell
      image: registry.example.org/shell:1.0
      securityContext:
        privileged: true
"""
GOOD = """apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  LOG_LEVEL: info
"""


def _git(cwd: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


def _hook(cwd: Path, home: Path, hook: str = "tarecheck") -> subprocess.CompletedProcess[str]:
    stage = ["--hook-stage", "manual"] if hook == "tarecheck-repo" else []
    command = [
        sys.executable,
        "-m",
        "pre_commit",
        "try-repo",
        str(ROOT),
        hook,
        "--all-files",
        "--verbose",
        *stage,
    ]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_blocks_a_bad_commit_and_passes_a_good_one(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: pre-commit clones the repository")
    scratch, home = tmp_path / "scratch", tmp_path / "home"
    scratch.mkdir()
    _git(scratch, "init", "-q")
    (scratch / "pod.yaml").write_text(BAD)
    (scratch / "notes.txt").write_text("privileged: true\n")
    _git(scratch, "add", ".")
    blocked = _hook(scratch, home)
    output = blocked.stdout + blocked.stderr
    if (
        "InstallationError" in output
        or "Could not find a version" in output
        or "CalledProcessError" in output
    ):
        pytest.skip("pre-commit could not install the hook's environment (no package index)")
    assert blocked.returncode == 1, output
    assert "privileged-container" in output
    (scratch / "pod.yaml").write_text(GOOD)
    _git(scratch, "add", ".")
    passed = _hook(scratch, home)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    _configuration(scratch, home)
    _whole_repository(scratch, home)


def _configuration(scratch: Path, home: Path) -> None:
    (scratch / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (scratch / "tarecheck.yaml").write_text("fail-on: high\n")
    _git(scratch, "add", ".")
    assert _hook(scratch, home, "tarecheck-config").returncode == 0
    (scratch / "tarecheck.yaml").write_text("fail-om: high\n")
    wrong = _hook(scratch, home, "tarecheck-config")
    assert wrong.returncode == 1
    assert "fail-on" in wrong.stdout
    (scratch / "tarecheck.yaml").unlink()


def _whole_repository(scratch: Path, home: Path) -> None:
    _git(scratch, "add", ".")
    _git(scratch, "commit", "-q", "-m", "first")
    _git(scratch, "update-ref", "refs/remotes/origin/main", "HEAD")
    _git(scratch, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert _hook(scratch, home, "tarecheck-repo").returncode == 0
    (scratch / "more.yaml").write_text(BAD)
    blocked = _hook(scratch, home, "tarecheck-repo")
    assert blocked.returncode == 1
    assert "more.yaml" in blocked.stdout
