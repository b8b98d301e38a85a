"""Which findings were known before, by a baseline file or by a git reference, and which suppressions count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from linter.basetree import Base
from linter.errors import UsageError
from linter.finding import Diagnostic, Finding, Status
from linter.suppress import baseline, since
from linter.suppress.apply import Trusted


def baselined(
    findings: Sequence[Finding], path: Path, scanned: Collection[str], data: bytes | None
) -> tuple[list[Finding], list[Diagnostic]]:
    """Mark what the baseline file has. `data` is its content; findings must be numbered."""
    if data is None:
        raise UsageError(f"no baseline {path}", "make one with `tarecheck baseline create`")
    compared = baseline.compare(findings, baseline.parse(str(path), data), scanned)
    return list(compared.findings), list(compared.diagnostics(str(path)))


def known_at(
    findings: Sequence[Finding], base: Base, reference: str
) -> tuple[list[Finding], list[Diagnostic]]:
    """Mark the findings that the base has; findings must be numbered."""
    then, told = base.findings()
    return since.mark_known(findings, since.identities(then), base.renames, reference), told


def trusted_suppressions(base: Base) -> Trusted:
    """The findings that the reference suppresses: a comment in the tree counts for no others."""
    then, _ = base.findings()
    return Trusted(since.identities(then, Status.SUPPRESSED), base.renames)
