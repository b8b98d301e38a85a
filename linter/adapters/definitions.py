"""The named templates of a chart: where each is written, and the kinds of the objects that it writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.text import SourceText

MAX_FILE = 500_000  # bytes, or characters, of a file of named templates that is looked at
MAX_FILES = 200
_DEFINED = lazy_regex(r"\{\{-?\s*define\s+[\"`]([^\"`]{1,200})[\"`]\s*-?\}\}")
_KIND = lazy_regex(r"^kind:[ \t]*[\"']?([A-Z]\w*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between `define` and the next one, or the end of the file."""

    chart: Path  # the folder of the chart that has it
    text: SourceText  # of the file
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.text.text[self.start : self.end]

    @property
    def alone(self) -> SourceText:
        """The file with everything else blanked out: places in it are those of the file."""
        before, after = self.text.text[: self.start], self.text.text[self.end :]
        return SourceText(self.text.path, f"{_blank(before)}{self.words}{_blank(after)}")


class Definitions:
    """The named templates of charts and of those within them. `read` gives the text of a file, None for no file.

    The first folder is the chart's that is rendered, the others are those of the tree that it depends on.
    """

    def __init__(self, folders: Sequence[Path], read: Callable[[Path], SourceText | None]) -> None:
        self._folders = folders
        self._read = read

    @cached_property
    def kinds(self) -> Mapping[str, frozenset[str]]:
        """The kinds that templates write, by the name of the template."""
        found = {
            name: frozenset(kind for body in bodies for kind in _KIND.findall(body.words))
            for name, bodies in self._bodies.items()
        }
        return {name: kinds for name, kinds in found.items() if kinds}

    def body(self, name: str, asking: Path) -> Body | None:
        """What a name stands for in the template `asking`; None where charts define it in several ways, of which helm
        takes one, and where a chart has it that was fetched into this one: nobody mends it there."""
        bodies = self._bodies.get(name, ())
        if any(body.words.strip() != bodies[0].words.strip() for body in bodies):
            return None
        own = (
            body for body in bodies if body.chart in self._folders[1:] or asking.is_relative_to(body.chart)
        )
        return max(own, key=lambda body: len(body.chart.parts), default=None)

    def nearest(self, name: str, chart: Path) -> Body | None:
        """What a name stands for, first as the chart in a folder has it, then as the chart that is rendered does."""
        bodies = self._bodies.get(name, ())
        return next((body for body in bodies if body.chart == chart), bodies[0] if bodies else None)

    @cached_property
    def _bodies(self) -> Mapping[str, Sequence[Body]]:
        found: dict[str, list[Body]] = {}
        for folder in self._folders:
            for path in islice(helper_files(folder), MAX_FILES):
                text = self._read(path)
                if text is None or len(text.text) > MAX_FILE:
                    continue
                chart = next(above.parent for above in path.parents if above.name == "templates")
                begins = [*_DEFINED.finditer(text.text)]
                ends = [*(match.start() for match in begins[1:]), len(text.text)]
                for match, end in zip(begins, ends, strict=False):
                    found.setdefault(match[1], []).append(Body(chart, text, match.end(), end))
        return found


def helper_files(folder: Path) -> Iterator[Path]:
    """The files of named templates, of a chart and of those within it."""
    for pattern in ("*.tpl", "_*.yaml", "_*.yml"):  # helm renders no file whose name begins so
        for place in ("templates/**", "charts/*/templates/**"):
            yield from (path for path in sorted(folder.glob(f"{place}/{pattern}")) if not path.is_symlink())


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)
