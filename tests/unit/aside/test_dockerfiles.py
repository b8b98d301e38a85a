"""Dockerfiles of images that nobody gets: for developers, left behind, and of tools that are run on the spot."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside.leads.dockerfiles import NOT_BUILT
from linter.aside.names.placenames import WORKPLACE
from tests.unit.aside.trees import reason_by_namings as reason
from tests.unit.aside.trees import write

IMAGE = "FROM python:3\n"
SPELL = """spell-build:
	docker build tools/spell -t spell
spell: spell-build
	docker run --rm \\
		-v $(PWD):/src spell
"""


@pytest.mark.parametrize("name", ["Dockerfile.dev", "dev.Dockerfile", "Dockerfile-development"])
def test_one_for_developers_beside_the_one_that_is_released(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"web/Dockerfile": IMAGE, f"web/{name}": IMAGE, f"api/{name}": IMAGE})
    assert reason(tmp_path, f"web/{name}") == WORKPLACE
    assert reason(tmp_path, f"api/{name}") == ""
    assert reason(tmp_path, "web/Dockerfile") == ""


@pytest.mark.parametrize(
    "text", ["docker build -f web/Dockerfile.dev web", "file: web/Dockerfile.${{ matrix.stage }}"]
)
def test_a_pipeline_builds_it(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"web/Dockerfile": IMAGE, "web/Dockerfile.dev": IMAGE, ".github/workflows/ci.yaml": text})
    assert reason(tmp_path, "web/Dockerfile.dev") == ""


def test_what_was_left_behind(tmp_path: Path) -> None:
    write(tmp_path, {"web/Dockerfile": IMAGE, "web/Dockerfile.new": IMAGE, "api/Dockerfile.new": IMAGE})
    assert reason(tmp_path, "web/Dockerfile.new") == NOT_BUILT
    assert reason(tmp_path, "api/Dockerfile.new") == ""
    write(tmp_path, {"Makefile": "image:\n\tdocker build -f web/Dockerfile.new web\n"})
    assert reason(tmp_path, "web/Dockerfile.new") == ""


def test_what_compiles_a_release_counts(tmp_path: Path) -> None:
    write(tmp_path, {"tools/build/Dockerfile": IMAGE, "Makefile": SPELL.replace("spell", "build")})
    assert reason(tmp_path, "tools/build/Dockerfile") == ""


def test_a_tool_that_is_built_and_run_on_the_spot(tmp_path: Path) -> None:
    write(tmp_path, {"tools/spell/Dockerfile": IMAGE, "tools/lint/Dockerfile": IMAGE, "Makefile": SPELL})
    assert reason(tmp_path, "tools/spell/Dockerfile") == WORKPLACE
    assert reason(tmp_path, "tools/lint/Dockerfile") == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Makefile", SPELL.replace("-t spell", "-t example/spell").replace("src spell", "src example/spell")),
        ("Makefile", SPELL.replace("--rm", "-d")),
        ("Makefile", SPELL + "\tdocker tag spell registry.example.org/spell\n"),
        ("deploy/pod.yaml", "image: spell\n"),
        (".github/workflows/ci.yaml", "context: tools/spell\n"),
    ],
)
def test_an_image_that_goes_elsewhere(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {"tools/spell/Dockerfile": IMAGE, "Makefile": SPELL})
    write(tmp_path, {name: text})
    assert reason(tmp_path, "tools/spell/Dockerfile") == ""
