"""Counts over a report that several formats show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from linter.finding import CATEGORIES, Confidence, Finding, Report, RuleInfo, Severity, Status

SEVERITIES = tuple(sorted(Severity, reverse=True))  # worst first


def rule_of(report: Report, rule: str) -> RuleInfo:
    """The rule by id; findings of external tools may name rules that the report does not list."""
    return report.rules.get(rule) or RuleInfo(
        rule, rule, "correctness", Severity.MEDIUM, Confidence.MEDIUM, "default", "", "", "", "", ""
    )


def shown(report: Report, show_suppressed: bool) -> tuple[Finding, ...]:
    """The findings that a report lists, in the one order."""
    return report.findings if show_suppressed else report.active


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Counts for every severity, worst first, zeros included."""
    counts = Counter(f.severity for f in findings)
    return {severity: counts[severity] for severity in SEVERITIES}


def by_category(report: Report, findings: Iterable[Finding]) -> dict[str, dict[Severity, int]]:
    """Category -> severity -> count, in the order of CATEGORIES, only categories with findings."""
    table: dict[str, Counter[Severity]] = {}
    for finding in findings:
        table.setdefault(rule_of(report, finding.rule).category, Counter())[finding.severity] += 1
    order = [*CATEGORIES, *sorted(set(table) - set(CATEGORIES))]
    return {name: {s: table[name][s] for s in SEVERITIES} for name in order if name in table}


def by_status(report: Report) -> dict[Status, int]:
    counts = Counter(f.status for f in report.findings)
    return {status: counts[status] for status in Status}


def by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.location.path, []).append(finding)
    return groups


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by severity, then confidence, then place: the order in which a reader should see them."""
    return sorted(findings, key=lambda f: (-f.severity, -f.confidence))  # stable: place within


def fails(findings: Iterable[Finding], fail_on: str) -> bool:
    """Whether any active finding is at or above the threshold, a severity label or `none`."""
    if fail_on == "none":
        return False
    bar = Severity[fail_on.upper()]
    return any(f.severity >= bar for f in findings if f.status is Status.ACTIVE)


def severity_words(counts: dict[Severity, int]) -> str:
    """`2 critical, 1 high`; `none` when there are none."""
    return ", ".join(f"{count} {severity.label}" for severity, count in counts.items() if count) or "none"


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


_ABBREVIATIONS = ("e.g.", "i.e.", "etc.", "vs.", "cf.")


@lru_cache(maxsize=1024)
def first_sentence(text: str) -> str:
    """The first sentence of a paragraph, white space folded; abbreviations such as `e.g.` do not end it."""
    words = text.split()
    for index, (word, after) in enumerate(pairwise(words)):
        ends = word.rstrip("\"')").endswith((".", "!", "?")) and word.lower() not in _ABBREVIATIONS
        if ends and not after[0].islower():
            return " ".join(words[: index + 1])
    return " ".join(words)
