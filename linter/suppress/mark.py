"""What a scan calls: suppressions of a file, and all findings of a run marked by them."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from linter.errors import UsageError
from linter.finding import Finding, Status, number
from linter.frozen import replace
from linter.ruleset.policy import Policy
from linter.suppress.apply import Marker, Trusted
from linter.suppress.model import Suppression
from linter.suppress.names import Names


def today(environ: Mapping[str, str] = os.environ) -> datetime.date:
    """The date that expiry is judged by; `TARECHECK_TODAY` fixes it, so that a run can be repeated."""
    given = environ.get("TARECHECK_TODAY")
    try:
        return datetime.date.fromisoformat(given) if given else datetime.datetime.now(datetime.UTC).date()
    except ValueError:
        raise UsageError(f"TARECHECK_TODAY: '{given}' is no date", "write it as 2027-01-31") from None


def mark_all(
    findings: Iterable[Finding],
    suppressions: Mapping[str, Sequence[Suppression]],
    policy_for: Callable[[str], Policy],
    root: Path,
    *,
    date: datetime.date,
    complete: bool = True,
    trusted: Trusted | None = None,
) -> list[Finding]:
    """Mark the findings of all files. `suppressions` are each file's, by the path that its findings show.

    `policy_for` is asked with absolute paths. `trusted` is for `--policy-from`: a comment or annotation then
    counts only where the reference has it too. The order of the result is no order: number it afterwards.
    """
    by_path: dict[str, list[Finding]] = {path: [] for path, items in suppressions.items() if items}
    by_end: dict[
        str, list[tuple[Finding, Finding]]
    ] = {}  # whose value is used in a file, and as if they stood there
    for finding in number(findings) if trusted is not None else findings:
        by_path.setdefault(finding.location.path, []).append(finding)
        for path, shadow in _at_its_ends(finding) if finding.related else ():
            if suppressions.get(path):
                by_end.setdefault(path, []).append((finding, shadow))
    result: list[Finding] = []
    covered: dict[int, list[Finding]] = {}  # by `id` of the finding: its shadows that are suppressed
    marker: Marker | None = None
    quiet: dict[int, bool] = {}  # by `id` of a configuration: whether it suppresses nothing
    for path, group in by_path.items():
        policy = policy_for(os.path.join(root, path))
        items = suppressions.get(path, ())
        config = policy.config
        if id(config) not in quiet:
            quiet[id(config)] = not (
                config.suppressions.ignore or any(rule.ignore for rule in config.rules.values())
            )
        if not items and quiet[id(config)]:
            result += group
            continue
        if marker is None:
            marker = Marker(Names(policy.ruleset.infos), date, str(root), trusted)
        guests = by_end.get(path, [])
        marked = marker.apply([*group, *(shadow for _, shadow in guests)], items, policy, complete=complete)
        own, more = len(group), len(group) + len(guests)
        for (finding, _), shadow in zip(guests, marked[own:more], strict=True):
            if shadow.status is Status.SUPPRESSED:
                covered.setdefault(id(finding), []).append(shadow)
        result += marked[:own] + marked[more:]
    if not covered:
        return result
    return [_as_at_its_ends(finding, covered.get(id(finding), ())) for finding in result]


def _at_its_ends(finding: Finding) -> Iterator[tuple[str, Finding]]:
    """The paths where the value of a finding is used, with the finding as if it stood on the line there."""
    for end in finding.related:
        if end.use:
            yield (
                end.location.path,
                finding.evolve(location=replace(end.location, path=finding.location.path)),
            )


def _as_at_its_ends(finding: Finding, shadows: Sequence[Finding]) -> Finding:
    """Suppressed when it is so wherever the value is used."""
    if (
        finding.status is not Status.ACTIVE
        or not shadows
        or len(shadows) < sum(e.use for e in finding.related)
    ):
        return finding
    first = shadows[0]
    return finding.evolve(status=first.status, reason=first.reason, properties=first.properties)
