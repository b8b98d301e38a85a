"""Reports put together, and one report set against another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from linter.adapters.places import lines_of, same_object
from linter.finding import Coverage, Diagnostic, Finding, Report, RuleInfo, Status, number
from linter.frozen import dataclass, replace
from linter.patterns import lazy_regex

_ONE_LEVEL = frozenset({"checkov"})  # programs whose SARIF has one severity for all
_TRIVY = lazy_regex(r"(?:AVD-)?([A-Z]+)-?(\d{1,9})")


def merge(reports: Sequence[Report], known: Mapping[str, RuleInfo]) -> Report:
    """One report of several. `known` are our own rules: their aliases tell which findings are the same fact.

    A fact that two tools tell is counted once, in our words where we tell it too, else in those of the
    finding that points most exactly; the others are marked as duplicates.
    """
    canon = _canon(known)
    rules: dict[str, RuleInfo] = {}
    for report in reports:
        for name, info in report.rules.items():
            rules.setdefault(name, _enrich(info, known, canon))
    findings = [finding for report in reports for finding in report.findings]
    return Report(
        findings=tuple(number(_without_duplicates(findings, known, canon))),
        diagnostics=tuple(dict.fromkeys(d for report in reports for d in report.diagnostics)),
        coverage=_coverage([report.coverage for report in reports]),
        rules=dict(sorted(rules.items())),
        inventory=tuple(row for report in reports for row in report.inventory),
        programs=tuple(dict.fromkeys(program for report in reports for program in report.programs)),
    )


def _canon(known: Mapping[str, RuleInfo]) -> dict[str, str]:
    """`tool:ID` -> our rule; ids in their spelling variants."""
    table: dict[str, str] = {}
    for info in known.values():
        for alias in info.aliases:
            tool, _, name = alias.partition(":")
            table.setdefault(_spelling(tool, name), info.id)
    return table


def _spelling(tool: str, name: str) -> str:
    """Trivy has written KSV017, AVD-KSV-0017 and KSV-0017 for the same check."""
    match = _TRIVY.fullmatch(name) if tool == "trivy" else None
    return f"trivy:{match.group(1)}-{int(match.group(2)):04}" if match else f"{tool}:{name}"


def _canonical(rule: str, origin: str, canon: Mapping[str, str]) -> str:
    """Our id for a rule as reports name it (`trivy:KSV017`), where it is known; else the name itself."""
    tool, colon, name = rule.partition(":")
    return canon.get(_spelling(tool, name), rule) if colon and tool == origin else rule


def _enrich(info: RuleInfo, known: Mapping[str, RuleInfo], canon: Mapping[str, str]) -> RuleInfo:
    """Category and standards of our rule for the same thing, where the other tool tells none."""
    if info.origin == "tarecheck":
        return known.get(info.id, info)
    same = known.get(_canonical(info.id, info.origin, canon))
    if same is None:
        return info
    return replace(info, category=same.category, standards=info.standards or same.standards)


def _weighed(finding: Finding, same: RuleInfo | None) -> Finding:
    """Checkov writes `error` for everything: the severity of our rule for the same thing says more."""
    if same is None or finding.origin not in _ONE_LEVEL:
        return finding
    return replace(finding, severity=same.severity)


def _without_duplicates(
    findings: Iterable[Finding], known: Mapping[str, RuleInfo], canon: Mapping[str, str]
) -> list[Finding]:
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        name = _canonical(finding.rule, finding.origin, canon)
        groups[name, finding.location.path].append(_weighed(finding, known.get(name)))
    return [marked for group in groups.values() for marked in _mark(group)]


def _mark(group: list[Finding]) -> list[Finding]:
    """The group's findings, those that an earlier, better one covers marked."""
    kept: dict[str, list[Finding]] = defaultdict(list)  # by origin
    seen: dict[Hashable, Finding] = {}
    marked: list[Finding] = []
    for finding in sorted(group, key=_worth):
        exact = (finding.origin, finding.location, finding.subject, finding.message)
        others = (other for origin, found in kept.items() if origin != finding.origin for other in found)
        twin = seen.get(exact) or next((other for other in others if _overlap(finding, other)), None)
        if twin is None or finding.status is not Status.ACTIVE:
            seen[exact] = finding
            kept[finding.origin].append(finding)
            marked.append(finding)
        else:
            where = f"the same as {twin.rule} of {twin.origin} at line {twin.location.line}"
            marked.append(replace(finding, status=Status.DUPLICATE, reason=where))
    return marked


def _worth(finding: Finding) -> tuple[object, ...]:
    """Ours first, then the shortest region."""
    place = finding.location
    return (
        finding.origin != "tarecheck",
        place.end_line - place.line,
        place.line,
        place.column,
        finding.origin,
    )


def _overlap(finding: Finding, other: Finding) -> bool:
    """Other tools point at whole resources: ours lies within theirs. Or both name the same object."""
    first, last = lines_of(finding)
    start, end = lines_of(other)
    if first <= end and start <= last:
        return True
    return same_object(other.subject, finding.message)


def _coverage(parts: Sequence[Coverage]) -> Coverage:
    read: Counter[str] = Counter()
    rendered: Counter[str] = Counter()
    for part in parts:
        read.update(part.read)
        rendered.update(part.rendered)
    return Coverage(
        found=sum(p.found for p in parts),
        read=dict(read),
        other=sum(p.other for p in parts),
        skipped=tuple(s for p in parts for s in p.skipped),
        rules=sum(p.rules for p in parts),
        unknowns=sum(p.unknowns for p in parts),
        subjects=sum(p.subjects for p in parts),
        rendered=rendered,
        unrendered=tuple(s for p in parts for s in p.unrendered),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """`report` holds the newer findings, those that the older report had marked as baselined; `fixed` are gone."""

    report: Report
    new: tuple[Finding, ...]
    same: tuple[Finding, ...]
    fixed: tuple[Finding, ...]

    @property
    def line(self) -> str:
        return f"{len(self.new):,} new, {len(self.fixed):,} fixed, {len(self.same):,} the same."


def compare(newer: Report, older: Report, name: str) -> Comparison:
    """Set `newer` against `older`, which `name` names. Findings are matched by what survives an edit, best first."""
    before = [f for f in older.findings if f.status not in (Status.DUPLICATE, Status.ASIDE)]
    after = [finding for finding in newer.findings if finding.status is not Status.DUPLICATE]
    matched = _match(after, before)
    gone = {id(old) for old in matched.values()}
    fixed = tuple(f for f in before if id(f) not in gone and f.status is Status.ACTIVE)
    known = {id(finding) for finding in after if id(finding) in matched}
    findings = tuple(
        replace(f, status=Status.BASELINED, reason=f"in {name}")
        if id(f) in known and f.status is Status.ACTIVE
        else f
        for f in newer.findings
    )
    notes = tuple(
        Diagnostic(
            "note",
            f"Fixed since {name}: {f.rule}: {f.message}",
            f.location.path,
            f.location.line,
            f.location.column,
        )
        for f in fixed
    )
    report = replace(newer, findings=findings, diagnostics=(*newer.diagnostics, *notes))
    new = tuple(f for f in report.findings if f.status is Status.ACTIVE)
    same = tuple(f for f in report.findings if f.status is Status.BASELINED)
    return Comparison(report, new, same, fixed)


def _match(after: list[Finding], before: list[Finding]) -> dict[int, Finding]:
    """id of a newer finding -> the older one that it is."""
    matched: dict[int, Finding] = {}
    taken: set[int] = set()
    for key_of in (_fingerprint, _line_hash, _words, _line):
        waiting: dict[Hashable, list[Finding]] = defaultdict(list)
        for old in before:
            if id(old) not in taken:
                waiting[key_of(old)].append(old)
        waiting.pop(None, None)
        for new in after:
            candidates = waiting.get(key_of(new)) if id(new) not in matched else None
            if candidates:
                matched[id(new)] = candidates.pop(0)
                taken.add(id(matched[id(new)]))
    return matched


def _fingerprint(finding: Finding) -> Hashable:
    return dict(finding.properties).get("fingerprint") or (
        finding.identity if finding.origin == "tarecheck" else None
    )


def _line_hash(finding: Finding) -> Hashable:
    found = dict(finding.properties).get("line-hash")
    return (finding.origin, finding.rule, finding.location.path, found) if found else None


def _words(finding: Finding) -> Hashable:
    return finding.origin, finding.rule, finding.location.path, finding.subject, finding.message


def _line(finding: Finding) -> Hashable:
    return finding.origin, finding.rule, finding.location.path, finding.location.line
