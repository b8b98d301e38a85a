"""Baseline, new-since and policy-from in real git repositories."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_cli import CLEAN, POD, Run, run

__all__ = ["run"]
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

ONLY = ("--select", "privileged-container,host-pid")


def git(cwd: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def commit(root: Path, message: str = "change") -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "settings.yaml").write_text(CLEAN)
    commit(tmp_path, "first")
    git(tmp_path, "checkout", "-q", "-b", "work")
    return tmp_path


def found(run: Run, *arguments: str) -> list[tuple[str, str]]:
    findings = json.loads(run("scan", ".", "-f", "json", *ONLY, *arguments).out)["findings"]
    return [(f["rule"], f["path"]) for f in findings]


def test_new_since_tells_only_what_the_branch_added(run: Run, repository: Path) -> None:
    assert found(run, "--new-since", "main") == []
    (repository / "pod.yaml").write_text(
        "# moved down\n" + POD.replace("spec:\n", "spec:\n  hostPID: true\n")
    )
    assert found(run, "--new-since", "main") == [("host-pid", "pod.yaml")]
    git(repository, "mv", "pod.yaml", "renamed.yaml")
    commit(repository)
    assert found(run, "--new-since", "main") == [("host-pid", "renamed.yaml")]
    assert len(found(run)) == 2


def test_new_since_an_unknown_reference_is_a_usage_error(run: Run, repository: Path) -> None:
    result = run("scan", ".", "--new-since", "nowhere")
    assert result.code == 2
    assert "nowhere" in result.err


def test_a_pull_request_cannot_turn_its_own_gate_green(run: Run, repository: Path) -> None:
    bad = POD.replace(
        "        privileged: true\n",
        "        privileged: true # tarecheck: ignore[privileged-container] trust me\n",
    )
    (repository / "new.yaml").write_text(bad)
    (repository / "tarecheck.yaml").write_text("ignore: [all]\nfail-on: none\nexclude: ['*.yaml']\n")
    commit(repository)
    assert run("scan", ".").code in (0, 3)
    gated = run("scan", ".", "--policy-from", "main", "--new-since", "main", "-f", "json")
    assert gated.code == 1
    rules = {(f["rule"], f["path"]) for f in json.loads(gated.out)["findings"]}
    assert ("privileged-container", "new.yaml") in rules


def test_policy_from_keeps_what_the_base_suppresses(run: Run, repository: Path) -> None:
    git(repository, "checkout", "-q", "main")
    (repository / "pod.yaml").write_text(
        POD.replace(
            "        privileged: true\n",
            "        privileged: true # tarecheck: ignore[privileged-container] needs the driver\n",
        )
    )
    commit(repository)
    git(repository, "checkout", "-q", "-b", "next")
    assert ("privileged-container", "pod.yaml") not in found(run, "--policy-from", "main")


def test_baseline_from_creation_to_pruning(run: Run, repository: Path) -> None:
    assert run("baseline", "create").code == 0
    assert run("baseline", "create").code == 2  # it exists
    again = run("scan", ".", "--baseline", "tarecheck-baseline.json")
    assert again.code == 0
    (repository / "pod.yaml").write_text(
        "# one line more\n" + POD.replace("spec:\n", "spec:\n  hostPID: true\n")
    )
    result = run("scan", ".", "--baseline", "tarecheck-baseline.json", "-f", "json")
    assert [f["rule"] for f in json.loads(result.out)["findings"]] == ["host-pid"]
    assert result.code == 1
    assert run("baseline", "update").code == 0
    assert run("scan", ".", "--baseline", "tarecheck-baseline.json").code == 0
    (repository / "pod.yaml").write_text(CLEAN)
    assert "prune" in (lambda r: r.out + r.err)(run("scan", ".", "--baseline", "tarecheck-baseline.json"))
    assert run("baseline", "prune").code == 0
    assert json.loads((repository / "tarecheck-baseline.json").read_text())["findings"] == []


def test_a_missing_baseline_is_a_usage_error(run: Run, repository: Path) -> None:
    assert run("scan", ".", "--baseline", "none.json").code == 2


def test_policy_from_reads_a_baseline_of_the_tree_at_the_reference(
    run: Run, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    gate = ("--policy-from", "main", "--baseline")
    assert run("baseline", "create").code == 0
    assert run("scan", ".", *gate, "tarecheck-baseline.json").code == 2  # main has none
    outside = tmp_path_factory.mktemp("outside") / "known.json"
    (repository / "tarecheck-baseline.json").rename(outside)
    assert run("scan", ".", *gate, str(outside)).code == 0  # it is not the pull request's to write
