"""SARIF from the command line: suppressions, provenance, and reports that are read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linter.suppress.git import web_address
from tests.test_cli import POD, Run, run
from tests.test_git import commit, git

__all__ = ["run"]

ONLY = ("--select", "privileged-container")


def _results(run: Run, *arguments: str) -> list[dict[str, object]]:
    results: list[dict[str, object]] = _run_of(run, *arguments)["results"]
    return results


def _run_of(run: Run, *arguments: str) -> dict[str, list[dict[str, object]]]:
    log = json.loads(run("scan", "pod.yaml", "-f", "sarif", *ONLY, *arguments).out)
    found: dict[str, list[dict[str, object]]] = log["runs"][0]
    return found


def test_a_suppression_says_its_kind_and_place(run: Run, tmp_path: Path) -> None:
    note = "        privileged: true # tarecheck: ignore[privileged-container] the driver needs it"
    (tmp_path / "pod.yaml").write_text(POD.replace("        privileged: true", note))
    assert _results(run) == []
    (suppressed,) = _results(run, "--sarif-suppressed", "include")
    (said,) = suppressed["suppressions"]  # type: ignore[misc, str-unpack]
    assert said["kind"] == "inSource"  # type: ignore[index]
    assert "the driver needs it" in said["justification"]  # type: ignore[index]
    assert said["location"]["physicalLocation"]["region"]["startLine"] == 9  # type: ignore[index]


def test_a_suppression_by_configuration_is_external(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "tarecheck.yaml").write_text(
        "suppressions:\n  ignore:\n    - {rules: [privileged-container], paths: [pod.yaml], reason: legacy}\n"
    )
    (suppressed,) = _results(run, "--sarif-suppressed", "include")
    assert suppressed["suppressions"][0]["kind"] == "external"  # type: ignore[index]


def test_provenance_is_told_without_credentials(run: Run, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "pod.yaml").write_text(POD)
    commit(tmp_path)
    git(tmp_path, "remote", "add", "origin", "https://user:" + "pass" + "word@git.example.org/team/repo.git")
    (told,) = _run_of(run)["versionControlProvenance"]
    assert told["repositoryUri"] == "https://git.example.org/team/repo"
    assert told["revisionId"] == git(tmp_path, "rev-parse", "HEAD").strip()
    assert "versionControlProvenance" not in _run_of(run, "--reproducible")


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@git.example.org:team/repo.git", "https://git.example.org/team/repo"),
        ("ssh://git@git.example.org:2222/team/repo.git", "https://git.example.org/team/repo"),
        ("https://git.example.org/team/repo", "https://git.example.org/team/repo"),
        ("/srv/git/repo.git", ""),
        ("../repo", ""),
    ],
)
def test_web_addresses(remote: str, address: str) -> None:
    assert web_address(remote) == address


def test_report_reads_merges_and_compares(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    assert run("scan", "pod.yaml", "-o", "old.sarif", *ONLY).code == 1
    (tmp_path / "pod.yaml").write_text("# moved\n" + POD.replace("spec:\n", "spec:\n  hostPID: true\n"))
    assert run("scan", "pod.yaml", "-o", "new.sarif", "--select", "privileged-container,host-pid").code == 1
    compared = run("report", "new.sarif", "--against", "old.sarif", "-f", "json", "--fail-on", "medium")
    assert compared.code == 1
    assert "1 new, 0 fixed, 1 the same." in compared.err
    assert [f["rule"] for f in json.loads(compared.out)["findings"]] == ["host-pid"]
    assert run("report", "new.sarif", "old.sarif", "-o", "all.html").code == 0
    assert "privileged-container" in (tmp_path / "all.html").read_text()
    assert run("report", "missing.sarif").code == 2
    assert run("report", "pod.yaml").code == 2
