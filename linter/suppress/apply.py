"""Marks what suppressions and the configuration cover, and tells which suppressions are worth nothing.

Runs after all findings of a file are known (also those of rules across files and of external programs), and on
results from the cache: dates and policy are asked now.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from linter.config import Config
from linter.config.outside import is_outside, means
from linter.finding import Diagnostic, Finding, Severity, Status
from linter.frozen import dataclass, field
from linter.ruleset.builtin import EXPIRED_SUPPRESSION, UNEXPLAINED_SUPPRESSION, UNUSED_SUPPRESSION
from linter.ruleset.policy import Policy
from linter.suppress.entries import Entries
from linter.suppress.model import OURS, Suppression
from linter.suppress.names import Names
from linter.suppress.since import identity_then

_NOT_THERE = "is not suppressed here at the reference that the policy is taken from"
_OWN_RULES = (EXPIRED_SUPPRESSION, UNEXPLAINED_SUPPRESSION, UNUSED_SUPPRESSION)


@dataclass(frozen=True, slots=True)
class Trusted:
    """What comments and annotations suppress at the reference that the policy is taken from."""

    identities: frozenset[str]
    renames: Mapping[str, str]  # new path -> path there

    def holds(self, finding: Finding) -> bool:
        """Whether the finding, which must be numbered, is suppressed there."""
        return identity_then(finding, self.renames) in self.identities


@dataclass(frozen=True, slots=True)
class Marker:
    """What marking needs besides a file's findings."""

    names: Names
    today: datetime.date
    root: str  # absolute; what the findings' paths start from
    trusted: Trusted | None = None  # `--policy-from`: comments and annotations count only for these
    entries: dict[int, Entries] = field(default_factory=dict)  # by `id` of the configuration

    def apply(self, findings: Iterable[Finding], suppressions: Sequence[Suppression], policy: Policy, *,
              complete: bool = True) -> list[Finding]:  # fmt: skip
        """The findings of one file, marked, with findings about suppressions added.

        `complete` is False when not all findings of the file are known (a scan of changed lines, of one tool):
        then an unused suppression is nothing to tell.
        """
        config = policy.config
        judged = [_Judged(item, self._fault(item, config)) for item in _honoured(suppressions, config)]
        entries = self.entries.get(id(config))
        if entries is None:
            entries = self.entries[id(config)] = Entries(config, self.names, self.today, self.root)
        naming: dict[str, Sequence[_Naming]] = {}  # by rule; a file may have thousands of both
        marked = []
        for finding in findings:
            if finding.status is Status.ACTIVE and finding.rule not in _OWN_RULES:
                if finding.rule not in naming:
                    naming[finding.rule] = self._naming(finding.rule, judged)
                finding = self._mark(finding, naming[finding.rule], config, entries)
            marked.append(finding)
        if judged:
            marked += self._told(judged, policy, complete=complete)
        return marked

    def _fault(self, item: Suppression, config: Config) -> tuple[str, str]:
        """The rule that tells what is wrong with a suppression, and in what words; ('', '') when it counts."""
        listed = ", ".join(item.rules)
        policy = config.suppressions
        if item.fault:
            return UNUSED_SUPPRESSION, f"This suppression is not understood. {item.fault}"
        if item.until is not None and item.until < self.today:
            return EXPIRED_SUPPRESSION, f"The suppression of '{listed}' expired on {item.until}."
        if policy.max_days is not None:
            limit = self.today + datetime.timedelta(days=min(policy.max_days, 36500))
            if item.until is None or item.until > limit:
                words = f"The suppression of '{listed}' must end by {limit}: write until=DATE."
                return EXPIRED_SUPPRESSION, words
        if policy.require_reason and not item.reason:
            return (
                UNEXPLAINED_SUPPRESSION,
                f"The suppression of '{listed}' gives no reason, so it does not count.",
            )
        return "", ""

    def _naming(self, rule: str, judged: Sequence[_Judged]) -> Sequence[_Naming]:
        """The suppressions that name a rule, each with its words that do."""
        found = []
        for item in judged:
            place = item.suppression
            meant = [
                written
                for written in place.rules
                if rule in self.names.of(place.tool, written)
                or (place.tool == OURS and _names_outside(written, rule))
            ]
            if meant:
                found.append((item, meant))
        return found

    def _mark(self, finding: Finding, naming: Sequence[_Naming], config: Config, entries: Entries) -> Finding:
        locked = finding.rule in config.suppressions.locked
        words = ""
        line = 0  # of the comment or annotation that counts
        for item, meant in naming:
            place = item.suppression
            if not place.first <= finding.location.line <= place.last:
                continue
            item.hits.update(meant)
            if locked or (self.trusted is not None and not self.trusted.holds(finding)):
                why = "is locked by the configuration" if locked else _NOT_THERE
                item.refused.update(dict.fromkeys(meant, why))
            elif not item.fault[0] and not words:
                words, line = place.words, place.location.line
        words = words or entries.words(finding, locked=locked)
        if not words:
            return finding
        told = (
            (("suppressed-by", "source"), ("suppressed-at", str(line)))
            if line
            else (("suppressed-by", "config"),)
        )
        return finding.evolve(status=Status.SUPPRESSED, reason=words, properties=(*finding.properties, *told))

    def _told(self, judged: Sequence[_Judged], policy: Policy, *, complete: bool) -> Iterator[Finding]:
        for item in judged:
            rule, words = item.fault
            mine = item.suppression.tool == OURS
            if rule and (mine or item.hits):
                yield from _finding(rule, words, item.suppression, policy)
            elif mine and not item.suppression.reason:
                listed = ", ".join(item.suppression.rules)
                words = f"The suppression of '{listed}' gives no reason."
                yield from _finding(UNEXPLAINED_SUPPRESSION, words, item.suppression, policy)
            if mine and not rule:
                for words in self._unused(item, policy, complete=complete):
                    yield from _finding(UNUSED_SUPPRESSION, words, item.suppression, policy)

    def _unused(self, item: _Judged, policy: Policy, *, complete: bool) -> Iterator[str]:
        for written in item.suppression.rules:
            meant = self.names.of(OURS, written)
            if written in item.refused:
                yield f"'{written}' {item.refused[written]}: this suppression has no effect."
            elif is_outside(written) and not meant:
                continue  # only that program knows whether it would find it
            elif not meant and written not in item.hits:
                yield f"The suppression names no rule '{written}'{self.names.nearest(written)}."
            elif written not in item.hits and complete and meant & policy.enabled:
                yield f"The suppression of '{written}' matches no finding."


def _names_outside(written: str, rule: str) -> bool:
    """Whether a comment's word is another program's rule, with or without the program's name."""
    return is_outside(rule) and (means(written, rule) or means(f"{rule.partition(':')[0]}:{written}", rule))


class _Judged:
    """A suppression, what is wrong with it, and what it met."""

    __slots__ = ("fault", "hits", "refused", "suppression")

    def __init__(self, suppression: Suppression, fault: tuple[str, str]) -> None:
        self.suppression = suppression
        self.fault = fault
        self.hits: set[str] = set()  # ids as written that named a finding
        self.refused: dict[str, str] = {}  # of them, those that have no effect, and why


_Naming = tuple[_Judged, list[str]]


def _honoured(suppressions: Sequence[Suppression], config: Config) -> Iterator[Suppression]:
    policy = config.suppressions
    if policy.inline:
        for item in suppressions:
            if item.tool == OURS or policy.honor_foreign:
                yield item


def _finding(rule: str, words: str, item: Suppression, policy: Policy) -> Iterator[Finding]:
    if rule not in policy.enabled:
        return
    info = policy.ruleset.infos[rule]
    severity: Severity = policy.severity(info)
    yield Finding(
        rule, severity, info.confidence, words, item.location, evidence=item.evidence, excerpt=item.excerpt
    )


def expired_entries(configs: Iterable[Config], today: datetime.date) -> list[Diagnostic]:
    """A warning for each `suppressions.ignore` entry of the configuration that is past its date."""
    found = {entry.origin: entry for config in configs for entry in config.suppressions.ignore}
    return [
        Diagnostic(
            "warning", f"this suppression expired on {entry.until}", origin.path, origin.line, origin.column
        )
        for origin, entry in sorted(found.items(), key=lambda pair: (pair[0].path, pair[0].line))
        if entry.until is not None and entry.until < today
    ]
