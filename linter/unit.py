"""One unit of a scan: a file, or the Terraform files of one directory. Same bytes in, same results out.

What comes back is plain data, so that it can cross processes and be cached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linter.config import Config
from linter.errors import UnreadableError
from linter.finding import Diagnostic, Finding, Skipped
from linter.formats.classify import classify, load_format
from linter.formats.document import Document, Problem
from linter.ruleset.builtin import UNPARSABLE
from linter.ruleset.evaluate import evaluate
from linter.ruleset.place import Excerpts
from linter.ruleset.policy import Policy
from linter.text import SourceText, Span, decode

MAX_BYTES = 5_000_000  # of a file; larger ones are skipped aloud
MAX_PLAN_BYTES = 200_000_000  # of a Terraform plan


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave. `format` is empty for a file that is nothing of ours."""

    path: str
    format: str = ""
    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    skipped: Skipped | None = None
    subjects: int = 0
    unknowns: Mapping[str, int] = field(default_factory=dict)  # rule id -> evaluations without a verdict
    records: tuple[Mapping[str, Any], ...] = ()  # facts for rules that look across files
    inventory: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """A file of a unit. `data` is given for standard input and for files at a git reference."""

    path: Path
    shown: str
    named: bool = False
    data: bytes | None = None


@dataclass(slots=True)
class Worker:
    """What scanning needs besides the input. `policy_for` answers for an absolute path."""

    policy_for: Callable[[Path], Policy]
    mark: Callable[[Document, list[Finding], Config], list[Finding]]  # applies suppressions of the file
    root: Path

    def scan(self, inputs: Sequence[Input]) -> list[FileResult]:
        """Scan one unit; results in the order of the inputs."""
        results: dict[str, FileResult] = {}
        texts: list[tuple[Input, SourceText, str]] = []
        for item in inputs:
            loaded = self._load(item)
            if isinstance(loaded, FileResult):
                results[item.shown] = loaded
            else:
                texts.append((item, *loaded))
        for item, documents in self._read(texts):
            results[item.shown] = self._judge(item, documents)
        return [results[item.shown] for item in inputs]

    def _load(self, item: Input) -> tuple[SourceText, str] | FileResult:
        try:
            data = item.data if item.data is not None else _read_bytes(item.path)
        except OSError as error:
            return _skipped(item, f"can't be read: {error.strerror or error}")
        if data is None:
            return _skipped(item, "larger than the limit")
        name = classify(item.shown, data, named=item.named)
        if name is None:
            return FileResult(item.shown)
        if len(data) > MAX_BYTES and name != "terraform":
            return _skipped(item, f"larger than {MAX_BYTES // 1_000_000} MB")
        return decode(item.shown, data), name

    def _read(self, texts: Sequence[tuple[Input, SourceText, str]]) -> Iterator[tuple[Input, list[Document]]]:
        for item, text, name in texts:
            document = read_document(text, name)
            yield item, [document, *document.embedded]

    def _judge(self, item: Input, documents: list[Document]) -> FileResult:
        policy = self.policy_for(item.path)
        findings: list[Finding] = []
        diagnostics: list[Diagnostic] = []
        subjects = 0
        unknowns: Counter[str] = Counter()
        inventory: list[Mapping[str, Any]] = []
        records: list[Mapping[str, Any]] = []
        for document in documents:
            outcome = evaluate(document, policy.plan(document.format))
            found = outcome.findings + problem_findings(document, policy)
            findings += self.mark(document, found, policy.config)
            diagnostics += [*document.diagnostics, *outcome.diagnostics]
            subjects += outcome.subjects
            unknowns.update(outcome.unknowns)
            fmt = load_format(document.format)
            if fmt.inventory is not None:
                inventory += fmt.inventory(document)
            if fmt.records is not None and policy.plan(document.format).across:
                records += fmt.records(document)
        return FileResult(
            item.shown,
            documents[0].format,
            tuple(shown(findings, policy.config)),
            tuple(diagnostics),
            None,
            subjects,
            dict(unknowns),
            tuple(records),
            tuple(inventory),
        )


def read_document(text: SourceText, format_name: str) -> Document:
    """Read, or give a document that holds nothing but the reason why it could not be read."""
    try:
        return load_format(format_name).read(text)
    except UnreadableError as error:
        return Document(text, format_name, problems=[Problem(error.message, error.start, error.end)])
    except RecursionError:
        return Document(text, format_name, problems=[Problem("nested too deeply to be read", 0, 0)])
    except Exception as error:  # noqa: BLE001 - a reader that crashes is our fault: told, and the scan goes on
        note = f"reading the file crashed: {type(error).__name__}: {error}"
        return Document(text, format_name, diagnostics=[Diagnostic("error", note, text.path, internal=True)])


def problem_findings(document: Document, policy: Policy) -> list[Finding]:
    """The parts of a document that could not be read, as findings of `unparsable-file`."""
    if not document.problems or UNPARSABLE not in policy.enabled:
        return []
    info = policy.ruleset.infos[UNPARSABLE]
    excerpts = Excerpts(document.text, document.sensitive)
    return [
        excerpts.finding(UNPARSABLE, policy.severity(info), info.confidence, Span(p.start, p.end), p.message)
        for p in document.problems
    ]


def shown(findings: Sequence[Finding], config: Config) -> Iterator[Finding]:
    """The findings that the thresholds of the configuration let through."""
    for finding in findings:
        if finding.severity >= config.min_severity and finding.confidence >= config.min_confidence:
            yield finding


def _read_bytes(path: Path) -> bytes | None:
    """The bytes of a file; None when it is larger than anything we read."""
    with path.open("rb") as stream:
        data = stream.read(MAX_PLAN_BYTES + 1)
    return data if len(data) <= MAX_PLAN_BYTES else None


def _skipped(item: Input, reason: str) -> FileResult:
    return FileResult(item.shown, skipped=Skipped(item.shown, reason))
