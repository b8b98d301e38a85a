"""Results of a unit as plain data that `marshal` writes, and back: for workers' answers and for the cache.

Written out field by field: this runs for every file of a warm scan.
"""

from __future__ import annotations

import datetime
import marshal
from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any

from linter.digest import blake2b
from linter.finding import (
    Confidence,
    Diagnostic,
    Edit,
    Excerpt,
    Finding,
    Fix,
    Location,
    Related,
    Severity,
    Skipped,
    Status,
)
from linter.formats.records import shared
from linter.suppress.model import Suppression
from linter.unit import FileResult

_SEVERITIES = tuple(Severity)
_CONFIDENCES = tuple(Confidence)
_MAX_WORDS = 5_000  # texts that are looked up before they are forgotten
_NO_UNKNOWNS: Mapping[str, int] = {}
Row = Sequence[Any]
Sets = dict[str, str]  # id -> rules that met a subject, one a line; files of a kind share theirs


class Encoder:
    """Packs results; `sets` grows by what the packed results refer to."""

    def __init__(self) -> None:
        self.sets: Sets = {}
        self._ids: dict[frozenset[str], str] = {}

    def pack(self, results: Sequence[FileResult]) -> bytes:
        """Raises `ValueError` for a value that is no plain data."""
        return marshal.dumps([self._result(result) for result in results])

    def _result(self, r: FileResult) -> Row:
        return (
            r.path,
            r.format,
            [_finding(finding, r.path) for finding in r.findings],
            [(d.level, d.message, d.path, d.line, d.column, d.internal) for d in r.diagnostics],
            None if r.skipped is None else (r.skipped.path, r.skipped.reason),
            r.subjects,
            {intern(rule): count for rule, count in r.unknowns.items()},
            [_suppression(item, r.path) for item in r.suppressions],
            [(record[0], None if record[1] == r.path else record[1], *record[2:]) for record in r.records],
            r.inventory,
            self.name(r),
            r.joins,
            r.images,
        )

    def name(self, result: FileResult) -> str:
        """The name in `sets` of the rules that met a subject in a file."""
        rules = result.judged
        found = self._ids.get(rules)
        if found is None:
            text = "\n".join(sorted(rules))
            found = self._ids[rules] = blake2b(text.encode(), digest_size=8).hexdigest()
            self.sets[found] = text
        return found


class Decoder:
    """Unpacks results. Equal sets become one object."""

    def __init__(self) -> None:
        self._sets: dict[str, frozenset[str]] = {}
        self._unknowns: dict[
            tuple[tuple[str, int], ...], Mapping[str, int]
        ] = {}  # those of many files are equal
        self._words: dict[str, str] = {}  # messages and evidence: those of many findings are equal

    def learn(self, sets: Mapping[str, str]) -> None:
        for name, text in sets.items():
            if name not in self._sets:
                self._sets[name] = frozenset(text.split("\n")) if text else frozenset()

    def unpack(self, data: bytes, shown: str) -> list[FileResult]:
        """The results of the unit whose first file is shown so; the text of that is used, not one like it.

        Raises `ValueError`, `KeyError` and their like for what `pack` did not write.
        """
        return [self._result(row, shown) for row in marshal.loads(data)]  # noqa: S302 - our own file or process

    def _result(self, row: Row, shown: str) -> FileResult:
        (
            path,
            name,
            findings,
            diagnostics,
            skipped,
            subjects,
            unknowns,
            suppressions,
            records,
            inventory,
            judged,
            joins,
            images,
        ) = row
        path = shown if path == shown else path
        if unknowns:
            unknowns = self._unknowns.setdefault(tuple(unknowns.items()), unknowns)
        if records:
            records = tuple([(shared(shape), home or path, *rest) for shape, home, *rest in records])
        return FileResult(
            path,
            name,
            tuple([self._finding(item, path) for item in findings]) if findings else (),
            tuple([Diagnostic(*item) for item in diagnostics]) if diagnostics else (),
            None if skipped is None else Skipped(*skipped),
            subjects,
            unknowns or _NO_UNKNOWNS,
            tuple([_to_suppression(item, path) for item in suppressions]) if suppressions else (),
            records or (),
            inventory,
            self._sets[judged],
            joins,
            images,
        )

    def _finding(self, row: Row, path: str) -> Finding:
        place, excerpt, related, fix = row[4], row[7], row[8], row[9]
        words = self._words
        if len(words) > _MAX_WORDS:
            words.clear()
        return Finding(
            row[0],
            _SEVERITIES[row[1]],
            _CONFIDENCES[row[2]],
            words.setdefault(row[3], row[3]),
            Location(place[0] or path, *place[1:]),
            row[5],
            words.setdefault(row[6], row[6]),
            None if excerpt is None else Excerpt(*excerpt),
            tuple([Related(_to_location(place, path), message, use) for place, message, use in related])
            if related
            else (),
            None if fix is None else Fix(fix[0], tuple([Edit(*edit) for edit in fix[1]]), fix[2]),
            row[10],
            Status.ACTIVE if row[11] == "active" else Status(row[11]),
            *row[12:],
        )


def _finding(f: Finding, path: str) -> Row:
    return (
        intern(f.rule),  # one object for all results that are loaded
        int(f.severity),
        int(f.confidence),
        f.message,
        _location(f.location, path),
        f.subject,
        f.evidence,
        None if f.excerpt is None else (f.excerpt.first, f.excerpt.text),
        [(_location(item.location, path), item.message, item.use) for item in f.related],
        None if f.fix is None else _fix(f.fix),
        f.ordinal,
        str(f.status),
        f.reason,
        f.origin,
        f.instances,
        f.properties,
    )


def _location(p: Location, path: str) -> Row:
    """A place; without its path where that is the one of the result."""
    return (None if p.path == path else p.path, p.line, p.column, p.end_line, p.end_column, p.start, p.end)


def _to_location(row: Row, path: str) -> Location:
    return Location(row[0] or path, *row[1:])


def _fix(fix: Fix) -> Row:
    return (fix.description, [(e.path, e.start, e.end, e.text) for e in fix.edits], fix.safe)


def _suppression(s: Suppression, path: str) -> Row:
    until = None if s.until is None else s.until.toordinal()
    return (
        s.rules, s.first, s.last, _location(s.location, path), (s.excerpt.first, s.excerpt.text), s.evidence,
        s.tool, s.reason, until, s.by, s.fault,
    )  # fmt: skip


def _to_suppression(row: Row, path: str) -> Suppression:
    until = None if row[8] is None else datetime.date.fromordinal(row[8])
    rules, first, last, place, excerpt, evidence, tool, reason, _, by, fault = row
    return Suppression(
        rules,
        first,
        last,
        _to_location(place, path),
        Excerpt(*excerpt),
        evidence,
        tool,
        reason,
        until,
        by,
        fault,
    )
