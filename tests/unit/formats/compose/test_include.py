"""What a Compose file takes over by `include`."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from linter.formats.compose.include import MAX_ENTRIES
from linter.formats.compose.read import read_within
from linter.formats.compose.sources import MAX_FILES
from linter.formats.document import Document
from linter.text import SourceText
from tests.test_cli import Run, run
from tests.unit.formats.compose.test_sources import put, service, spot

__all__ = ["run"]  # the fixture

DB = "services:\n  db:\n    image: db:${TAG:-1}\n    privileged: true\n"


def read(root: Path, path: str = "compose.yaml") -> Document:
    return read_within(SourceText(path, (root / path).read_text()), root)


def faults(document: Document) -> list[tuple[str, str]]:
    """Each problem with the text that it points at."""
    return [(p.message, document.text.text[p.start : p.end]) for p in document.problems]


def found(run: Run, root: Path, *paths: str) -> set[tuple[str, str, int]]:
    report = json.loads(run("scan", *[root / p for p in paths or ["."]], "-f", "json", "--no-cache").out)
    said = [(f["rule"], f["path"], f["line"]) for f in report["findings"]]
    assert len(said) == len(set(said))
    return {(rule, os.path.relpath(path, root) if os.path.isabs(path) else path, n) for rule, path, n in said}


@pytest.mark.parametrize(
    "entry",
    [
        "- db/compose.yaml",
        "- ./db/../db/compose.yaml",
        "- {path: db/compose.yaml}",
        "- path: [db/compose.yaml]",
        "- ${WHERE:-db}/compose.yaml",
    ],
)
def test_services_of_included_files_are_services_of_the_project(tmp_path: Path, entry: str) -> None:
    web = "{image: w:1, depends_on: {db: {condition: service_healthy}}}"
    text = f"include:\n  {entry}\nservices:\n  web: {web}\n"
    root = put(tmp_path, {"compose.yaml": text, "db/compose.yaml": "version: '3'\n" + DB})
    db = service(root, "compose.yaml", "db")
    assert db.privileged is True
    assert db.awaited == "service_healthy"
    assert spot(db, "privileged") == ("db/compose.yaml", "privileged: true")
    document = read(root)
    assert [s.name for s in document.root.services] == ["db", "web"]
    assert document.root.versioned is False  # only resources are taken over
    assert document.problems == []


def test_files_of_an_entry_are_merged_and_what_includes_them_lies_above(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [{path: [a/one.yaml, b/two.yaml]}, c.yaml]\nservices: {x: {user: '3'}}\n",
        "a/one.yaml": "services: {x: {image: 'one:1', user: '1', restart: always}}\n",
        "b/two.yaml": "services: {x: {user: '2', restart: unless-stopped}}\n",
        "c.yaml": "services: {x: {restart: on-failure, pid: host}}\n",
    }
    x = service(put(tmp_path, files), "compose.yaml", "x")
    assert (x.image, x.user, x.restart, x.pid) == ("one:1", "3", "unless-stopped", "host")


def test_paths_start_from_the_project_directory_and_variables_come_from_its_env(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include:\n  - {path: lib/db.yaml, project_directory: proj}\n",
        ".env": "OUTER=o\nBOTH=outer\n",
        "lib/db.yaml": "include: [more.yaml]\nservices:\n  db:\n    image: 'db:${TAG}'\n"
        "    labels: {a: '${OUTER}-${BOTH}'}\n    extends: {file: base.yaml, service: b}\n",
        "lib/.env": "TAG=wrong\n",
        "proj/.env": "TAG=7\nBOTH=inner\n",
        "proj/more.yaml": "services: {more: {image: 'm:${TAG}'}}\n",
        "proj/base.yaml": "services: {b: {mem_limit: 1g}}\n",
    }
    root = put(tmp_path, files)
    db = service(root, "compose.yaml", "db")
    assert db.image == "db:7"
    assert db.mem_limit == "1g"
    assert db.node.get("labels").get("a").text() == "o-outer"  # type: ignore[union-attr]
    assert service(root, "compose.yaml", "more").image == "m:7"


@pytest.mark.parametrize(
    ("env_file", "image"),
    [("e/a.env", "db:a"), ("[e/a.env, e/b.env]", "db:b"), ("/dev/null", "db:1"), ("none.env", "db:1")],
)
def test_variables_of_the_named_env_files(tmp_path: Path, env_file: str, image: str) -> None:
    files = {
        "compose.yaml": f"include: [{{path: db/compose.yaml, env_file: {env_file}}}]\n",
        "db/compose.yaml": DB,
        "db/.env": "TAG=default\n",
        "e/a.env": "TAG=a\n",
        "e/b.env": "TAG=b\n",
    }
    assert service(put(tmp_path, files), "compose.yaml", "db").image == image


def test_services_extend_what_is_included(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [db.yaml]\nservices: {mine: {extends: db, image: 'm:1'}}\n",
        "db.yaml": DB,
    }
    assert service(put(tmp_path, files), "compose.yaml", "mine").privileged is True


def test_an_override_lies_over_what_its_base_includes(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [db.yaml]\n",
        "compose.override.yaml": "services: {db: {privileged: false}}\n",
        "db.yaml": DB,
    }
    root = put(tmp_path, files)
    for path in ("compose.yaml", "compose.override.yaml"):
        assert service(root, path, "db").privileged is False
        assert service(root, path, "db").image == "db:1"


@pytest.mark.parametrize(
    ("files", "message", "at"),
    [
        ({}, "Includes 'db.yaml', which is not there.", "db.yaml"),
        ({"db.yaml": "services: ["}, "Includes 'db.yaml', which can't be read as a Compose file.", "db.yaml"),
        (
            {"db.yaml": "include: [compose.yaml]\n" + DB},
            "Includes itself: compose.yaml includes db.yaml includes compose.yaml.",
            "db.yaml",
        ),
    ],
)
def test_faults_are_said_where_the_entry_stands(
    tmp_path: Path, files: dict[str, str], message: str, at: str
) -> None:
    text = "include:\n  - db.yaml\nservices: {web: {image: 'w:1', privileged: true}}\n"
    document = read(put(tmp_path, {"compose.yaml": text, **files}))
    assert faults(document) == [(message, at)]
    assert next(s for s in document.root.services if s.name == "web").privileged is True


def test_a_file_that_includes_itself(tmp_path: Path) -> None:
    document = read(put(tmp_path, {"compose.yaml": "include: [./compose.yaml]\n"}))
    assert faults(document) == [("Includes itself: compose.yaml includes compose.yaml.", "./compose.yaml")]


@pytest.mark.parametrize(
    "path",
    [
        "../out.yaml",
        "{absolute}",
        "link.yaml",
        "pipe.yaml",
        "${X}",
        "oci://host/a:1",
        "https://host/a.git",
        "",
    ],
)
def test_nothing_outside_of_the_tree_is_included(tmp_path: Path, path: str) -> None:
    outside = tmp_path / "out.yaml"
    outside.write_text(DB)
    root = tmp_path / "tree"
    root.mkdir()
    (root / "link.yaml").symlink_to(outside)
    os.mkfifo(root / "pipe.yaml")
    shown = path.replace("{absolute}", str(outside))
    put(root, {"compose.yaml": f"include: ['{shown}']\n"})
    document = read(root)
    assert document.root.services == []
    assert document.problems == []


@pytest.mark.parametrize("key", ["project_directory", "env_file"])
def test_an_entry_does_not_reach_out_of_the_tree(tmp_path: Path, key: str) -> None:
    (tmp_path / ".env").write_text("TAG=outside\n")
    root = put(
        tmp_path / "tree",
        {
            "compose.yaml": f"include: [{{path: db.yaml, {key}: {'..' if key[0] == 'p' else '../.env'}}}]\n",
            "db.yaml": DB,
        },
    )
    images = [s.image for s in read(root).root.services]
    assert images in ([], ["db:1"])


@pytest.mark.parametrize(
    "include", ["db.yaml", "{a: b}", "[[a]]", "[{}]", "[null]", "[{path: {a: b}}]", "", "[1]"]
)
def test_shapes_that_compose_does_not_know_are_read_past(tmp_path: Path, include: str) -> None:
    text = f"include: {include}\nservices: {{web: {{image: 'w:1', privileged: true}}}}\n"
    assert service(put(tmp_path, {"compose.yaml": text, "db.yaml": DB}), "compose.yaml").privileged is True


def test_hostile_inclusion_ends_and_says_so(tmp_path: Path) -> None:
    twice = {f"{n}.yaml": f"include: [{n + 1}.yaml, {n + 1}.yaml]\n{DB}" for n in range(MAX_FILES - 2)}
    chain = {f"c{n}.yaml": f"include: [c{n + 1}.yaml]\n{DB}" for n in range(MAX_FILES + 5)}
    many = "\n".join(f"  - m{n}.yaml" for n in range(5_000))
    files = {
        "a.yaml": "include: [0.yaml]\n",
        "b.yaml": "include: [c0.yaml]\n",
        "d.yaml": f"include:\n{many}\n",
    }
    root = put(tmp_path, {**twice, **chain, **files})
    begin = time.process_time()
    doubled, long, wide = (read(root, name) for name in files)
    for document in (doubled, long, wide):
        assert len(document.root.services) <= 1
        assert any(problem.limit for problem in document.problems)
        assert len(document.problems) <= MAX_ENTRIES + 1
    assert time.process_time() - begin < 5


def test_a_scan_says_each_thing_once_in_the_file_where_it_stands(run: Run, tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include:\n  - db/compose.yaml\n  - bits.yaml\n  - {path: t.yaml, env_file: t.env}\n",
        "other.compose.yaml": "include: [db/compose.yaml, bits.yaml]\n",
        "db/compose.yaml": DB,
        # nobody takes it for a Compose file by itself
        "bits.yaml": "services: {c: {image: 'c:1', privileged: true}, d: {image: 'd:1', privileged: true}}\n",
        "t.yaml": 'services:\n  t:\n    image: "r:${TAG}"\n',
        "t.env": "TAG=latest\n",
    }
    root = put(tmp_path / "tree", files)
    expected = {
        ("compose-privileged", "db/compose.yaml", 4),
        ("compose-privileged", "bits.yaml", 1),
        ("compose-image-mutable", "t.yaml", 3),
    }
    report = json.loads(run("scan", root, "-f", "json", "--no-cache").out)
    said = [(f["rule"], f["path"].removeprefix(f"{root}/"), f["line"]) for f in report["findings"]]
    said = [(rule, path.removeprefix("tree/"), line) for rule, path, line in said]
    assert {s for s in said if s[0] in ("compose-privileged", "compose-image-mutable")} == expected
    assert sum(s == ("compose-privileged", "db/compose.yaml", 4) for s in said) == 1


def test_suppressions_hold_in_included_files(run: Run, tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [bits.yaml, db/compose.yaml]\n",
        "db/compose.yaml": DB.replace("true", "true  # tarecheck: ignore[compose-privileged] the lab's own"),
        "bits.yaml": "# tarecheck: ignore-file[compose-privileged] the lab's own\n"
        "services: {c: {image: 'c:1', privileged: true}}\n",
    }
    root = put(tmp_path / "tree", files)
    report = json.loads(run("scan", root, "-f", "json", "--no-cache").out)
    assert [f for f in report["findings"] if f["rule"] == "compose-privileged"] == []


def test_excluded_files_are_not_told_of(run: Run, tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [vendor/db.yaml]\n",
        "vendor/db.yaml": DB,
        "tarecheck.yaml": "exclude: [vendor/**]\n",
    }
    root = put(tmp_path / "tree", files)
    report = json.loads(run("scan", root, "-f", "json", "--no-cache").out)
    assert report["findings"] == []
