"""Rules that look across files: judged once, over the records of everything scanned together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path

from linter.finding import MOOT, Diagnostic, Finding
from linter.formats.classify import load_format
from linter.formats.records import FOLDER, Data, Project, ProjectContext
from linter.frozen import dataclass, field
from linter.givenfiles import read_regular
from linter.loading import MAX_PLAN_BYTES, crash_of
from linter.ruleset.evaluate import evaluate_project
from linter.ruleset.policy import Policy
from linter.text import SourceText, decode
from linter.unit import FileResult, Worker

MAX_BESIDE = 5_000_000  # bytes of a file that a scanned one names
MOST_NAMES = 5_000  # of a folder that are looked at


@dataclass(frozen=True, slots=True)
class Together:
    """What the rules across files said."""

    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unknowns: Mapping[str, int] = field(default_factory=dict)
    judged: frozenset[str] = frozenset()
    moot: Mapping[tuple[str, str, str], str] = field(default_factory=dict)  # rule, file, subject -> by what

    def marked(self, findings: Sequence[Finding]) -> list[Finding]:
        """Findings of single files, those with a property that other files make moot."""
        if not self.moot:
            return list(findings)
        return [
            finding.evolve(properties=(*finding.properties, (MOOT, word)))
            if (word := self.moot.get(_key(finding)))
            else finding
            for finding in findings
        ]


def judge_together(results: Sequence[FileResult], policy: Policy, worker: Worker) -> Together:
    """Join the records of all files and ask the rules `for: project` of each format that has some."""
    records: list[Data] = [record for result in results for record in result.records]
    texts = _Texts(worker.root, {result.path for result in results})
    findings: list[Finding] = []
    diagnostics: list[Diagnostic] = []
    unknowns: Counter[str] = Counter()
    judged: set[str] = set()
    moot: dict[tuple[str, str, str], str] = {}
    for name in sorted({result.format for result in results if result.records}):
        fmt, plan = load_format(name), policy.plan(name)
        if fmt.project is None or not (plan.across or fmt.answers):
            continue
        document = fmt.project(records, ProjectContext(texts, texts.names))
        outcome = evaluate_project(document, plan)
        findings += outcome.findings
        diagnostics += outcome.diagnostics
        diagnostics += [Diagnostic("warning", words) for words in document.root.limits]
        unknowns.update(outcome.unknowns)
        judged |= outcome.judged
        moot |= _moot(results, name, document.root, policy, diagnostics)
    wanted = (f for f in findings if f.rule in worker.policy_for(worker.root / f.location.path).enabled)
    return Together(tuple(wanted), tuple(diagnostics), dict(unknowns), frozenset(judged), moot)


def _moot(
    results: Sequence[FileResult],
    name: str,
    project: Project,
    policy: Policy,
    diagnostics: list[Diagnostic],
) -> dict[tuple[str, str, str], str]:
    """What rules of single files say that the project makes moot, with the word that tells by what.

    Errors of ours are added to `diagnostics`; the finding counts then.
    """
    infos = policy.ruleset.infos
    findings = [finding for result in results for finding in result.findings]
    # a rule's format, not the file's: objects of Kubernetes stand in Terraform, too
    words = {
        rule: info.moot_if
        for rule in {f.rule for f in findings}
        if (info := infos.get(rule)) is not None and info.format == name
    }
    keys = {_key(finding) for finding in findings if words.get(finding.rule)}
    found = {}
    faults: dict[str, Diagnostic] = {}  # one a file is enough
    for key in sorted(keys):
        try:
            word = next((word for word in words[key[0]] if project.is_moot(word, *key[1:])), "")
        except Exception as error:  # noqa: BLE001 - our fault: told, and the scan goes on
            faults.setdefault(key[1], crash_of(key[1], "asking the other files of the project", error))
            continue
        if word:
            found[key] = word
    diagnostics += faults.values()
    return found


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.location.path, finding.subject


class _Texts:
    """Texts of scanned files, read again when a finding is in them, and of what stands beside them."""

    def __init__(self, root: Path, scanned: Collection[str]) -> None:
        self.root = root.resolve()
        self.scanned = scanned
        self._texts: dict[str, SourceText] = {}
        self._names: dict[str, dict[str, int]] = {}
        # folders with what is scanned elsewhere, and shown by its absolute path
        self._outside = {os.path.dirname(path) for path in scanned if os.path.isabs(path)}

    def __call__(self, path: str) -> SourceText:
        """Raises `OSError` for what was not scanned and is not there, no file, too large, or outside of the root."""
        found = self._texts.get(path)
        if found is None:
            found = self._texts[path] = decode(path, self._scanned(path))
        return found

    def names(self, folder: str) -> dict[str, int]:
        """What lies in a folder of the tree: the sizes of its files; empty for what is none, or outside of the root."""
        found = self._names.get(folder)
        if found is None:
            found = self._names[folder] = self._list(folder)
        return found

    def _list(self, folder: str) -> dict[str, int]:
        try:
            place = (self.root / folder).resolve()
            if not place.is_relative_to(self.root) and folder not in self._outside:
                return {}
            with os.scandir(place) as entries:
                some = list(islice(entries, MOST_NAMES))
            return {
                entry.name: FOLDER
                if entry.is_dir(follow_symlinks=False)
                else entry.stat(follow_symlinks=False).st_size
                for entry in sorted(some, key=lambda entry: entry.name)
            }
        except (OSError, ValueError, RuntimeError):
            return {}

    def _scanned(self, path: str) -> bytes:
        """What is said of a scanned file that has gone since then is said at its start."""
        try:
            return self._bytes(path)
        except OSError:
            if path in self.scanned:
                return b""
            raise

    def _bytes(self, path: str) -> bytes:
        place = self.root / path
        if path not in self.scanned:  # named by a file of the tree: a pipe, a device, a link to anywhere
            try:
                place = place.resolve()
            except (ValueError, RuntimeError) as error:
                raise OSError("no path") from error
            if not place.is_relative_to(self.root):
                raise OSError("not a file of the tree")
        return read_regular(place, MAX_PLAN_BYTES if path in self.scanned else MAX_BESIDE)
