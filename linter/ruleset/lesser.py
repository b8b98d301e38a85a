"""Two rules about one fact: the one that says more of it is shown, the other is marked as its duplicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linter.finding import Finding, Status


def without_lesser(findings: Sequence[Finding], supersedes: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Mark active findings that a superseding rule's finding covers: of the same subject, or at the same place."""
    by_subject: dict[tuple[str, str, str], str] = {}
    by_place: dict[tuple[str, int, str], str] = {}
    for finding in findings:
        for lesser in supersedes.get(finding.rule, ()):
            by_subject[finding.location.path, finding.subject, lesser] = finding.rule
            by_place[finding.location.path, finding.location.start, lesser] = finding.rule
    if not by_subject:
        return list(findings)
    result = []
    for finding in findings:
        place = finding.location
        greater = by_subject.get((place.path, finding.subject, finding.rule)) or by_place.get(
            (place.path, place.start, finding.rule)
        )
        if greater is not None and finding.status is Status.ACTIVE:
            finding = finding.evolve(status=Status.DUPLICATE, reason=f"said by {greater}")
        result.append(finding)
    return result
