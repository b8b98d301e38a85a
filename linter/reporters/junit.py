"""JUnit XML, as Jenkins, GitLab, Azure Pipelines and CircleCI read it: a suite a file, a failing case a finding.

The rules that ran and found nothing are passing cases of a last suite, so that a clean scan is not an empty report.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from linter.finding import Finding, Report, Status
from linter.reporters import tally
from linter.reporters.options import Options
from linter.reporters.visible import visible

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def write(report: Report, stream: TextIO, options: Options) -> None:
    """Names are unique within a suite: rule, line and column."""
    findings = tally.shown(report, options.show_suppressed)
    clean = [rule for rule in report.rules if rule not in {f.rule for f in findings}]
    failures = sum(1 for f in findings if f.status is Status.ACTIVE)
    total = f'tests="{len(findings) + len(clean)}" failures="{failures}" errors="0"'
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tarecheck" {total}>\n')
    for path, group in tally.by_path(findings).items():
        stream.writelines(_suite(report, path, group))
    if clean:
        stream.write(
            f'  <testsuite name="rules without findings" tests="{len(clean)}" failures="0" errors="0">\n'
        )
        stream.writelines(
            f"    <testcase classname={_attribute('tarecheck')} name={_attribute(r)}/>\n" for r in clean
        )
        stream.write("  </testsuite>\n")
    stream.write("</testsuites>\n")


def _suite(report: Report, path: str, group: list[Finding]) -> Iterator[str]:
    failures = sum(1 for f in group if f.status is Status.ACTIVE)
    skipped = len(group) - failures
    counts = f'tests="{len(group)}" failures="{failures}" errors="0" skipped="{skipped}"'
    yield f"  <testsuite name={_attribute(path)} {counts}>\n"
    seen: dict[str, int] = {}
    for finding in group:
        place = finding.location
        name = f"{finding.rule} at {place.line}:{place.column}"
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name += f" ({seen[name]})"
        yield f"    <testcase classname={_attribute(path)} name={_attribute(name)}>\n"
        yield _outcome(report, finding)
        yield "    </testcase>\n"
    yield "  </testsuite>\n"


def _outcome(report: Report, finding: Finding) -> str:
    if finding.status is not Status.ACTIVE:
        return f"      <skipped message={_attribute(f'{finding.status.value}: {finding.reason}')}/>\n"
    kind = f"{finding.severity.label}: {finding.rule}"
    body = _details(report, finding).translate(_ESCAPES)
    return f"      <failure message={_attribute(finding.message)} type={_attribute(kind)}>{body}</failure>\n"


def _details(report: Report, finding: Finding) -> str:
    rule = tally.rule_of(report, finding.rule)
    place = finding.location
    lines = [f"{place.path}:{place.line}:{place.column}: {finding.message}"]
    if finding.subject:
        lines.append(f"in {finding.subject}")
    if finding.evidence:
        lines.append(f"found: {finding.evidence}")
    lines += [f"see {r.location.path}:{r.location.line}: {r.message}" for r in finding.related]
    if rule.why:
        lines.append(f"why: {' '.join(rule.why.split())}")
    if rule.fix:
        lines.append(f"fix: {' '.join(rule.fix.split())}")
    return "\n".join(visible(line) for line in lines)


def _attribute(text: str) -> str:
    """Quoted; `visible` has already spelt out every character that XML forbids."""
    return f'"{visible(text).translate(_ESCAPES)}"'
