"""Only what is new: head findings against those of a base, and suppressions that the base already had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from linter.finding import Finding, Status
from linter.frozen import replace


def identities(findings: Iterable[Finding], status: Status = Status.ACTIVE) -> frozenset[str]:
    """Identities of the findings with a status; the findings must be numbered."""
    return frozenset(finding.identity for finding in findings if finding.status is status)


def mark_known(
    findings: Iterable[Finding], base: frozenset[str], renames: Mapping[str, str], name: str
) -> list[Finding]:
    """Mark the active findings that the base had. `renames` maps paths to what they were called there.

    A finding that was suppressed in the base and no longer is counts as new: leave it out of `base`.
    """
    return [
        finding.evolve(status=Status.BASELINED, reason=f"known at {name}")
        if finding.status is Status.ACTIVE and identity_then(finding, renames) in base
        else finding
        for finding in findings
    ]


def identity_then(finding: Finding, renames: Mapping[str, str]) -> str:
    """The identity that a finding had before its file was renamed."""
    old = renames.get(finding.location.path)
    if old is None:
        return finding.identity
    return finding.evolve(location=replace(finding.location, path=old)).identity
