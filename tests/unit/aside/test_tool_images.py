"""Images for those who work on a project: what they cost in every pull is of no account, nor as whom they run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linter.aside.names.toolimages import is_tool_image, is_tool_image_by_name
from tests.test_cli import Run, run

__all__ = ["run"]


@pytest.mark.parametrize(
    ("path", "tool"),
    [
        ("Dockerfile.docs", True),
        ("Dockerfile.cover-linux", True),
        ("images/.devfile.Dockerfile", True),
        ("web/dev.dockerfile", True),
        ("Dockerfile.develop", True),
        ("ci/Dockerfile", True),
        ("build-tools/debian/Dockerfile", True),
        ("Dockerfile", False),
        ("docs/Dockerfile.server", False),
        ("Dockerfile.device-plugin", False),
        ("Dockerfile.doctor", False),
        ("services/cidr/Dockerfile", False),
        ("images/tools/Dockerfile", False),  # pods run it
    ],
)
def test_names(path: str, tool: bool) -> None:
    assert is_tool_image(path) is tool


def test_what_else_may_be_made_of_it() -> None:
    assert is_tool_image_by_name("web/Dockerfile.docs")
    assert not is_tool_image_by_name("web/Dockerfile.ci")
    assert not is_tool_image_by_name("ci/Dockerfile")


def test_what_it_costs_and_as_whom_it_runs_is_set_aside(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tooling").mkdir()
    for name in ("Dockerfile", "Dockerfile.docs", "tooling/Dockerfile"):
        (tmp_path / name).write_text(
            "FROM python:3.12-slim\nRUN pip install mkdocs==1.6 && chmod 777 /x\nUSER 1000\n"
        )

    def told(*arguments: str) -> set[tuple[str, str]]:
        document = json.loads(run("scan", *arguments, "--isolated", "--exit-zero", "-f", "json").out)
        rules = ("pip-cache-left", "world-writable")
        return {(f["path"], f["rule"]) for f in document["findings"] if f["rule"] in rules}

    both = ("pip-cache-left", "world-writable")
    assert told(".") == {*(("Dockerfile", rule) for rule in both), ("tooling/Dockerfile", "world-writable")}
    assert told("Dockerfile.docs") == {("Dockerfile.docs", rule) for rule in both}
