"""What turns a verdict into a finding: places, message and excerpt, with secrets masked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from posixpath import dirname
from typing import Any

from linter.finding import WRITTEN_IN, Confidence, Diagnostic, Finding, Fix, Location, Related
from linter.formats.document import Document, SubjectKind
from linter.formats.model import Model, Place
from linter.ruleset.model import EditSpec, Path, Rule
from linter.ruleset.place import Excerpts
from linter.ruleset.plan import Judged
from linter.text import Span

Fixer = Callable[[Document, EditSpec, "Names"], Fix | None]


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
            related=self._all_related(rule, names, args, place),
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

    def _all_related(
        self, rule: Rule, names: Names, args: tuple[Any, ...], place: Place
    ) -> tuple[Related, ...]:
        if not rule.related and not place.ends and not self.document.written_in:
            return ()  # nearly always
        return (*self._related(rule, names, args), *self._ends(place), *self._text())

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
