"""Charts of other people that a chart brings along, and releases of theirs that were unpacked into the tree."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from linter.aside.stamps import changed
from linter.givenfiles import read_regular, read_start
from linter.patterns import lazy_regex

_MANY = 200_000  # bytes of a Chart.yaml that are looked at
_HEAD = 2_000  # bytes in which the first comment of helm's stands
_NEAR = 3  # folders between a chart's Chart.yaml and what it was rendered to
_SOURCE = lazy_regex(r"^# Source: [\w.-]+/((?:charts/[\w.-]+/)*templates/[\w./-]+)$", re.MULTILINE)
_RELEASE = lazy_regex(r"[a-z][a-z\d_-]*?-v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:[-.+][\w.]*)?")
_AMONG_EXAMPLES = frozenset(
    ("examples", "example", "samples", "docs", "demo", "demos", "tutorials", "scripts", "tools")
)
_LICENSES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "COPYING")


def is_bundled(above: str, relative: str) -> bool:
    """Whether a file is of a chart in `charts` that the chart above it names with its repository."""
    names = relative.split(os.sep)[:-1]
    for index in range(len(names) - 1):
        if names[index] == "charts":
            parent = os.path.join(above, *names[:index])
            if names[index + 1] in _fetched(parent, changed(os.path.join(parent, "charts"))):
                return True
    return False


def is_unpacked(above: str, relative: str) -> bool:
    """Whether a folder that a file is in is named by a project and a version, as archives of releases are, and has the
    licence of the project; or the file itself is, and lies among examples."""
    folder = above
    *folders, file = relative.split(os.sep)
    stem, _, ending = file.lower().rpartition(".")
    if ending in ("yaml", "yml") and _RELEASE.fullmatch(stem) and _AMONG_EXAMPLES.intersection(folders):
        return True
    for name in folders:
        folder = f"{folder}{os.sep}{name}"  # `join` looks into both for what is not there
        if _RELEASE.fullmatch(name.lower()) and any(
            os.path.isfile(os.path.join(folder, licence)) for licence in _LICENSES
        ):
            return True
    return False


def is_rendering(above: str, relative: str) -> bool:
    """Whether a file beside the Chart.yaml of a chart, or in a folder beside it, is what the chart was rendered to."""
    *folders, file = relative.split(os.sep)
    if not file.endswith((".yaml", ".yml")) or "templates" in folders:
        return False
    for depth in range(len(folders), max(len(folders) - _NEAR, 0), -1):
        chart = os.path.join(above, *folders[:depth])
        if os.path.isfile(os.path.join(chart, "Chart.yaml")):
            template = _source_named(os.path.join(above, relative))
            return bool(template) and os.path.isfile(os.path.join(chart, *template.split("/")))
    return False


def _source_named(path: str) -> str:
    """The template, in its chart, that the first comment of helm's in a file names."""
    try:
        found = _SOURCE.search((read_start(path, _HEAD) or b"").decode("utf-8", "replace"))
    except OSError:
        return ""
    return found[1] if found is not None else ""


@lru_cache(maxsize=64)
def _fetched(folder: str, since: int) -> frozenset[str]:
    """Names of the charts that a chart has from repositories. `since`: when its folder `charts` was."""
    found: set[str] = set()
    for name in ("Chart.yaml", "requirements.yaml"):
        found.update(_dependencies(Path(folder, name)))
    return frozenset(found)


def _dependencies(path: Path) -> list[str]:
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need
    from linter.text import decode

    try:
        data = read_regular(path, _MANY)
    except OSError:
        return []
    documents = parse_documents(decode(path.name, data)).documents
    chart = documents[0].plain() if documents else None
    entries = chart.get("dependencies") if isinstance(chart, dict) else None
    return [
        entry["name"]
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
        and isinstance(entry.get("name"), str)
        and isinstance(entry.get("repository"), str)
        and not entry["repository"].startswith("file:")
        and entry["repository"]
    ]
