"""What is told of each rule, unpacked when it is asked for: a report names a few rules of more than a thousand."""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from linter.finding import Confidence, RuleInfo, Severity

_SEVERITIES, _CONFIDENCES = tuple(Severity), tuple(Confidence)  # by their numbers


class Infos(Mapping[str, RuleInfo]):
    """Rules by id, in order of id. `profiles` and `formats` tell of all of them without unpacking any."""

    __slots__ = ("_rows", "formats", "profiles")

    def __init__(
        self, rows: dict[str, RuleInfo | bytes], profiles: Mapping[str, str], formats: Mapping[str, str]
    ) -> None:
        self._rows = rows
        self.profiles = profiles
        self.formats = formats

    @classmethod
    def of(cls, rules: Collection[RuleInfo]) -> Infos:
        rows: dict[str, RuleInfo | bytes] = {
            rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)
        }
        return cls(rows, {rule.id: rule.profile for rule in rules}, {rule.id: rule.format for rule in rules})

    def __getitem__(self, rule: str) -> RuleInfo:
        row = self._rows[rule]
        if isinstance(row, bytes):
            row = self._rows[rule] = _unpack(marshal.loads(row))  # noqa: S302 - by `pack_info`, of our own file
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, rule: object) -> bool:
        return rule in self._rows

    def only(self, rules: Collection[str]) -> Infos:
        """Those of some rules."""
        return Infos({i: row for i, row in self._rows.items() if i in rules}, self.profiles, self.formats)

    def beside(self, others: Mapping[str, RuleInfo]) -> Mapping[str, RuleInfo]:
        """These and others, such as another program's, in order of id."""
        if not others:
            return self
        rows = dict(sorted({**self._rows, **others}.items()))
        return Infos(rows, self.profiles, {**self.formats, **{i: info.format for i, info in others.items()}})


def pack_info(info: RuleInfo) -> bytes:
    return marshal.dumps((
        info.id, info.title, info.category, int(info.severity), int(info.confidence), info.profile, info.format,
        info.subject, info.why, info.fix, info.message, info.aliases, info.standards, info.references, info.written,
        info.origin, info.since, info.exact, info.once, info.hygiene, info.moot_if,
        info.explained_by, info.throughout,
    ))  # fmt: skip


def _unpack(row: Sequence[Any]) -> RuleInfo:
    return RuleInfo(row[0], row[1], row[2], _SEVERITIES[row[3]], _CONFIDENCES[row[4]], *row[5:])
