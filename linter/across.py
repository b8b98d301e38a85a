"""Rules that look across files: judged once, over the records of everything scanned together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linter.finding import Diagnostic, Finding
from linter.formats.classify import load_format
from linter.formats.records import ProjectContext
from linter.ruleset.evaluate import evaluate_project
from linter.ruleset.policy import Policy
from linter.text import SourceText, decode
from linter.unit import FileResult, Worker, read_document, shown


@dataclass(frozen=True, slots=True)
class Together:
    """What the rules across files said."""

    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unknowns: Mapping[str, int] = field(default_factory=dict)


def judge_together(results: Sequence[FileResult], policy: Policy, worker: Worker) -> Together:
    """Join the records of all files and ask the rules `for: project` of each format that has some."""
    formats: dict[str, str] = {result.path: result.format for result in results if result.records}
    records: list[Mapping[str, Any]] = [record for result in results for record in result.records]
    texts = _Texts(worker.root)
    findings: list[Finding] = []
    diagnostics: list[Diagnostic] = []
    unknowns: Counter[str] = Counter()
    for name in sorted(set(formats.values())):
        fmt, plan = load_format(name), policy.plan(name)
        if fmt.project is None or not plan.across:
            continue
        outcome = evaluate_project(fmt.project(records, ProjectContext(texts)), plan)
        findings += outcome.findings
        diagnostics += outcome.diagnostics
        unknowns.update(outcome.unknowns)
    return Together(tuple(_marked(findings, formats, texts, worker)), tuple(diagnostics), dict(unknowns))


def _marked(
    findings: Sequence[Finding],
    formats: Mapping[str, str],
    texts: Callable[[str], SourceText],
    worker: Worker,
) -> list[Finding]:
    """Apply the configuration and the suppressions of the files that the findings are in."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.location.path, []).append(finding)
    result: list[Finding] = []
    for path, group in by_path.items():
        policy = worker.policy_for(worker.root / path)
        wanted = [finding for finding in group if finding.rule in policy.enabled]
        document = read_document(texts(path), formats[path])
        result += shown(worker.mark(document, wanted, policy.config), policy.config)
    return result


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
