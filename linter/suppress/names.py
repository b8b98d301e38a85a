"""Which rules of ours the ids mean that suppressions name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import translate

from linter.config.outside import normal
from linter.finding import RuleInfo, is_about_secrets
from linter.ruleset.trivynames import trivy_ids
from linter.suppress.model import OURS
from linter.suppress.ofsecrets import TOOLS

MAX_NAME = 100  # characters of a written id that is compared with the names of rules
MAX_NEAREST = 20  # wrong ids for which the nearest is looked up
MAX_PATTERNS = 1_000  # different ids with a `*` that are compared with the peers' ids
MAX_KEPT = 10_000  # answers that are remembered


class Names:
    """Which of our rules a written id means. Made once a rule set; ids of Trivy have many spellings."""

    def __init__(self, infos: Mapping[str, RuleInfo]) -> None:
        self.infos = infos
        self._by_tool: dict[str, dict[str, set[str]]] = {}
        self._bare: dict[str, set[str]] = {}
        self._patterns = 0
        self._asked = 0  # for the nearest name: a long search
        self._found: dict[tuple[str, str], set[str]] = {}
        for info in infos.values():
            for alias in info.aliases:
                tool, _, peer_id = alias.partition(":")
                key = normal(tool, peer_id)
                self._by_tool.setdefault(tool, {}).setdefault(key, set()).add(info.id)
                self._bare.setdefault(key, set()).add(info.id)

    def of(self, tool: str, written: str) -> set[str]:
        """Our ids for an id as written; for our own directives also a peer's id, with or without its tool."""
        found = self._found.get((tool, written))
        if found is None:
            found = self._look_up(tool, written)
            if len(self._found) < MAX_KEPT:
                self._found[tool, written] = found
        return found

    def _look_up(self, tool: str, written: str) -> set[str]:
        if tool == OURS:
            if written in self.infos:
                return {written}
            name, colon, peer_id = written.partition(":")
            if colon:
                return self._of_peer(name, peer_id)
            return self._bare.get(normal("", written), set()) or self._of_peer("trivy", written)
        if tool in TOOLS:
            return {rule for rule in self.infos if is_about_secrets(rule, self.infos)}
        return self._of_peer(tool, written)

    def _of_peer(self, tool: str, written: str) -> set[str]:
        table = self._by_tool.get("trivy" if tool == "tfsec" else tool, {})
        key = normal(tool, written[:MAX_NAME])
        if len(written) > MAX_NAME:
            found = set()  # no id is that long
        elif "*" in key:
            self._patterns += 1
            pattern = re.compile(translate(key.replace("[", "[[]")))
            within = self._patterns <= MAX_PATTERNS
            found = {
                rule
                for peer_id, rules in table.items()
                if within and pattern.match(peer_id)
                for rule in rules
            }
        else:
            found = table.get(key, set())
        if tool in ("trivy", "tfsec"):
            found = found.union(*(table.get(normal("trivy", check), set()) for check in trivy_ids(written)))
        return found

    def nearest(self, written: str) -> str:
        if len(written) > MAX_NAME or self._asked >= MAX_NEAREST:
            return ""
        self._asked += 1
        from difflib import get_close_matches

        near = get_close_matches(written, list(self.infos), n=1, cutoff=0.6)
        return f"; nearest is '{near[0]}'" if near else ""
