"""The view by standard: for each control the rules that stand for it, and what they said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from linter.finding import SAID_BY, Finding, Report, RuleInfo, Status
from linter.frozen import dataclass
from linter.reporters import tally
from linter.reporters.ansi import Paint
from linter.reporters.controls import STANDARDS
from linter.reporters.coverage import coverage_line
from linter.reporters.options import Options
from linter.reporters.visible import visible


class Verdict(StrEnum):
    """What is known of a control. Nothing that was not judged passes."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 a verdict
    UNKNOWN = "unknown"  # no rule met what it judges, or some evaluation had no verdict
    SUPPRESSED = "accepted"  # only suppressed or baselined findings
    UNCOVERED = "not covered"


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a standard with its rules and findings (active and accepted)."""

    standard: str
    id: str
    title: str
    rules: tuple[RuleInfo, ...]
    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    verdict: Verdict


def known(report: Report) -> list[str]:
    """Keys of the standards that the enabled rules name, CWE aside."""
    named = {s.partition(":")[0] for rule in report.rules.values() for s in rule.standards}
    return [key for key in STANDARDS if key in named and key != "cwe"] + sorted(named - set(STANDARDS))


def controls(report: Report, wanted: str) -> list[Control]:
    """The controls of `pss:restricted`, of a whole standard (`cis-k8s`), or of every one (`all`)."""
    found: list[Control] = []
    for key in known(report) if wanted == "all" else [wanted.partition(":")[0]]:
        only = wanted.partition(":")[2]
        found += [c for c in _standard(report, key) if not only or _within(c, key, only)]
    return found


def _within(control: Control, key: str, only: str) -> bool:
    # the restricted level of the Pod Security Standards holds all of baseline
    return control.id == only or (key == "pss" and only == "restricted" and control.id == "baseline")


def _standard(report: Report, key: str) -> list[Control]:
    rules: dict[str, list[RuleInfo]] = {}
    for rule in report.rules.values():
        for name in rule.standards:
            prefix, _, control = name.partition(":")
            if prefix == key:
                rules.setdefault(control, []).append(rule)
    standard = STANDARDS.get(key)
    titles = standard.controls if standard else {}
    order = sorted({*titles, *rules}, key=_natural)
    by_rule: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    outcome = _outcomes(report.findings)
    return [
        _control(
            report,
            key,
            control,
            _title(titles, control, rules.get(control, [])),
            rules.get(control, []),
            by_rule,
            outcome,
        )
        for control in order
    ]


def _title(titles: dict[str, str], control: str, rules: list[RuleInfo]) -> str:
    """The control's own title; where the table has none, what the one rule that stands for it says."""
    return titles.get(control) or (rules[0].title if len(rules) == 1 else "")


def _control(
    report: Report,
    key: str,
    control: str,
    title: str,
    rules: list[RuleInfo],
    by_rule: dict[str, list[Finding]],
    outcome: Callable[[Finding], Status],
) -> Control:
    findings = [f for rule in rules for f in by_rule.get(rule.id, ())]
    active = tuple(f for f in findings if outcome(f) is Status.ACTIVE)
    accepted = tuple(f for f in findings if outcome(f) in (Status.SUPPRESSED, Status.BASELINED))
    return Control(
        key, control, title, tuple(rules), active, accepted, _verdict(report, rules, active, accepted)
    )


def _outcomes(findings: Sequence[Finding]) -> Callable[[Finding], Status]:
    """The status of a finding; of one that another rule's covers, the status of that: it fails its own control too."""
    said: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        place = finding.location
        said[finding.rule, place.path, finding.subject] = said[finding.rule, place.path, str(place.start)] = (
            finding
        )

    def outcome(finding: Finding) -> Status:
        passed = set()
        while finding.status is Status.DUPLICATE and finding.reason.startswith(SAID_BY):
            greater, place = finding.reason.removeprefix(SAID_BY), finding.location
            passed.add(finding.rule)
            other = said.get((greater, place.path, finding.subject)) or said.get(
                (greater, place.path, str(place.start))
            )
            if other is None or greater in passed:
                break
            finding = other
        return finding.status

    return outcome


def _verdict(
    report: Report, rules: list[RuleInfo], active: tuple[Finding, ...], accepted: tuple[Finding, ...]
) -> Verdict:
    if not rules:
        return Verdict.UNCOVERED
    if active:
        return Verdict.FAIL
    if accepted:
        return Verdict.SUPPRESSED
    coverage = report.coverage
    if coverage.judged is not None:
        judged = any(rule.id in coverage.judged for rule in rules)
    else:
        judged = any(coverage.read.get(rule.format) or not rule.format for rule in rules)
    unsure = any(coverage.unknown_rules.get(rule.id) for rule in rules)
    return Verdict.PASS if judged and not unsure else Verdict.UNKNOWN


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part
    ]


def title_of(key: str) -> str:
    standard = STANDARDS.get(key)
    return standard.title if standard else key


def summary(items: list[Control]) -> dict[Verdict, int]:
    counts = dict.fromkeys(Verdict, 0)
    for item in items:
        counts[item.verdict] += 1
    return counts


def _told(items: list[Control]) -> str:
    return ", ".join(f"{count} {verdict.value}" for verdict, count in summary(items).items() if count)


def _rules_told(control: Control) -> list[str]:
    """Rules of the control, the failing ones with their counts first."""
    counts: dict[str, int] = {}
    for finding in control.findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    failing = [f"{rule.id} ×{counts[rule.id]}" for rule in control.rules if rule.id in counts]
    return failing + [rule.id for rule in control.rules if rule.id not in counts]


_STYLES = {
    Verdict.FAIL: "high",
    Verdict.PASS: "green",
    Verdict.UNKNOWN: "medium",
    Verdict.SUPPRESSED: "cyan",
    Verdict.UNCOVERED: "dim",
}
_SIGNS = {
    Verdict.FAIL: "❌",
    Verdict.PASS: "✅",
    Verdict.UNKNOWN: "❔",
    Verdict.SUPPRESSED: "☑️",
    Verdict.UNCOVERED: "➖",
}


def _groups(report: Report, options: Options) -> Iterator[tuple[str, list[Control]]]:
    groups: dict[str, list[Control]] = {}
    for item in controls(report, options.standard):
        groups.setdefault(item.standard, []).append(item)
    yield from groups.items()


def text(report: Report, options: Options, paint: Paint) -> Iterator[str]:
    """Lines for the terminal."""
    for key, items in _groups(report, options):
        yield paint("bold", visible(title_of(key)))
        width = max(len(c.id) for c in items)
        for item in items:
            verdict = paint(_STYLES[item.verdict], item.verdict.value.ljust(11))
            yield f"  {verdict}  {visible(item.id).ljust(width)}  {visible(item.title)}".rstrip()
            if item.rules:
                shown = _rules_told(item)
                more = f", and {len(shown) - 6} more" if len(shown) > 6 else ""
                yield paint("dim", f"  {' ' * 11}  {' ' * width}  {visible(', '.join(shown[:6]))}{more}")
            for finding in tally.worst_first(item.findings)[: None if options.verbose else 3]:
                place = finding.location
                where = f"{visible(place.path)}:{place.line}:{place.column}"
                yield f"  {' ' * 11}  {' ' * width}  {where} {visible(finding.message)}"
            left = len(item.findings) - 3
            if left > 0 and not options.verbose:
                yield paint("dim", f"  {' ' * 11}  {' ' * width}  … and {left:,} more (`-v` lists them)")
        yield f"  {_told(items)}."
        yield ""
    if not options.quiet:
        yield paint("dim", coverage_line(report))


def markdown(report: Report, options: Options) -> Iterator[str]:
    """Lines of Markdown."""
    from linter.reporters.markdown import code
    from linter.reporters.markdown import text as escaped

    for key, items in _groups(report, options):
        yield f"## {escaped(title_of(key))}"
        yield ""
        yield f"{_told(items)}."
        yield ""
        yield "| | control | rules | findings |"
        yield "|---|---|---|--:|"
        for item in items:
            rules = " ".join(code(rule.id) for rule in item.rules)
            name = f"**{escaped(item.id)}** {escaped(item.title)}".strip()
            yield f"| {_SIGNS[item.verdict]} {item.verdict.value} | {name} | {rules} | {len(item.findings) or ''} |"
        yield ""
    yield f"<sub>{escaped(coverage_line(report))}</sub>"
