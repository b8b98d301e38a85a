"""Charts of other people that a chart brings along, and releases of theirs that were unpacked into the tree."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from linter.aside.copies.rendered_from import chart_name, first_template_of
from linter.aside.names.copied import titles
from linter.aside.stamps import changed
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex

_MANY = 200_000  # bytes of a Chart.yaml that are looked at
_NEAR = 9  # folders between a chart's Chart.yaml and what it was rendered to
_OWNER = lazy_regex(r"https?://(?:github|gitlab)\.com/([\w.-]+)/")
_RELEASE = lazy_regex(r"[a-z][a-z\d_-]*?-v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:[-.+][\w.]*)?")
_AMONG_EXAMPLES = frozenset(
    ("examples", "example", "samples", "docs", "demo", "demos", "tutorials", "scripts", "tools")
)
_LICENSES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "COPYING")


def is_bundled(above: str, relative: str) -> bool:
    """Whether a file is of a chart in `charts` that the chart above it names with its repository, or that says of
    itself that it comes from another project.
    """
    names = relative.split(os.sep)[:-1]
    for index in range(len(names) - 1):
        if names[index] == "charts":
            parent = os.path.join(above, *names[:index])
            name = names[index + 1]
            if name in _fetched(parent, changed(os.path.join(parent, "charts"))):
                return True
            chart = os.path.join(parent, "charts", name, "Chart.yaml")
            if _is_of_another_project(above, parent, chart, changed(chart)):
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
        described = os.path.join(chart, "Chart.yaml")
        since = changed(described)
        if since:
            name, _, template = first_template_of(os.path.join(above, relative)).partition("/")
            # what it was rendered with may lie in an archive
            within = template.startswith("charts/") and chart_name(described, since) == name
            return bool(template) and (within or os.path.isfile(os.path.join(chart, *template.split("/"))))
    return False


@lru_cache(maxsize=64)
def _fetched(folder: str, since: int) -> frozenset[str]:
    """Names of the charts that a chart has from repositories. `since`: when its folder `charts` was."""
    found: set[str] = set()
    for name in ("Chart.yaml", "requirements.yaml"):
        found.update(_dependencies(Path(folder, name)))
    return frozenset(found)


@lru_cache(maxsize=256)
def _is_of_another_project(above: str, parent: str, chart: str, since: int) -> bool:
    """Whether a chart in `charts` of a chart `parent` has its sources with owners that neither this one nor the
    repository names. `since`: when its description was changed.
    """
    described = _described(Path(chart)) if since else {}
    sources = described.get("sources")
    owners = [
        owner[1].lower()
        for source in (sources if isinstance(sources, list) else ())
        if (owner := _OWNER.match(str(source))) is not None
    ]
    home = Path(parent, "Chart.yaml")
    if not owners or not home.is_file():
        return False
    own = f"{_described(home)} {os.path.basename(above)} {titles(above, changed(above))}".lower()
    return not any(owner in own for owner in owners)


def _dependencies(path: Path) -> list[str]:
    entries = _described(path).get("dependencies")
    return [
        entry["name"]
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
        and isinstance(entry.get("name"), str)
        and isinstance(entry.get("repository"), str)
        and not entry["repository"].startswith("file:")
        and entry["repository"]
    ]


def _described(path: Path) -> dict[str, Any]:
    """What a Chart.yaml says; empty: there is none."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need
    from linter.text import decode

    try:
        data = read_regular(path, _MANY)
    except OSError:
        return {}
    documents = parse_documents(decode(path.name, data)).documents
    chart = documents[0].plain() if documents else None
    return chart if isinstance(chart, dict) else {}
