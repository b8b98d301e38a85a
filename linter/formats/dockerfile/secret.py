"""Secrets in the text of a Dockerfile: comments, heredocs and what is no instruction included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from linter.formats import secrets as engine
from linter.formats.dockerfile.instruction import Part
from linter.formats.dockerfile.run import Run
from linter.formats.dockerfile.variables import Variable
from linter.formats.document import Document
from linter.formats.model import field
from linter.text import Span


class Secret(Part):
    """A secret that stands in the file."""

    kind: str = field("", "kind of secret, such as huggingface-token")
    provider: str = field("", "who issues it")
    confidence: str = field("", "low, medium or high")
    generic: bool = field(False, "whether no provider's format but only its name gives it away")
    url_password: bool = field(False, "whether it is the password of a URL")

    def __init__(self, document: Document, span: Span, found: engine.SecretMatch) -> None:
        super().__init__(document, span)
        self.kind = found.kind
        self.provider = found.provider
        self.confidence = found.confidence
        self.generic = found.provider == "generic" and not found.kind.startswith("url-")
        self.url_password = found.kind.endswith("url-password")

    @property
    def address(self) -> str:
        return self.kind


def secrets(document: Document) -> Iterator[Secret]:
    """Each secret once, in the order of the text."""
    text = document.text.text
    taken: list[tuple[int, int]] = []  # in order, none reaches into another
    result = []
    for found in engine.find_formed(text):
        if taken and found.start < taken[-1][1]:
            taken[-1] = (taken[-1][0], max(found.end, taken[-1][1]))
        else:
            taken.append((found.start, found.end))
        result.append(Secret(document, Span(found.start, found.end), found))
    for variable in _variables(document):
        if not isinstance(variable.name, str) or not variable.written:
            continue
        match = engine.classify(variable.name, variable.written)
        if match is None:
            continue
        at = text.find(variable.written, variable.span.start, variable.span.end)
        start = at + match.start if at >= 0 else variable.span.start
        end = at + match.end if at >= 0 else variable.span.end
        before = bisect_left(taken, (end, 0))
        if before == 0 or taken[before - 1][1] <= start:
            taken.insert(before, (start, end))
            result.append(Secret(document, Span(start, end), match))
    for secret in result:
        document.sensitive.add(text[secret.span.start : secret.span.end])
    result.sort(key=lambda secret: secret.span.start)
    yield from result


def _variables(document: Document) -> Iterator[Variable]:
    file = document.root
    for stage in (file.head, *file.stages):
        yield from stage.variables
        for run in stage.runs:
            if isinstance(run, Run):
                yield from run.assigned
