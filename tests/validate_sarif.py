"""Validate SARIF files with Microsoft's validator (kinds Sarif, Gh, Ghas); any error or warning fails.

    python tests/validate_sarif.py FILE...

The validator's exit code says nothing, so its output is read. It is the npm package @microsoft/sarif-multitool,
installed once into `.tools`; without npm, or without a registry, the check is skipped with a reason.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "@microsoft/sarif-multitool@5.7.0"
BINARY = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
LEVELS = "Error;Warning;Note"
KINDS = "Fail;Pass;Review;Open;NotApplicable;Informational"


def multitool() -> Path | str:
    """The validator's program, or the reason why there is none."""
    tools = Path(__file__).parents[1] / ".tools"
    binary = tools / BINARY
    if not binary.exists():
        npm = shutil.which("npm")
        if npm is None:
            return "npm is not installed"
        tools.mkdir(exist_ok=True)
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools), PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or not binary.exists():
            return f"npm could not install {PACKAGE}"
    binary.chmod(0o755)  # npm may have left the package's own chmod out
    return binary


def complaints(binary: Path, file: Path) -> list[str]:
    """Errors and warnings of the validator, one line each."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.sarif"
        command = [str(binary), "validate", str(file), "-o", str(output), "--log", "ForceOverwrite"]
        command += ["--rule-kind", "Sarif;Gh;Ghas", "--level", LEVELS, "--kind", KINDS]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_offline())
        if not output.exists():
            return [f"the validator wrote nothing: {done.stdout}{done.stderr}"]
        runs = json.loads(output.read_text(encoding="utf-8-sig"))["runs"]
    results = [result for run in runs for result in run.get("results", [])]
    return [_line(result) for result in results if result.get("level", "warning") != "note"]


def _offline() -> dict[str, str]:
    """An environment in which every look at the network fails at once.

    The validator asks hundreds of documentation links whether they answer: a minute a file where they can't, and
    nothing that this check is about.
    """
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    return {**os.environ, **dict.fromkeys(names, "http://127.0.0.1:9"), "NO_PROXY": "", "no_proxy": ""}


def _line(result: dict[str, object]) -> str:
    message = result["message"]
    assert isinstance(message, dict)
    told = message.get("text") or " | ".join(message.get("arguments", []))
    return f"{result.get('level', 'warning')} {result['ruleId']}: {told}"


def main(files: list[str]) -> int:
    binary = multitool()
    if isinstance(binary, str):
        print(f"SKIPPED SARIF validation: {binary}")
        return 0
    failed = 0
    for name in files:
        found = complaints(binary, Path(name))
        failed += bool(found)
        print(f"{name}: {'no error, no warning' if not found else f'{len(found)} complaints'}")
        for line in found[:20]:
            print(f"  {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
