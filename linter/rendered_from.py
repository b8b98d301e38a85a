"""Which template of a chart `helm template` made a manifest from, as the manifest says it."""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

from linter.finding import Location
from linter.givenfiles import read_regular
from linter.patterns import lazy_bytes_regex

_SOURCE = lazy_bytes_regex(rb"(?m)^# Source: ([\w.-]{1,100}/templates/[\w./-]{1,200})[ \t]*\r?$")
_MANY = 5_000_000  # bytes of a manifest that are looked at


def template_of(root: Path, place: Location) -> str:
    """`chart/templates/file.yaml` of the object at a place of a file below the root; empty: the file does not say."""
    lines, names = _sources(os.path.join(root, place.path))
    at = bisect_right(lines, place.line) - 1
    return names[at] if at >= 0 else ""


@lru_cache(maxsize=4)  # findings come file by file
def _sources(path: str) -> tuple[list[int], list[str]]:
    """The lines that name a template, and what they name."""
    lines: list[int] = []
    names: list[str] = []
    try:
        data = read_regular(path, _MANY)
    except OSError:
        return lines, names
    at = line = 0
    for found in _SOURCE.finditer(data):
        line += data.count(b"\n", at, found.start())
        at = found.start()
        lines.append(line + 1)
        names.append(found[1].decode())
    return lines, names
