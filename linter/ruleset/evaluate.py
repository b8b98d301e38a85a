"""Ask the rules about a document: the hot loop, and what turns a verdict into a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from posixpath import dirname
from typing import Any

from linter.cel import CelRuntimeError, Unknown
from linter.finding import WRITTEN_IN, Confidence, Diagnostic, Finding, Fix, Location, Related, Severity
from linter.formats.document import Document, Format, Problem, SubjectKind
from linter.formats.model import Model, Place
from linter.frozen import dataclass, field
from linter.ruleset.model import EditSpec, Path, Rule
from linter.ruleset.place import Excerpts
from linter.text import Span

_SLOW: Any = object()  # in the place of an answer that the fast program could not give
MAX_SUBJECTS = 60_000  # of one file; the largest rendered charts have some 20,000
MAX_FINDINGS = 10_000  # of one file


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule as one configuration has it: severity and parameters may differ from the file's."""

    rule: Rule
    severity: Severity
    confidence: Confidence
    params: Any


@dataclass(slots=True)
class Pending:
    """A rule that is unpacked when the first subject of its kind is met: a file meets a fraction of the rules."""

    subject: str
    types: frozenset[str]
    make: Callable[[], Judged]


Fixer = Callable[[Document, EditSpec, "Names"], Fix | None]


@dataclass(slots=True)
class Outcome:
    """What evaluating one document gave."""

    findings: list[Finding] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unknowns: dict[str, int] = field(default_factory=dict)  # rule id -> evaluations without a verdict
    subjects: int = 0
    judged: frozenset[str] = frozenset()  # rules that met a subject
    bounded: bool = True
    cut: bool = False  # whether something was left out because there was too much

    @property
    def full(self) -> bool:
        """Whether there are as many findings as one file may have."""
        return self.bounded and len(self.findings) >= MAX_FINDINGS

    def add(self, finding: Finding | None) -> None:
        if finding is not None:
            self.findings.append(finding)


class Plan:
    """The enabled rules of one format, arranged by subject and then by the types that they name."""

    def __init__(self, fmt: Format, rules: Sequence[Judged | Pending]) -> None:
        by_subject: dict[str, list[Judged | Pending]] = {}
        for rule in rules:
            subject = rule.subject if isinstance(rule, Pending) else rule.rule.subject
            by_subject.setdefault(subject, []).append(rule)
        self.format = fmt
        asked = [(kind, _Dispatch(by_subject[kind.name])) for kind in fmt.subjects if kind.name in by_subject]
        self.subjects = [(kind, dispatch) for kind, dispatch in asked if not kind.project]
        self.across = [(kind, dispatch) for kind, dispatch in asked if kind.project]
        self.by_held: dict[frozenset[type], list[tuple[SubjectKind, _Dispatch]]] = {}


class Asked:
    """The rules for one kind and type of subject, with what the loop over them needs at hand."""

    __slots__ = ("ids", "rows")

    def __init__(self, rules: Sequence[Judged]) -> None:
        self.ids = frozenset(judged.rule.id for judged in rules)
        # the fast program that is asked first (the condition's, or that of the list), the parameters it takes
        self.rows = [
            (
                judged,
                (judged.rule.when if judged.rule.each is None else judged.rule.each.source).fast,
                judged.params if judged.rule.param_specs else None,
            )
            for judged in rules
        ]


class _Dispatch:
    """Which rules to ask about a subject of a given type."""

    def __init__(self, rules: Sequence[Judged | Pending]) -> None:
        self._rules = list(rules)
        self._by_type: dict[str, Asked] = {}
        self._typed = any(_types(rule) for rule in rules)

    def rules_for(self, subject: Model) -> Asked:
        key = subject.type_key if self._typed else ""
        found = self._by_type.get(key)
        if found is None:
            wanted = [i for i, rule in enumerate(self._rules) if not (types := _types(rule)) or key in types]
            found = self._by_type[key] = Asked([self._made(index) for index in wanted])
        return found

    def _made(self, index: int) -> Judged:
        rule = self._rules[index]
        if isinstance(rule, Pending):
            rule = self._rules[index] = rule.make()
        return rule


def _types(rule: Judged | Pending) -> frozenset[str]:
    return rule.types if isinstance(rule, Pending) else rule.rule.types


def evaluate(document: Document, plan: Plan, fixer: Fixer | None = None) -> Outcome:
    """Judge every subject of a document by every rule for it. `fixer` makes the fixes of rules that have an `edit`."""
    return _evaluate(document, _met(document, plan), fixer)


def _met(document: Document, plan: Plan) -> Sequence[tuple[SubjectKind, _Dispatch]]:
    """The kinds of subject that a document can hold: most files have one object, and there are some thirty kinds."""
    if plan.format.holds is None or document.root is None:
        return plan.subjects
    held = plan.format.holds(document)
    found = plan.by_held.get(held)
    if found is None:
        found = plan.by_held[held] = [
            item for item in plan.subjects if item[0].needs is None or item[0].needs in held
        ]
    return found


def evaluate_project(document: Document, plan: Plan) -> Outcome:
    """Judge what a format's `project` made of all files together."""
    return _evaluate(document, plan.across, bounded=False)


def _too_much(document: Document) -> Problem:
    """A file is not judged without end; what was not looked at is told as loudly as what could not be read."""
    end = min(1, len(document.text.text))
    words = f"More than {MAX_SUBJECTS:,} subjects or {MAX_FINDINGS:,} findings: the rest is not judged."
    return Problem(words, 0, end, limit=True)


def _evaluate(
    document: Document,
    asked: Sequence[tuple[SubjectKind, _Dispatch]],
    fixer: Fixer | None = None,
    *,
    bounded: bool = True,
) -> Outcome:
    outcome = Outcome(bounded=bounded)
    if document.root is None:  # nothing of it could be read
        return outcome
    maker = FindingMaker(document, fixer)
    met: set[Asked] = set()
    for kind, dispatch in asked:
        try:
            for scope in kind.iterate(document):
                if outcome.full or (bounded and outcome.subjects >= MAX_SUBJECTS):
                    outcome.cut = True
                    break
                outcome.subjects += 1
                before = len(outcome.findings)
                rules = dispatch.rules_for(scope[0])
                if kind.late is not None and rules.rows:
                    scope = (*scope, *kind.late(scope[0]))
                met.add(rules)
                _ask_all(rules, kind, scope, maker, outcome)
                if getattr(
                    scope[0], "borrowed", False
                ):  # of another folder: only what is decided here counts
                    here = dirname(document.path)
                    own = [f for f in outcome.findings[before:] if dirname(f.location.path) == here]
                    outcome.findings[before:] = own
        except Exception as error:  # noqa: BLE001 - a model that crashes is our fault: told, and the scan goes on
            outcome.diagnostics.append(maker.crash(f"reading the subjects '{kind.name}'", None, error))
        if outcome.cut:
            document.problems.append(_too_much(document))
            break
    return _ended(outcome, met)


def _ended(outcome: Outcome, met: Iterable[Asked]) -> Outcome:
    outcome.judged = _ids_of(frozenset(met))
    return outcome


@lru_cache(maxsize=1024)
def _ids_of(met: frozenset[Asked]) -> frozenset[str]:
    """The rules of these; files of a sort meet the same ones."""
    return frozenset().union(*(asked.ids for asked in met))


def _ask_all(
    asked: Asked, kind: SubjectKind, scope: tuple[Any, ...], maker: FindingMaker, outcome: Outcome
) -> None:
    for judged, fast, params in asked.rows:
        try:
            answer = fast(*scope) if params is None else fast(*scope, params)
            if answer is False or (answer.__class__ is list and not answer):
                continue  # nearly always
        except Exception:  # noqa: BLE001 - unknown or an error value: the slow program tells which
            answer = _SLOW
        _ask(judged, kind, scope, answer, maker, outcome)


def _ask(
    judged: Judged,
    kind: SubjectKind,
    scope: tuple[Any, ...],
    answer: Any,
    maker: FindingMaker,
    outcome: Outcome,
) -> None:
    """Act on what the fast program answered, of the condition or of the list whose elements are judged."""
    rule = judged.rule
    try:
        args = (*scope, judged.params) if rule.param_specs else scope
        if rule.each is not None:
            elements = rule.each.source.evaluate_slowly(*args) if answer is _SLOW else answer
            _ask_each(judged, kind, scope, elements, maker, outcome)
            return
        verdict = rule.when.evaluate_slowly(*args) if answer is _SLOW else answer
        if verdict is False or verdict is None:
            return
        if verdict is True:
            outcome.add(maker.make(judged, kind, args, None))
        else:
            _note_unknown(outcome, rule, verdict)
    except Exception as error:  # noqa: BLE001 - a rule that crashes is our fault, and no other rule's
        outcome.diagnostics.append(maker.crash(f"rule '{rule.id}'", scope[0], error))


def _ask_each(
    judged: Judged,
    kind: SubjectKind,
    scope: tuple[Any, ...],
    elements: Any,
    maker: FindingMaker,
    outcome: Outcome,
) -> None:
    rule = judged.rule
    if elements is None:
        return
    if isinstance(elements, Unknown):
        _note_unknown(outcome, rule, elements)
        return
    for index, element in indexed(elements):
        if outcome.full:  # a list in one subject may be as long as a file
            outcome.cut = True
            return
        if isinstance(element, Unknown):
            _note_unknown(outcome, rule, element)
            continue
        args = (*scope, judged.params, element)
        verdict = rule.when.evaluate(*args)
        if verdict is True:
            outcome.add(maker.make(judged, kind, args, (index, element)))
        elif verdict is not False and verdict is not None:
            _note_unknown(outcome, rule, verdict)


def indexed(elements: Any) -> Iterator[tuple[int | None, Any]]:
    """Elements with their index; a single block where a list is meant counts as its one element, without an index."""
    if isinstance(elements, (list, tuple)):
        yield from enumerate(elements)
    elif isinstance(elements, dict):
        yield None, elements


def _note_unknown(outcome: Outcome, rule: Rule, verdict: Any) -> None:
    if not isinstance(verdict, Unknown):
        raise CelRuntimeError(f"the condition gave {type(verdict).__name__}, not a bool", 0)
    name = rule.info.id
    outcome.unknowns[name] = outcome.unknowns.get(name, 0) + 1


class FindingMaker:
    """Builds findings of one document: places, message, excerpt, all with secrets masked."""

    def __init__(self, document: Document, fixer: Fixer | None = None) -> None:
        self.document = document
        self.fixer = fixer
        self.excerpts = Excerpts(document.text, document.sensitive)
        # of a document that is put together from several: those that are told with it
        self._here = frozenset((document.path, *document.guests)) if document.beyond else None
        self._others: dict[str, Excerpts] = {}
        # of the subject that was told last: most are told several times in a row
        self._subject: Model | None = None
        self._told: tuple[str, bool, tuple[tuple[str, str], ...]] = ("", False, ())

    def make(
        self, judged: Judged, kind: SubjectKind, args: tuple[Any, ...], element: tuple[int | None, Any] | None
    ) -> Finding | None:
        """None for what points into another file, which is told where that one is scanned."""
        rule = judged.rule
        names = Names(kind, args, rule, element)
        place = names.found(rule.places(args))
        excerpts, span = self._quoted(place)
        if self._here is not None and excerpts.text.path not in self._here:
            return None
        subject: Model = element[1] if kind.project and element and isinstance(element[1], Model) else args[0]
        if subject is not self._subject:
            self._subject = subject
            self._told = subject.address, subject.doubtful, tuple(subject.properties)
        address, doubtful, properties = self._told
        location = excerpts.location(span)
        message = rule.message.render(*args, quote=excerpts.mask)
        return Finding(
            rule=rule.id,
            severity=judged.severity,
            confidence=Confidence.LOW if doubtful else judged.confidence,
            message=f"{message} {excerpts.mask(place.remark)}" if place.remark else message,
            location=location,
            subject=address,
            evidence=excerpts.evidence(span),
            excerpt=excerpts.around(location.line),
            related=(*self._related(rule, names, args), *self._ends(place), *self._text()),
            properties=properties,
            fix=self._fix(rule, names),
        )

    def _fix(self, rule: Rule, names: Names) -> Fix | None:
        """None for what is put together from several files: it may be another one's to mend."""
        if self.fixer is None or rule.edit is None:
            return None
        if self.document.beyond and not getattr(names.subject, "alone", False):
            return None
        return self.fixer(self.document, rule.edit, names)

    def _quoted(self, place: Place) -> tuple[Excerpts, Span]:
        """What a place is quoted from, and its first line there."""
        span, document = place.span, place.document or self.document
        if document.beyond:
            start, document = document.at(span.start)
            span = Span(span.start - start, span.end - start)
        excerpts = self._excerpts(document)
        return excerpts, excerpts.one_line(span)

    def _excerpts(self, document: Document) -> Excerpts:
        """The quotes of a file: rules across files point into other ones."""
        if document is self.document:
            return self.excerpts
        found = self._others.get(document.path)
        if found is None:
            found = self._others[document.path] = Excerpts(document.text, document.sensitive)
        return found

    def _text(self) -> Iterator[Related]:
        """The file that holds the text of an embedded document."""
        if self.document.written_in:
            yield Related(Location(self.document.written_in, 1, 1, 1, 1), WRITTEN_IN)

    def _ends(self, place: Place) -> Iterator[Related]:
        for end in place.ends:
            excerpts, span = self._quoted(end.place)
            yield Related(excerpts.location(span), end.message, end.use)

    def _related(self, rule: Rule, names: Names, args: tuple[Any, ...]) -> Iterator[Related]:
        for item in rule.related:
            values = item.source.evaluate(*args)
            message = item.message.render(*args, quote=self.excerpts.mask)
            models = values if isinstance(values, list) else [values]
            for value in models:
                place = (
                    value.place()
                    if isinstance(value, Model)
                    else names.place(item.path)
                    if item.path
                    else None
                )
                if place is not None:
                    excerpts, span = self._quoted(place)
                    yield Related(excerpts.location(span), message)

    def crash(self, what: str, subject: Model | None, error: Exception) -> Diagnostic:
        """An internal error, with the place where it happened."""
        line = column = 0
        if subject is not None:
            with suppress(Exception):  # the place is a courtesy: the crash itself must be told
                position = self.document.text.position(subject.place().span.start)
                line, column = position.line, position.column
        text = f"{what} crashed: {type(error).__name__}: {self.excerpts.mask(str(error))}"
        return Diagnostic("error", text, self.document.path, line, column, internal=True)


class Names:
    """The values behind the names of one evaluation, for locating paths."""

    def __init__(
        self, kind: SubjectKind, args: tuple[Any, ...], rule: Rule, element: tuple[int | None, Any] | None
    ) -> None:
        self.kind = kind
        self.models = {name: value for (name, _), value in zip(kind.scope, args, strict=False)}
        self.rule = rule
        self.element = element
        self.subject: Model = args[0]

    def found(self, paths: Sequence[Path]) -> Place:
        """Where a finding points: the first of the paths that is present.

        A value that the condition does not read is no more than where the finding stands: what sets it is not wrong.
        Of what is judged for a caller, a path comes first whose value the caller sets.
        """
        if getattr(self.subject, "borrowed", False):
            home = dirname(self.subject.document.path)
            present = [place for place in map(self._stand, paths) if not place.absent]
            present.sort(key=lambda place: place.document is None or dirname(place.document.path) != home)
            if present:
                return present[0]
        first: Place | None = None
        for path in paths:
            place = self._stand(path)
            if not place.absent:
                return place
            first = first or place
        return first or self.subject.place()

    def _stand(self, path: Path) -> Place:
        place = self.place(path)
        return place if place.absent or not place.ends or self.rule.reads(path) else place.where_used()

    def place(self, path: Path) -> Place:
        each = self.rule.each
        if each is not None and path.root == each.name and self.element is not None:
            index, value = self.element
            if isinstance(value, Model):
                return value.locate(path.steps)
            if each.path is None:
                return self.subject.place()
            here: tuple[Any, ...] = () if index is None else (index,)
            return self.place(Path(each.path.root, (*each.path.steps, *here, *path.steps)))
        if path.root in self.kind.roots:
            owner, prefix = self.kind.roots[path.root]
            return self.place(Path(owner, (*prefix, *path.steps)))
        model = self.models.get(path.root)
        return model.locate(path.steps) if isinstance(model, Model) else self.subject.place()
