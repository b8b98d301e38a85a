"""GitHub Actions: annotations by workflow commands, and a step summary where the runner offers one."""

from __future__ import annotations

import io
import os
from typing import TextIO

from linter.finding import Finding, Report, Severity
from linter.reporters import markdown, tally
from linter.reporters.options import Options
from linter.reporters.visible import visible

_COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
SUMMARY_LIMIT = 1_000_000  # bytes; GitHub refuses a step summary over 1 MiB


def write(report: Report, stream: TextIO, options: Options) -> None:
    """Worst first: GitHub shows ten annotations of a kind for a step. Appends to $GITHUB_STEP_SUMMARY."""
    findings = tally.worst_first(tally.shown(report, options.show_suppressed))
    stream.writelines(_command(report, finding) for finding in findings)
    for diagnostic in report.diagnostics:
        if diagnostic.level in ("warning", "error"):
            where = (
                f" file={_property(diagnostic.path)},line={max(diagnostic.line, 1)}"
                if diagnostic.path
                else ""
            )
            stream.write(f"::{diagnostic.level}{where}::{_data(diagnostic.message)}\n")
    summary = options.environment.get("GITHUB_STEP_SUMMARY")
    if summary:
        with open(summary, "a", encoding="utf-8", newline="\n", opener=_at_once) as file:
            file.write(_summary(report, options))


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe that nobody reads would be waited for


def _summary(report: Report, options: Options) -> str:
    text = io.StringIO()
    markdown.write_capped(report, text, options, SUMMARY_LIMIT)
    return text.getvalue()


def _command(report: Report, finding: Finding) -> str:
    place = finding.location
    rule = tally.rule_of(report, finding.rule)
    properties = {"file": place.path, "line": str(place.line)}
    if place.end_line > place.line:
        properties["endLine"] = str(place.end_line)  # columns are only allowed within one line
    else:
        properties["col"] = str(place.column)
        properties["endColumn"] = str(max(place.end_column, place.column))
    properties["title"] = f"{finding.severity.label}: {finding.rule}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    parts = [visible(finding.message)]
    if rule.fix:
        parts.append("Fix: " + " ".join(rule.fix.split()))
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(chr(10).join(parts), lines=True)}\n"


def _data(text: str, *, lines: bool = False) -> str:
    """The message of a command: percent signs and line ends are the runner's escapes."""
    shown = "\n".join(visible(line) for line in text.split("\n")) if lines else visible(text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
