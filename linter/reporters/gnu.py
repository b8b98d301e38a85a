"""One line a finding, as compilers print: `path:line:column: level: message [rule]`."""

from __future__ import annotations

from typing import TextIO

from linter.finding import Finding, Report, Severity
from linter.reporters.options import Options
from linter.reporters.tally import shown
from linter.reporters.visible import shown_path, visible

# the words that editors' error formats know
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}


def write(report: Report, stream: TextIO, options: Options) -> None:
    """The GNU coding standards' error format, which Emacs, Vim, VS Code and reviewdog read."""
    stream.writelines(_line(finding) for finding in shown(report, options.show_suppressed))


def _line(finding: Finding) -> str:
    place = finding.location
    where = f"{shown_path(place.path)}:{place.line}:{place.column}"
    level = _LEVELS[finding.severity]
    return (
        f"{where}: {level}: {visible(finding.message)} [{visible(finding.rule)}, {finding.severity.label}]\n"
    )
