"""Rendered text judged by the rules, each finding put where its source was written."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from linter.adapters.sourcemap import Entry, Routes
from linter.adapters.sourceobjects import can_become
from linter.finding import (
    DECIDED,
    MADE,
    MOOT,
    OF_TESTS,
    OFF_BY_VALUES,
    WRITTEN_BY,
    Diagnostic,
    Finding,
    Related,
    is_about_secrets,
)
from linter.formats import effort
from linter.formats.document import Document
from linter.formats.named_images import named_images
from linter.formats.node import Node
from linter.formats.records import Data, places_of, with_places
from linter.frozen import dataclass, field, replace
from linter.loading import read_document
from linter.patterns import lazy_regex
from linter.render.decided import Taken, is_decided
from linter.render.made import at_its_value, is_made_up, may_be_made, secret_in
from linter.ruleset.evaluate import evaluate
from linter.ruleset.infos import Infos
from linter.ruleset.place import Excerpts
from linter.ruleset.policy import Policy
from linter.ruleset.secret_text import SECRET_IN_TEXT, secret_findings
from linter.text import SourceText, Span
from linter.unit import FileResult, folded, suppressions_of

FORMAT = "kubernetes"
_VALUES = "HelmValues/"
_EXPRESSIONS = lazy_regex(r"\{\{.*?\}\}")
_SHORTEST_WORDS = 7  # of a line beside its expressions, by which it is known
_LONGEST_SCRIPT = 200_000  # characters of a source that are looked through for words of a script
_MOST_OF_LINES = 20_000  # of it that are compared line by line
_BLOCK = lazy_regex(
    r"[ \t:-][|>][-+0-9]*+[ \t]*+(?:#.*)?\r?\n[ \t\r\n]*+\Z"
)  # above a scalar of several lines
_WIDEST = 300  # characters above it that are looked at
_MOST_ALIKE = 100  # times that a script has the same words


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a source, and the other places that have a say in it."""

    text: SourceText
    span: Span
    related: tuple[Related, ...] = ()
    under: tuple[tuple[SourceText, Span], ...] = ()  # places whose words this one overrides
    texts: tuple[SourceText, ...] = ()  # of the related places
    taken: tuple[Related, ...] = ()  # where the words stand that a line takes from elsewhere
    # where a value has the entry that the line writes as a whole
    in_values: Callable[[], tuple[SourceText, Span] | None] | None = None
    via: tuple[SourceText, Span] | None = None  # where the template itself includes what is written there


@dataclass(frozen=True, slots=True)
class Piece:
    """A rendered document: its nodes can be asked where they come from."""

    document: Document
    routes: Routes

    @property
    def objects(self) -> list[Node]:
        return objects_of(self.document)

    def line(self, offset: int) -> tuple[str, int]:
        """The rendered line at an offset, and the column of the offset in it, from 0."""
        place = self.document.text.position(offset)
        return self.document.text.line(place.line), place.column - 1


Properties = tuple[tuple[str, str], ...]  # of a finding: which rendering it comes from


class Relocate(Protocol):
    """From an entry of what was rendered to its source; for a finding that is about what is `meant`, to the last word
    on that."""

    def __call__(self, entry: Entry, piece: Piece, meant: Sequence[str] = ()) -> Spot | None: ...


@dataclass(slots=True)
class Judged:
    """What rendering says of the files that it was made of, by their shown path."""

    findings: dict[str, list[Finding]] = field(default_factory=dict)
    covered: dict[str, set[int]] = field(default_factory=dict)  # lines that were rendered
    values: dict[str, set[int]] = field(default_factory=dict)  # lines of values that were written as they are
    # lines of the objects of which a chart's own values gave one, rendered or not
    reached: dict[str, set[int]] = field(default_factory=dict)
    taken: dict[str, list[Taken]] = field(default_factory=dict)  # those objects
    # objects that a kustomization takes away, with their lines, and files of which some could not be rendered
    deleted: dict[str, dict[Span, range]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    subjects: Counter[str] = field(default_factory=Counter)
    unknowns: dict[str, Counter[str]] = field(default_factory=dict)
    inventory: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    quotes: dict[str, Excerpts] = field(default_factory=dict)
    images: dict[str, set[tuple[str, int]]] = field(default_factory=dict)  # image, line
    # facts for rules across files, by rendering: those of a file that is rendered in several ways contradict each other
    records: dict[str, dict[Properties, list[Data]]] = field(default_factory=dict)


def objects_of(document: Document) -> list[Node]:
    """The trees of a document's objects."""
    return [m.node for m in document.root.manifests if m.node is not None] if document.root else []


def read_piece(path: str, text: str, root: Path) -> Piece:
    """A rendered document, with steps of its own as a file has. `path`: of its source, as shown."""
    effort.begin()
    document = read_document(SourceText(path, text), FORMAT, root)
    return Piece(document, Routes(objects_of(document)))


def judge(
    piece: Piece,
    policy: Policy,
    relocate: Relocate,
    into: Judged,
    properties: Properties,
    *,
    first: bool,
) -> None:
    """Judge one rendered document. `first`: of the several renderings of a file, the one that counts are taken from."""
    document = piece.document
    plan = policy.plan(FORMAT)
    outcome = evaluate(document, plan)
    path = document.path
    for written in piece.routes.entries:
        spot = relocate(written, piece)
        if spot is not None:
            for text, span in ((spot.text, spot.span), *spot.under):
                into.covered.setdefault(text.path, set()).add(text.position(span.start).line)
            if OF_TESTS not in properties:
                _note_value(spot, into)
    words = policy.ruleset.steps(FORMAT)
    found = [*outcome.findings, *secret_findings(document, outcome.findings, policy)]
    for finding in found:
        secret = is_about_secrets(finding.rule, policy.ruleset.infos)
        moved = _moved(finding, piece, relocate, into, words.get(finding.rule, ()), taken=not secret)
        if moved is not None and not (secret and is_made_up(moved, into.quotes)):
            made = (MADE,) if secret and may_be_made(moved, into.quotes) else ()
            moved = at_its_value(moved, into.quotes) if secret and _kind(moved) == "Secret" else moved
            moved = replace(moved, properties=(*finding.properties, *properties, *made))
            into.findings.setdefault(moved.location.path, []).append(moved)
    for image, offset in named_images(document):
        entry = piece.routes.at(offset, ("image",))
        spot = relocate(entry, piece) if entry is not None else None
        if spot is not None:
            line = spot.text.position(spot.span.start).line
            into.images.setdefault(spot.text.path, set()).add((image, line))
    if plan.across and plan.format.records is not None and document.root is not None:
        told = into.records.setdefault(path, {}).setdefault(properties, [])
        told += [_record_moved(record, piece, relocate) for record in plan.format.records(document)]
    into.diagnostics += [*outcome.diagnostics, *_unreadable(document)]
    if first:
        into.subjects[path] += outcome.subjects
        into.unknowns.setdefault(path, Counter()).update(outcome.unknowns)
        if plan.format.inventory is not None and document.root is not None:
            into.inventory.setdefault(path, []).extend(plan.format.inventory(document))


def _note_value(spot: Spot, into: Judged) -> None:
    """Note the line of a value that a template writes as it is: what is rendered says more of it than it does alone."""
    held = spot.in_values() if spot.in_values is not None else None
    if held is not None:
        into.values.setdefault(held[0].path, set()).add(held[0].position(held[1].start).line)


def _unreadable(document: Document) -> Iterator[Diagnostic]:
    """What was rendered and is no YAML: its raw reading stays, and nothing is said of the rest."""
    for problem in document.problems[:1]:
        words = f"what it was rendered to can't be read: {problem.message}"
        yield Diagnostic("warning", words, document.path)


def _moved(
    finding: Finding, piece: Piece, relocate: Relocate, into: Judged, meant: Sequence[str], *, taken: bool
) -> Finding | None:
    """The finding at its source; None when it has none in the tree. `taken`: with where its words are taken from."""
    entry = piece.routes.at(finding.location.start, meant)
    spot = relocate(entry, piece, meant) if entry is not None else None
    if spot is None or entry is None:
        return None
    related = []
    held = spot.in_values() if spot.in_values is not None else None
    if held is not None:
        writer = _excerpts(spot.text, into)
        related = [Related(writer.location(writer.one_line(spot.span)), WRITTEN_BY, use=True)]
        used = tuple(item for item in spot.related if item.use)
        spot = replace(spot, text=held[0], span=held[1], related=used, taken=())
    excerpts = _excerpts(spot.text, into)
    for text in spot.texts:
        _excerpts(text, into)
    span = _line_of_block(finding, piece, entry, spot)
    if span is None and not spot.span.end and not taken:
        span = secret_in(spot.text, finding)
    span = span or excerpts.one_line(spot.span)
    for item in finding.related:
        other = _spot(item.location.start, piece, relocate)
        if other is not None:
            quotes = _excerpts(other.text, into)
            related.append(Related(quotes.location(quotes.one_line(other.span)), item.message))
    location = excerpts.location(span)
    return replace(
        finding,
        location=location,
        evidence=excerpts.evidence(span),
        excerpt=excerpts.around(location.line),
        related=tuple(dict.fromkeys((*related, *spot.related, *(spot.taken if taken else ())))),
        fix=None,  # its edits were for the rendered text
    )


def _line_of_block(finding: Finding, piece: Piece, entry: Entry, spot: Spot) -> Span | None:
    """The same words in the source's script, when the finding is in a later line of a scalar of many lines, or in one
    line that was made of several."""
    rendered, source = piece.document.text, spot.text.text
    begins = finding.location.start
    # not the evidence, in which secrets are masked
    words = rendered.text[begins : finding.location.end].partition("\n")[0]
    if not words:
        return None
    start, end = spot.span.start, spot.span.start + _LONGEST_SCRIPT
    if finding.location.line <= rendered.position(entry.offset).line:
        if begins <= entry.offset or _BLOCK.search(source, max(0, start - _WIDEST), start) is None:
            return None
        longest = 2 * len(rendered.line(finding.location.line))  # the lines that it was made of are indented
        return _alike(words, source, start, min(end, start + longest), 0)
    end = end if spot.span.end else len(source)  # a file as a whole
    before = rendered.text.count(words, max(entry.offset, begins - _LONGEST_SCRIPT), begins)
    return _alike(words, source, start, end, before) or _writer_in_block(
        rendered.line(finding.location.line).strip(), spot, min(end, start + _MOST_OF_LINES)
    )


def _alike(words: str, text: str, start: int, end: int, before: int) -> Span | None:
    """Where a text has some words for the time after `before`, else where first."""
    first = found = text.find(words, start, end)
    for _ in range(min(before, _MOST_ALIKE)):
        found = text.find(words, found + len(words), end) if found >= 0 else found
    at = found if found >= 0 else first
    return Span(at, at + len(words)) if at >= 0 else None


def _writer_in_block(line: str, spot: Spot, end: int) -> Span | None:
    """The line of a template's text of many lines that a rendered one was made of: the one that has most of it."""
    best, most = None, _SHORTEST_WORDS
    start = spot.span.start
    for written in spot.text.text[start:end].splitlines(keepends=True):
        words = written.strip()
        kept = len(words) - sum(map(len, _EXPRESSIONS.findall(words)))
        if kept > most and "{{" in words and can_become(words, line):
            at = start + written.index(words)
            best, most = Span(at, at + len(words)), kept
        start += len(written)
    return best


def _spot(offset: int, piece: Piece, relocate: Relocate) -> Spot | None:
    entry = piece.routes.at(offset)
    return relocate(entry, piece) if entry is not None else None


def _record_moved(record: Data, piece: Piece, relocate: Relocate) -> Data:
    """A fact for rules across files, its places in the source; a place in another file is left out."""
    places = {}
    for name, place in places_of(record):
        spot = _spot(place.start, piece, relocate)
        if spot is None:
            continue
        text, span = spot.via or (spot.text, spot.span)
        if text.path == record[1]:
            places[name] = span
    return with_places(record, places)


def _excerpts(text: SourceText, into: Judged) -> Excerpts:
    found = into.quotes.get(text.path)
    if found is None:
        found = into.quotes[text.path] = Excerpts(text, set())
    return found


def merged(results: Sequence[FileResult], judged: Judged, infos: Infos) -> list[FileResult]:
    """The results with the rendered findings in place of the raw ones."""
    known = {result.path for result in results}
    out = [_merge(result, judged, infos) for result in results]
    # files that no walk looks at, such as `Kustomization` and those of named templates
    extra = sorted(judged.findings.keys() - known)
    return out + [_unseen(path, judged) for path in extra]


def _unseen(path: str, judged: Judged) -> FileResult:
    """A file that only rendering came to: what is said of it, and what its comments suppress."""
    text = judged.quotes[path].text
    suppressions = suppressions_of((Document(text, FORMAT),), judged.diagnostics)
    return FileResult(path, FORMAT, tuple(folded(judged.findings[path])), suppressions=suppressions)


def _merge(result: FileResult, judged: Judged, infos: Infos) -> FileResult:
    path = result.path
    if not any(path in said for said in (judged.findings, judged.covered, judged.values, judged.deleted)):
        return result
    rendered: dict[tuple[str, int], list[Finding]] = {}
    for finding in judged.findings.get(path, ()):
        rendered.setdefault((finding.rule, finding.location.line), []).append(finding)
    covered = judged.covered.get(path, set())
    gone = _taken_away(path, judged)
    lines_gone = {line for lines in gone.values() for line in lines}
    secrets = {line for rule, line in rendered if is_about_secrets(rule, infos)}
    kept: list[Finding] = []
    for finding in result.findings:
        if finding.rule == SECRET_IN_TEXT and finding.location.line in secrets:
            continue  # what is made of the line says more
        twins = rendered.pop((finding.rule, finding.location.line), None)
        if twins is not None:
            kept.append(_with_twins(finding, twins))
        elif infos.formats.get(finding.rule) != FORMAT:
            kept.append(finding)
        elif finding.location.line in judged.values.get(path, ()) and _is_of_values(finding, infos):
            continue
        elif finding.location.line not in covered:
            kept.append(_unrendered(finding, judged, lines_gone, infos))
    # what a text had before expressions were added to it is told of the template itself
    new = [finding for group in rendered.values() for finding in group if MADE not in finding.properties]
    return replace(
        result,
        format=result.format or FORMAT,
        findings=(*kept, *folded(new)),
        diagnostics=tuple(d for d in result.diagnostics if not d.message.startswith("template not read")),
        subjects=judged.subjects.get(path, result.subjects),
        unknowns=dict(judged.unknowns[path]) if path in judged.unknowns else result.unknowns,
        inventory=tuple(judged.inventory.get(path, ())) or result.inventory,
        records=_records(result, judged, gone),
        images=tuple(sorted(judged.images.get(path, ()))),
    )


def _is_of_values(finding: Finding, infos: Infos) -> bool:
    """Whether a finding is about what values by themselves seem to be; a secret is one whatever is made of it."""
    return finding.subject.startswith(_VALUES) and not is_about_secrets(finding.rule, infos)


def _unrendered(finding: Finding, judged: Judged, gone: Collection[int], infos: Infos) -> Finding:
    """A raw finding in what no rendering has: in a part of an object that the values leave out, or in an object that
    its kustomization deletes, on one of the lines that are `gone`. A secret is there all the same."""
    path, line = finding.location.path, finding.location.line
    if line in judged.reached.get(path, ()):
        decided = is_decided(finding.location.start, judged.taken.get(path, ()))
        return replace(
            finding, properties=(*finding.properties, OFF_BY_VALUES, *((DECIDED,) if decided else ()))
        )
    if line in gone and not is_about_secrets(finding.rule, infos):
        return replace(finding, properties=(*finding.properties, (MOOT, "deleted")))
    return finding


def _with_twins(finding: Finding, twins: Sequence[Finding]) -> Finding:
    """A raw finding with what rendering says of it. Its subject is called as in other rendered findings, so that
    rules which say more of one cover those that say less.
    """
    first = min(twins, key=lambda twin: twin.subject)
    if finding.subject.startswith(_VALUES):  # the values by themselves say less than what is made of them
        return folded(twins)[0]
    subjects = tuple(sorted({twin.subject for twin in twins}))
    # where each of them is used: what one of them is there for need not be what another is
    ends = dict.fromkeys(r for twin in (first, *twins) for r in twin.related if r.use or twin is first)
    more = tuple(r for r in ends if r not in finding.related)
    extra = tuple(p for p in first.properties if p not in finding.properties and p not in (OF_TESTS, MADE))
    same_kind = _kind(first) == _kind(finding)
    return replace(
        finding,
        subject=first.subject if same_kind else finding.subject,
        instances=subjects if same_kind and len(subjects) > 1 else finding.instances,
        related=(*finding.related, *more),
        properties=(*finding.properties, *extra),
        message=first.message if same_kind else finding.message,
    )


def _kind(finding: Finding) -> str:
    """The kind of the object that a finding is about: a patch may make a Role of a ClusterRole."""
    return finding.subject.partition("#")[0].rpartition("/")[0].rpartition("/")[2]


def _taken_away(path: str, judged: Judged) -> Mapping[Span, range]:
    """The objects of a file that a kustomization takes away, and no other one leaves."""
    covered = judged.covered.get(path, ())
    found = {} if path in judged.unsure else judged.deleted.get(path, {})
    return {span: lines for span, lines in found.items() if not any(line in covered for line in lines)}


def _records(result: FileResult, judged: Judged, gone: Mapping[Span, range]) -> tuple[Data, ...]:
    """The facts of a file: as rendered when there is one way to render it, else as written, without those of objects
    that are `gone`."""
    told = list(judged.records.get(result.path, {}).values())
    if len(told) == 1:
        return tuple(told[0])
    spans = sorted(gone, key=lambda span: span.start)
    return tuple(record for record in result.records if not _is_within(record, spans))


def _is_within(record: Data, spans: Sequence[Span]) -> bool:
    """Whether a fact is about something in one of some objects, which stand in their order."""
    if not spans:
        return False
    start = next((place.start for name, place in places_of(record) if not name), -1)
    at = bisect_right(spans, start, key=lambda span: span.start)
    return at > 0 and start < spans[at - 1].end
