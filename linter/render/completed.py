"""Objects that an operator completes from others of the scan, judged as what they become.

An InferenceService leaves its container to a ServingRuntime, a TrainJob to a TrainingRuntime: neither says alone how
many devices meet how many ranks. The two are merged as the operator does it. A finding is put on the line that sets
the value, in whichever file, with the other object as related; what either said alone and both together refute goes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from linter.finding import Finding, Location, Related
from linter.formats.document import Document
from linter.formats.kubernetes.ai_merge import Assembly, assemble
from linter.formats.kubernetes.manifest import Manifest
from linter.frozen import dataclass, replace
from linter.ruleset.evaluate import evaluate
from linter.ruleset.place import Excerpts
from linter.text import Span, decode
from linter.unit import FileResult, Worker, folded, read_document

_FORMAT = "kubernetes"


@dataclass(frozen=True, slots=True)
class _Object:
    """An object of the scan that completes others or is completed."""

    path: str
    data: Mapping[str, Any]

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def address(self) -> str:
        return str(self.data["address"])

    @property
    def words(self) -> str:
        return f"{self.data['kind']} '{self.data['name']}'"


class _Files:
    """Documents of the tree, each read once."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._read: dict[str, Document] = {}

        self._quotes: dict[str, Excerpts] = {}

    def document(self, path: str) -> Document:
        if path not in self._read:
            text = decode(path, (self.worker.root / path).read_bytes())
            self._read[path] = read_document(text, _FORMAT)
        return self._read[path]

    def manifest(self, item: _Object) -> Manifest:
        found: Manifest = self.document(item.path).root.manifests[item.data["index"]]
        return found

    def quotes(self, path: str) -> Excerpts:
        if path not in self._quotes:
            document = self.document(path)
            self._quotes[path] = Excerpts(document.text, document.sensitive)
        return self._quotes[path]


def complete(results: Sequence[FileResult], worker: Worker) -> list[FileResult]:
    """Judge every object whose bases are all among the results."""
    found = [_Object(result.path, item) for result in results for item in result.joins]
    files = _Files(worker)
    new: dict[str, list[Finding]] = {}
    judged: dict[str, set[str]] = {}  # path -> addresses that were judged together with another
    for user in found:
        bases = _bases(user, found)
        if not bases:
            continue
        whole = assemble(
            files.document(user.path),
            user.data["index"],
            [(files.document(base.path), base.data["index"]) for base in bases],
        )
        if whole is None:
            continue
        for item in (user, *bases):
            judged.setdefault(item.path, set()).add(item.address)
        for finding in _judge(whole, (user, *bases), files):
            new.setdefault(finding.location.path, []).append(finding)
    return [
        _with(result, new.get(result.path, ()), judged.get(result.path, frozenset())) for result in results
    ]


def _bases(user: _Object, found: Sequence[_Object]) -> list[_Object]:
    """The objects that it names, in their order; none when one of them is not here or could be several."""
    bases = []
    for kinds, name in user.data["wants"]:
        fitting = [
            item
            for item in found
            if item.data["name"] == name and item.data["kind"] in kinds and _shares(user, item)
        ]
        beside = [item for item in fitting if item.folder == user.folder]
        for choice in (beside, fitting):
            ranked = sorted(choice, key=lambda item: kinds.index(item.data["kind"]))
            best = [item for item in ranked if item.data["kind"] == ranked[0].data["kind"]]
            if best:
                break
        if len(best) != 1:
            return []
        bases += best
    return bases


def _shares(user: _Object, base: _Object) -> bool:
    mine, theirs = user.data["namespace"], base.data["namespace"]
    return mine is None or theirs is None or mine == theirs


def _judge(whole: Assembly, objects: Sequence[_Object], files: _Files) -> Iterator[Finding]:
    """Findings about the pods of the completed object, each in the file that it is about."""
    worker, user = files.worker, objects[0]
    outcome = evaluate(whole.document, worker.policy_for(worker.root / user.path).plan(_FORMAT))
    for finding in outcome.findings:
        if not finding.subject.startswith(f"{whole.address}#"):
            continue
        text, span = whole.source(_span(finding.location))
        if finding.rule not in worker.policy_for(worker.root / text.path).enabled:
            continue
        quotes = files.quotes(text.path)
        span = quotes.one_line(span)
        yield replace(
            finding,
            location=quotes.location(span),
            evidence=quotes.evidence(span),
            excerpt=quotes.around(span),
            related=(*_related(finding, whole, files), *_partners(text.path, span, objects, files)),
            fix=None,  # it may be another file's to mend
        )


def _related(finding: Finding, whole: Assembly, files: _Files) -> Iterator[Related]:
    for item in finding.related:
        text, span = whole.source(_span(item.location))
        quotes = files.quotes(text.path)
        yield Related(quotes.location(quotes.one_line(span)), item.message)


def _partners(path: str, span: Span, objects: Sequence[_Object], files: _Files) -> Iterator[Related]:
    """The objects that a finding needs besides the one that it is in."""
    for item in objects:
        manifest = files.manifest(item)
        inside = manifest.node is not None and manifest.node.span
        if item.path == path and inside and inside.start <= span.start < inside.end:
            continue
        quotes = files.quotes(item.path)
        yield Related(quotes.location(quotes.one_line(manifest.place().span)), f"Together with {item.words}.")


def _span(location: Location) -> Span:
    return Span(location.start, location.end)


def _with(result: FileResult, new: Sequence[Finding], judged: AbstractSet[str]) -> FileResult:
    """What a file gave, with the verdicts on what its objects become in place of those on the objects alone."""
    if not judged:
        return result
    said = {(finding.rule, finding.location.line) for finding in new}
    alone = {(finding.rule, finding.location.line) for finding in result.findings}
    kept = [f for f in result.findings if not _of(f, judged) or (f.rule, f.location.line) in said]
    more = [finding for finding in new if (finding.rule, finding.location.line) not in alone]
    return replace(result, findings=(*kept, *folded(more)))


def _of(finding: Finding, addresses: AbstractSet[str]) -> bool:
    """Whether a finding is about the pods of one of these objects."""
    address, mark, _ = finding.subject.partition("#")
    return bool(mark) and address in addresses
