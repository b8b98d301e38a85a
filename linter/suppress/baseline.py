"""The baseline file: findings that were there before, one a line, so that its changes can be reviewed.

What identifies a finding stands in it (rule, path, subject, evidence, ordinal), never a line number or a message.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from linter.errors import UsageError
from linter.finding import Diagnostic, Finding, Status
from linter.frozen import dataclass, replace

SCHEMA_VERSION = 1
RENAMED_SHARE = 0.5  # of a vanished file's entries that must be found in the new one
MAX_ENTRIES = 200_000  # of a baseline that is read
MAX_ALIKE = 50  # files with the same finding; of more, those with the old one's own name


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One known finding, in the order of the file."""

    path: str
    subject: str
    rule: str
    evidence: str
    ordinal: int = 0

    def at(self, path: str) -> Entry:
        return replace(self, path=path)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known findings. `name` is the file's, for messages."""

    entries: frozenset[Entry]
    name: str = "baseline"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Findings marked by a baseline, and what of it is out of date."""

    findings: tuple[Finding, ...]
    stale: tuple[Entry, ...] = ()  # entries without a finding, of files that were scanned or are gone
    renames: tuple[tuple[str, str], ...] = ()  # (old path, new path)

    def diagnostics(self, name: str) -> list[Diagnostic]:
        """What the reader of the report should know of it."""
        told = [
            Diagnostic("note", f"{old} is now {new}: run `tarecheck baseline update`", name)
            for old, new in self.renames
        ]
        if self.stale:
            count = len(self.stale)
            words = "entry matches no finding" if count == 1 else "entries match no finding"
            told.append(
                Diagnostic("warning", f"{count} {words} any more: run `tarecheck baseline prune`", name)
            )
        return told


def entry_of(finding: Finding) -> Entry:
    return Entry(finding.location.path, finding.subject, finding.rule, finding.evidence, finding.ordinal)


def create(findings: Iterable[Finding], name: str = "baseline") -> Baseline:
    """A baseline of all findings that count, or that an older baseline holds; they must be numbered."""
    known = (Status.ACTIVE, Status.BASELINED)
    return Baseline(frozenset(entry_of(f) for f in findings if f.status in known), name)


def compare(findings: Iterable[Finding], baseline: Baseline, scanned: Collection[str]) -> Comparison:
    """Mark the active findings that the baseline knows. `scanned` are the paths of all files that were read.

    A file that is gone, and whose findings stand in a file that the baseline does not know, was renamed.
    """
    items = list(findings)
    met = {entry_of(f) for f in items} & baseline.entries
    missing = baseline.entries - met
    active = [f for f in items if f.status is Status.ACTIVE and entry_of(f) not in baseline.entries]
    renames = _renames(missing, active, {entry.path for entry in baseline.entries}, scanned)
    moved = {entry.at(renames[entry.path]) for entry in missing if entry.path in renames}
    result: list[Finding] = []
    for finding in items:
        entry = entry_of(finding)
        if finding.status is Status.ACTIVE and (entry in baseline.entries or entry in moved):
            finding = finding.evolve(status=Status.BASELINED, reason=baseline.name)
            met.add(entry)
        result.append(finding)
    gone = {
        entry for entry in missing if entry.path not in renames or entry.at(renames[entry.path]) not in met
    }
    return Comparison(tuple(result), tuple(sorted(gone)), tuple(sorted(renames.items())))


def _renames(
    missing: Iterable[Entry], active: Iterable[Finding], known: set[str], scanned: Collection[str]
) -> dict[str, str]:
    """Old path -> new path: the new one has the same findings, at least half of those that the old one had."""
    by_shape: dict[Entry, set[str]] = {}
    by_name: dict[Entry, set[str]] = {}
    for finding in active:
        path = finding.location.path
        if path not in known:
            entry = entry_of(finding)
            by_shape.setdefault(entry.at(""), set()).add(path)
            by_name.setdefault(entry.at(_last(path)), set()).add(path)
    votes: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for entry in missing:
        if entry.path not in scanned:
            sizes[entry.path] += 1
            alike = by_shape.get(entry.at(""), set())
            if len(alike) > MAX_ALIKE:
                alike = by_name.get(entry.at(_last(entry.path)), set())
            votes.setdefault(entry.path, Counter()).update(alike if len(alike) <= MAX_ALIKE else ())
    result: dict[str, str] = {}
    taken: set[str] = set()
    for old in sorted(votes):
        candidates = [(count, new) for new, count in votes[old].items() if new not in taken]
        if candidates:
            count, new = max(candidates, key=lambda pair: (pair[0], _nearness(old, pair[1]), pair[1]))
            if count >= sizes[old] * RENAMED_SHARE:
                result[old] = new
                taken.add(new)
    return result


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _nearness(old: str, new: str) -> int:
    """How many last parts of two paths are the same."""
    count = 0
    for left, right in zip(reversed(old.split("/")), reversed(new.split("/")), strict=False):
        if left != right:
            break
        count += 1
    return count


def update(
    baseline: Baseline, comparison: Comparison, scanned: Collection[str], existing: Collection[str]
) -> Baseline:
    """The baseline after a scan: scanned files as they are now, others as they were, gone files left out.

    `existing` are the paths of entries' files that still exist.
    """
    kept = {e for e in baseline.entries if e.path not in scanned and e.path in existing}
    return Baseline(frozenset(kept) | create(comparison.findings).entries, baseline.name)


def prune(baseline: Baseline, comparison: Comparison) -> Baseline:
    """The baseline without entries that match no finding; renamed files under their new names. Adds nothing."""
    renames = dict(comparison.renames)
    kept = baseline.entries - frozenset(comparison.stale)
    return Baseline(frozenset(e.at(renames.get(e.path, e.path)) for e in kept), baseline.name)


def counts(baseline: Baseline) -> list[tuple[str, int]]:
    """How many entries each rule has, most first: for `baseline show`."""
    return sorted(
        Counter(entry.rule for entry in baseline.entries).items(), key=lambda pair: (-pair[1], pair[0])
    )


def dump(baseline: Baseline) -> str:
    """The file's text: sorted, one entry a line."""
    lines = [json.dumps(_row(entry), ensure_ascii=False) for entry in sorted(baseline.entries)]
    body = ",\n".join(f"    {line}" for line in lines)
    findings = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "schema_version": {SCHEMA_VERSION},\n  "findings": {findings}\n}}\n'


def _row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"path": entry.path, "rule": entry.rule}
    if entry.subject:
        row["subject"] = entry.subject
    row["evidence"] = entry.evidence
    if entry.ordinal:
        row["ordinal"] = entry.ordinal
    return row


def parse(name: str, data: bytes) -> Baseline:
    """Read a baseline file. Raises `UsageError` that says what is wrong with it."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{name}: not a baseline: {error}", "make one with `tarecheck baseline create`"
        ) from None
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise UsageError(
            f"{name}: not a baseline of version {SCHEMA_VERSION}", "make one with `tarecheck baseline create`"
        )
    rows = document.get("findings")
    if not isinstance(rows, list):
        raise UsageError(f"{name}: 'findings' must be a list")
    if len(rows) > MAX_ENTRIES:
        raise UsageError(
            f"{name}: {len(rows):,} entries, more than the {MAX_ENTRIES:,} that are read",
            "exclude what is not yours, or turn off the rules that find so much",
        )
    return Baseline(frozenset(_entry(name, number, row) for number, row in enumerate(rows, 1)), name)


def _entry(name: str, number: int, row: object) -> Entry:
    if isinstance(row, Mapping):
        texts = [row.get("path"), row.get("subject", ""), row.get("rule"), row.get("evidence", "")]
        ordinal = row.get("ordinal", 0)
        if all(isinstance(text, str) for text in texts) and type(ordinal) is int:
            path, subject, rule, evidence = texts
            return Entry(str(path), str(subject), str(rule), str(evidence), ordinal)
    raise UsageError(f"{name}: entry {number} is no finding: it needs path, rule and evidence")
