"""Use as a library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import linter
from linter import Finding, Severity, UsageError, check, check_text, format_report, rules

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = "FROM registry.example.org/base:1.2\nRUN true\nUSER root\n"


def test_every_public_name_is_there() -> None:
    for name in linter.__all__:
        assert getattr(linter, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = linter.no_such_name


def test_importing_the_package_imports_nothing_of_it() -> None:
    code = "import sys, linter; print([m for m in sys.modules if m.startswith('linter.') or m in ('click', 'yaml')])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_names_stay_functions_after_everything_is_imported() -> None:
    """`linter.scan` is a module: no public name may be that of one."""
    taken = {path.stem for path in (ROOT / "linter").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert not taken.intersection(linter.__all__)


def test_text() -> None:
    report = check_text(DOCKERFILE, "Dockerfile", select=["root-user"])
    (finding,) = report.active
    assert isinstance(finding, Finding)
    assert (finding.rule, finding.location.path, finding.location.line) == ("root-user", "Dockerfile", 3)
    assert finding.severity >= Severity.HIGH


def test_directory(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "tarecheck.yaml").write_text("ignore: [root-user]\n")
    assert "root-user" not in {f.rule for f in check(tmp_path).active}
    assert "root-user" in {f.rule for f in check(tmp_path, isolated=True).active}


def test_errors_are_told_as_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check(tmp_path / "nothing-here")
    with pytest.raises(UsageError):
        check(tmp_path, select=["root-usr"])
    with pytest.raises(UsageError, match="no format"):
        format_report(check_text(DOCKERFILE, "Dockerfile"), "pdf")


def test_a_report_as_json() -> None:
    report = check_text(DOCKERFILE, "Dockerfile", select=["root-user"])
    data = json.loads(format_report(report, "json"))
    assert [finding["rule"] for finding in data["findings"]] == ["root-user"]


def test_rules() -> None:
    assert rules()["root-user"].format == "dockerfile"
