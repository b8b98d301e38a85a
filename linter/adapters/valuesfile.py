"""The values of a chart, and where in them a value is set."""

from __future__ import annotations

from collections.abc import Sequence

from linter.adapters.sourcemap import Element, Lists, Route, follow
from linter.formats.node import Node
from linter.frozen import dataclass, field
from linter.text import SourceText, Span


@dataclass(frozen=True, slots=True)
class ValuesFile:
    """A file of values; `prefix` leads to those of the chart whose templates ask (of a chart within a chart)."""

    text: SourceText
    root: Node | None  # of the first document
    prefix: tuple[str, ...] = ()
    lists: Lists = field(default_factory=Lists)  # of that root

    def find(self, keys: Sequence[str], rest: Route) -> Span | None:
        """Where the value at `keys` is, or the part of it at `rest`; None when the file says nothing of it."""
        if self.root is None:
            return None
        route = (*self.prefix, *keys)
        found = follow(self.root, route, self.lists)
        if found.rest:
            return None
        return follow(self.root, (*route, *rest), self.lists).span

    def node(self, keys: Sequence[str]) -> Node | None:
        """What the file has at `keys`; None when that is nothing."""
        if self.root is None:
            return None
        found = follow(self.root, (*self.prefix, *keys), self.lists)
        return found.node if not found.rest else None

    def entry(self, keys: Sequence[str], rest: Route) -> Span | None:
        """Where the part at `rest` of the value at `keys` stands; None when the file does not have it."""
        if self.root is None:
            return None
        found = follow(self.root, (*self.prefix, *keys, *rest), self.lists)
        return found.span if not found.rest else None


def value_at(files: Sequence[ValuesFile], keys: Sequence[str]) -> Node | None:
    """What a value is, if it is a list or a single one: in the last file that says anything of it."""
    return next((node for file in reversed(files) if (node := file.node(keys)) is not None), None)


def value_place(
    files: Sequence[ValuesFile], keys: Sequence[str], rest: Route
) -> tuple[ValuesFile, Span] | None:
    """Where a value is set: in the last file that says anything of it."""
    steps: Route = tuple(step for step in rest if isinstance(step, (str, Element)))
    for file in reversed(files):
        span = file.find(keys, steps)
        if span is not None:
            return file, span
    return None


def entry_place(
    files: Sequence[ValuesFile], values: Sequence[Sequence[str]], rest: Route
) -> tuple[ValuesFile, Span] | None:
    """Where an entry is in one of the values that a template writes as a whole: in the last file that has it."""
    for keys in values if rest else ():
        for file in reversed(files):
            span = file.entry(keys, rest)
            if span is not None:
                return file, span
    return None
