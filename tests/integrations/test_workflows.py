"""The action runs as GitHub runs it; workflows, templates and the image recipe hold to our own rules."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.github_action import outputs, words
from linter import check

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
STEPS: dict[str, dict[str, Any]] = {s["name"]: s for s in ACTION["runs"]["steps"] if "name" in s}
BAD = "FROM registry.example.org/base:1.2\nRUN true\nUSER root\n"


def run_step(
    name: str, workspace: Path, inputs: dict[str, str], more: dict[str, str] | None = None
) -> tuple[int, str, dict[str, str]]:
    """Run a step's script with the environment that the runner gives; exit code, log, outputs."""
    defaults = {key: str(spec.get("default", "")) for key, spec in ACTION["inputs"].items()}
    values = {**defaults, **inputs}
    temp = workspace.parent / "runner"
    out = temp / "output"
    out.write_text("")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(temp),
        "RUNNER_TEMP": str(temp),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(out),
        "GITHUB_STEP_SUMMARY": str(temp / "summary.md"),
        "GITHUB_WORKSPACE": str(workspace),
        **(more or {}),
    }
    for key, value in STEPS[name].get("env", {}).items():
        match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
        if match:
            environment[key] = values[match[1]]
    script = workspace.parent / "step.sh"
    script.write_text(STEPS[name]["run"])
    result = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=workspace, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = dict(line.split("=", 1) for line in out.read_text().splitlines())
    return result.returncode, result.stdout + result.stderr, found


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout, and the virtual environment that the install step leaves."""
    home = tmp_path / "runner"
    venv.create(home / "tarecheck", with_pip=False)
    (site,) = (home / "tarecheck").glob("lib/python*/site-packages")
    (site / "tarecheck.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "Dockerfile").write_text(BAD)
    return folder


def test_findings_are_annotated_counted_and_fail_the_verdict(workspace: Path) -> None:
    code, log, found = run_step("Scan", workspace, {})
    assert code == 0, log
    assert "::error file=Dockerfile,line=3" in log
    assert found["exit-code"] == "1"
    assert int(found["high"]) >= 1
    assert int(found["findings"]) == sum(
        int(found[name]) for name in ("critical", "high", "medium", "low", "info")
    )
    assert json.loads(Path(found["sarif"]).read_text())["version"] == "2.1.0"
    assert "root-user" in (workspace.parent / "runner" / "summary.md").read_text()
    assert run_step("Verdict", workspace, {}, {"CODE": found["exit-code"]})[0] == 1


def test_inputs_reach_the_scan(workspace: Path) -> None:
    inputs = {"fail-on": "none", "args": "--select\nroot-user", "paths": "Dockerfile"}
    _, log, found = run_step("Scan", workspace, inputs)
    assert (found["exit-code"], found["findings"]) == ("0", "1"), log


def test_a_wrong_input_fails_and_leaves_no_report(workspace: Path) -> None:
    _, _, found = run_step("Scan", workspace, {"paths": "nothing-here"})
    assert found == {"exit-code": "2"}
    assert run_step("Verdict", workspace, {}, {"CODE": ""})[0] == 4


def test_inputs_are_never_shell(workspace: Path) -> None:
    marks = ("$(touch owned)", "; touch owned", "`touch owned`", "--config=x\n")
    for text in marks:
        for name in ("paths", "args", "new-since", "sarif-category"):
            run_step("Scan", workspace, {name: text})
    assert not (workspace / "owned").exists()


def test_the_scanned_tree_is_never_imported(workspace: Path) -> None:
    for name in ("linter", "json", "yaml"):
        (workspace / name).mkdir()
        (workspace / name / "__init__.py").write_text("open('owned', 'w')\nraise SystemExit(0)\n")
    code, _, found = run_step(
        "Scan", workspace, {}, {"PYTHONPATH": str(workspace), "TARECHECK_FAIL_ON": "none"}
    )
    assert (code, found["exit-code"]) == (0, "1")
    assert not (workspace / "owned").exists()


def test_no_expression_stands_in_a_script() -> None:
    for path in [ROOT / "action.yml", *WORKFLOWS]:
        data = yaml.safe_load(path.read_text())
        jobs = data["jobs"].values() if "jobs" in data else [data["runs"]]
        for job in jobs:
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), path.name
                uses = step.get("uses", "./")
                assert uses.startswith("./") or re.search(r"@[0-9a-f]{40}$", uses), uses


def test_every_input_and_output_is_documented() -> None:
    text = (ROOT / "docs" / "guides" / "github.md").read_text()
    for name in [*ACTION["inputs"], *ACTION["outputs"]]:
        assert f"`{name}`" in text


def test_words_and_outputs() -> None:
    found = words({"INPUT_PATHS": "a b\n\n c", "INPUT_FAIL_ON": "high"}, Path("s"), Path("j"))
    assert found[-4:] == ["--fail-on=high", "--", "a b", "c"]
    assert outputs(2, Path("/nothing"), Path("/nothing")) == {"exit-code": "2"}


def test_our_image_passes_our_strict_profile() -> None:
    report = check(ROOT / "Dockerfile", profile="strict")
    # a comment of ours says why git has no version; that there is one is all that may be told
    assert {finding.rule for finding in report.active} <= {"inline-ignore-used"}
    assert report.coverage.read == {"dockerfile": 1}


@pytest.mark.slow
def test_the_steps_of_our_image_work(tmp_path: Path) -> None:
    """The step that makes a program of the checkout, as it is written, and what the image starts then."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    home = tmp_path / "opt"
    venv.create(home, with_pip=False)
    (site,) = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    build = tmp_path / "build"
    for folder in re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE):
        shutil.copytree(ROOT / folder, build / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (step,) = (line for line in re.findall(r"^RUN (.*)$", text, re.MULTILINE) if "compileall" in line)
    subprocess.run(["sh", "-ec", step.replace("/opt/tarecheck", str(home))], cwd=build, check=True)
    (entry,) = re.findall(r"^ENTRYPOINT (\[.*\])$", text, re.MULTILINE)
    (words,) = re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
    work = tmp_path / "work"
    work.mkdir()
    (work / "Dockerfile").write_text(BAD)
    environment = {"PATH": f"{home}/bin", "HOME": "/", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [str(home / "bin" / json.loads(entry)[0]), *json.loads(entry)[1:], *json.loads(words)]
    result = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1, result.stderr
    assert "root-user" in result.stdout
    assert (site / "linter" / "__pycache__").is_dir()


@pytest.mark.parametrize("tool", ["zizmor", "actionlint", "hadolint"])
def test_linters_of_others_agree(tool: str) -> None:
    found = shutil.which(tool) or shutil.which(str(Path(sys.executable).parent / tool))
    if found is None:
        pytest.skip(f"{tool} is not installed")
    arguments = {
        "zizmor": ["--offline", "--quiet", "--no-progress", str(ROOT / ".github"), str(ROOT / "action.yml")],
        "actionlint": [str(path) for path in WORKFLOWS],
        "hadolint": [str(ROOT / "Dockerfile")],
    }[tool]
    result = subprocess.run([found, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_gitlab_job_runs(workspace: Path) -> None:
    """Its script, with the variables that GitLab gives on the default branch."""
    job = yaml.safe_load((ROOT / "gitlab" / "tarecheck.gitlab-ci.yml").read_text())["tarecheck"]
    python = workspace.parent / "runner" / "tarecheck" / "bin" / "python"
    script = "\n".join(job["script"]).replace("/tmp/tarecheck/bin/tarecheck", f"{python} -m linter")
    environment = {"PATH": os.environ["PATH"], "HOME": str(workspace.parent)} | job["variables"]
    result = subprocess.run(
        ["sh", "-ec", script], cwd=workspace, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1, result.stderr
    rows = json.loads((workspace / "gl-code-quality-report.json").read_text())
    assert "root-user" in {row["check_name"] for row in rows}
