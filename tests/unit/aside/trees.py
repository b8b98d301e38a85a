"""Small trees and findings for tests of what is set aside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from linter.aside import Scope
from linter.aside.leads.namings import Namings
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity, Status

ROOT = Path("/repo")  # of trees of which nothing is there but names
INFOS = {
    "key": RuleInfo(
        "key", "t", "secrets", Severity.CRITICAL, Confidence.HIGH, "default", "any", "", "", "", ""
    )
}


def write(top: Path, files: Mapping[str, str]) -> Path:
    """Write files, by their paths below a folder; that folder."""
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


def reason_by_namings(top: Path, path: str) -> str:
    """Why a file counts for nothing by what the project names; empty: it counts."""
    return Scope(top).reason_by_namings(path, Namings(top))


def finding(
    path: str, severity: Severity = Severity.HIGH, status: Status = Status.ACTIVE, rule: str = "rule"
) -> Finding:
    """A finding at the start of a file; that of the rule `key` is about a secret, as `INFOS` says."""
    return Finding(rule, severity, Confidence.HIGH, "m", Location(path, 1, 1, 1, 2), status=status)
