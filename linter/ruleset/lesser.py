"""Two rules about one fact: the one that says more of it is shown, the other is marked as its duplicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from linter.finding import WRITTEN_IN, Finding, Status


def without_copies(findings: Sequence[Finding]) -> list[Finding]:
    """Mark what is said of a file's text where another file reads it, when the same rule says it in the file itself."""
    said = {(finding.rule, finding.location.path, finding.severity) for finding in findings}

    def read_from(finding: Finding) -> str | None:
        for other in finding.related if finding.status is Status.ACTIVE else ():
            key = (finding.rule, other.location.path, finding.severity)
            if other.message == WRITTEN_IN and key in said:
                return other.location.path
        return None

    result = []
    for finding in findings:
        path = read_from(finding)
        if path is not None:
            finding = finding.evolve(status=Status.DUPLICATE, reason=f"said in {path}")
        result.append(finding)
    return result


def without_lesser(
    findings: Sequence[Finding],
    supersedes: Mapping[str, Sequence[str]],
    locked: Callable[[Finding], bool],
) -> list[Finding]:
    """Mark active findings that a superseding rule's finding covers: of the same subject, or at the same place.

    A gate must not turn green by it: what weighs more is not covered, nor what is `locked` by what is suppressed.
    """
    by_subject: dict[tuple[str, str, str], Finding] = {}
    by_place: dict[tuple[str, int, str], Finding] = {}
    for finding in findings:
        for lesser in supersedes.get(finding.rule, ()):
            by_subject[finding.location.path, finding.subject, lesser] = finding
            by_place[finding.location.path, finding.location.start, lesser] = finding
    if not by_subject:
        return list(findings)

    def covered_by(finding: Finding) -> Finding | None:
        place = finding.location
        for greater in (
            by_subject.get((place.path, finding.subject, finding.rule)),
            by_place.get((place.path, place.start, finding.rule)),
        ):
            if greater is None or greater.severity < finding.severity:
                continue
            if greater.status is Status.ACTIVE or not locked(finding):
                return greater
        return None

    result = []
    for finding in findings:
        greater = covered_by(finding) if finding.status is Status.ACTIVE else None
        if greater is not None:
            finding = finding.evolve(status=Status.DUPLICATE, reason=f"said by {greater.rule}")
        result.append(finding)
    return result
