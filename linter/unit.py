"""One unit of a scan: a file, or the Terraform files of one directory. Same bytes in, same results out.

What comes back is plain data, so that it can cross processes and be cached.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from linter.cel import built
from linter.finding import Diagnostic, Finding, Skipped
from linter.formats import effort
from linter.formats.classify import classify, is_config
from linter.formats.document import Document
from linter.frozen import dataclass, field, replace
from linter.loading import (
    MAX_PLAN_BYTES,
    MEGABYTE,
    crash_of,
    is_module_file,
    read_bytes,
    read_document,
    read_module,
    read_plan,
)
from linter.patterns import lazy_bytes_regex
from linter.ruleset.builtin import TOO_LARGE, UNPARSABLE
from linter.ruleset.evaluate import evaluate
from linter.ruleset.findings import Fixer
from linter.ruleset.place import Excerpts
from linter.ruleset.policy import Policy
from linter.ruleset.secret_text import secret_findings
from linter.suppress.collect import collect
from linter.suppress.model import Suppression
from linter.text import SourceText, Span, decode

if TYPE_CHECKING:
    from linter.formats.records import Data

T = TypeVar("T")  # a fact as plain data

_PREPROCESSED = lazy_bytes_regex(rb'^#(?:include[ \t]+["<]|define[ \t]+\w|ifn?def[ \t])', re.MULTILINE)
_FROM = lazy_bytes_regex(rb"^[ \t]*FROM[ \t]", re.MULTILINE | re.IGNORECASE)
_ENCRYPTED = b"\0GITCRYPT\0"
_OF_VALUES = (".tfvars", ".yaml", ".yml")  # names of what may hold nothing but values that are secret
_EXTENDS = lazy_bytes_regex(rb"^\{%-?[ \t]*extends[ \t]", re.MULTILINE)  # of a Jinja template
MAX_PROBLEMS = 500  # of one file that are told
_LITTER = {
    "terraform": 4
}  # times as much as of manifests is left for the collector: expressions know each other


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave. `format` is empty for a file that is nothing of ours. Nothing here depends on the date."""

    path: str
    format: str = ""
    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    skipped: Skipped | None = None
    subjects: int = 0
    unknowns: Mapping[str, int] = field(default_factory=dict)  # rule id -> evaluations without a verdict
    suppressions: tuple[Suppression, ...] = ()
    records: tuple[Data, ...] = ()  # facts for rules that look across files
    inventory: tuple[Mapping[str, Any], ...] = ()
    judged: frozenset[str] = frozenset()  # rules that met a subject
    joins: tuple[Mapping[str, Any], ...] = ()  # objects that are completed by others, and those others
    images: tuple[tuple[str, int], ...] = ()  # that only rendering tells, and the line that names each


@dataclass(frozen=True, slots=True)
class Input:
    """A file of a unit. `data` is given for what is not read from disk: standard input."""

    path: str
    shown: str
    named: bool = False
    data: bytes | None = None
    context: bool = False  # read because others need it; not reported on


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file of ours, decoded."""

    item: Input
    text: SourceText
    format: str


class Worker:
    """Scans units. `policy_for` answers for an absolute path; `root` is where shown paths start."""

    def __init__(
        self,
        policy_for: Callable[[str | Path], Policy],
        root: Path,
        fixer: Fixer | None = None,
        terraform_root: Path | None = None,
    ) -> None:
        self.policy_for = policy_for
        self.root = root
        self.fixer = fixer  # makes the fixes of findings; None: nobody asked for them
        self.terraform_root = terraform_root  # the source that plans were made of
        self.given: dict[str, bytes] = {}  # by shown path, what was not read from disk
        self.litter = 0  # that this worker made so far, in bytes read of manifests: see `_LITTER`

    def scan(self, unit: Sequence[Input]) -> list[FileResult]:
        """Scan one unit; results in the order of its files, without those that are context."""
        effort.begin()
        built.begin()
        results: dict[str, list[FileResult]] = {}
        loaded: list[Loaded] = []
        for item in unit:
            found = self._load(item)
            if isinstance(found, Loaded):
                loaded.append(found)
            else:
                results[item.shown] = [found]
        judged = []
        read: list[Document] = []
        for file, documents in zip(loaded, self._read(loaded), strict=True):
            judged += [(file.item, self._judge(file.item, part)) for part in by_path(documents)]
            read += documents
        for document in read:  # not before: the files of a Terraform module refer to each other
            document.close()
        for item, result in _by_place(judged):
            results.setdefault(item.shown, []).append(result)
        return [result for item in unit if not item.context for result in results[item.shown]]

    def _load(self, item: Input) -> Loaded | FileResult:
        try:
            data = item.data if item.data is not None else read_bytes(item.path, plain=not item.named)
        except OSError as error:
            return self._unread(item, UNPARSABLE, f"can't be read: {error.strerror or error}")
        if item.data is not None:
            self.given[item.shown] = data
        if data.startswith(_ENCRYPTED) and is_config(item.shown):
            return self._encrypted(item)
        name = classify(item.shown, data, named=item.named)
        self.litter += len(data) * _LITTER.get(name or "", 1)
        if name is None:
            if _is_pointer(data) and is_config(item.shown):
                return self._unread(item, UNPARSABLE, "can't be read: a pointer to Git LFS")
            return FileResult(item.shown)
        if name == "dockerfile" and item.shown.endswith(".in") and _PREPROCESSED.search(data) is not None:
            return FileResult(item.shown, skipped=Skipped(item.shown, "a template of the C preprocessor"))
        if name == "dockerfile" and _is_part(item.shown, data):
            return FileResult(item.shown, skipped=Skipped(item.shown, "a part of a Dockerfile, without FROM"))
        limit = self._limit(item, name, len(data))
        if len(data) > limit:
            return self._unread(item, TOO_LARGE, f"larger than {limit // MEGABYTE} MB")
        return Loaded(item, decode(item.shown, data), name)

    def _wanted(self, shown: str) -> bool:
        """Whether a file that another one includes is told of."""
        path = self.root / shown
        return not self.policy_for(path).config.excludes(str(path))

    def _limit(self, item: Input, format_name: str, size: int) -> int:
        """How many bytes of the file may be read."""
        if size <= MEGABYTE:
            return MEGABYTE
        if _is_plan(item, format_name):
            return MAX_PLAN_BYTES
        return min(self.policy_for(item.path).config.max_file_size * MEGABYTE, MAX_PLAN_BYTES)

    def _unread(self, item: Input, rule: str, reason: str) -> FileResult:
        """A file of ours that nobody looked at: said among the skipped ones, and a finding."""
        finding = unread_finding(rule, item.shown, reason, self.policy_for(item.path))
        skipped = Skipped(item.shown, reason)
        return FileResult(item.shown, findings=(finding,) if finding is not None else (), skipped=skipped)

    def _encrypted(self, item: Input) -> FileResult:
        """As of what SOPS encrypts nobody knows the values without the key, and the file says so. A program is none."""
        if item.shown.lower().endswith(_OF_VALUES):
            return FileResult(item.shown, skipped=Skipped(item.shown, "encrypted with git-crypt"))
        return self._unread(item, UNPARSABLE, "can't be read: encrypted with git-crypt")

    def _read(self, loaded: Sequence[Loaded]) -> Iterator[list[Document]]:
        """The documents of each file: its own, and those of other formats that it holds."""
        if len(loaded) > 1 or (loaded and is_module_file(loaded[0].item.shown)):
            documents = read_module([file.text for file in loaded], self.root)
        elif loaded and _is_plan(loaded[0].item, loaded[0].format):
            yield read_plan(loaded[0].text, self.terraform_root, self.root)
            return
        else:
            documents = [read_document(file.text, file.format, self.root) for file in loaded]
        for document in documents:
            yield [document, *document.embedded]

    def _judge(self, item: Input, documents: list[Document]) -> FileResult:
        policy = self.policy_for(item.path)
        findings: list[Finding] = []
        diagnostics: list[Diagnostic] = []
        subjects = 0
        unknowns: dict[str, int] = {}
        judged: frozenset[str] = frozenset()
        inventory: list[dict[str, Any]] = []
        records: list[Data] = []
        joins: list[dict[str, Any]] = []
        for document in documents:
            if document.guests:
                document.guests = {path for path in document.guests if self._wanted(path)}
            plan = policy.plan(document.format)
            outcome = evaluate(document, plan, self.fixer)
            findings += outcome.findings + problem_findings(document, policy)
            diagnostics += [*document.diagnostics, *outcome.diagnostics]
            subjects += outcome.subjects
            for rule, count in outcome.unknowns.items():
                unknowns[rule] = unknowns.get(rule, 0) + count
            judged = judged | outcome.judged if judged else outcome.judged
            inventory += _told(plan.format.inventory, document, diagnostics)
            records += _told(
                plan.format.records if plan.across or plan.format.answers else None, document, diagnostics
            )
            joins += _told(plan.format.joins if document is documents[0] else None, document, diagnostics)
        suppressions = suppressions_of(documents, diagnostics)
        findings += secret_findings(documents[0], findings, policy)
        return FileResult(
            documents[0].path,
            documents[0].format,
            tuple(folded(findings)),
            tuple(diagnostics),
            None,
            subjects,
            unknowns,
            suppressions,
            tuple(records),
            tuple(inventory),
            judged,
            tuple(joins),
        )


def _is_part(shown: str, data: bytes) -> bool:
    """Whether a Dockerfile is put together with others that have its FROM."""
    named = shown.endswith(".partial.Dockerfile")
    return (named or _EXTENDS.search(data) is not None) and _FROM.search(data) is None


def _by_place(judged: Sequence[tuple[Input, FileResult]]) -> list[tuple[Input, FileResult]]:
    """Every finding with the file that it points into: that may be another of the unit, which sets the value.

    What is found in a file that nobody asked for counts where it points into one that somebody did.
    """
    if all(f.location.path == result.path for _, result in judged for f in result.findings):
        return list(judged)
    homes = {
        result.path: index for index, (item, result) in reversed(list(enumerate(judged))) if not item.context
    }
    moved: dict[int, list[Finding]] = {}
    for index, (_, result) in enumerate(judged):
        for finding in result.findings:
            moved.setdefault(homes.get(finding.location.path, index), []).append(finding)
    return [
        (item, replace(result, findings=tuple(folded(moved.get(index, ())))))
        for index, (item, result) in enumerate(judged)
    ]


def folded(findings: Sequence[Finding]) -> list[Finding]:
    """One finding a place and rule: what an anchor, a count or a loop repeats is listed as its instances."""
    groups: dict[tuple[str, str, int, int], list[Finding]] = {}
    for finding in findings:
        place = finding.location
        groups.setdefault((finding.rule, place.path, place.start, place.end), []).append(finding)
    result = []
    for group in groups.values():
        instances = sorted({name for finding in group for name in finding.instances or (_instance(finding),)})
        first = min(group, key=lambda finding: finding.subject)
        if instances == [first.subject]:
            result.append(first)
            continue
        related = dict.fromkeys(other for finding in group for other in finding.related)
        result.append(replace(first, instances=tuple(instances), related=tuple(related)))
    return result


def _instance(finding: Finding) -> str:
    """The subject, with the key of `count` or `for_each` where only the finding's properties say it."""
    key = next((value for name, value in finding.properties if name == "instance"), None)
    if key is None or finding.subject.endswith("]"):
        return finding.subject
    return f"{finding.subject}[{key}]" if key.isdigit() else f'{finding.subject}["{key}"]'


def _told(
    describe: Callable[[Document], list[T]] | None,
    document: Document,
    diagnostics: list[Diagnostic],
) -> list[T]:
    """Facts of a document; a model that crashes is our fault: told, and the scan goes on."""
    if describe is None or document.root is None:
        return []
    try:
        return describe(document)
    except Exception as error:  # noqa: BLE001 - see above
        diagnostics.append(crash_of(document.text.path, "collecting facts", error))
        return []


def suppressions_of(documents: Sequence[Document], diagnostics: list[Diagnostic]) -> tuple[Suppression, ...]:
    """The suppressions of a file; none where looking for them crashes, which is told."""
    try:
        found = collect(documents)
        for _, guest in documents[0].beyond if documents[0].guests else ():
            found += collect([guest]) if guest.path in documents[0].guests else ()
        return found
    except Exception as error:  # noqa: BLE001 - see above
        diagnostics.append(crash_of(documents[0].text.path, "looking for suppressions", error))
        return ()


def _is_pointer(data: bytes) -> bool:
    """Whether Git LFS stands in for the file: whoever checks it out with LFS gets another content."""
    return data.startswith(b"version https://git-lfs.github.com/spec/")


def _is_plan(item: Input, format_name: str) -> bool:
    return format_name == "terraform" and not is_module_file(item.shown)


def by_path(documents: Sequence[Document]) -> list[list[Document]]:
    """Documents of one file together: a plan that is joined with its source speaks of several files."""
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(document.path, []).append(document)
    return list(groups.values())


def problem_findings(document: Document, policy: Policy) -> list[Finding]:
    """The parts of a document that were not read, as findings of `unparsable-file` or `file-too-large`."""
    if not document.problems:
        return []
    excerpts = Excerpts(document.text, document.sensitive)
    told = document.problems[: MAX_PROBLEMS - 1] + document.problems[MAX_PROBLEMS - 1 :][-1:]
    return [
        _finding(TOO_LARGE if p.limit else UNPARSABLE, p.message, excerpts, policy, Span(p.start, p.end))
        for p in told
        if (TOO_LARGE if p.limit else UNPARSABLE) in policy.enabled
    ]


def unread_finding(rule: str, shown: str, reason: str, policy: Policy) -> Finding | None:
    """What is to be said of a file of which nothing was read; None where the rule is off."""
    if rule not in policy.enabled:
        return None
    words = f"{reason[0].upper()}{reason[1:]}: nothing in the file was checked."
    return _finding(rule, words, Excerpts(SourceText(shown, ""), set()), policy, Span(0, 0))


def _finding(rule: str, words: str, excerpts: Excerpts, policy: Policy, span: Span) -> Finding:
    info = policy.ruleset.infos[rule]
    return excerpts.finding(rule, policy.severity(info), info.confidence, span, words)
