"""Which template of a chart `helm template` made a manifest from, as the manifest says it."""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

from linter.aside.stamps import changed
from linter.finding import Location
from linter.givenfiles import read_regular, start_of
from linter.patterns import lazy_bytes_regex

_SOURCE = lazy_bytes_regex(
    rb"(?m)^# Source: ([\w.-]{1,100}/(?:charts/[\w.-]{1,100}/)*templates/[\w./-]{1,200})[ \t]*\r?$"
)
_CHART = lazy_bytes_regex(rb"(?m)^name:[ \t]*[\"']?([\w.-]+)")
_HEAD = 2_000  # bytes in which the first comment of helm's stands
_MANY = 5_000_000  # bytes of a manifest that are looked at


def template_of(root: Path, place: Location) -> str:
    """`chart/templates/file.yaml` of the object at a place of a file below the root; empty: the file does not say."""
    path = os.path.join(root, place.path)
    lines, names = _sources(path, changed(path))
    at = bisect_right(lines, place.line) - 1
    return names[at] if at >= 0 else ""


def first_template_of(path: str) -> str:
    """The same of the first object of a file, without the chart's name."""
    found = _SOURCE.search(start_of(path, _HEAD))
    return found[1].decode().partition("/")[2] if found is not None else ""


def is_template(root: Path, path: str, named: str) -> bool:
    """Whether a template below the root is the one that a manifest names, by the chart's folder or its own name."""
    chart, _, template = named.partition("/")
    folder = path.removesuffix(f"/{template}")
    if folder == path:
        return False
    described = os.path.join(root, folder, "Chart.yaml")
    return os.path.basename(folder) == chart or _chart_name(described, changed(described)) == chart


@lru_cache(maxsize=64)
def _chart_name(path: str, since: int) -> str:
    """The name of a chart by its description. `since`: when that was changed."""
    try:
        found = _CHART.search(read_regular(path, _MANY))
    except OSError:
        return ""
    return found[1].decode() if found is not None else ""


@lru_cache(maxsize=4)  # findings come file by file
def _sources(path: str, since: int) -> tuple[list[int], list[str]]:
    """The lines that name a template, and what they name. `since`: when the file was changed."""
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
