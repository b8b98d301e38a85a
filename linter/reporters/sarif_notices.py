"""What a run says besides its results: notices about files, limits and ourselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import sarif_om

from linter.finding import Diagnostic, Report
from linter.reporters.coverage import coverage_line
from linter.reporters.links import HOME
from linter.reporters.options import Options
from linter.reporters.sarif_rules import sentence

_KINDS = (
    (
        "file-skipped",
        "FileSkipped",
        "A file was found and not read.",
        "Name the file on the command line, or exclude it.",
    ),
    (
        "not-rendered",
        "NotRendered",
        "A chart or kustomization was not rendered.",
        "Give what the reason names; until then its templates are read with holes.",
    ),
    ("scan-notice", "ScanNotice", "Something about the scan that its reader must know.", "Read the notice."),
    (
        "results-truncated",
        "ResultsTruncated",
        "Results were left out to keep the limit.",
        "Scan parts of the tree.",
    ),
    (
        "scan-coverage",
        "ScanCoverage",
        "What was read, skipped and judged.",
        "Check that everything of yours was read.",
    ),
)
_INDEX = {kind[0]: index for index, kind in enumerate(_KINDS)}

NOTICES: list[dict[str, Any]] = [
    {
        "id": name,
        "name": pascal,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": advice},
        "helpUri": HOME,
    }
    for name, pascal, text, advice in _KINDS
]


def invocation(report: Report, options: Options, dropped: int) -> Any:
    """`executionSuccessful` says that the tool ran, not that it found nothing."""
    failed = any(d.internal for d in report.diagnostics)
    notices = [_diagnostic(d) for d in report.diagnostics]
    notices += [
        _notice("file-skipped", "note", f"Skipped: {s.reason}", s.path) for s in report.coverage.skipped
    ]
    notices += [_notice("not-rendered", "note", s.reason, s.path) for s in report.coverage.unrendered]
    if dropped:
        limit = (
            f"{options.sarif_limit:,} results were written; {dropped:,} of the least severe were left out."
        )
        notices.append(_notice("results-truncated", "warning", limit))
    notices.append(_notice("scan-coverage", "note", coverage_line(report)))
    coverage = report.coverage
    return sarif_om.Invocation(
        execution_successful=not failed,
        exit_code=options.exit_code,
        command_line=None if options.reproducible else options.command_line or None,
        start_time_utc=None if options.reproducible else options.started or None,
        end_time_utc=None if options.reproducible else options.ended or None,
        tool_execution_notifications=notices,
        properties={
            "filesFound": coverage.found,
            "filesRead": dict(sorted(coverage.read.items())),
            "filesOther": coverage.other,
            "filesSkipped": len(coverage.skipped),
            "rules": coverage.rules,
            "subjects": coverage.subjects,
            "unknowns": coverage.unknowns,
            "rendered": dict(sorted(coverage.rendered.items())),
        },
    )


def _diagnostic(diagnostic: Diagnostic) -> Any:
    return _notice(
        "scan-notice",
        diagnostic.level,
        diagnostic.message,
        diagnostic.path,
        diagnostic.line,
        diagnostic.column,
    )


def _notice(kind: str, level: str, message: str, path: str = "", line: int = 0, column: int = 0) -> Any:
    locations = None
    if path:
        artifact = {"uri": quote(path, errors="surrogatepass"), "uriBaseId": "%SRCROOT%"}
        region = sarif_om.Region(start_line=line, start_column=max(column, 1)) if line else None
        physical = sarif_om.PhysicalLocation(artifact_location=artifact, region=region)
        locations = [sarif_om.Location(physical_location=physical)]
    return sarif_om.Notification(
        message=sarif_om.Message(text=sentence(message)),
        level=level,
        descriptor=sarif_om.ReportingDescriptorReference(id=kind, index=_INDEX[kind]),
        locations=locations,
    )
