"""The scan step of the GitHub action: inputs from the environment, annotations to the log, counts to the outputs.

Runs with the standard library and `python -I`, so that nothing in the scanned tree can be imported. The exit code of
the scan is an output: the action uploads SARIF before it fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SEVERITIES = ("critical", "high", "medium", "low", "info")
_OPTIONS = ("fail-on", "profile", "new-since", "policy-from", "sarif-category")


def words(environment: Mapping[str, str], sarif: Path, report: Path) -> list[str]:
    """The words after `tarecheck scan`. Paths and arguments are one a line: no shell splits them."""
    found = ["-f", "github", "-o", f"sarif:{sarif}", "-o", f"json:{report}"]
    for name in _OPTIONS:
        value = environment.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()
        if value:
            found.append(f"--{name}={value}")
    found += _lines(environment.get("INPUT_ARGS", ""))
    return [*found, "--", *(_lines(environment.get("INPUT_PATHS", "")) or ["."])]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def outputs(code: int, sarif: Path, report: Path) -> dict[str, str]:
    """What later steps can ask. Values are numbers and our own paths: no line of a scanned file gets in."""
    found = {"exit-code": str(code)}
    if sarif.is_file():
        found["sarif"] = str(sarif)
    if report.is_file():
        found["json"] = str(report)
        summary = json.loads(report.read_text(encoding="utf-8"))["summary"]
        found["findings"] = str(int(summary["findings"]))
        found |= {name: str(int(summary["by_severity"].get(name, 0))) for name in SEVERITIES}
    return found


def main() -> int:
    folder = Path(os.environ["RUNNER_TEMP"]) / "tarecheck-reports"
    folder.mkdir(parents=True, exist_ok=True)
    sarif, report = folder / "tarecheck.sarif", folder / "tarecheck.json"
    for old in (sarif, report):
        old.unlink(missing_ok=True)
    # the inputs alone decide: no TARECHECK_ variable of the job changes the gate unseen
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TARECHECK_")}
    command = [sys.executable, "-I", "-m", "linter", "scan", *words(os.environ, sarif, report)]
    code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 no shell
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in outputs(code, sarif, report).items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
