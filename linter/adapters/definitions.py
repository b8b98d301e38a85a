"""The kinds of the objects that the named templates of a chart write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from linter.givenfiles import read_regular
from linter.patterns import lazy_regex

MAX_FILE = 500_000  # bytes of a file of named templates that are looked at
MAX_FILES = 200
DEFINED = lazy_regex(r"\{\{-?\s*define\s+\"([^\"]{1,200})\"")
_KIND = lazy_regex(r"^kind:[ \t]*[\"']?([A-Z]\w*)", re.MULTILINE)


def kinds_defined(folders: Sequence[Path]) -> Mapping[str, frozenset[str]]:
    """The kinds by the name of the template, of charts and of those within them."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in islice(helper_files(folder), MAX_FILES):
            try:
                text = read_regular(path, MAX_FILE).decode("utf-8", "replace")
            except OSError:
                continue
            begins = [*DEFINED.finditer(text)]
            ends = [*(match.start() for match in begins[1:]), len(text)]
            for match, end in zip(begins, ends, strict=False):
                found.setdefault(match[1], set()).update(_KIND.findall(text, match.end(), end))
    return {name: frozenset(kinds) for name, kinds in found.items() if kinds}


def helper_files(folder: Path) -> Iterator[Path]:
    """The files of named templates, of a chart and of those within it."""
    for pattern in ("templates/**/*.tpl", "charts/*/templates/**/*.tpl"):
        yield from (path for path in sorted(folder.glob(pattern)) if not path.is_symlink())
