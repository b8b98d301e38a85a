"""Rules that look across files: judged once, over the records of everything scanned together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from linter.finding import Diagnostic, Finding
from linter.formats.classify import load_format
from linter.formats.records import ProjectContext
from linter.frozen import dataclass, field
from linter.ruleset.evaluate import evaluate_project
from linter.ruleset.policy import Policy
from linter.text import SourceText, decode
from linter.unit import FileResult, Worker


@dataclass(frozen=True, slots=True)
class Together:
    """What the rules across files said."""

    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unknowns: Mapping[str, int] = field(default_factory=dict)
    judged: frozenset[str] = frozenset()


def judge_together(results: Sequence[FileResult], policy: Policy, worker: Worker) -> Together:
    """Join the records of all files and ask the rules `for: project` of each format that has some."""
    records: list[Mapping[str, Any]] = [record for result in results for record in result.records]
    texts = _Texts(worker.root)
    findings: list[Finding] = []
    diagnostics: list[Diagnostic] = []
    unknowns: Counter[str] = Counter()
    judged: set[str] = set()
    for name in sorted({result.format for result in results if result.records}):
        fmt, plan = load_format(name), policy.plan(name)
        if fmt.project is None or not plan.across:
            continue
        outcome = evaluate_project(fmt.project(records, ProjectContext(texts)), plan)
        findings += outcome.findings
        diagnostics += outcome.diagnostics
        unknowns.update(outcome.unknowns)
        judged |= outcome.judged
    wanted = (f for f in findings if f.rule in worker.policy_for(worker.root / f.location.path).enabled)
    return Together(tuple(wanted), tuple(diagnostics), dict(unknowns), frozenset(judged))


class _Texts:
    """Texts of scanned files, read again when a finding is in them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._texts: dict[str, SourceText] = {}

    def __call__(self, path: str) -> SourceText:
        found = self._texts.get(path)
        if found is None:
            found = self._texts[path] = decode(path, (self.root / path).read_bytes())
        return found
