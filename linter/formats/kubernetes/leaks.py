"""Secrets found in the values of a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats import secrets
from linter.formats.model import Model, Place, field
from linter.formats.node import Step
from linter.formats.nodemodel import NodeModel
from linter.patterns import lazy_regex
from linter.text import Span

_FLAG = lazy_regex(r"--?([A-Za-z][\w.-]*)(?:=(.*))?\Z", re.DOTALL)
_HINT = lazy_regex(r"key|token|secret|pass|pwd|auth|cred|private|begin|://", re.IGNORECASE)


class Leak(Model):
    """A literal secret: what it is, and where."""

    kind: str = field("", "what it is, such as huggingface-token or generic-password")
    provider: str = field("", "who issues it; `generic` when nobody in particular")
    name: str = field("", "the name that it is given: of a variable, a key or a flag")
    confident: bool = field(False, "whether its own format or a random value proves it, not only its name")
    weak: bool = field(False, "whether only its name says so: a password that anyone could have typed")

    def __init__(
        self, owner: NodeModel, steps: Sequence[Step], name: str, match: Any, text: str
    ) -> None:  # fmt: skip
        self.document = owner.document
        self._owner = owner
        self._steps = tuple(steps)
        self._text = text[match.start : match.end].split("\n", 1)[0]
        self.kind = match.kind
        self.provider = match.provider
        self.name = name
        self.confident = match.confidence == "high"
        self.weak = match.confidence == "low"

    @property
    def address(self) -> str:
        return self._owner.address

    def place(self) -> Place:
        """The secret itself in the text where it stands as written, else the entry that holds it."""
        place = self._owner.locate(self._steps)
        source = self.document.text.text
        if (
            "\n" not in source[place.span.start : place.span.end]
            and self._text not in source[place.span.start : place.span.end]
        ):
            end = source.find("\n", place.span.end)
            found = source.find(self._text, place.span.end) if len(self._text) >= 8 and end >= 0 else -1
            if found >= 0:
                return Place(Span(found, found + len(self._text)))
        return place

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def in_value(
    owner: NodeModel, steps: Sequence[Step], name: Any, value: Any, *, base64: bool = False
) -> Iterator[Leak]:
    """The secrets that a named value is or holds; a text of several lines is searched line by line, without the samples
    in its comments."""
    if not isinstance(value, str) or not value or value is UNKNOWN:
        return
    label = name if isinstance(name, str) else ""
    if not base64 and "\n" in value.rstrip("\n"):
        if _HINT.search(value) is None:
            return
        found = [*secrets.find_all(value), *secrets.find_named(value)]
        taken: list[Any] = []
        for secret in found:
            told = any(other.start <= secret.start < other.end for other in taken)
            if told or secrets.is_digest_of_issued(secret):
                continue
            if not secrets.is_shown(secret.kind, value, secret.start):
                taken.append(secret)
                yield Leak(owner, steps, label, secret, value)
        return
    match = secrets.classify_base64(label, value) if base64 else secrets.classify(label, value)
    if match is not None and not secrets.is_digest_of_issued(match):
        yield Leak(owner, steps, label, match, value)


def in_words(owner: NodeModel, field_name: str, words: Any) -> Iterator[Leak]:
    """The secrets in a command line: flags with a literal value, and words that are secrets themselves."""
    if words is UNKNOWN:
        return
    flag = ""
    for index, word in enumerate(words):
        if not isinstance(word, str) or word is UNKNOWN:
            flag = ""
            continue
        match = _FLAG.match(word)
        name, value = (match[1], match[2]) if match else (flag, word)
        flag = match[1] if match and match[2] is None else ""
        if value:
            yield from in_value(owner, (field_name, index), name, value)
