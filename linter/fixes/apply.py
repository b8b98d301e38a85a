"""Fixes put into a file: those that do not touch each other at once, then again, until nothing is left to do.

A pass that would break the file or make another finding is taken back, and its fixes are tried one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from linter.finding import Edit, Finding, Fix, Severity, Status
from linter.frozen import dataclass
from linter.ruleset.builtin import UNPARSABLE

MAX_PASSES = 40

Scan = Callable[[str], Sequence[Finding]]  # the text of the file -> its findings


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a file. `applied` holds (rule, description), in the order of the work."""

    text: str
    applied: tuple[tuple[str, str], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # fixes that would have broken something: not made


def fix_text(text: str, findings: Sequence[Finding], scan: Scan, *, unsafe: bool = False) -> Fixed:
    """Fix one file. `findings` are those of `text`; `scan` gives those of a changed text."""
    applied: list[tuple[str, str]] = []
    refused: dict[tuple[str, str, str], tuple[str, str]] = {}
    for _ in range(MAX_PASSES):
        chosen = choose(findings, unsafe=unsafe, but=refused)
        if not chosen:
            break
        changed = apply_edits(text, [edit for _, fix in chosen for edit in fix.edits])
        after = scan(changed)
        if not _good(findings, after, chosen):
            if len(chosen) > 1:
                chosen = chosen[:1]
                changed = apply_edits(text, chosen[0][1].edits)
                after = scan(changed)
            if not _good(findings, after, chosen):
                finding, fix = chosen[0]
                refused[_key(finding)] = (finding.rule, fix.description)
                continue
        applied += [(finding.rule, fix.description) for finding, fix in chosen]
        text, findings = changed, after
    return Fixed(text, tuple(applied), tuple(refused.values()))


def choose(
    findings: Iterable[Finding], *, unsafe: bool, but: Iterable[tuple[str, str, str]] = ()
) -> list[tuple[Finding, Fix]]:
    """The fixes of active findings that can be made together: none touches a place of another."""
    excluded = set(but)
    taken: list[Edit] = []
    chosen: list[tuple[Finding, Fix]] = []
    seen: set[tuple[Edit, ...]] = set()
    for finding in findings:
        fix = finding.fix
        if fix is None or finding.status is not Status.ACTIVE or not (fix.safe or unsafe):
            continue
        if (
            _key(finding) in excluded
            or fix.edits in seen
            or any(edit.path != finding.location.path for edit in fix.edits)
        ):
            continue
        if any(_touch(edit, other) for edit in fix.edits for other in taken):
            continue
        seen.add(fix.edits)
        taken += fix.edits
        chosen.append((finding, fix))
    return chosen


def _touch(left: Edit, right: Edit) -> bool:
    """Two edits that share a character or meet at one place; the order of two insertions there would be chance."""
    return left.start <= right.end and right.start <= left.end


def _key(finding: Finding) -> tuple[str, str, str]:
    return (finding.rule, finding.subject, finding.evidence)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made that do not overlap."""
    parts: list[str] = []
    at = len(text)
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        if edit.end > at:
            raise ValueError("edits overlap")
        parts += [text[edit.end : at], edit.text]
        at = edit.start
    parts.append(text[:at])
    return "".join(reversed(parts))


def _good(before: Sequence[Finding], after: Sequence[Finding], chosen: Sequence[tuple[Finding, Fix]]) -> bool:
    """Whether the file still parses, what was to be fixed is fixed, and nothing else was found before it was not."""
    then, now = _counts(before), _counts(after)
    severities = {(finding.rule, finding.subject): finding.severity for finding in after}
    if now.get((UNPARSABLE, ""), 0) > then.get((UNPARSABLE, ""), 0):
        return False
    fixed = {(finding.rule, finding.subject) for finding, _ in chosen}
    if any(now.get(key, 0) >= then.get(key, 0) for key in fixed):
        return False
    # what a graver finding of the same subject had hidden may come to light
    gone: dict[str, Severity] = {}
    for finding in before:
        if now.get((finding.rule, finding.subject), 0) < then.get((finding.rule, finding.subject), 0):
            gone[finding.subject] = max(finding.severity, gone.get(finding.subject, Severity.INFO))
    return all(
        count <= then.get((rule, subject), 0) or severities[rule, subject] <= gone.get(subject, Severity.INFO)
        for (rule, subject), count in now.items()
    )


def _counts(findings: Iterable[Finding]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for finding in findings:
        if finding.status is Status.ACTIVE:
            key = (finding.rule, finding.subject)
            counts[key] = counts.get(key, 0) + 1
    return counts
