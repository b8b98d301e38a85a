"""Reports: one module a format, each with `write(report, stream, options)`, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, TextIO

from linter.finding import Report
from linter.reporters.coverage import coverage_line
from linter.reporters.options import Options, Provenance

__all__ = ["REPORTERS", "SUFFIXES", "Options", "Provenance", "coverage_line", "write"]

# format -> module with `write(report, stream, options) -> None`
REPORTERS: dict[str, str] = {
    "text": "linter.reporters.terminal",
    "json": "linter.reporters.jsonfile",
    "sarif": "linter.reporters.sarif",
    "junit": "linter.reporters.junit",
    "github": "linter.reporters.github",
    "gitlab": "linter.reporters.gitlab",
    "markdown": "linter.reporters.markdown",
    "csv": "linter.reporters.csvfile",
    "html": "linter.reporters.html",
    "gnu": "linter.reporters.gnu",
}

# the suffix of an output file -> its format
SUFFIXES: dict[str, str] = {
    ".sarif": "sarif",
    ".json": "json",
    ".xml": "junit",
    ".md": "markdown",
    ".csv": "csv",
    ".html": "html",
}

# formats that people read; for the others the coverage line goes to stderr
FOR_PEOPLE = frozenset({"text", "markdown", "html"})


class Reporter(Protocol):
    """What a module in REPORTERS offers. It writes text with `\\n` line ends and closes nothing."""

    def write(self, report: Report, stream: TextIO, options: Options) -> None: ...


def reporter(name: str) -> Reporter:
    """The reporter of a format; KeyError for a name that is not in REPORTERS."""
    module: Reporter = import_module(REPORTERS[name])
    return module


def write(format: str, report: Report, stream: TextIO, options: Options) -> None:  # noqa: A002 the option's name
    """Write `report` in the named format."""
    reporter(format).write(report, stream, options)
