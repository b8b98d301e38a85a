"""What the script of the page reads."""

from __future__ import annotations

import json
from typing import Any

from linter.finding import Finding, Report, Status
from linter.reporters import tally
from linter.reporters.excerpt import columns
from linter.reporters.links import is_web
from linter.reporters.visible import quiet, visible

_LONGEST = 2000  # characters of one text; a page is for reading


def payload(report: Report) -> str:
    """JSON that can stand in a script element: no `<`, so no tag, no comment and no end of the element."""
    findings = [_finding(finding) for finding in report.findings]
    rules = {rule: _rule(report, rule) for rule in sorted({f.rule for f in report.findings})}
    text = quiet(json.dumps({"rules": rules, "findings": findings}, ensure_ascii=True, separators=(",", ":")))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _text(value: str) -> str:
    return visible(value)[:_LONGEST]


def _rule(report: Report, name: str) -> dict[str, Any]:
    rule = tally.rule_of(report, name)
    return {
        "title": rule.title,
        "category": rule.category,
        "why": " ".join(rule.why.split()),
        "fix": " ".join(rule.fix.split()),
        "links": [url for url in rule.references if is_web(url)],
        "standards": list(rule.standards),
        "aliases": list(rule.aliases),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.location
    data: dict[str, Any] = {
        "id": finding.identity[:16],
        "rule": finding.rule,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "status": finding.status.value,
        "message": _text(finding.message),
        "path": _text(place.path),
        "line": place.line,
        "column": place.column,
        "subject": _text(finding.subject),
        "evidence": _text(finding.evidence),
    }
    if finding.excerpt is not None and finding.excerpt.lines:
        data |= _excerpt(finding)
    if finding.status is not Status.ACTIVE:
        data["reason"] = _text(finding.reason)
    if finding.origin != "tarecheck":
        data["origin"] = _text(finding.origin)
    if finding.instances:
        data["instances"] = [_text(name) for name in finding.instances[:50]]
    if finding.related:
        data["related"] = [
            {"place": _text(f"{r.location.path}:{r.location.line}"), "message": _text(r.message)}
            for r in finding.related
        ]
    if finding.fix is not None:
        flag = "--fix" if finding.fix.safe else "--fix --unsafe-fixes"
        data["fix"] = _text(f"{finding.fix.description.rstrip('.')}: `{flag}` does it.")
    return data


def _excerpt(finding: Finding) -> dict[str, Any]:
    """Lines with their controls spelt out, and the marked columns of each in UTF-16 units, as the script counts."""
    assert finding.excerpt is not None
    lines: list[str] = []
    marks: list[list[int] | None] = []
    for index, raw in enumerate(finding.excerpt.lines):
        begin, end = columns(finding, finding.excerpt.first + index, raw)
        before, marked, after = (_line(part) for part in (raw[:begin], raw[begin:end], raw[end:]))
        lines.append(before + marked + after)
        marks.append([_units(before), _units(before) + _units(marked)] if marked else None)
    return {"excerpt": {"first": finding.excerpt.first, "lines": lines}, "marks": marks}


def _line(part: str) -> str:
    return "\t".join(visible(piece) for piece in part.split("\t"))


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
