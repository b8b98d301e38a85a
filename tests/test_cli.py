"""The contract of the command line: outputs, exit codes, errors."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from linter.cli import main
from linter.formats import secrets

POD = """apiVersion: v1
kind: Pod
metadata: {name: shell}
spec:
  containers:
    - name: shell
      image: registry.example.org/shell:1.0
      securityContext:
        privileged: true
"""
CLEAN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {LOG_LEVEL: info}\n"


@dataclass
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]
FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line in an empty directory."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["tarecheck", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit_:
            main()
        captured = capsys.readouterr()
        return Result(int(exit_.value.code or 0), captured.out, captured.err)

    return call


def test_version(run: Run) -> None:
    result = run("--version")
    assert result.code == 0
    assert result.out.startswith("tarecheck ")


def test_a_finding_is_shown_with_its_line_and_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    result = run("scan", "pod.yaml", "--select", "privileged-container")
    assert result.code == 1
    assert "pod.yaml:9:9" in result.out
    assert "privileged: true" in result.out
    assert "privileged-container" in result.out


def test_a_bare_path_is_a_scan(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    assert run("pod.yaml", "-f", "json").out == run("scan", "pod.yaml", "-f", "json").out


def test_exit_codes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "clean.yaml").write_text(CLEAN)
    (tmp_path / "notes.md").write_text("hello\n")
    (tmp_path / "empty").mkdir()
    assert run("scan", "clean.yaml").code == 0
    assert run("scan", "pod.yaml").code == 1
    assert run("scan", "pod.yaml", "--exit-zero").code == 0
    assert run("scan", "pod.yaml", "--fail-on", "none").code == 0
    assert run("scan", "pod.yaml", "--select", "privileged-container", "--fail-on", "critical").code == 1
    assert run("scan", "missing.yaml").code == 2
    assert run("scan", "--no-such-option").code == 2
    assert run("scan", "empty").code == 3
    assert run("scan", "notes.md").code == 0  # as hooks pass files of other kinds
    assert run("scan", "pod.yaml", "missing.yaml").code == 2


@pytest.mark.parametrize("format_name", ["json", "sarif", "gnu", "junit", "csv", "gitlab", "github"])
def test_machine_formats_have_stdout_alone(run: Run, tmp_path: Path, format_name: str) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    result = run("scan", "pod.yaml", "-f", format_name)
    assert result.code == 1
    assert "Coverage:" in result.err
    assert "\x1b" not in result.out
    if format_name in ("json", "sarif", "gitlab"):
        json.loads(result.out)


def test_several_outputs_from_one_scan(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    result = run(
        "scan",
        "pod.yaml",
        "-o",
        "a.sarif",
        "-o",
        "json:b.txt",
        "-o",
        "missing/c.json",
        "--select",
        "privileged-container",
    )
    assert result.code == 4  # one of them could not be written
    assert "missing/c.json" in result.err
    assert (
        json.loads((tmp_path / "a.sarif").read_text())["runs"][0]["results"][0]["ruleId"]
        == "privileged-container"
    )
    assert json.loads((tmp_path / "b.txt").read_text())["findings"][0]["rule"] == "privileged-container"


def test_standard_input(run: Run) -> None:
    result = run("scan", "-", "--stdin-filename", "k8s/pod.yaml", "-f", "gnu", stdin=POD.encode())
    assert result.code == 1
    assert "k8s/pod.yaml:9:9" in result.out
    assert run("scan", "-", "other.yaml", stdin=b"").code == 2


def test_unknown_names_get_the_nearest_match(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    result = run("scan", "pod.yaml", "--select", "privileged-contaner")
    assert result.code == 2
    assert "privileged-container" in result.err


def test_selectors(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)

    def rules(*arguments: str) -> set[str]:
        findings = json.loads(run("scan", "pod.yaml", "-f", "json", *arguments).out)["findings"]
        return {finding["rule"] for finding in findings}

    for selector in ("trivy:KSV-0017", "KSV-0017", "CKV_K8S_16", "privileged-cont*", "privileged-container"):
        assert rules("--select", selector) == {"privileged-container"}
    assert "privileged-container" in rules("--select", "pss:baseline")
    assert "privileged-container" in rules("--select", "privilege")
    assert "privileged-container" not in rules("--ignore", "privileged-container")
    assert rules("--profile", "strict") > rules()
    assert rules("--min-severity", "critical") == {"privileged-container"}


def test_a_broken_file_is_a_finding_and_the_rest_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: x\nspec: [\n")
    (tmp_path / "pod.yaml").write_text(POD)
    report = json.loads(run("scan", ".", "-f", "json").out)
    found = {
        (f["rule"], f["path"]) if "path" in f else (f["rule"], f["location"]["path"])
        for f in report["findings"]
    }
    assert ("unparsable-file", "broken.yaml") in found
    assert ("privileged-container", "pod.yaml") in found


def test_rules_list_is_an_array_of_metadata(run: Run) -> None:
    rows = json.loads(run("rules", "list", "--format", "json").out)
    needed = {
        "id",
        "title",
        "category",
        "severity",
        "confidence",
        "profile",
        "format",
        "subject",
        "aliases",
        "standards",
    }
    assert all(needed <= row.keys() for row in rows)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


def test_explain_by_id_and_by_a_peers_id(run: Run) -> None:
    page = run("explain", "privileged-container")
    assert page.code == 0
    assert "trivy        KSV-0017\n" in page.out
    also = "\n'KSV-0017' is also privileged-for-sysctl.\n"
    assert run("explain", "KSV-0017").out == page.out + also
    wrong = run("explain", "privilegd-container")
    assert wrong.code == 2
    assert "privileged-container" in wrong.err


def test_explain_is_a_manual_page(run: Run) -> None:
    page = run("explain", "low-user-id").out
    headings = [line for line in page.splitlines() if line and not line.startswith(" ")][2:]
    assert headings == [
        "What it says",
        "Why it matters",
        "What to do",
        "Wrong",
        "Right",
        "No verdict",
        "Configuration",
        "Same check elsewhere",
        "Standards",
        *(["References"] if "References" in headings else []),
    ]
    assert "        min: 10000  # lowest user ID that is accepted (int)" in page
    assert "cwe:250  Execution with Unnecessary Privileges" in page
    assert "Container '…' has no user ID of at least …." in page
    assert max(map(len, page.splitlines())) <= 120
    assert "\x1b[" not in page
    assert "\x1b[1mWhy it matters" in run("explain", "low-user-id", "--color", "always").out


def test_explain_shows_every_file_of_an_example(run: Run) -> None:
    page = run("explain", "vllm-service-env-collision").out
    assert "  # serve.yaml\n" in page
    assert "  # svc.yaml\n" in page


def test_rules_show_and_fields(run: Run) -> None:
    assert run("rules", "show", "privileged-container").out.startswith("id: privileged-container")
    fields = run("rules", "fields", "container").out
    assert "securityContext: SecurityContext" in fields
    assert "allowPrivilegeEscalation: bool" in fields
    assert run("rules", "fields", "contaner").code == 2


def test_a_broken_rule_of_the_users_names_file_line_and_column(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy/kubernetes").mkdir(parents=True)
    (tmp_path / "policy/kubernetes/own.yaml").write_text(
        "id: own\ntitle: Own rule of ours\ncategory: privilege\nseverity: low\nconfidence: high\nfor: container\n"
        "when: container.securityContext.privilged\nmessage: Bad.\nwhy: Because.\nfix: Do not.\n"
        "examples:\n  - {bad: 'x', finds: x}\n  - {good: 'x'}\n"
    )
    (tmp_path / "tarecheck.yaml").write_text("rule-dirs: [policy/]\n")
    (tmp_path / "pod.yaml").write_text(POD)
    result = run("scan", "pod.yaml")
    assert result.code == 2
    assert "own.yaml:7:" in result.err
    assert "did you mean 'privileged'" in result.err


def test_two_runs_and_any_number_of_jobs_give_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for index in range(12):
        (tmp_path / f"pod-{index}.yaml").write_text(POD)
    first = run("scan", ".", "-f", "sarif", "--jobs", "1").out
    assert run("scan", ".", "-f", "sarif", "--jobs", "2").out == first
    assert run("scan", ".", "-f", "sarif", "--no-cache").out == first


@pytest.mark.parametrize("language", ["kubernetes", "dockerfile", "terraform", "compose"])
def test_a_new_rule_loads_and_its_examples_hold(run: Run, tmp_path: Path, language: str) -> None:
    assert run("rules", "new", "own-rule", "--format", language).code == 0
    tested = run("rules", "test", "policy")
    assert tested.code == 0, tested.out
    assert "1 rules, 2 examples, 0 failed" in tested.out
    assert run("rules", "new", "own-rule", "--format", language).code == 2
    assert run("rules", "new", "Own_Rule", "--format", language).code == 2


def test_options_can_be_set_by_the_environment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    monkeypatch.setenv("TARECHECK_FORMAT", "gnu")
    monkeypatch.setenv("TARECHECK_FAIL_ON", "none")
    monkeypatch.setenv("TARECHECK_OUTPUT", "report.sarif")
    result = run("scan", "pod.yaml")
    assert result.code == 0
    assert result.out.startswith("pod.yaml:")
    assert (tmp_path / "report.sarif").exists()


def test_a_failure_of_ours_is_no_finding_and_shows_no_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = secrets.sample("huggingface-user-token")

    def crash(*_: object) -> None:
        raise RuntimeError(f"broken by {token}")

    monkeypatch.setattr("linter.cli.scan.scan", crash)
    result = run("scan", ".")
    assert result.code == 4
    assert "tarecheck failed: RuntimeError: broken by " in result.err
    monkeypatch.setenv("TARECHECK_TRACEBACK", "1")
    traced = run("scan", ".")
    assert "Traceback" in traced.err
    assert token not in result.err + result.out + traced.err + traced.out


def test_reports_give_the_verdict_of_the_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "tarecheck.yaml").write_text("fail-on: none\n")
    result = run("scan", ".", "-f", "markdown")
    assert result.code == 0
    assert "❌" not in result.out
    assert "❌" in run("scan", ".", "-f", "markdown", "--fail-on", "high").out


def test_a_folder_outside_of_the_repository_of_the_first_is_scanned_like_any(
    run: Run, tmp_path: Path
) -> None:
    inside, outside = tmp_path / "repository", tmp_path / "elsewhere"
    (inside / ".git").mkdir(parents=True)
    copytree(FIXTURES / "training-job", outside, dirs_exist_ok=True)
    (outside / "Dockerfile").write_text(
        "FROM scratch\nCOPY . /app\nUSER 1\n"
    )  # no .dockerignore up to the root
    (outside / "package.json").write_text("{}\n")
    both = run("scan", "--no-cache", "--no-render", "--format", "json", str(inside), str(outside))
    alone = run("scan", "--no-cache", "--no-render", "--format", "json", str(outside))
    found, expected = (
        sorted((f["rule"], Path(f["path"]).name, f["line"]) for f in json.loads(r.out)["findings"])
        for r in (both, alone)
    )
    assert found == expected
    assert ("copy-dot-no-dockerignore", "Dockerfile", 2) in found
