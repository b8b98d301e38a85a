"""Trivy: refused versions, broken answers, and its findings joined with ours."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from linter.adapters import trivy, trivy_read
from linter.adapters.program import ProgramError, locate
from linter.adapters.trivy_join import place
from linter.finding import Report, Status
from linter.outside import Wish
from linter.recipe import Recipe
from linter.reporters import REPORTERS, Options, write
from linter.scan import Request, scan
from linter.text import SourceText
from tests.programs import needs_trivy
from tests.test_git import commit, git
from tests.unit.adapters.test_program import script

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: trainer
spec:
  containers:
    - name: trainer
      image: registry.example.org/trainer:1.2
      securityContext:
        privileged: true
"""


@pytest.mark.parametrize("version", sorted(trivy.COMPROMISED))
def test_compromised_versions_are_refused(version: str) -> None:
    with pytest.raises(ProgramError, match=f"trivy {version} is refused"):
        trivy.check(f"v{version}")


def test_a_compromised_file_is_not_even_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, answer(), monkeypatch)
    program = tmp_path / "bin" / "trivy"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    known = hashlib.sha256(program.read_bytes()).hexdigest()
    monkeypatch.setattr(trivy, "COMPROMISED_FILES", frozenset({known}))
    report = scanned(tree(tmp_path), ("config",), "trivy")
    (told,) = (d.message for d in report.diagnostics if d.internal)
    assert "is refused: its checksum is that of trivy 0.69.4" in told
    assert not (tmp_path / "started").exists()


def test_checksums_are_whole() -> None:
    assert all(len(bytes.fromhex(digest)) == 32 for digest in trivy.COMPROMISED_FILES)


def test_versions() -> None:
    trivy.check("0.74.0")
    trivy.check("dev")
    with pytest.raises(ProgramError, match="too old"):
        trivy.check("0.40.0")
    with pytest.raises(ProgramError, match="can't be read"):
        trivy.check("seventy")


def fake(folder: Path, answer: str, monkeypatch: pytest.MonkeyPatch, version: str = "0.74.0") -> None:
    """A program named trivy that tells a version and gives an answer to everything else."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "answer").write_text(answer)
    words = json.dumps({"Version": version})
    script(programs, f"[ \"$1\" = version ] && echo '{words}' && exit 0\ncat {programs}/answer", "trivy")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


def tree(folder: Path) -> Path:
    root = folder / "tree"
    root.mkdir()
    (root / "pod.yaml").write_text(POD)
    return root


def scanned(root: Path, kinds: tuple[str, ...] = ("config",), *required: str) -> Report:
    return scan(
        Request(
            paths=(root,),
            recipe=Recipe(paths=(str(root),), isolated=True),
            cwd=root,
            wish=Wish(kinds, required=frozenset(required)),
        )
    )


def misconfiguration(identifier: str, first: int, last: int, **more: Any) -> dict[str, Any]:
    return {
        "ID": identifier,
        "Title": "Privileged container",
        "Message": "should not be privileged",
        "Severity": "HIGH",
        "Status": "FAIL",
        "CauseMetadata": {"StartLine": first, "EndLine": last},
        **more,
    }


def answer(*items: dict[str, Any]) -> str:
    result = {"Target": "pod.yaml", "Class": "config", "Type": "kubernetes", "Misconfigurations": items}
    return json.dumps({"SchemaVersion": 2, "Results": [result]})


def test_one_fact_is_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, answer(misconfiguration("KSV-0017", 7, 10)), monkeypatch)
    report = scanned(tree(tmp_path))
    same = [f for f in report.findings if f.rule == "privileged-container"]
    assert [(f.origin, f.status) for f in same] == [
        ("trivy", Status.DUPLICATE),
        ("tarecheck", Status.ACTIVE),
    ]
    assert dict(same[1].properties)["also"] == "trivy:KSV-0017"


def test_what_only_trivy_knows_has_its_own_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, answer(misconfiguration("KSV-9999", 7, 10)), monkeypatch)
    report = scanned(tree(tmp_path))
    (found,) = (f for f in report.active if f.origin == "trivy")
    assert (found.rule, found.location.line, found.location.path) == ("trivy:KSV-9999", 7, "pod.yaml")
    assert report.rules["trivy:KSV-9999"].origin == "trivy"


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("Container 'trainer' of Pod 'trainer' should not be privileged", Status.DUPLICATE),
        ('container "trainer" of pod "trainer" should not be privileged', Status.DUPLICATE),
        ("Container 'other' of Pod 'trainer' should not be privileged", Status.ACTIVE),
        ("Container 'trainer' of Pod 'other' should not be privileged", Status.ACTIVE),
        ("should not be privileged", Status.ACTIVE),
    ],
)
def test_the_object_is_the_place_where_lines_are_off(
    message: str, status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, answer(misconfiguration("KSV-0017", 2, 3, Message=message)), monkeypatch)
    (found,) = (f for f in scanned(tree(tmp_path)).findings if f.origin == "trivy")
    assert (found.rule, found.status) == ("privileged-container", status)


def test_what_is_told_twice_of_a_line_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [misconfiguration("KSV-9999", first, first) for first in (40, 50)]
    items = answer(*told, told[0]).replace('"kubernetes"', '"helm"')
    fake(tmp_path, items, monkeypatch)
    found = [f.status for f in scanned(tree(tmp_path)).findings if f.origin == "trivy"]
    assert sorted(found) == [Status.ACTIVE, Status.DUPLICATE]


def test_our_suppressions_hold_for_trivy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, answer(misconfiguration("KSV-9999", 7, 10)), monkeypatch)
    root = tree(tmp_path)
    words = POD.replace("- name: trainer", "- name: trainer  # tarecheck: ignore[trivy:KSV-9999] known")
    (root / "pod.yaml").write_text(words)
    (found,) = (f for f in scanned(root).findings if f.rule == "trivy:KSV-9999")
    assert (found.status, found.reason) == (Status.SUPPRESSED, "known")
    assert not [f for f in scanned(root).active if f.rule == "unused-suppression"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("nonsense", "no JSON"),
        ("[]", "no report of Trivy"),
        ('{"SchemaVersion": 1}', "schema 1"),
    ],
)
def test_broken_answers_are_told(
    said: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, said, monkeypatch)
    root = tree(tmp_path)
    told = [d for d in scanned(root).diagnostics if words in d.message]
    assert [(d.level, d.internal) for d in told] == [("warning", False)]
    told = [d for d in scanned(root, ("config",), "trivy").diagnostics if words in d.message]
    assert [(d.level, d.internal) for d in told] == [("error", True)]


def test_a_crash_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "", monkeypatch)
    (tmp_path / "bin" / "answer").unlink()
    told = [d.message for d in scanned(tree(tmp_path)).diagnostics if "trivy" in d.message]
    assert any("trivy config failed" in message for message in told)


def test_a_missing_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    report = scanned(tree(tmp_path), ("config",), "trivy")
    assert [d.message for d in report.diagnostics if d.internal] == [
        "nothing from trivy: there is no trivy on the search path"
    ]


def test_images_are_asked_where_they_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = {
        "VulnerabilityID": "CVE-2099-0001",
        "PkgName": "libexample",
        "InstalledVersion": "1.0",
        "FixedVersion": "1.1",
        "Severity": "CRITICAL",
        "Title": "An example",
        "CweIDs": ["CWE-787"],
    }
    said = {
        "SchemaVersion": 2,
        "Results": [{"Target": "x", "Class": "os-pkgs", "Vulnerabilities": [weak, weak]}],
    }
    fake(tmp_path, json.dumps(said), monkeypatch)
    (found,) = (f for f in scanned(tree(tmp_path), ("image",)).active if f.origin == "trivy")
    assert (found.rule, found.location.line) == ("trivy:CVE-2099-0001", 8)
    assert found.message == (
        "Image registry.example.org/trainer:1.2 has libexample 1.0, "
        "which CVE-2099-0001 is known of; 1.1 mends it."
    )


def test_reading_trusts_no_type() -> None:
    strange = {"Results": [3, {"Misconfigurations": [None, {"ID": 5, "CauseMetadata": []}], "Secrets": "x"}]}
    assert [said.id for said in trivy_read.misconfigurations(strange)] == [""]
    assert list(trivy_read.secrets(strange)) == []


@needs_trivy
def test_the_real_program(tmp_path: Path) -> None:
    report = scanned(tree(tmp_path), ("config",), "trivy")
    assert not [d for d in report.diagnostics if d.internal]
    theirs = [f for f in report.findings if f.origin == "trivy"]
    assert any(f.rule == "privileged-container" and f.status is Status.DUPLICATE for f in theirs)
    assert any(f.rule == "trivy:KSV-0020" for f in theirs)


def token() -> str:
    """Shaped like a token of GitHub's; put together here, so that no scanner finds it in this file."""
    return "gh" + "p_" + "".join("aB3dE6gH9kLmN0pQrS2tUvW4xYz5C7f8J1hG"[i] for i in range(36))


@needs_trivy
def test_the_real_program_finds_a_secret_that_nobody_prints(tmp_path: Path) -> None:
    root = tree(tmp_path)
    (root / "notes.txt").write_text(f"one\nuse {token()} for now\n")
    (root / "Dockerfile").write_text(f"FROM scratch\nENV GITHUB_TOKEN={token()}\n")
    report = scanned(root, ("secret",), "trivy")
    assert not [d for d in report.diagnostics if d.internal]
    theirs = {(f.location.path, f.location.line): f for f in report.findings if f.origin == "trivy"}
    alone, ours_too = theirs["notes.txt", 2], theirs["Dockerfile", 2]
    assert (alone.rule, alone.status) == ("trivy:github-pat", Status.ACTIVE)
    assert ours_too.status is Status.DUPLICATE
    assert report.rules["trivy:github-pat"].category == "secrets"
    for name in REPORTERS:
        stream = io.StringIO()
        write(name, report, stream, Options(show_suppressed=True, sarif_suppressed="include"))
        assert token() not in stream.getvalue()
        assert token()[4:20] not in stream.getvalue()


@pytest.mark.skipif(
    locate("trivy") is None or shutil.which("git") is None, reason="there is no trivy, or no git"
)
def test_the_real_program_knows_what_was_there_before(tmp_path: Path) -> None:
    root = tree(tmp_path)
    git(root, "init", "-q")
    commit(root)
    git(root, "checkout", "-q", "-b", "work")
    (root / "other.yaml").write_text(POD.replace("name: trainer", "name: second"))
    recipe = Recipe(paths=(str(root),), isolated=True)
    wish = Wish(("config", "secret"))
    report = scan(Request((root,), recipe, cwd=root, wish=wish, new_since="main"))
    new = {f.location.path for f in report.active if f.origin == "trivy"}
    known = {f.location.path for f in report.findings if f.status is Status.BASELINED}
    assert (new, known) == ({"other.yaml"}, {"pod.yaml"})


def test_lines_of_a_chart_are_found_in_its_template() -> None:
    text = SourceText("t.yaml", "spec:\n  image: {{ .Values.image }}\n  tty: true\n")
    item = misconfiguration("KSV-0001", 40, 44)
    for content, line in (("tty: true", 3), ("image: a", 2), ("gone: 1", 1)):
        item["CauseMetadata"]["Code"] = {"Lines": [{"Content": f"  {content}", "IsCause": True}]}
        report = {"Results": [{"Target": "t.yaml", "Type": "helm", "Misconfigurations": [item]}]}
        (said,) = trivy_read.misconfigurations(report)
        placed = place(said, text)
        assert (placed.line, placed.first, placed.last) == (line, 1, 4)
