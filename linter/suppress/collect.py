"""The suppressions of a file, from its comments and annotations, before any policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.formats.document import Document
from linter.formats.node import MAP, Node
from linter.ruleset.place import Excerpts
from linter.suppress import annotations as objects
from linter.suppress import foreign, ours
from linter.suppress.layout import layout_of
from linter.suppress.model import OURS, Suppression
from linter.text import Span

MAX_SUPPRESSIONS = 2000  # of a file; more is an attack on whoever compares them with the findings
_MAX_COMMENT = 4000  # characters; no directive is longer


def collect(documents: Sequence[Document]) -> tuple[Suppression, ...]:
    """All suppressions of one file; `documents` are the file's own and those embedded in it.

    Costs a few substring searches for a file that has none.
    """
    if not documents:
        return ()
    main = documents[0]
    text = main.text.text
    found: list[Suppression] = []
    if ours.MARK in text or _has_one(text, foreign.MARKS[:-1]) or _has_checks(main):
        found += islice(_from_comments(main), MAX_SUPPRESSIONS)
    if _has_one(text, objects.MARKS):
        for document in documents:
            if document.format == "kubernetes":
                found += _from_annotations(document, main)
    return tuple(found[:MAX_SUPPRESSIONS])


def _has_one(text: str, marks: Iterable[str]) -> bool:
    for mark in marks:  # noqa: SIM110 - asked of every file, and twice as fast as `any`
        if mark in text:
            return True
    return False


def _has_checks(document: Document) -> bool:
    return document.format == "dockerfile" and "check" in document.text.text and "skip" in document.text.text


def _from_comments(document: Document) -> Iterator[Suppression]:
    try:
        layout = layout_of(document)
    except UnreadableError:
        return  # told by the reader already
    maker = _Maker(document)
    for comment in layout.comments:
        if len(comment.text) > _MAX_COMMENT:
            continue
        if ours.MARK in comment.text:
            for directive in ours.directives(comment.text):
                lines, fault = ours.place(directive, comment, layout)
                yield maker.make(comment.span, directive.rules, lines, OURS, directive.reason,
                                 directive.until, directive.by, fault)  # fmt: skip
        for other in foreign.foreign(comment, layout, document.format):
            lines = (other.first, other.last)
            yield maker.make(comment.span, other.rules, lines, other.tool, other.reason, other.until)


def _from_annotations(document: Document, main: Document) -> Iterator[Suppression]:
    maker = _Maker(main)
    for manifest in getattr(document.root, "manifests", ()):
        node = manifest.node
        if node is None:
            continue
        yield from _of_object(node.get("metadata"), node.span, maker)
        for pod in manifest.pods:
            template = pod.template
            if template is not None and template.metadata is not None and template.spec is not None:
                spans = (template.metadata.span, template.spec.span)
                whole = Span(min(s.start for s in spans), max(s.end for s in spans))
                if template.metadata.span != getattr(node.get("metadata"), "span", None):
                    yield from _of_object(template.metadata, whole, maker)


def _of_object(metadata: Node | None, whole: Span, maker: _Maker) -> Iterator[Suppression]:
    node = metadata.get("annotations") if metadata is not None else None
    if node is None or node.kind != MAP:
        return
    values = {key: child.string() for key in node.keys() if (child := node.get(key)) is not None}  # noqa: SIM118
    known = {key: value for key, value in values.items() if value is not UNKNOWN}
    lines = maker.lines(whole)
    for item in objects.annotated(known):
        span = node.entry_span(item.key)
        yield maker.make(span, item.rules, lines, item.tool, item.reason, item.until, item.by, item.fault)


class _Maker:
    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.excerpts = Excerpts(document.text, document.sensitive)

    def lines(self, span: Span) -> tuple[int, int]:
        return self.text.position(span.start).line, self.text.position(max(span.start, span.end - 1)).line

    def make(self, span: Span, rules: tuple[str, ...], lines: tuple[int, int], tool: str, reason: str = "",
             until: object = None, by: str = "", fault: str = "") -> Suppression:  # fmt: skip
        line = self.excerpts.one_line(span)
        location = self.excerpts.location(line)
        return Suppression(
            rules, lines[0], lines[1], location, self.excerpts.around(location.line),
            self.excerpts.evidence(line), tool, self.excerpts.mask(reason), until, by, fault,  # type: ignore[arg-type]
        )  # fmt: skip
