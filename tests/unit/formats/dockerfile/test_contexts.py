"""Where images are built from, and what weighs there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from linter.formats.dockerfile.contexts import SMALL, Contexts
from linter.formats.records import FOLDER
from tests.test_cli import Run, run

__all__ = ["run"]

TREE = {
    "": {".git": FOLDER, "go.mod": 10, "src": FOLDER, "tools": FOLDER, "docker": FOLDER},
    "src": {"main.go": 20, "node_modules": FOLDER, "data.bin": 1_000},
    "src/node_modules": {"x.js": SMALL},
    "tools": {"report": FOLDER},
    "tools/report": {"Dockerfile": 30, "main.py": 40},
    "docker": {"Dockerfile": 30, "api": FOLDER},
    "docker/api": {"Dockerfile": 30},
}


def names(tree: Mapping[str, Mapping[str, int]]) -> Contexts:
    return Contexts(lambda folder: tree.get(folder, {}))


@pytest.mark.parametrize(
    ("dockerfile", "sources", "folder"),
    [
        ("tools/report/Dockerfile", ["."], "tools/report"),
        ("tools/report/Dockerfile", [".", "main.py"], "tools/report"),
        ("tools/report/Dockerfile", [".", "tools/report/main.py"], ""),
        ("docker/api/Dockerfile", [".", "src", "go.mod"], ""),
        ("docker/api/Dockerfile", ["."], "docker"),
        ("docker/api/Dockerfile", [".", "dist/x"], "docker/api"),  # built before, nobody knows where
        ("Dockerfile", ["gone"], ""),
    ],
)
def test_the_folder_that_has_what_is_copied(dockerfile: str, sources: list[str], folder: str) -> None:
    assert names(TREE).folder(dockerfile, sources) == folder


def test_sizes() -> None:
    contexts = names(TREE)
    assert contexts.size("src") == 1_020  # what tools make locally is no part of a fresh clone
    assert contexts.size("src/main.go") == 20
    assert contexts.size("gone") is None
    assert names({"": {"a": FOLDER}, "a": dict.fromkeys(map(str, range(3_000)), 1)}).size("a") == SMALL


@pytest.mark.parametrize(
    ("files", "tidy"),
    [
        ({"main.py": 10, "Dockerfile": 10}, True),
        ({"main.py": 10, ".env.example": 10}, True),
        ({"main.py": 10, ".env": 10}, False),
        ({"index.js": 10, "package.json": 10}, False),
        ({"main.py": 10, "llm_weights": FOLDER}, False),
        ({"main.py": SMALL}, False),
        (dict.fromkeys(map(str, range(30)), 1), False),
        ({}, False),
    ],
)
def test_tidy_folders(files: dict[str, int], tidy: bool) -> None:
    tree = {"": {"app": FOLDER}, "app": files}
    assert names(tree).is_tidy("app") is tidy
    assert not names({"": files}).is_tidy("")  # the top has a history


def test_what_is_small_is_set_aside_where_a_folder_is_scanned(run: Run, tmp_path: Path) -> None:
    dockerfile = "FROM ubuntu:24.04\nCOPY SOURCE /app/\nRUN useradd app && chown -R app /app\nUSER app\n"
    for name, source in (
        ("a", "main.py"),
        ("b", "big.txt"),
        ("c", "--from=build /out/app"),
        ("d", "dist/app.jar"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text(dockerfile.replace("SOURCE", source))
    (tmp_path / "a" / "main.py").write_text("print()\n")
    (tmp_path / "b" / "big.txt").write_text("x" * SMALL)

    def told(*arguments: str) -> tuple[set[str], set[str]]:
        document = json.loads(run("scan", *arguments, "--isolated", "--exit-zero", "-f", "json").out)
        kinds = (document["findings"], document["not_counted"])
        found = [{f["path"][0] for f in kind if f["rule"] == "chown-after-copy"} for kind in kinds]
        return found[0], found[1]

    assert told(".") == ({"b", "c", "d"}, {"a"})
    assert told("a/Dockerfile") == ({"a"}, set())  # alone it is not measured


@pytest.mark.parametrize(
    ("size", "source", "counts"),
    [
        (17_000, "model.bin", False),
        (SMALL, "model.bin", True),
        (130, "model.bin", True),  # stands for a file that is kept elsewhere
        (None, "model.bin", True),
        (17_000, "model.bin other.safetensors", True),
        (17_000, "--from=train /model.bin", True),
    ],
)
def test_small_models_are_set_aside(
    run: Run, tmp_path: Path, size: int | None, source: str, counts: bool
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/Dockerfile").write_text(f"FROM python:3.12-slim\nCOPY {source} /app/\nUSER 1000\n")
    if size is not None:
        (tmp_path / "app/model.bin").write_bytes(b"x" * size)
    document = json.loads(run("scan", ".", "--isolated", "--exit-zero", "-f", "json").out)
    assert any(one["rule"] == "model-weights-in-image" for one in document["findings"]) is counts
