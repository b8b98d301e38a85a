"""Files that are broken on purpose, beside their solution."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope
from linter.aside.names.exercises import EXERCISES


@pytest.mark.parametrize(
    ("name", "beside", "reason"),
    [
        ("broken-deployment.yaml", "solution.md", EXERCISES),
        ("deployment_broken.yml", "solution.yaml", EXERCISES),
        ("Dockerfile.broken", "Dockerfile.fixed.txt", EXERCISES),
        ("broken-deployment.yaml", "README.md", ""),
        ("deployment.yaml", "solution.md", ""),
        ("unbroken.yaml", "solution.md", ""),
        ("broken-deployment.yaml", "resolution.md", ""),
    ],
)
def test_it_is_broken_and_its_solution_is_there(tmp_path: Path, name: str, beside: str, reason: str) -> None:
    folder = tmp_path / "team" / "probes"
    folder.mkdir(parents=True)
    (folder / name).write_text("kind: Pod\n")
    (folder / beside).write_text("")
    assert _reason(tmp_path, f"team/probes/{name}") == reason


def _reason(root: Path, path: str) -> str:
    return Scope(root).reason(path) or Scope(root).reason_but_secrets(path)
