"""Charts of a tree with their own values: what these are, and what named templates and expressions come to by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from linter.adapters.definitions import MAX_FILES, helper_files
from linter.adapters.expressions import evaluate
from linter.adapters.named import NamedTemplates, Token
from linter.cel import UNKNOWN
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT
from linter.patterns import lazy_regex
from linter.text import decode

# as long as actions get: of many that are open each would look through the whole text
ACTION = lazy_regex(r"\{\{-?\s*+(?!/\*)(.{0,2000}?)-?\}\}", re.DOTALL)
_COMMENT = lazy_regex(r"\{\{-?\s*/\*(?:(?!\{\{-?\s*/\*).)*?\*/\s*-?\}\}", re.DOTALL)
MOST_ACTIONS = 5_000  # of one template; of one with more nothing is told


class ChartValues:
    """The values and named templates of charts that were asked about, each read once."""

    def __init__(self) -> None:
        self._values: dict[Path, Any] = {}
        self._named: dict[Path, NamedTemplates] = {}

    def templates_of(self, folder: Path) -> NamedTemplates:
        """The named templates of the chart in a folder."""
        if folder not in self._named:
            values = self.values_of(folder)
            # the chart's own come last: they have the last word on a name
            files = reversed(list(islice(helper_files(folder), MAX_FILES)))
            texts = [text for text in map(read_template, files) if text and text.count("{{") <= MOST_ACTIONS]

            def come_to(expression: str, dot: Any) -> Any:
                include = self._named[folder].output
                if dot is None:
                    return evaluate(expression, values, {}, include)
                return evaluate(expression, UNKNOWN, {".": dot}, include)

            self._named[folder] = NamedTemplates([list(_tokens(text)) for text in texts], come_to)
        return self._named[folder]

    def come_to(self, folder: Path, expression: str) -> Any:
        """What an expression in a template of the chart in a folder is by its values; UNKNOWN when it can't be told."""
        return evaluate(expression, self.values_of(folder), {}, self.templates_of(folder).output)

    def values_of(self, folder: Path) -> Any:
        """The values of the chart in a folder; empty where it has none."""
        from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

        if folder not in self._values:
            text = read_template(folder / "values.yaml")
            documents = parse_documents(decode("values.yaml", text.encode())).documents if text else []
            self._values[folder] = documents[0].plain() if documents else {}
        return self._values[folder]


def read_template(path: Path) -> str | None:
    """The text of a file of a chart; None where it can't be read."""
    try:
        return read_regular(path, MAX_TEXT).decode("utf-8", "replace")
    except OSError:
        return None


def _tokens(text: str) -> Iterator[Token]:
    """The actions of a template, and the texts between them."""
    at = 0
    for match in ACTION.finditer(text):
        yield "", _COMMENT.sub("", text[at : match.start()])
        at = match.end()
        keyword, _, rest = match[1].strip().partition(" ")
        yield keyword, rest.strip()
    yield "", text[at:]
