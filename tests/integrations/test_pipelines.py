"""The printed pipelines of Azure and Jenkins: their own scripts run, with the variables that those runners give."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.docs.pages import ROOT, of
from tests.test_cli import POD
from tests.test_git import commit, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def azure() -> str:
    (block,) = of("yaml", "azure-pipelines.yml")
    steps = yaml.safe_load(block.text)["steps"]
    known = {
        "checkout",
        "fetchDepth",
        "task",
        "inputs",
        "script",
        "displayName",
        "condition",
        "publish",
        "artifact",
    }
    assert all(step.keys() <= known for step in steps)
    assert steps[0] == {"checkout": "self", "fetchDepth": 0}
    return next(step["script"] for step in steps if step.get("displayName") == "Scan")


def jenkins() -> str:
    (block,) = of("groovy", "Jenkinsfile")
    assert block.text.count("{") == block.text.count("}")
    (script,) = re.findall(r"sh '''\n(.*?)'''", block.text, re.DOTALL)
    lines = [line for line in script.splitlines() if "venv" not in line and "install" not in line]
    assert len(lines) == len(script.splitlines()) - 2
    return "\n".join(lines)


# runner -> its script, what it sets on a pull request into main
RUNNERS = {
    "azure": (azure, {"BUILD_REASON": "PullRequest", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}),
    "jenkins": (jenkins, {"CHANGE_TARGET": "main"}),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone whose main has one flaw, and whose branch adds another and a configuration that hides all."""
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    git(upstream, "init", "-q")
    (upstream / "old.yaml").write_text(POD)
    commit(upstream)
    git(tmp_path, "clone", "-q", str(upstream), "work")
    work = tmp_path / "work"
    (work / "new.yaml").write_text(POD.replace("name: shell", "name: another"))
    (work / "tarecheck.yaml").write_text("ignore: [all]\n")
    git(work, "checkout", "-q", "-b", "branch")
    commit(work)
    return work


def run(script: str, checkout: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    tools = checkout.parent / "tarecheck" / "bin"
    tools.mkdir(parents=True)
    shim = tools / "tarecheck"
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m linter "$@"\n')
    shim.chmod(0o755)
    environment = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "HOME": str(checkout.parent),
        "WORKSPACE_TMP": str(checkout.parent),
        **variables,
    }
    return subprocess.run(
        ["sh", "-c", script], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("runner", RUNNERS)
def test_on_a_pull_request_only_its_own_flaws_count(runner: str, checkout: Path) -> None:
    script, variables = RUNNERS[runner]
    result = run(script(), checkout, variables)
    assert result.returncode == 1, result.stderr
    cases = ElementTree.parse(checkout / "tarecheck.xml").findall(".//testcase")
    assert {
        case.get("file", case.get("classname")) for case in cases if case.find("failure") is not None
    } == {"new.yaml"}
    assert (checkout / "tarecheck.sarif").exists()


@pytest.mark.parametrize("runner", RUNNERS)
def test_on_a_branch_its_configuration_holds(runner: str, checkout: Path) -> None:
    script, _ = RUNNERS[runner]
    assert run(script(), checkout, {}).returncode == 0
    (checkout / "tarecheck.yaml").unlink()
    shutil.rmtree(checkout.parent / "tarecheck")
    result = run(script(), checkout, {})
    assert result.returncode == 1
    assert "old.yaml" in result.stdout
