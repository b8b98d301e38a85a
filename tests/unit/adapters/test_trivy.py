"""Trivy: refused versions, broken answers, and its findings joined with ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linter.adapters import trivy, trivy_read
from linter.adapters.program import ProgramError, locate
from linter.adapters.trivy_join import place
from linter.finding import Report, Status
from linter.outside import Wish
from linter.recipe import Recipe
from linter.scan import Request, scan
from linter.text import SourceText
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


@pytest.mark.skipif(locate("trivy") is None, reason="there is no trivy on the search path")
def test_the_real_program(tmp_path: Path) -> None:
    report = scanned(tree(tmp_path), ("config",), "trivy")
    assert not [d for d in report.diagnostics if d.internal]
    theirs = [f for f in report.findings if f.origin == "trivy"]
    assert any(f.rule == "privileged-container" and f.status is Status.DUPLICATE for f in theirs)
    assert any(f.rule == "trivy:KSV-0020" for f in theirs)


def test_lines_of_a_chart_are_found_in_its_template() -> None:
    text = SourceText("t.yaml", "spec:\n  image: {{ .Values.image }}\n  tty: true\n")
    item = misconfiguration("KSV-0001", 40, 44)
    for content, line in (("tty: true", 3), ("image: a", 2), ("gone: 1", 1)):
        item["CauseMetadata"]["Code"] = {"Lines": [{"Content": f"  {content}", "IsCause": True}]}
        report = {"Results": [{"Target": "t.yaml", "Type": "helm", "Misconfigurations": [item]}]}
        (said,) = trivy_read.misconfigurations(report)
        placed = place(said, text)
        assert (placed.line, placed.first, placed.last) == (line, 1, 4)
