"""What a Compose file is put together from: its override, services of other files, its `.env`."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from linter.cel import UNKNOWN
from linter.formats import secrets
from linter.formats.compose.dotenv import variables
from linter.formats.compose.interpolate import HOLE, interpolate
from linter.formats.compose.read import MAX_LINKS, read_within
from linter.formats.compose.service import Service
from linter.formats.compose.sources import MAX_FILES
from linter.text import SourceText
from tests.test_cli import Run, run

__all__ = ["run"]  # the fixture

BASE = """\
services:
  web:
    image: web:1.0
    restart: always
    privileged: true
    command: [serve]
    environment:
      MODE: a
      OTHER: b
    volumes:
      - /var/run/docker.sock:/engine
"""


def put(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(dedent(text))
    return root


def service(root: Path, path: str, name: str = "web") -> Service:
    document = read_within(SourceText(path, (root / path).read_text()), root)
    return next(s for s in document.root.services if s.name == name)


def spot(item: Service, *steps: str | int) -> tuple[str, str]:
    """The file and the text of a place."""
    span = item.locate(steps).span
    start, document = item.document.at(span.start)
    return document.path, document.text.text[span.start - start : span.end - start]


@pytest.mark.parametrize("read_from", ["compose.yaml", "docker-compose.override.yml"])
def test_an_override_is_merged_whichever_file_is_read(tmp_path: Path, read_from: str) -> None:
    override = """\
        services:
          web:
            privileged: false
            mem_limit: 1g
            command: [other]
            environment: [MODE=c, NEW=d]
            volumes: ["./none:/engine"]
        """
    root = put(tmp_path, {"compose.yaml": BASE, "docker-compose.override.yml": override})
    web = service(root, read_from)
    assert web.privileged is False
    assert web.mem_limit == "1g"
    assert web.command == ["other"]
    assert {v.name: v.value for v in web.environment} == {"MODE": "c", "OTHER": "b", "NEW": "d"}
    assert [(m.source, m.target) for m in web.mounts] == [("./none", "/engine")]
    assert not web.open
    assert spot(web) == ("compose.yaml", "web")
    assert spot(web, "mem_limit") == ("docker-compose.override.yml", "mem_limit: 1g")
    assert spot(web, "image") == ("compose.yaml", "image: web:1.0")
    (end,) = web.locate(("image",)).ends
    assert web.document.at(end.place.span.start)[1].path == "docker-compose.override.yml"


def test_what_an_override_takes_away(tmp_path: Path) -> None:
    override = "services: {web: {privileged: !reset false, environment: !override [A=1]}}\n"
    web = service(put(tmp_path, {"compose.yaml": BASE, "compose.override.yaml": override}), "compose.yaml")
    assert web.privileged is False
    assert [v.name for v in web.environment] == ["A"]


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"compose.override.yaml": "services: {web: {image: a:1}}"}, "compose.override.yaml"),
        # the first name that is there counts
        (
            {
                "compose.yaml": BASE,
                "compose.override.yml": "services: {web: {cap_add: [A]}}",
                "compose.override.yaml": "services: {web: {image: a:1}}",
            },
            "compose.override.yaml",
        ),
        ({"compose.yaml": BASE, "compose.override.yaml": "services: {web: ["}, "compose.yaml"),
    ],
)
def test_partial_without_the_other_file(tmp_path: Path, files: dict[str, str], path: str) -> None:
    web = service(put(tmp_path, files), path)
    assert web.open
    assert not web.document.beyond


def test_an_explicit_list_of_files_merges_no_override(tmp_path: Path) -> None:
    files = {
        "compose.yaml": BASE,
        "compose.override.yaml": "services: {web: {privileged: false}}",
        ".env": "COMPOSE_FILE=compose.yaml\n",
    }
    assert service(put(tmp_path, files), "compose.yaml").privileged is True


def test_extends_another_file_in_turn(tmp_path: Path) -> None:
    files = {
        "app/compose.yaml": "services: {web: {extends: {file: ../lib/a.yaml, service: a}, image: 'w:1'}}\n",
        "lib/a.yaml": "services: {a: {extends: {file: b.yaml, service: b}, cap_add: [KILL]}}\n",
        "lib/b.yaml": "services: {b: {mem_limit: 2g, cap_add: [CHOWN]}}\n",
    }
    web = service(put(tmp_path, files), "app/compose.yaml")
    assert not web.open
    assert web.mem_limit == "2g"
    assert web.cap_add == ["CHOWN", "KILL"]


def test_a_value_of_a_file_that_is_no_compose_file_by_itself_is_told_where_it_is_extended(
    tmp_path: Path,
) -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    image: w:1\n    extends:\n      file: c.yaml\n      service: b\n",
        "c.yaml": "services: {b: {privileged: true}}\n",
    }
    web = service(put(tmp_path, files), "compose.yaml")
    assert web.privileged is True
    assert spot(web, "privileged") == ("compose.yaml", "extends")
    assert web.locate(("privileged",)).ends[0].message == "The value is set here."


@pytest.mark.parametrize(
    "base",
    [
        "services: {b: {extends: {file: compose.yaml, service: web}}}",  # in a circle
        "services: {other: {image: a:1}}",
        "services: {b: [",
        "services: {b: {{ .Values }}}",
        None,
    ],
)
def test_open_where_the_extended_service_is_not_to_be_had(tmp_path: Path, base: str | None) -> None:
    files = {"compose.yaml": "services: {web: {image: 'w:1', extends: {file: c.yaml, service: b}}}\n"}
    if base is not None:
        files["c.yaml"] = base
    assert service(put(tmp_path, files), "compose.yaml").open


@pytest.mark.parametrize("file", ["../out.yaml", "{absolute}", "link.yaml", "pipe.yaml", "${X}"])
def test_nothing_outside_of_the_tree_is_read(tmp_path: Path, file: str) -> None:
    import os

    outside = tmp_path / "out.yaml"
    outside.write_text("services: {b: {privileged: true}}\n")
    root = tmp_path / "tree"
    root.mkdir()
    (root / "link.yaml").symlink_to(outside)
    os.mkfifo(root / "pipe.yaml")
    file = file.replace("{absolute}", str(outside))
    text = f"services: {{web: {{image: 'w:1', extends: {{file: '{file}', service: b}}}}}}\n"
    put(root, {"compose.yaml": text})
    web = service(root, "compose.yaml")
    assert web.open
    assert web.privileged is UNKNOWN


def test_values_of_the_env_file_are_known(tmp_path: Path) -> None:
    token = secrets.sample("huggingface-user-token")
    files = {
        "a/compose.yaml": "services: {web: {image: 'w:${TAG:-latest}', environment: {T: '${HF_TOKEN}', N: '${N}'}}}\n",
        "a/.env": f"TAG='1.2'\nHF_TOKEN={token}\nN=4\n",
    }
    web = service(put(tmp_path, files), "a/compose.yaml")
    assert web.image == "w:1.2"
    hidden, number = web.environment
    assert hidden.value is UNKNOWN
    assert hidden.secretKind is None
    assert number.value == "4"


def test_a_default_that_is_a_secret_is_told_whatever_the_env_file_sets(tmp_path: Path) -> None:
    token = secrets.sample("huggingface-user-token")
    text = "services: {web: {image: 'w:1', environment: {HF_TOKEN: '${HF_TOKEN:-" + token + "}'}}}\n"
    web = service(put(tmp_path, {"compose.yaml": text, ".env": "HF_TOKEN=\n"}), "compose.yaml")
    assert [v.secretKind for v in web.literals] == ["huggingface-user-token"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1", {"A": "1"}),
        ("export A = x y # note", {"A": "x y"}),
        ("A=x#y", {"A": "x#y"}),
        ("A='$B'\nC=\"${A}-${D:-e}\"", {"A": "$B", "C": "$B-e"}),
        ("A=$X", {"A": HOLE}),
        ('A="x\\n"', {"A": HOLE}),
        ("# A=1\n\nB=", {"B": ""}),
        ("DB_PASSWORD=hunter", {"DB_PASSWORD": HOLE}),
    ],
)
def test_grammar_of_env_files(text: str, found: dict[str, str]) -> None:
    assert variables(text) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${A:-x}", "1"),
        ("${A-x}", "1"),
        ("${E:-x}", "x"),
        ("${E-x}", ""),
        ("${A:?no}", "1"),
        ("${A:+y}", "y"),
        ("${E:+y}", ""),
        ("${E+y}", "y"),
        ("${U:+y}", HOLE),
        ("${H:-x}", HOLE),
        ("$A$U", "1" + HOLE),
    ],
)
def test_interpolation_with_variables(text: str, value: str) -> None:
    assert interpolate(text, {"A": "1", "E": "", "H": HOLE}) == value


def test_a_scan_says_each_thing_once_where_it_is_set(run: Run, tmp_path: Path) -> None:
    override = """\
        services:
          web:
            privileged: false
            cap_add: [SYS_ADMIN]
            mem_limit: 1g
            environment:
              POSTGRES_PASSWORD: ${PASSWORD}
        """
    base = BASE.replace("MODE: a", "POSTGRES_PASSWORD: postgres")
    put(
        tmp_path / "tree",
        {"compose.yaml": base, "compose.override.yaml": override, "tarecheck.yaml": "profile: strict\n"},
    )
    report = json.loads(run("scan", tmp_path / "tree", "-f", "json", "--no-cache").out)
    said = {(f["rule"], Path(f["path"]).name, f["line"]) for f in report["findings"]}
    assert len(said) == len(report["findings"])
    assert {
        ("compose-dangerous-capability", "compose.override.yaml", 4),
        ("compose-docker-socket", "compose.yaml", 11),
        ("compose-default-password", "compose.yaml", 8),  # it stands there, whatever runs
        ("compose-writable-rootfs", "compose.yaml", 2),
    } <= said
    rules = {rule for rule, _, _ in said}
    assert not rules & {"compose-privileged", "compose-no-limits"}
    socket = next(f for f in report["findings"] if f["rule"] == "compose-docker-socket")
    assert [(Path(r["path"]).name, r["line"]) for r in socket["related"]] == [("compose.override.yaml", 2)]


def test_a_long_chain_of_files_is_followed_no_further_than_the_limit(tmp_path: Path) -> None:
    files = {
        f"{n}.yaml": f"services: {{b: {{extends: {{file: {n + 1}.yaml, service: b}}, cap_add: [KILL]}}}}\n"
        for n in range(MAX_FILES + 5)
    }
    files["compose.yaml"] = "services: {web: {image: 'w:1', extends: {file: 0.yaml, service: b}}}\n"
    web = service(put(tmp_path, files), "compose.yaml")
    assert web.open
    assert len(web.document.beyond) < MAX_FILES
    assert len(web.locate(("image",)).ends) < len(web.document.beyond)


def test_a_long_row_of_services_is_followed_so_far_and_said(tmp_path: Path) -> None:
    rows = "".join(f"  s{n}: {{extends: s{n + 1}, image: 'a:1'}}\n" for n in range(MAX_LINKS))
    text = f"services:\n{rows}  s{MAX_LINKS}: {{image: 'b:1', privileged: true}}\n"
    document = read_within(SourceText("compose.yaml", text), put(tmp_path, {"compose.yaml": text}))
    services = document.root.services
    assert len(services) == MAX_LINKS + 1
    assert services[-2].open
    assert services[0].image == "a:1"
    assert [problem.limit for problem in document.problems] == [True]
