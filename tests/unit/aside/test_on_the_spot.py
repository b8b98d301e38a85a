"""Dockerfiles of images that a project builds only to work with them: as whom they run is of no account."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linter.aside.leads.namings import Namings
from linter.aside.leads.onthespot import is_worked_with_on_the_spot
from tests.test_cli import Run, run
from tests.unit.aside.trees import write

__all__ = ["run"]

IMAGE = "FROM golang:1.24\nRUN apt-get update && apt-get install -y unzip\n"
GENERATES = """IMAGE ?= example/proto-generator
generate: image
	$(CONTAINER_ENGINE) run -it --rm \\
		--mount type=bind,source=$$(pwd)/..,target=/src $(IMAGE):$(TAG) /src/generate.sh
image:
	$(CONTAINER_ENGINE) build -t $(IMAGE):$(TAG) -f Dockerfile .
"""


def _is(top: Path, path: str = "proto/Dockerfile") -> bool:
    return is_worked_with_on_the_spot(path, Namings(top))


def test_a_generator_of_code(tmp_path: Path) -> None:
    write(tmp_path, {"proto/Dockerfile": IMAGE, "proto/Makefile": GENERATES, "api/Dockerfile": IMAGE})
    assert _is(tmp_path)
    assert not _is(tmp_path, "api/Dockerfile")


def test_a_pipeline_that_only_builds_it(tmp_path: Path) -> None:
    workflow = (
        "on:\n  push:\n    branches: [main]\nsteps:\n  - with: {context: proto, load: true, push: false}\n"
    )
    write(tmp_path, {"proto/Dockerfile": IMAGE, "proto/Makefile": GENERATES})
    write(tmp_path, {".github/workflows/ci.yaml": workflow})
    assert _is(tmp_path)
    write(tmp_path, {".github/workflows/ci.yaml": workflow.replace("push: false", "push: true")})
    assert not _is(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("proto/Makefile", GENERATES.replace("--rm", "-d")),
        ("proto/Makefile", GENERATES.replace("--mount", "--env")),
        ("proto/Makefile", GENERATES.replace("--rm", "--rm -p 8080:8080")),
        ("proto/Makefile", GENERATES + "push:\n\tdocker push $(IMAGE):$(TAG)\n"),
        ("proto/Makefile", GENERATES.replace("IMAGE ?= example/proto-generator\n", "")),
        ("deploy/pod.yaml", "image: example/proto-generator:1\n"),
        ("release.sh", "kind load docker-image example/proto-generator:1\n"),
    ],
)
def test_what_may_go_elsewhere(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {"proto/Dockerfile": IMAGE, "proto/Makefile": GENERATES})
    write(tmp_path, {name: text})
    assert not _is(tmp_path)


def test_a_program_of_which_nothing_says_that_it_is_a_tool(tmp_path: Path) -> None:
    text = GENERATES.replace("proto-generator", "trainer")
    write(tmp_path, {"training/Dockerfile": IMAGE, "training/Makefile": text})
    assert not _is(tmp_path, "training/Dockerfile")


def test_users_and_sizes_alone_are_set_aside(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"proto/Dockerfile": IMAGE.replace(":1.24", ""), "proto/Makefile": GENERATES})
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    told = {one["rule"] for one in document["findings"]}
    assert "unpinned-base-tag" in told
    assert told.isdisjoint({"missing-user", "apt-lists-left"})
    assert {"missing-user", "apt-lists-left"} <= {one["rule"] for one in document["not_counted"]}
