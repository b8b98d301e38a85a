"""What builds and releases a project: its Makefiles, scripts and pipelines."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from pathlib import Path

from linter.aside.stamps import changed
from linter.givenfiles import read_regular

_MANY = 500_000  # bytes of a file of steps that are looked at
_MOST_FILES = 200
_LONGEST = (
    2_000  # letters of a line: a longer one holds data, and searching it takes its length more than once
)
_AROUND = 3  # lines before and after one
# below the top of the project, and below the folders around what is asked about
_STEPS = ("Makefile", "GNUmakefile", "*.mk", ".gitlab-ci.yml", "Jenkinsfile*", "*.sh")
_OF_WORKFLOWS = (*_STEPS, "*.yml", "*.yaml")
_FOLDERS = (
    *("", "hack", "hack/jenkins", "build", "scripts", "ci", "jenkins", "make", "release", "tools/releasing"),
    ".github/workflows",
)


def commands_with(pattern: re.Pattern[str], root: Path, folder: Path) -> Iterator[str]:
    """What stands around each match in the steps of a project for a folder of it: a command may go over some lines."""
    for text in _texts(root, folder):
        yield from commands_in(text, pattern)


def commands_in(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """What stands around each match in a text of steps."""
    lines = text.splitlines() if pattern.search(text) is not None else []
    for number, line in enumerate(lines):
        if pattern.search(line) is not None:
            yield "\n".join(lines[max(0, number - _AROUND) : number + _AROUND + 1])


def texts_with(pattern: re.Pattern[str], root: Path, folder: Path) -> Iterator[str]:
    """The whole steps of a project for a folder of it in which something matches."""
    return (text for text in _texts(root, folder) if pattern.search(text) is not None)


def _texts(root: Path, folder: Path) -> Iterator[str]:
    return (_text(path, changed(str(path))) for path in islice(_files(root, folder), _MOST_FILES))


def _files(root: Path, folder: Path) -> Iterator[Path]:
    tops = [folder, *folder.parents]
    for top in tops[: tops.index(root) + 1] if root in tops else ():
        for name in _FOLDERS:
            place = os.path.join(top, name) if name else str(top)
            since = changed(place)
            if since:
                yield from _files_in(place, since, _OF_WORKFLOWS if name.startswith(".github") else _STEPS)


@lru_cache(maxsize=4096)
def _files_in(folder: str, since: int, patterns: Sequence[str]) -> Sequence[Path]:
    """The files of a folder whose names fit patterns, in their order. `since`: when the folder was changed."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if not entry.is_symlink())
    except OSError:
        return ()
    return tuple(Path(folder, name) for pattern in patterns for name in names if fnmatchcase(name, pattern))


@lru_cache(maxsize=_MOST_FILES)
def _text(path: Path, since: int) -> str:
    """`since`: when it was changed."""
    try:
        text = read_regular(path, _MANY).decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(line if len(line) <= _LONGEST else "" for line in text.split("\n"))
