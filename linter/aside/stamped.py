"""Charts that get the version of their program when their project packages them: `helm package --app-version …`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from linter.givenfiles import read_regular

_OPTION = "--app-version"
_MANY = 500_000  # bytes of a file of steps that are looked at
_MOST_FILES = 200
_AROUND = 3  # lines before and after one
# what builds and releases a project, below its top and below the folders around a chart
_STEPS = ("Makefile", "GNUmakefile", "*.mk", ".gitlab-ci.yml", "*.sh")
_FOLDERS = ("", "hack", "build", "scripts", "ci", "make", ".github/workflows")


def is_stamped(root: Path, chart: Path) -> bool:
    """Whether steps of the project package the chart of a folder with another `appVersion` than its Chart.yaml has."""
    named = re.compile(rf"(?<![\w.-]){re.escape(chart.name)}(?![\w-])")
    texts = (_text(path) for path in islice(_files(root, chart), _MOST_FILES))
    return any(named.search(command) is not None for text in texts for command in _commands(text))


def _commands(text: str) -> Iterator[str]:
    """What stands around each use of the option: a command may go over some lines."""
    lines = text.splitlines() if _OPTION in text else []
    for number, line in enumerate(lines):
        if _OPTION in line:
            yield "\n".join(lines[max(0, number - _AROUND) : number + _AROUND + 1])


def _files(root: Path, chart: Path) -> Iterator[Path]:
    tops = [chart, *chart.parents]
    for top in tops[: tops.index(root) + 1] if root in tops else ():
        for folder in _FOLDERS:
            patterns = (*_STEPS, "*.yml", "*.yaml") if folder.startswith(".github") else _STEPS
            for pattern in patterns:
                yield from sorted(path for path in (top / folder).glob(pattern) if not path.is_symlink())


def _text(path: Path) -> str:
    try:
        return read_regular(path, _MANY).decode("utf-8", "replace")
    except OSError:
        return ""
