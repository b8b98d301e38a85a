"""A place that means something, and how texts of instructions are searched for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter.formats.dockerfile.instruction import Instruction, Part
from linter.formats.image import HOLE
from linter.formats.model import field
from linter.formats.shell.command import known
from linter.formats.shell.text import MappedText
from linter.text import Span


class Passage(Part):
    """A place that means something."""

    kind: str = field("", "jupyter-open, pipe-to-shell, weights …: what a rule's `types` selects")
    name: str = field("", "what it is about: a variable, a file, a package")
    value: str = field("", "what is said of it")
    pickle: bool = field(False, "of model files: whether loading it can run code")

    def __init__(
        self, owner: Part, span: Span, kind: str, name: str, value: str = "", *, pickle: bool = False
    ) -> None:
        super().__init__(owner.document, span)
        self.owner = owner
        self.kind = kind
        self.name = known(name)
        self.value = known(value)
        self.pickle = pickle

    @property
    def address(self) -> str:
        return self.owner.address

    @property
    def type_key(self) -> str:
        return self.kind


def texts_of(one: Instruction) -> list[MappedText]:
    """The texts of an instruction: its value and its here-documents."""
    found: list[MappedText] | None = one.__dict__.get("texts_of")
    if found is None:
        joined = one.line.joined
        found = [joined.slice(one.value_at, len(joined.text))]
        if one.keyword in ("RUN", "COPY", "ADD"):
            found += [heredoc.body for heredoc in one.line.heredocs]
        one.__dict__["texts_of"] = found
    return found


def mentions(one: Instruction, *words: str) -> bool:
    """Whether a word stands in an instruction at all: far cheaper than the patterns that follow."""
    return any(word in text.text for text in texts_of(one) for word in words)


def found_in(
    one: Instruction, kind: str, pattern: re.Pattern[str], needs: re.Pattern[str] | None = None
) -> Iterator[Passage]:
    for text in texts_of(one):
        if needs is None or needs.search(text.text):
            for found in pattern.finditer(text.text):
                yield Passage(
                    one, text.span(found.start(), found.end()), kind, found.group().replace(HOLE, "?")
                )
