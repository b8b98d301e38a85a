"""A program that plays Trivy: it reads what it is asked about, and tells every line with a certain word."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_PROGRAM = """\
#!{python}
import json, pathlib, sys

words = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(" ".join(words[:1] + words[-1:]) + "\\n")
if words[0] == "version":
    print(json.dumps({{"Version": "0.74.0", "VulnerabilityDB": {{"UpdatedAt": "2026-01-02T03:04:05Z"}}}}))
    sys.exit()
results = []
if words[0] == "image":
    weak = {{"VulnerabilityID": "CVE-2099-0001", "PkgName": "libexample", "InstalledVersion": "1.0",
            "Severity": "HIGH"}}
    results.append({{"Target": words[-1], "Class": "os-pkgs", "Vulnerabilities": [weak]}})
else:
    root = pathlib.Path(words[-1])
    for path in sorted(root.rglob("*")):
        if not path.is_file() or ".git" in path.parts:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "privileged: true" in line and words[0] == "config":
                found = {{"ID": "KSV-9999", "Title": "Example", "Message": "an example", "Severity": "HIGH",
                         "Status": "FAIL", "CauseMetadata": {{"StartLine": number, "EndLine": number}}}}
                results.append({{"Target": str(path.relative_to(root)), "Type": "kubernetes",
                                "Misconfigurations": [found]}})
            if "hush" in line and words[0] == "filesystem":
                found = {{"RuleID": "generic", "Title": "Hush", "Severity": "HIGH", "StartLine": number,
                         "EndLine": number}}
                results.append({{"Target": str(path.relative_to(root)), "Class": "secret", "Secrets": [found]}})
print(json.dumps({{"SchemaVersion": 2, "Results": results}}))
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put it alone on the search path; returns the file that tells what it was asked."""
    programs = folder / "programs"
    programs.mkdir()
    log = folder / "asked.log"
    program = programs / "trivy"
    program.write_text(_PROGRAM.format(python=sys.executable, log=str(log)))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return log
