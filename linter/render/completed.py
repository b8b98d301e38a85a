"""Objects that an operator completes from others of the scan, judged as what they become.

An InferenceService leaves its container to a ServingRuntime, a TrainJob to a TrainingRuntime: neither says alone how
many devices meet how many ranks. The two are merged as the operator does it. A pod that asks for devices by a claim, or
takes its settings from a ConfigMap, is judged with those of its folder. A finding is put on the line that sets the
value, in whichever file, with the other object as related; what either said alone and both together refute goes.
"""

from __future__ import annotations

import errno
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from linter.finding import Diagnostic, Finding, Location, Related
from linter.formats import effort
from linter.formats.document import Document
from linter.formats.kubernetes.ai_merge import Assembly, assemble
from linter.formats.kubernetes.manifest import Manifest
from linter.formats.secrets import redact
from linter.frozen import dataclass, field, replace
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT, read_document
from linter.ruleset.evaluate import evaluate
from linter.ruleset.place import Excerpts
from linter.text import Span, decode
from linter.unit import FileResult, Worker, folded

_FORMAT = "kubernetes"
_DEFAULT_PROTOCOLS = ("v1", "v2")
_NO_PRIORITY = -1  # a runtime with a priority goes before one without
MAX_ALIKE = 500  # objects of one name, or runtimes of one format: of more, nobody knows which one is meant
MAX_OF_ONE_FILE = 100  # objects that are judged with what completes them; real files have a few


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
            given = self.worker.given.get(path)
            place = self.worker.root / path
            text = decode(path, given if given is not None else read_regular(place, MAX_TEXT))
            self._read[path] = read_document(text, _FORMAT)
        return self._read[path]

    def manifest(self, item: _Object) -> Manifest:
        """Raises `OSError` when the file is no more what it was when the object was read."""
        root, index = self.document(item.path).root, item.data["index"]
        if root is None or index >= len(root.manifests) or root.manifests[index].address != item.address:
            raise OSError(errno.ESTALE, f"{item.path} changed while it was scanned")
        found: Manifest = root.manifests[index]
        return found

    def quotes(self, path: str) -> Excerpts:
        if path not in self._quotes:
            document = self.document(path)
            self._quotes[path] = Excerpts(document.text, document.sensitive)
        return self._quotes[path]


@dataclass(slots=True)
class _Verdicts:
    """What judging objects together gave, by path."""

    findings: dict[str, list[Finding]] = field(default_factory=dict)
    judged: dict[str, set[str]] = field(default_factory=dict)  # addresses
    refuted: dict[str, set[tuple[str, int]]] = field(default_factory=dict)  # rule and line
    told: dict[str, list[Diagnostic]] = field(default_factory=dict)
    inventory: dict[str, dict[str, list[Mapping[str, Any]]]] = field(default_factory=dict)  # rows by address


def complete(results: Sequence[FileResult], worker: Worker) -> list[FileResult]:
    """Judge every object whose bases are all among the results, and those that look things up in other files."""
    found = [_Object(result.path, item) for result in results for item in result.joins]
    pool = _Pool(found)
    files, verdicts = _Files(worker), _Verdicts()
    done: Counter[str] = Counter()
    for user in found:
        bases, beside = pool.bases(user), pool.looked_up(user)
        if not bases and not beside:
            continue
        effort.begin()
        done[user.path] += 1
        if done[user.path] > MAX_OF_ONE_FILE:
            if done[user.path] == MAX_OF_ONE_FILE + 1:
                words = f"more than {MAX_OF_ONE_FILE} objects that others complete: the rest is judged alone"
                verdicts.told.setdefault(user.path, []).append(Diagnostic("warning", words, user.path))
            continue
        try:
            _judge_together(user, bases, beside, files, verdicts)
        except OSError as error:
            words = f"{user.words} was not judged with what completes it: {error.strerror}"
            verdicts.told.setdefault(user.path, []).append(Diagnostic("warning", words, user.path))
        except Exception as error:  # noqa: BLE001 - a merge that crashes is our fault: told, and the scan goes on
            words = f"judging {user.words} with what completes it crashed: {type(error).__name__}: {redact(str(error))}"
            told = Diagnostic("error", words, user.path, internal=True)
            verdicts.told.setdefault(user.path, []).append(told)
    met = verdicts.findings.keys() | verdicts.judged.keys() | verdicts.refuted.keys() | verdicts.told.keys()
    met |= verdicts.inventory.keys()
    return [_with(result, verdicts) if result.path in met else result for result in results]


def _judge_together(
    user: _Object, bases: Sequence[_Object], beside: Sequence[_Object], files: _Files, verdicts: _Verdicts
) -> None:
    def pairs(objects: Sequence[_Object]) -> list[tuple[Document, int]]:
        return [(files.document(item.path), item.data["index"]) for item in objects]

    for item in (user, *bases, *beside):
        files.manifest(item)
    document = files.document(user.path)
    whole = assemble(document, user.data["index"], pairs(bases), pairs(beside))
    if whole is None:
        return
    new = list(_judge(whole, (user, *bases), files))
    if bases:
        for item in (user, *bases):
            verdicts.judged.setdefault(item.path, set()).add(item.address)
    else:  # what is looked up changes some verdicts: an overlay may have changed the others
        alone = assemble(document, user.data["index"], ())
        before = list(_judge(alone, (user,), files)) if alone is not None else []
        told_now, told_before = set(map(_key, new)), set(map(_key, before))
        verdicts.refuted.setdefault(user.path, set()).update(told_before - told_now)
        new = [finding for finding in new if _key(finding) not in told_before]
    for finding in new:
        verdicts.findings.setdefault(finding.location.path, []).append(finding)
    told = files.worker.policy_for(files.worker.root / user.path).plan(_FORMAT).format.inventory
    rows = told(whole.document) if told is not None else []
    verdicts.inventory.setdefault(user.path, {})[user.address] = [
        row for row in rows if row["workload"] == user.address
    ]


class _Pool:
    """The objects of a scan that others may be joined with."""

    def __init__(self, objects: Sequence[_Object]) -> None:
        self.by_name: dict[str, list[_Object]] = {}
        self.runtimes: dict[str, list[_Object]] = {}  # by label of what they serve
        for item in objects:
            self.by_name.setdefault(item.data["name"], []).append(item)
            for label in dict.fromkeys((item.data.get("offers") or {}).get("labels", ())):
                self.runtimes.setdefault(label, []).append(item)

    def bases(self, user: _Object) -> list[_Object]:
        """The objects that complete it, in their order; none when one of them is not here or could be several."""
        if user.data.get("serves"):
            chosen = self._chosen(user)
            return [chosen] if chosen is not None else []
        bases = []
        for kinds, name in user.data.get("wants", ()):
            fitting = self._named(user, kinds, name)
            choice = [item for item in fitting if item.folder == user.folder] or fitting
            first = min((kinds.index(item.data["kind"]) for item in choice), default=0)
            best = [item for item in choice if item.data["kind"] == kinds[first]]
            if len(best) != 1:
                return []
            bases += best
        return bases

    def looked_up(self, user: _Object) -> list[_Object]:
        """The objects of other files in its folder, or in one around or below it, that it names; each if it is one."""
        found = []
        for kinds, name in user.data.get("looks", ()):
            fitting = [item for item in self._named(user, kinds, name) if _near(item.folder, user.folder)]
            choice = [item for item in fitting if item.folder == user.folder] or fitting
            if len(choice) == 1:
                found += choice
        return found

    def _named(self, user: _Object, kinds: Sequence[str], name: str) -> list[_Object]:
        named = self.by_name.get(name, ())
        if len(named) > MAX_ALIKE:
            return []
        return [item for item in named if item.data["kind"] in kinds and _shares(user, item)]

    def _chosen(self, user: _Object) -> _Object | None:
        """The runtime that KServe chooses: of the namespace first, then by priority; None when several are alike."""
        asked = user.data["serves"]
        offering = self.runtimes.get(asked["label"], ())
        if len(offering) > MAX_ALIKE:
            return None
        fitting = [item for item in offering if _shares(user, item) and _supports(item, asked)]
        choice = [item for item in fitting if item.data["kind"] == "ServingRuntime"] or fitting
        ranks = [item.data["offers"]["priority"].get(asked["format"], _NO_PRIORITY) for item in choice]
        top = max(ranks, default=0)
        best = [item for item, rank in zip(choice, ranks, strict=True) if rank == top]
        return best[0] if len(best) == 1 else None


def _supports(runtime: _Object, asked: Mapping[str, Any]) -> bool:
    """Whether a runtime may be chosen. Which protocol holds where none is written is the webhook's to say."""
    offers = runtime.data["offers"]
    protocols = (asked["protocol"],) if asked["protocol"] else _DEFAULT_PROTOCOLS
    spoken = not offers["protocols"] or any(item in offers["protocols"] for item in protocols)
    return bool(offers["nodes"] == asked["nodes"] and spoken)


def _near(one: str, other: str) -> bool:
    """Whether a folder is the other, or around it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/") or not one or not other


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
        location = quotes.location(span)
        yield replace(
            finding,
            location=location,
            evidence=quotes.evidence(span),
            excerpt=quotes.around(location.line),
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


def _with(result: FileResult, verdicts: _Verdicts) -> FileResult:
    """What a file gave, with the verdicts on what its objects become in place of those on the objects alone."""
    path = result.path
    judged, refuted = verdicts.judged.get(path, set()), verdicts.refuted.get(path, set())
    new, told = verdicts.findings.get(path, ()), verdicts.told.get(path, ())
    rows = verdicts.inventory.get(path, {})
    if not (judged or refuted or new or told or rows):
        return result
    said, alone = set(map(_key, new)), set(map(_key, result.findings))
    kept = [
        finding
        for finding in result.findings
        # what a rendering found was not looked at here
        if finding.properties
        or not (_of(finding, judged) or _key(finding) in refuted)
        or _key(finding) in said
    ]
    more = [finding for finding in new if _key(finding) not in alone]
    return replace(
        result,
        findings=(*kept, *folded(more)),
        diagnostics=(*result.diagnostics, *told),
        inventory=_rows(result, rows),
    )


def _key(finding: Finding) -> tuple[str, int]:
    return finding.rule, finding.location.line


def _rows(
    result: FileResult, completed: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[Mapping[str, Any], ...]:
    """The inventory of a file, with that of completed objects in place of what each says alone."""
    kept = [row for row in result.inventory if not completed.get(row["workload"])]
    return (*kept, *(row for rows in completed.values() for row in rows))


def _of(finding: Finding, addresses: AbstractSet[str]) -> bool:
    """Whether a finding is about the pods of one of these objects."""
    address, mark, _ = finding.subject.partition("#")
    return bool(mark) and address in addresses
