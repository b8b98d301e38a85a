"""Two rules about one fact: the one that says more of it is shown, the other is marked as its duplicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from linter.finding import Finding, Status


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
