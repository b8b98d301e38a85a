"""GitLab's code quality report: the part of Code Climate's format that merge requests show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from linter.finding import Report, Severity
from linter.reporters import tally
from linter.reporters.options import Options
from linter.reporters.visible import quiet, visible

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}
_SECURITY = frozenset({"privilege", "secrets", "encryption", "supply-chain", "network"})


def write(report: Report, stream: TextIO, options: Options) -> None:
    """A JSON array; fingerprints are unique and survive moved lines."""
    stream.write("[")
    comma = "\n"
    for item in _items(report, options):
        stream.write(comma + quiet(json.dumps(item)))
        comma = ",\n"
    stream.write("]\n" if comma == "\n" else "\n]\n")


def _items(report: Report, options: Options) -> Iterator[dict[str, Any]]:
    for finding in tally.shown(report, options.show_suppressed):
        rule = tally.rule_of(report, finding.rule)
        place = finding.location
        yield {
            "type": "issue",
            "check_name": finding.rule,
            "description": visible(finding.message),
            "content": {"body": "\n\n".join(" ".join(part.split()) for part in (rule.why, rule.fix) if part)},
            "categories": ["Security" if rule.category in _SECURITY else "Bug Risk"],
            "severity": _SEVERITIES[finding.severity],
            "fingerprint": finding.identity,
            "location": {
                "path": place.path.removeprefix("./"),
                "lines": {"begin": place.line, "end": max(place.end_line, place.line)},
            },
        }
