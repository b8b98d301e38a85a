"""Options of a chart whose switch says what it gives: `freezeMode`, of which the values say that one needs a privileged
sidecar. Whoever sets it has read that, so that even what is critical is decided there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from linter.adapters.chartvalues import ChartValues, read_template
from linter.aside.names.explained import mention
from linter.formats.node import MAP, Node
from linter.patterns import lazy_regex
from linter.text import SourceText, decode

TOLD = "in options of charts that are off, and that say what they give"
_VALUE = lazy_regex(r"\.Values\.(\w+(?:\.\w+)*)")
_INCLUDED = lazy_regex(r"\b(?:include|template)[ \t]+\"([^\"\n]+)\"")
_MOST = 50  # values that one option hangs on
_PARAMETER = r"#+[ \t]*(?:@param|@extra|--)?[ \t]*{}[ \t]"


class ToldSwitches:
    """The values of charts that were asked about, each read once."""

    def __init__(
        self, root: Path, values: ChartValues, conditions: Callable[[str, int], tuple[str, list[str]]]
    ) -> None:
        """`conditions`: the folder of the chart that a template, relative to the root, is of, and those around a line
        (from 1)."""
        self._root = root
        self._values = values
        self._conditions = conditions
        self._read: dict[str, tuple[SourceText, Node | None]] = {}

    def is_told(self, path: str, line: int, words: Sequence[str]) -> bool:
        """Whether a comment at a value on which a line of a template hangs, one in a part that is left out, has one of
        some words."""
        folder, conditions = self._conditions(path, line)
        if not conditions or not words:
            return False
        text, node = self._of(folder)
        lines = text.text.splitlines()
        return any(
            mention(lines, number, words)
            for keys in self._switches(folder, conditions)
            for number in _lines(text, node, lines, keys)
        )

    def _switches(self, folder: str, conditions: Iterable[str]) -> list[str]:
        """The values that conditions ask for, also by the named templates in them."""
        templates = self._values.templates_of(self._root / folder)
        found: dict[str, None] = {}
        for condition in conditions:
            found |= dict.fromkeys(_VALUE.findall(condition))
            for name in _INCLUDED.findall(condition):
                found |= dict.fromkeys(sorted(templates.named_values(name)))
        return list(found)[:_MOST]

    def _of(self, folder: str) -> tuple[SourceText, Node | None]:
        from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

        if folder not in self._read:
            text = decode("values.yaml", (read_template(self._root / folder / "values.yaml") or "").encode())
            documents = parse_documents(text).documents
            self._read[folder] = text, documents[0] if documents else None
        return self._read[folder]


def _lines(text: SourceText, node: Any, lines: Sequence[str], keys: str) -> Iterator[int]:
    """Where a value stands, or is written about by its whole name: `# @param tpm.mount …`."""
    named = re.compile(_PARAMETER.format(re.escape(keys)))
    yield from (number for number, line in enumerate(lines, 1) if "#" in line and named.match(line.lstrip()))
    steps = keys.split(".")
    for number, step in enumerate(steps):
        if node is None or node.kind != MAP or step not in node.keys():  # noqa: SIM118 - a Node is no dict
            return
        if number == len(steps) - 1:
            yield text.position(node.entry_span(step).start).line
        node = node.get(step)
