"""What the configuration suppresses: `ignore` of a rule, and the entries of `suppressions.ignore`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from linter.config import Config, ConfigSuppression
from linter.config.globs import text_pattern
from linter.config.outside import is_outside, means
from linter.finding import Finding
from linter.suppress.model import OURS
from linter.suppress.names import Names


class Entries:
    """Asked about finding after finding, those of a file in a row: what concerns a rule there is looked up once."""

    def __init__(self, config: Config, names: Names, today: datetime.date, root: str) -> None:
        self.config = config
        self.names = names
        self.root = root.rstrip("/")
        self._counting = [
            entry for entry in config.suppressions.ignore if entry.until is None or entry.until >= today
        ]
        self._of_rule: dict[str, Sequence[ConfigSuppression]] = {}
        self._path = ""  # of the file at hand, and what concerns its rules there
        self._here: dict[str, tuple[str, Sequence[ConfigSuppression]]] = {}

    def words(self, finding: Finding, *, locked: bool) -> str:
        """Why the finding is suppressed; empty when it is not."""
        words, entries = self._at(finding.rule, finding.location.path)
        # a locked rule's own settings come from the file that locks it: they stand
        if words or locked or not entries:
            return words
        addresses = finding.instances or (finding.subject,)
        for entry in entries:
            # one source line may stand for several instances: all of them must be meant
            if all(entry.covers_address(address) for address in addresses):
                return f"{entry.reason} ({entry.origin})"
        return ""

    def _at(self, rule: str, path: str) -> tuple[str, Sequence[ConfigSuppression]]:
        """Why a rule's findings in a file are ignored, or the entries that may suppress them."""
        if path != self._path:
            self._path = path
            self._here = {}
        found = self._here.get(rule)
        if found is None:
            absolute = f"{self.root}/{path}"
            words = ""
            if self.config.rule(rule).ignores(absolute):
                words = f"ignored by {self.config.origin(f'rules.{rule}.ignore')}"
            entries = [entry for entry in self._about(rule) if entry.covers_path(absolute)]
            found = self._here[rule] = words, entries
        return found

    def _about(self, rule: str) -> Sequence[ConfigSuppression]:
        found = self._of_rule.get(rule)
        if found is None:
            found = self._of_rule[rule] = [entry for entry in self._counting if self._means(entry, rule)]
        return found

    def _means(self, entry: ConfigSuppression, rule: str) -> bool:
        return not entry.rules or any(self._selects(selector, rule) for selector in entry.rules)

    def _selects(self, selector: str, rule: str) -> bool:
        info = self.names.infos.get(rule)
        if selector in ("all", rule) or text_pattern(selector).match(rule) is not None:
            return True
        if rule in self.names.of(OURS, selector):
            return True
        if is_outside(rule):
            return means(selector, rule)
        return info is not None and selector in (info.category, info.format, *info.standards)
