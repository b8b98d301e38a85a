"""Parts of a service that Compose writes in short and long forms, read into one shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from linter.formats.compose.tree import ComposeNode
from linter.formats.model import Model, Place
from linter.formats.node import MAP, SCALAR, SEQ, Step
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.compose.service import Service


class Item(Model):
    """One port, mount, variable or the like: a part of a service with one place."""

    def __init__(self, service: Service, span: Span, label: str) -> None:
        self.service = service
        self.document = service.document
        self.span = span
        self.label = label

    @property
    def address(self) -> str:
        return f"{self.service.address}/{self.label}"

    def place(self) -> Place:
        return self.service.placed(self.span)

    def locate(self, steps: Sequence[Step]) -> Place:
        """It stands on one line, and so do its parts."""
        return self.place()


def pairs(node: ComposeNode | None) -> Iterator[tuple[str, ComposeNode | None, Span]]:
    """Name, value and place of the entries of a mapping, or of a list of `NAME=value`.

    The value of a list entry is not taken apart here: it is the node of the whole entry.
    """
    if node is None:
        return
    if node.kind == MAP:
        for key in node.keys():  # noqa: SIM118 - nodes are no mappings
            yield key, node.get(key), node.entry_span(key)
    elif node.kind == SEQ:
        for element in node.elements():
            if element.kind == SCALAR:
                name = element.text().partition("=")[0].strip()
                yield name, element if "=" in element.written() else None, element.head_span()


def value_texts(node: ComposeNode | None, *, entry: bool) -> tuple[str | None, str]:
    """The value as Compose sees it (None when it is passed through) and as it is written."""
    if node is None:
        return None, ""
    if node.kind != SCALAR:
        return "", ""
    text, written = node.text(), node.written()
    if entry:
        return text.partition("=")[2], written.partition("=")[2]
    return (None, "") if node.layers[0].scalar() is None else (text, written)
