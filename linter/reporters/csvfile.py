"""CSV for spreadsheets: one row a finding, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from typing import TextIO

from linter.finding import Finding, Report
from linter.reporters import tally
from linter.reporters.options import Options
from linter.reporters.visible import visible

COLUMNS = (
    "severity",
    "confidence",
    "category",
    "rule",
    "path",
    "line",
    "column",
    "subject",
    "message",
    "evidence",
    "fix",
    "standards",
    "aliases",
    "status",
    "reason",
    "identity",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")


def write(report: Report, stream: TextIO, options: Options) -> None:
    """RFC 4180 with `\\n` line ends, UTF-8, a header row."""
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(_row(report, finding) for finding in tally.shown(report, options.show_suppressed))


def _row(report: Report, finding: Finding) -> list[str]:
    rule = tally.rule_of(report, finding.rule)
    place = finding.location
    cells = (
        finding.severity.label,
        finding.confidence.label,
        rule.category,
        finding.rule,
        place.path,
        str(place.line),
        str(place.column),
        finding.subject,
        finding.message,
        finding.evidence,
        " ".join(rule.fix.split()),
        " ".join(rule.standards),
        " ".join(rule.aliases),
        finding.status.value,
        finding.reason,
        finding.identity,
    )
    return [safe(cell) for cell in cells]


def safe(cell: str) -> str:
    """A cell that starts like a formula gets an apostrophe, which spreadsheets hide."""
    shown = visible(cell)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
