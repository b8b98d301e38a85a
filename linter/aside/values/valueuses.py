"""Containers in the values of a chart that its templates use only in branches which these values leave out.

`sidecar: {image: …}` beside `enableSidecar: false` is an option of the chart as the branch is that writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT

_VALUES = "values.yaml"
_SUBJECT = "HelmValues/"
_LISTS = ("containers", "initContainers")
_MOST_FILES = 500  # of a chart's templates


class ValueUses:
    """The templates of charts that were asked about, each read once."""

    def __init__(self, root: Path, is_option: Callable[[str, int], bool]) -> None:
        """`is_option`: whether a line (from 1) of a template, relative to the root, is in a branch that is left out."""
        self._root = root
        self._is_option = is_option
        self._texts: dict[Path, list[tuple[str, str]]] = {}

    def is_left_out(self, path: str, subject: str) -> bool:
        """Whether a finding about values, in a file relative to the root, is about a container that no pod has then."""
        if not subject.startswith(_SUBJECT) or not path.endswith(_VALUES):
            return False
        file = self._root / path
        if file.name != _VALUES:
            return False
        steps = subject.partition("#/")[2].split("/")
        keys = steps[: next((index for index, step in enumerate(steps) if step in _LISTS), 0)]
        if not keys or not (file.parent / "Chart.yaml").is_file():
            return False
        uses = list(self._uses(file.parent, keys))
        return bool(uses) and all(known and self._is_option(*place) for place, known in uses)

    def _uses(self, chart: Path, keys: list[str]) -> Iterator[tuple[tuple[str, int], bool]]:
        """The lines of templates that name the value, or one that it is a part of; whether it is the value itself."""
        whole = re.escape(".".join(keys))
        outer = "|".join(re.escape(".".join(keys[:end])) for end in range(len(keys) - 1, 0, -1))
        # `.Values` alone, and a part that is read in another way, may be any of them; `hasKey` reads nothing
        pattern = re.compile(
            rf"(?<!hasKey )\.Values(?:\.(?:({whole})(?![\w-])|(?:{outer or '(?!)'})(?![\w.-]))|(?![\w.]))"
        )
        for path, text in self._read(chart):
            for match in pattern.finditer(text):
                yield (path, text.count("\n", 0, match.start()) + 1), match[1] is not None

    def _read(self, chart: Path) -> list[tuple[str, str]]:
        if chart not in self._texts:
            files = sorted(path for path in (chart / "templates").glob("**/*") if path.is_file())
            self._texts[chart] = [
                (path.relative_to(self._root).as_posix(), text)
                for path in islice(files, _MOST_FILES)
                if not path.is_symlink() and (text := _text(path)) is not None
            ]
        return self._texts[chart]


def _text(path: Path) -> str | None:
    try:
        return read_regular(path, MAX_TEXT).decode("utf-8", "replace")
    except OSError:
        return None
