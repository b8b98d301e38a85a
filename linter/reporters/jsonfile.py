"""Our own JSON: versioned, described by `report.schema.json`, one finding a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from linter import __version__
from linter.finding import Diagnostic, Finding, Fix, Location, Program, Report, RuleInfo, Status
from linter.reporters import tally
from linter.reporters.coverage import coverage_line
from linter.reporters.options import Options
from linter.reporters.quotable import quotable_fix
from linter.reporters.visible import quiet

# raised when a reader of the older form would misread the newer one; additions do not raise it
SCHEMA_VERSION = 1
SCHEMA_ID = "https://tarecheck.dev/schema/report.schema.json"


def write(report: Report, stream: TextIO, options: Options) -> None:
    """`findings` holds what counts, `not_counted` the suppressed, the baselined and the duplicates."""
    hidden = (f for f in report.findings if f.status is not Status.ACTIVE)
    stream.write('{\n"$schema": ' + json.dumps(SCHEMA_ID) + f',\n"schema_version": {SCHEMA_VERSION},\n')
    stream.write(f'"tool": {_dump({"name": "tarecheck", "version": __version__})},\n')
    stream.write(f'"summary": {_dump(_summary(report))},\n"coverage": {_dump(_coverage(report))},\n')
    _array(stream, "findings", (finding_data(report, f) for f in report.active))
    _array(stream, "not_counted", (finding_data(report, f) for f in hidden))
    _array(stream, "programs", (_program(program) for program in report.programs))
    _array(stream, "diagnostics", (_diagnostic(d) for d in report.diagnostics))
    _array(stream, "inventory", report.inventory)
    _array(stream, "rules", (rule_data(rule) for rule in report.rules.values()), last=True)
    stream.write("}\n")


def _dump(value: object) -> str:
    return quiet(json.dumps(value, ensure_ascii=True, separators=(", ", ": ")))


def _array(stream: TextIO, name: str, items: Iterable[Mapping[str, object]], *, last: bool = False) -> None:
    stream.write(f'"{name}": [')
    comma = "\n"
    for item in items:
        stream.write(comma + _dump(item))
        comma = ",\n"
    stream.write(("" if comma == "\n" else "\n") + ("]\n" if last else "],\n"))


def _summary(report: Report) -> dict[str, Any]:
    active = report.active
    return {
        "findings": len(active),
        "by_severity": {s.label: count for s, count in tally.by_severity(active).items()},
        "by_category": {name: sum(row.values()) for name, row in tally.by_category(report, active).items()},
        "by_status": {status.value: count for status, count in tally.by_status(report).items()},
        "files": len({f.location.path for f in active}),
        "fixable": sum(1 for f in active if f.fix is not None and f.fix.safe),
    }


def _coverage(report: Report) -> dict[str, Any]:
    coverage = report.coverage
    return {
        "found": coverage.found,
        "read": dict(sorted(coverage.read.items())),
        "other": coverage.other,
        "skipped": [{"path": s.path, "reason": s.reason} for s in coverage.skipped],
        "rules": coverage.rules,
        "subjects": coverage.subjects,
        "unknowns": coverage.unknowns,
        "rendered": dict(sorted(coverage.rendered.items())),
        "unrendered": [{"path": s.path, "reason": s.reason} for s in coverage.unrendered],
        "line": coverage_line(report),
    }


def finding_data(report: Report, finding: Finding) -> dict[str, Any]:
    """One finding as plain data; empty parts are left out."""
    data: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "category": tally.rule_of(report, finding.rule).category,
        "message": finding.message,
        **_place(finding.location),
        "subject": finding.subject,
        "evidence": finding.evidence,
        "identity": finding.identity,
        "status": finding.status.value,
    }
    if finding.reason:
        data["reason"] = finding.reason
    if finding.origin != "tarecheck":
        data["origin"] = finding.origin
    if finding.excerpt is not None:
        data["excerpt"] = {"first": finding.excerpt.first, "lines": finding.excerpt.lines}
    if finding.related:
        data["related"] = [{**_place(r.location), "message": r.message} for r in finding.related]
    fix = quotable_fix(finding)
    if fix is not None:
        data["fix"] = _fix(fix)
    if finding.instances:
        data["instances"] = list(finding.instances)
    if finding.properties:
        data["properties"] = dict(finding.properties)
    return data


def _place(place: Location) -> dict[str, Any]:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"path": e.path, "start": e.start, "end": e.end, "text": e.text} for e in fix.edits]
    return {"description": fix.description, "safe": fix.safe, "edits": edits}


def _program(program: Program) -> dict[str, Any]:
    told = {"name": program.name, "version": program.version, "database": program.database}
    return {key: value for key, value in told.items() if value}


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    data: dict[str, Any] = {
        "level": diagnostic.level,
        "message": diagnostic.message,
        "internal": diagnostic.internal,
    }
    if diagnostic.path:
        data |= {"path": diagnostic.path, "line": diagnostic.line, "column": diagnostic.column}
    return data


def rule_data(rule: RuleInfo) -> dict[str, Any]:
    """A rule as plain data, as `rules list --format json` prints it too."""
    return {
        "id": rule.id,
        "title": rule.title,
        "category": rule.category,
        "severity": rule.severity.label,
        "confidence": rule.confidence.label,
        "profile": rule.profile,
        "format": rule.format,
        "subject": rule.subject,
        "aliases": list(rule.aliases),
        "standards": list(rule.standards),
        "references": list(rule.references),
        "why": rule.why,
        "fix": rule.fix,
        "origin": rule.origin,
    }
