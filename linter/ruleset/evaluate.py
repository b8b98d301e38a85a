"""Ask the rules about a document: the hot loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from posixpath import dirname
from typing import Any

from linter.cel import CelRuntimeError, Unknown
from linter.finding import Diagnostic, Finding
from linter.formats.document import Document, Problem, SubjectKind
from linter.frozen import dataclass, field
from linter.ruleset.findings import FindingMaker, Fixer
from linter.ruleset.guests import MAX_TIME, WATCH, TooLong
from linter.ruleset.model import Rule
from linter.ruleset.plan import Asked, Dispatch, Judged, Plan

_SLOW: Any = object()  # in the place of an answer that the fast program could not give
_UNASKED: Any = object()  # in the place of an answer that nobody asked for yet
MAX_SUBJECTS = 60_000  # of one file; the largest rendered charts have some 20,000
MAX_FINDINGS = 10_000  # of one file


@dataclass(slots=True)
class Outcome:
    """What evaluating one document gave."""

    findings: list[Finding] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unknowns: dict[str, int] = field(default_factory=dict)  # rule id -> evaluations without a verdict
    subjects: int = 0
    judged: frozenset[str] = frozenset()  # rules that met a subject
    bounded: bool = True
    left: dict[str, float] = field(default_factory=dict)  # seconds that rules of the user have for this file
    cut: bool = False  # whether something was left out because there was too much

    @property
    def full(self) -> bool:
        """Whether there are as many findings as one file may have."""
        return self.bounded and len(self.findings) >= MAX_FINDINGS

    def add(self, finding: Finding | None) -> None:
        if finding is not None:
            self.findings.append(finding)


def evaluate(document: Document, plan: Plan, fixer: Fixer | None = None) -> Outcome:
    """Judge every subject of a document by every rule for it. `fixer` makes the fixes of rules that have an `edit`."""
    return _evaluate(document, plan.met_in(document), fixer)


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
    asked: Sequence[tuple[SubjectKind, Dispatch]],
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
                if kind.late is not None and (rules.rows or rules.guests):
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
    for judged in asked.guests:
        _ask_guest(judged, kind, scope, maker, outcome)


def _ask_guest(
    judged: Judged, kind: SubjectKind, scope: tuple[Any, ...], maker: FindingMaker, outcome: Outcome
) -> None:
    """Ask a rule of the user's as long as it has time. One that takes too long is told, and not asked again."""
    rule = judged.rule.id
    if not WATCH.allows(rule):
        return
    left = outcome.left.get(rule, MAX_TIME)
    try:
        outcome.left[rule] = WATCH.run(lambda: _ask(judged, kind, scope, _UNASKED, maker, outcome), left)
    except TooLong:
        WATCH.given_up.add(rule)
        error = CelRuntimeError(f"more than {MAX_TIME:g} s for one file: it is not asked any more")
        outcome.diagnostics.append(maker.crash(f"rule '{rule}'", scope[0], error))


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
        if answer is _UNASKED:
            answer = (rule.when if rule.each is None else rule.each.source).evaluate(*args)
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
