"""The coverage line: what was looked at and what was not, in one sentence that every format carries."""

from __future__ import annotations

from collections import Counter

from linter.finding import Report, Status
from linter.reporters.tally import plural
from linter.reporters.visible import visible


def coverage_line(report: Report) -> str:
    """Files found, read (by format), not ours, skipped (why), set aside; rules, subjects; unknowns. No line end."""
    coverage = report.coverage
    read = sum(coverage.read.values())
    parts = [f"read {read:,} of {plural(coverage.found, 'file')}{_formats(report)}"]
    if coverage.other:
        parts.append(f"{coverage.other:,} not ours")
    if coverage.skipped:
        reasons = Counter(s.reason for s in coverage.skipped)
        told = ", ".join(f"{count:,} {visible(why)}" for why, count in sorted(reasons.items()))
        parts.append(f"skipped {len(coverage.skipped):,} ({told})")
    if coverage.rendered or coverage.unrendered:
        counts = sorted(coverage.rendered.items())
        done = ", ".join(plural(count, what.removesuffix("s")) for what, count in counts if count)
        parts.append(f"rendered {done or 'nothing'}")
        if coverage.unrendered:
            parts.append(f"{len(coverage.unrendered):,} not rendered")
    aside = Counter(f.reason for f in report.findings if f.status is Status.ASIDE)
    if aside:
        places = ", ".join(f"{count:,} {where}" for where, count in sorted(aside.items()))
        parts.append(
            f"set aside {plural(sum(aside.values()), 'finding')} ({places}; `--everywhere` counts them)"
        )
    ran = f"{plural(coverage.rules, 'rule')} over {plural(coverage.subjects, 'subject')}"
    unknown = f"; {plural(coverage.unknowns, 'unknown')}" if coverage.unknowns else ""
    return f"Coverage: {', '.join(parts)}; {ran}{unknown}."


def _formats(report: Report) -> str:
    counts = [f"{count:,} {name}" for name, count in sorted(report.coverage.read.items()) if count]
    return f" ({', '.join(counts)})" if counts else ""
