"""Programs that fail, each in its own way: one clear sentence, and exit code 4 where the program was required."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linter.adapters import helm, kustomize, trivy
from linter.adapters.program import Limits
from linter.finding import Report
from linter.outside import Wish
from linter.recipe import Recipe
from linter.scan import Request, scan
from tests.test_cli import Run, run
from tests.unit.adapters.test_program import script
from tests.unit.adapters.test_trivy import POD

__all__ = ["run"]
LITTLE = Limits(seconds=0.5, output=2_000)
FLOOD = "yes 0123456789 | head -c 100000"
GARBAGE = "echo nonsense"


def tree(folder: Path, program: str) -> Path:
    """What the program would be asked about."""
    root = folder / "tree"
    (root / "templates").mkdir(parents=True)
    if program == "helm":
        (root / "Chart.yaml").write_text("apiVersion: v2\nname: example\nversion: 1.0.0\n")
        (root / "templates" / "pod.yaml").write_text(POD.replace("1.2", "{{ .Values.tag }}"))
    else:
        (root / "pod.yaml").write_text(POD)
        (root / "kustomization.yaml").write_text("resources: [pod.yaml]\n")
    return root


def body(program: str, version: str, then: str) -> str:
    told = {
        "trivy": json.dumps({"Version": version}),
        "helm": f"v{version}",
        "kustomize": f"v{version}",
    }[program]
    return f"case \"$*\" in version*) echo '{told}'; exit 0;; esac\n{then}"


def scanned(root: Path, program: str, *, required: bool) -> Report:
    kinds = ("config",) if program == "trivy" else ()
    wish = Wish(kinds, required=frozenset({program} if required else ()))
    return scan(Request((root,), Recipe(paths=(str(root),), isolated=True), cwd=root, wish=wish))


FAILURES = [
    ("trivy", "0.40.0", GARBAGE, "trivy 0.40.0 is too old: 0.57 is the first that can be used"),
    ("trivy", "0.69.5", GARBAGE, "trivy 0.69.5 is refused: an image of the same attack (CVE-2026-33634)"),
    ("trivy", "new", GARBAGE, "trivy tells a version that can't be read: new"),
    ("trivy", "0.74.0", "sleep 60", "trivy did not end within 0.5 seconds and was stopped"),
    ("trivy", "0.74.0", "kill -SEGV $$", "trivy crashed (SIGSEGV)"),
    ("trivy", "0.74.0", "echo 'FATAL no memory' >&2; exit 1", "trivy config failed: FATAL no memory"),
    ("trivy", "0.74.0", FLOOD, "trivy wrote more than 0.002 MB and was stopped"),
    ("trivy", "0.74.0", GARBAGE, "trivy config answered with something that is no JSON"),
    ("trivy", "0.74.0", "echo '{}'", "trivy config answered in schema None; this reads schema 2"),
    ("helm", "2.17.0", "exit 1", "helm 2.17.0 is too old: 3.0.0 is the first that can be used"),
    ("helm", "3.20.0", "sleep 60", "helm did not end within 0.5 seconds and was stopped"),
    ("helm", "3.20.0", "kill -SEGV $$", "helm crashed (SIGSEGV)"),
    ("helm", "3.20.0", FLOOD, "helm wrote more than 0.002 MB and was stopped"),
    ("helm", "3.20.0", GARBAGE, "helm answered with something that is no rendered chart"),
    ("kustomize", "3.8.1", "exit 1", "kustomize 3.8.1 is too old: 4.5.0 is the first that can be used"),
    ("kustomize", "5.8.1", "sleep 60", "kustomize did not end within 0.5 seconds and was stopped"),
    ("kustomize", "5.8.1", "kill -SEGV $$", "kustomize crashed (SIGSEGV)"),
    ("kustomize", "5.8.1", FLOOD, "kustomize wrote more than 0.002 MB and was stopped"),
    (
        "kustomize",
        "5.8.1",
        GARBAGE,
        "kustomize answered with something that does not say where it comes from",
    ),
]


@pytest.mark.parametrize(("program", "version", "then", "words"), FAILURES)
def test_each_failure_has_its_words(
    program: str, version: str, then: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (helm, kustomize, trivy):
        monkeypatch.setattr(module, "LIMITS", LITTLE)
    programs = tmp_path / "programs"
    programs.mkdir()
    script(programs, body(program, version, then), program)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    root = tree(tmp_path, program)
    told = [d for d in scanned(root, program, required=False).diagnostics if words in d.message]
    assert [(d.level, d.internal) for d in told] == [("warning", False)]
    failed = [d for d in scanned(root, program, required=True).diagnostics if d.internal]
    assert [(d.level, words in d.message) for d in failed] == [("error", True)]


@pytest.mark.parametrize("program", ["helm", "kustomize", "trivy"])
def test_a_required_program_that_is_not_there_is_exit_4(
    program: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree(tmp_path, program)
    monkeypatch.setenv("PATH", "/nowhere")
    result = run("scan", str(root), "--exit-zero", f"--require={program}")
    assert result.code == 4
    assert f"there is no {program}" in result.out + result.err or f"neither {program}" in result.out
    assert run("scan", str(root), "--exit-zero").code == 0


def test_a_chart_that_does_not_render_is_not_the_fault_of_a_required_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    script(programs, body("helm", "3.20.0", "echo 'Error: no value for tag' >&2; exit 1"), "helm")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    report = scanned(tree(tmp_path, "helm"), "helm", required=True)
    assert not [d for d in report.diagnostics if d.internal]
    (missed,) = report.coverage.unrendered
    assert missed.reason == "chart not rendered: helm says: no value for tag"


def test_output_that_is_no_yaml_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    then = "printf -- '---\\n# Source: example/templates/pod.yaml\\na: [1\\nb: }\\n'"
    script(programs, body("helm", "3.20.0", then), "helm")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    report = scanned(tree(tmp_path, "helm"), "helm", required=False)
    told = [d for d in report.diagnostics if "what it was rendered to can't be read" in d.message]
    assert [d.path for d in told] == ["templates/pod.yaml"]
    assert "privileged-container" in {f.rule for f in report.active}
