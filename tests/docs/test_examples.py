"""What the documentation prints works: commands run, configurations and rules load, programs run."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import yaml

from linter.cli import main
from linter.ruleset.examples import examples_of, run_examples
from linter.ruleset.load import load_file
from tests.docs.pages import ROOT, Block, of

# what other programs do is not ours to test; pipes into ours are run below
FOREIGN = (
    "pip ",
    "make ",
    "terraform ",
    "helm ",
    "kustomize ",
    "docker ",
    "pre-commit ",
    "gh ",
    "python -m ",
)


def commands() -> list[tuple[str, str]]:
    """Each `$ …` line with the place of its block."""
    skipped = tuple(f"$ {name}" for name in FOREIGN)
    return [
        (block.id, line[2:].partition("  #")[0].strip())
        for block in of("console")
        for line in block.text.replace("\\\n", " ").splitlines()
        if line.startswith("$ ") and not line.startswith(skipped)
    ]


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the fixtures in it, and what the guides speak of."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "fixtures", folder / "fixtures")
    shutil.copytree(ROOT / "rules" / "kubernetes", folder / "policy", ignore=shutil.ignore_patterns("[b-z]*"))
    (folder / "plan.json").write_text('{"format_version": "1.2", "planned_values": {"root_module": {}}}\n')
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "start")):
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
    return folder


def run(command: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code and output. Plain commands run in this process: starting one for each would take a minute."""
    monkeypatch.chdir(tree)
    if not any(sign in command for sign in "|>$"):
        monkeypatch.setattr(sys, "argv", ["tarecheck", *command.split()[1:]])
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), out.getvalue() + err.getvalue()
    bin_directory = tree / ".bin"
    bin_directory.mkdir(exist_ok=True)
    shim = bin_directory / "tarecheck"
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m linter "$@"\n')
    shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{bin_directory}:{os.environ['PATH']}"}
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(("place", "command"), commands(), ids=lambda value: value.replace("/", "-"))
def test_every_printed_command_is_right(
    place: str, command: str, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right: the words exist and something was scanned. Findings (1) are fine, usage errors and failures are not."""
    baseline = tree / "tarecheck-baseline.json"
    if command.startswith("tarecheck baseline create"):
        baseline.unlink(missing_ok=True)
    elif "baseline" in command and not baseline.exists():  # tests run in any order
        run("tarecheck baseline create fixtures", tree, monkeypatch)
    if command.startswith("tarecheck config init"):
        (tree / "tarecheck.yaml").unlink(missing_ok=True)
    if command.split()[0] not in ("tarecheck", "git"):
        pytest.skip("another program's command")
    code, output = run(command, tree, monkeypatch)
    assert code in (0, 1), f"{place}: {command}\n{output}"


@pytest.mark.parametrize("block", of("yaml", "tarecheck.yaml"), ids=lambda block: block.id)
def test_every_printed_configuration_loads(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tarecheck.yaml").write_text(block.text)
    (tmp_path / "policy").mkdir()
    code, output = run("tarecheck config validate", tmp_path, monkeypatch)
    assert code == 0, output


@pytest.mark.parametrize("block", of("yaml", "policy/"), ids=lambda block: block.id)
def test_every_printed_rule_holds(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "policy" / block.title.split("/", 1)[1]
    path.parent.mkdir(parents=True)
    path.write_text(block.text)
    rule = load_file(path)
    assert [result.problem for result in run_examples(rule, examples_of(path, rule))] == ["", ""]


@pytest.mark.parametrize("block", of("python"), ids=lambda block: block.id)
def test_every_printed_program_runs(block: Block, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(block.text, block.id, "exec"), {"__name__": "__example__"})
    if "print(" in block.text:
        assert out.getvalue().strip()


def test_the_notebook_runs(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    notebook = json.loads((ROOT / "docs" / "examples" / "findings.ipynb").read_text())
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
            assert cell["outputs"] == []
    table = names["Table"](names["rows"])._repr_html_()  # type: ignore[operator]
    assert "nproc-gpu-mismatch" in table


def test_the_printed_suppressions_suppress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = of("yaml", "pod.yaml")
    (tmp_path / "pod.yaml").write_text(block.text)
    _, output = run("tarecheck scan pod.yaml -f gnu", tmp_path, monkeypatch)
    for rule in ("privileged-container", "host-network", "unused-suppression", "expired-suppression"):
        assert f"[{rule}," not in output
    _, output = run("tarecheck scan pod.yaml -f gnu --no-inline-ignores", tmp_path, monkeypatch)
    for rule in ("privileged-container", "host-network"):
        assert f"[{rule}," in output


@pytest.mark.parametrize("block", of("yaml", ".yml"), ids=lambda block: block.id)
def test_printed_pipelines_are_yaml(block: Block) -> None:
    assert isinstance(yaml.safe_load(block.text), dict)


@pytest.mark.parametrize("block", of("yaml", ".pre-commit-config.yaml"), ids=lambda block: block.id)
def test_printed_hook_configurations_are_valid(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(block.text)
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
