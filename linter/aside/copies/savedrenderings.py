"""What somebody rendered a chart to, to look at it or to hand it on, and what nothing in the project deploys.

Such a file says from which templates it is. Its objects are called `release-name-…`, as Helm calls those of a release
without a name; or a script beside it writes it (`helm template … > all.yaml`), and nothing else names it. What the
chart has wrong is mended in the chart.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.copies.rendered_from import first_template_of
from linter.aside.leads.namings import Namings
from linter.aside.stamps import changed
from linter.givenfiles import read_regular, start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

_MANY = 5_000_000  # bytes of a manifest that are looked at
_SCRIPT = 100_000
_MOST = 50  # scripts beside a manifest
_UNNAMED = lazy_bytes_regex(rb"(?m)^  name: *[\"']?release-name(?:-[\w.-]+)?[\"']?[ \t]*\r?$")
_GOES_ON = lazy_regex(r"\\\r?\n")
_WRITES = lazy_regex(r"\bhelm template\b[^\n]{0,1000}>[ \t]*[\"']?(?:\./)?([\w.-]+\.ya?ml)\b")
_YAML = (".yaml", ".yml")


def is_saved_rendering(root: str, path: str, namings: Namings) -> bool:
    """Whether a file below the root (by its relative path) is one."""
    if not path.endswith(_YAML) or not first_template_of(os.path.join(root, path)):
        return False
    folder, name = os.path.split(os.path.join(root, path))
    scripts = _writers(folder, name, changed(folder))
    if not scripts and not _is_unnamed(os.path.join(root, path)):
        return False
    return not _is_deployed(root, path.replace(os.sep, "/"), scripts, namings)


def _is_unnamed(path: str) -> bool:
    try:
        return _UNNAMED.search(read_regular(path, _MANY)) is not None
    except OSError:
        return False


@lru_cache(maxsize=256)
def _writers(folder: str, name: str, since: int) -> frozenset[str]:
    """The scripts in a folder that write what a chart is rendered to to a file in it. `since`: when it was changed."""
    try:
        scripts = sorted(script for script in os.listdir(folder) if script.endswith(".sh"))[:_MOST]
    except OSError:
        return frozenset()
    return frozenset(script for script in scripts if name in _written(os.path.join(folder, script)))


def _written(script: str) -> list[str]:
    text = start_of(script, _SCRIPT).decode("utf-8", "replace")
    return _WRITES.findall(_GOES_ON.sub(" ", text))


def _is_deployed(root: str, item: str, scripts: frozenset[str], namings: Namings) -> bool:
    """Whether something but the scripts that write it may lead to it, or takes all of a folder that it is in."""
    folder = item.rpartition("/")[0]
    writers = {f"{folder}/{script}" if folder else script for script in scripts}
    named_by = namings.namers(item, by_path=True)
    if named_by is None or not writers.issuperset(named_by):
        return True
    around = namings.namers(folder, by_path=True) if folder else []
    if around is None or any(namer.endswith(_YAML) for namer in around):
        return True
    parts = folder.split("/")
    return any(namings.takes("/".join(parts[:depth])) for depth in range(1, len(parts) + 1))
