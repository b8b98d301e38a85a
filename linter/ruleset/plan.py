"""What is asked of which subjects: the rules of one configuration, arranged by kind and type of subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from linter.finding import Confidence, Severity
from linter.formats.document import Document, Format, SubjectKind
from linter.formats.model import Model
from linter.frozen import dataclass
from linter.ruleset.model import Rule


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule as one configuration has it: severity and parameters may differ from the file's."""

    rule: Rule
    severity: Severity
    confidence: Confidence
    params: Any
    guest: bool = False  # whether it is one of the user's


@dataclass(slots=True)
class Pending:
    """A rule that is unpacked when the first subject of its kind is met: a file meets a fraction of the rules."""

    subject: str
    types: frozenset[str]
    make: Callable[[], Judged]


class Plan:
    """The enabled rules of one format, arranged by subject and then by the types that they name."""

    def __init__(self, fmt: Format, rules: Sequence[Judged | Pending]) -> None:
        by_subject: dict[str, list[Judged | Pending]] = {}
        for rule in rules:
            subject = rule.subject if isinstance(rule, Pending) else rule.rule.subject
            by_subject.setdefault(subject, []).append(rule)
        self.format = fmt
        asked = [(kind, Dispatch(by_subject[kind.name])) for kind in fmt.subjects if kind.name in by_subject]
        self.subjects = [(kind, dispatch) for kind, dispatch in asked if not kind.project]
        self.across = [(kind, dispatch) for kind, dispatch in asked if kind.project]
        self._by_held: dict[frozenset[type], list[tuple[SubjectKind, Dispatch]]] = {}

    def met_in(self, document: Document) -> Sequence[tuple[SubjectKind, Dispatch]]:
        """The kinds of subject that a document can hold: most files have one object, and there are thirty kinds."""
        if self.format.holds is None or document.root is None:
            return self.subjects
        held = self.format.holds(document)
        found = self._by_held.get(held)
        if found is None:
            found = self._by_held[held] = [
                item for item in self.subjects if item[0].needs is None or item[0].needs in held
            ]
        return found


class Asked:
    """The rules for one kind and type of subject, with what the loop over them needs at hand."""

    __slots__ = ("guests", "ids", "rows")

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
            if not judged.guest
        ]
        self.guests = [judged for judged in rules if judged.guest]


class Dispatch:
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
