"""Kept results: the same bytes as a fresh scan whatever has changed, and never anybody else's words."""

from __future__ import annotations

import datetime
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linter import cache as kept_results
from linter.cache import shards
from linter.cache.codec import Decoder, Encoder
from linter.finding import (
    Confidence,
    Diagnostic,
    Edit,
    Excerpt,
    Finding,
    Fix,
    Location,
    Related,
    Severity,
    Skipped,
    Status,
)
from linter.formats import secrets
from linter.frozen import fields
from linter.recipe import load_rules
from linter.reporters import REPORTERS
from linter.ruleset import guests
from linter.ruleset.cachefile import default_directory
from linter.suppress.model import Suppression
from linter.unit import FileResult
from tests.test_cli import POD, Result, Run, run

__all__ = ["run"]  # the fixture

ROLE = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n  acl    = var.acl\n}\nvariable "acl" {}\n'
FILES = {
    "k8s/pod.yaml": POD,
    "k8s/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"
    "spec: {selector: {app: none}, ports: [{port: 80}]}\n",
    "k8s/ignored.yaml": POD.replace(
        "    - name", "    # tarecheck: ignore[privileged-container] known until=2020-01-01\n    - name"
    ),
    "broken.yaml": "apiVersion: v1\nkind: Pod\nspec: {a: [\n",
    "notes.yaml": "just: words\n",
    "Dockerfile": "FROM alpine:latest\nUSER root\n",
    "compose.yaml": "services: {app: {image: 'a:1', privileged: true, env_file: app.env}}\n",
    "tf/main.tf": 'module "m" {\n  source = "./m"\n  acl    = "private"\n}\n',
    "tf/m/main.tf": ROLE,
}

Scan = Callable[..., Result]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "tree"


@pytest.fixture
def scan(run: Run, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scan]:
    monkeypatch.setenv("TARECHECK_NO_CACHE", "0")
    _with_rules(tmp_path / "cache")

    def call(*arguments: object) -> Result:
        return run("scan", tree, "--cache-dir", tmp_path / "cache", *arguments)

    yield call
    for folder, _, _ in os.walk(tmp_path):
        os.chmod(folder, 0o700)


def _with_rules(cache: Path) -> Path:
    """A cache that has the compiled rules: compiling them anew would take seconds."""
    name = load_rules().name
    cache.mkdir()
    shutil.copy(default_directory() / name, cache / name)
    return cache


def _fresh(scan: Scan, *arguments: object) -> str:
    return scan("--no-cache", *arguments).out


def _shards(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "results").glob("*/*.bin"))


@pytest.mark.parametrize("name", REPORTERS)
def test_cold_and_warm_give_the_same_bytes(scan: Scan, name: str) -> None:
    fresh = _fresh(scan, "-f", name)
    cold, warm = scan("-f", name, "-v"), scan("-f", name, "-v")
    assert "cache: 0 of " in cold.err
    assert "cache: 9 of 9 results" in warm.err
    assert scan("-f", name).out == fresh
    assert scan("-f", name, "--jobs", "2").out == fresh


def test_workers_fill_the_cache(scan: Scan) -> None:
    fresh = _fresh(scan)
    assert scan("--jobs", "2").out == fresh
    again = scan("-v")
    assert "9 of 9 results" in again.err


def _append(path: str, text: str) -> Callable[[Path], object]:
    return lambda tree: (tree / path).write_text((tree / path).read_text() + text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_append("k8s/pod.yaml", "---\n" + POD.replace("name: p", "name: q")), id="a file"),
        pytest.param(lambda tree: (tree / "k8s/pod.yaml").unlink(), id="a file gone"),
        pytest.param(lambda tree: (tree / "k8s/pod.yaml").rename(tree / "k8s/other.yaml"), id="a name"),
        pytest.param(lambda tree: (tree / "k8s/new.yaml").write_text(POD), id="a new file"),
        pytest.param(
            lambda tree: (tree / "tf/m/main.tf").write_text(ROLE.replace("var.acl", '"public-read-write"')),
            id="a called module",
        ),
        pytest.param(
            lambda tree: (tree / "tf/terraform.tfvars").write_text('x = "y"\n'), id="a file beside a module"
        ),
        pytest.param(
            lambda tree: (tree / "app.env").write_text(
                "HF_TOKEN=" + secrets.sample("huggingface-user-token")
            ),
            id="an env file",
        ),
        pytest.param(
            lambda tree: (tree / "tarecheck.yaml").write_text(
                "rules: {privileged-container: {severity: low}}\n"
            ),
            id="the configuration",
        ),
        pytest.param(
            lambda tree: (tree / "k8s/tarecheck.yaml").write_text("ignore: [privileged-container]\n"),
            id="the configuration of a folder",
        ),
    ],
)
def test_a_change_is_seen(scan: Scan, tree: Path, change: Callable[[Path], object]) -> None:
    before = scan().out
    change(tree)
    after = scan().out
    assert after == _fresh(scan)
    assert after != before or (tree / "tf/terraform.tfvars").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".env", "TAG=latest\n"),
        ("compose.override.yaml", "services: {app: {privileged: false}}\n"),
        ("base/common.yaml", "services: {base: {cap_add: [SYS_ADMIN]}}\n"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_what_a_compose_file_is_put_together_from(
    scan: Scan, tree: Path, name: str, text: str, there: bool
) -> None:
    (tree / "compose.yaml").write_text(
        "services: {app: {image: 'a:${TAG}', privileged: true,"
        " extends: {file: base/common.yaml, service: base}}}\n"
    )
    place = tree / name
    (tree / "base").mkdir()
    if name == ".env":  # what is not to be had could be anything
        (tree / "base/common.yaml").write_text("services: {base: {cap_add: [A]}}\n")
    if there:
        place.write_text(text if name == ".env" else "services: {}\n")
    before = scan().out
    place.write_text(text.replace("latest", "1") if there and name == ".env" else text)
    after = scan().out
    assert after == _fresh(scan)
    assert after != before


def test_one_changed_file_is_the_only_one_read_anew(scan: Scan, tree: Path) -> None:
    scan()
    _append("Dockerfile", "ENV A=b\n")(tree)
    assert "cache: 8 of 9 results" in scan("-v").err


@pytest.mark.skipif(os.environ.get("TARECHECK_FULL") != "1", reason="compiles the rules four times")
def test_a_rule_of_the_user_that_changes_counts_anew(scan: Scan, tree: Path) -> None:
    rule = tree / "policy" / "kubernetes" / "no-shell.yaml"
    rule.parent.mkdir(parents=True)
    text = (
        "id: no-shell\ntitle: Named shell\ncategory: correctness\nseverity: high\nconfidence: high\nprofile: default\n"
        "for: container\nwhen: container.name == 'shell'\nat: container.name\nmessage: Says {container.name}.\n"
        "why: So.\nfix: Rename it.\nexamples:\n"
        "  - good: |\n      apiVersion: v1\n  - good: |\n      apiVersion: v1\n"
    )
    (tree / "tarecheck.yaml").write_text("rule-dirs: [policy]\n")
    rule.write_text(text)
    first = scan("--select", "no-shell")
    assert first.out == _fresh(scan, "--select", "no-shell")
    rule.write_text(text.replace("Says", "Tells"))
    assert scan("--select", "no-shell").out == _fresh(scan, "--select", "no-shell") != first.out


def test_no_cache_writes_nothing(scan: Scan, tmp_path: Path) -> None:
    scan("--no-cache")
    assert not (tmp_path / "cache" / "results").exists()


@pytest.mark.parametrize("damage", [b"", b"garbage", None, "tail", "middle"])
def test_damage_is_a_miss_and_told(scan: Scan, tmp_path: Path, damage: bytes | str | None) -> None:
    fresh = scan().out
    for path in _shards(tmp_path):
        data = path.read_bytes()
        if damage == "tail":
            path.write_bytes(data[:-20])
        elif damage == "middle":
            path.write_bytes(data[:60] + bytes([data[60] ^ 1]) + data[61:])
        elif damage is None:
            path.unlink()
            path.mkdir()
        else:
            assert isinstance(damage, bytes)
            path.write_bytes(damage)
    after = scan("-v")
    assert after.out.replace("\r", "") == scan("-v", "--no-cache").out
    assert scan().out == fresh
    assert "0 of 9 results" in after.err
    assert damage is None or "damaged" in after.err


def test_files_of_others_are_not_read(scan: Scan, tmp_path: Path) -> None:
    scan()
    for path in _shards(tmp_path):
        path.chmod(path.stat().st_mode | stat.S_IWOTH)
    assert "0 of 9 results" in scan("-v").err


def test_a_cache_in_the_scanned_tree_is_not_used(
    run: Run, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TARECHECK_NO_CACHE", "0")
    (tmp_path / "home").mkdir()
    _with_rules(tmp_path / "home" / "tarecheck")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    result = run("scan", tree, "--cache-dir", tree / "cache")
    assert "lies in the scanned tree" in result.err
    assert not (tree / "cache").exists()


def test_a_cache_that_can_not_be_written_costs_nothing_else(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = _fresh(scan)
    monkeypatch.setattr(shards, "write_own", lambda *_: False)
    result = scan("-v")
    assert "can't be written" in result.err
    assert scan().out == fresh


def test_kept_results_hold_no_secret(scan: Scan, tree: Path, tmp_path: Path) -> None:
    token, password = secrets.sample("huggingface-user-token"), "kX9" + "vQ2mTr7w" + "Lp4z"
    (tree / "Dockerfile").write_text(
        f"FROM alpine:3\nENV HF_TOKEN={token}\nRUN login --password {password}\n"
    )
    (tree / "k8s/pod.yaml").write_text(
        POD.replace("privileged: true", "privileged: true\n      env:\n"
                    f"        - {{name: HF_TOKEN, value: {token}}}\n"
                    f"        - {{name: DB_PASSWORD, value: {password}}}\n"
                    f"      args: [--api-key={token}]").replace("metadata: {", f"metadata: {{labels: {{t: {token}}}, ")
    )  # fmt: skip
    (tree / "compose.yaml").write_text(
        f"services: {{a: {{image: a, environment: {{DB_PASSWORD: {password}}}}}}}\n"
    )
    (tree / "tf/main.tf").write_text(f'resource "aws_db_instance" "d" {{\n  password = "{password}"\n}}\n')
    scan("-f", "sarif")
    kept = b"".join(path.read_bytes() for path in _shards(tmp_path))
    assert len(kept) > 1000
    assert token.encode() not in kept
    assert password.encode() not in kept
    assert scan("-f", "sarif").out == _fresh(scan, "-f", "sarif")


def test_old_roots_are_forgotten(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan()
    monkeypatch.setattr(shards, "MAX_TOTAL", 1)
    scan("--profile", "strict")
    assert len({path.parent for path in _shards(tmp_path)}) == 1
    assert "9 of 9 results" in scan("--profile", "strict", "-v").err


def test_a_file_of_results_stays_small(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MAX_SHARD", 600)
    fresh = scan().out
    assert all(path.stat().st_size < 40_000 for path in _shards(tmp_path))
    assert scan().out == fresh


@pytest.mark.parametrize("room", [True, False])
def test_what_waits_to_be_written_need_not_stay_in_memory(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    monkeypatch.setattr(shards, "MAX_WAITING", 600)
    if not room:
        monkeypatch.setattr(shards._Aside, "put", lambda *_: os.stat(""))  # raises
    fresh = scan().out
    assert "9 of 9 results" in scan("-v").err
    assert scan().out == fresh


def test_runs_at_the_same_time_do_no_harm(tree: Path, tmp_path: Path) -> None:
    _with_rules(tmp_path / "cache2")
    command = [
        sys.executable,
        "-m",
        "linter",
        "scan",
        str(tree),
        "--cache-dir",
        str(tmp_path / "cache2"),
        "--exit-zero",
    ]
    environment = {**os.environ, "TARECHECK_NO_CACHE": "0", "PYTHONPATH": str(Path(__file__).parent.parent)}
    runs = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=tmp_path
        )
        for _ in range(3)
    ]
    outs = [process.communicate() for process in runs]
    assert {process.returncode for process in runs} == {0}
    assert len({out for out, _ in outs}) == 1
    assert {err for _, err in outs} == {b""}


def test_fixes_and_what_is_new_work_on_kept_results(scan: Scan, tree: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(tree)]
    subprocess.run([*git[:5], "init", "-q", str(tree)], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "start"], check=True)
    (tree / "k8s/new.yaml").write_text(POD.replace("name: p", "name: q"))
    arguments = ("--new-since", "HEAD", "-f", "json")
    fresh = _fresh(scan, *arguments)
    assert scan(*arguments).out == fresh
    warm = scan(*arguments, "-v")
    assert warm.out == fresh
    assert "10 of 10 results" in warm.err
    assert "9 of 9 results" in warm.err
    diff = _fresh(scan, "--diff", "--unsafe-fixes")
    assert diff
    assert scan("--diff", "--unsafe-fixes").out == diff
    assert scan("--diff", "--unsafe-fixes").out == diff


def test_a_result_with_a_failure_of_ours_is_not_kept(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    from linter import loading

    def crash(documents: object) -> None:
        raise ZeroDivisionError

    plan = loading.read_document
    with monkeypatch.context() as patched:
        patched.setattr(loading, "load_format", crash)
        assert scan().code == 4
    assert loading.read_document is plan
    assert scan().code == 1


def test_nothing_is_kept_when_a_rule_is_not_asked_any_more(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(guests.WATCH, "given_up", {"boom"})
        scan("--jobs", "1")
        assert _shards(tmp_path) == []
    scan("--jobs", "1")
    assert _shards(tmp_path) != []


def test_every_field_of_a_result_is_kept() -> None:
    place = Location("a", 1, 2, 3, 4, 5, 6)
    excerpt = Excerpt.of(1, ("x",))
    finding = Finding(
        "r", Severity.HIGH, Confidence.HIGH, "m", place, "s", "e", excerpt, (Related(place, "n"),),
        Fix("d", (Edit("a", 1, 2, "t"),), True), 3, Status.SUPPRESSED, "w", "o", ("i",), (("k", "v"),),
    )  # fmt: skip
    day = datetime.date(2027, 1, 2)
    ignored = Suppression(("r",), 1, 2, place, excerpt, "e", "t", "w", day, "b", "f")
    result = FileResult(
        "a", "k", (finding,), (Diagnostic("note", "m", "a", 1, 2, True),), Skipped("a", "r"), 4, {"r": 1}, (ignored,),
        ((("t", "x"), "a", "s", (1,), "", 7),), ({"b": {}},), frozenset({"r"}), ({"c": 1},), (("i", 1),),
    )  # fmt: skip
    for item in (result, finding, ignored):  # a field that is added is added here, and to the codec
        assert all(getattr(item, name) for name in fields(item))
    encoder, decoder = Encoder(), Decoder()
    data = encoder.pack([result])
    decoder.learn(encoder.sets)
    assert decoder.unpack(data, result.path) == [result]


def test_facts_that_hold_a_secret_are_not_kept() -> None:
    token = secrets.sample("huggingface-user-token")
    assert kept_results._lasting([FileResult("a", records=((("k8s-x", "x"), "a", "", ("plain",)),))])
    named = FileResult("a", records=((("k8s-x",), "a", "team-3/Deployment/server-1200"),))
    assert kept_results._lasting([named])
    assert not kept_results._lasting([FileResult("a", records=((("k8s-x", "x"), "a", "", (token,)),))])
