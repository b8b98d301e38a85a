"""Manifests of a release that the project's own chart is past: `install_v2_0_0_rc4.yaml` where the chart of the same
program gives `appVersion: v3.5.0`, and nothing but a test leads to the file.
"""

from __future__ import annotations

import os
import re

from linter.aside.copies.releases import numbers_of
from linter.aside.leads.namings import Namings
from linter.aside.leads.throwaway import is_test
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex

_MANY = 5_000_000  # bytes of a manifest that are looked at
_NAME = lazy_regex(r"(?m)^name:[ \t]*[\"']?([\w.-]+)")
_APP = lazy_regex(r"(?m)^appVersion:[ \t]*[\"']?(v?\d+\.\d+\.\d+)[\"']?[ \t]*\r?$")
_SHORTEST = 5  # letters of a name that tells a program


def is_outgrown(root: str, path: str, namings: Namings) -> bool:
    """Whether a file below the root (by its relative path) is one. Patches of a version are kept up for long."""
    name = os.path.basename(path)
    numbers = numbers_of(name) if name.endswith((".yaml", ".yml")) else ()
    later = (
        [chart for chart, version in namings.once(_charts) if version[:2] > numbers[:2]] if numbers else []
    )
    if not later or not any(_is_of(os.path.join(root, path), chart) for chart in later):
        return False
    named_by = namings.namers(path.replace(os.sep, "/"), by_path=True)
    return named_by is not None and all(is_test(root, namer) for namer in named_by)


def _charts(namings: Namings) -> list[tuple[str, tuple[int, ...]]]:
    """The charts of a project by their names, and the versions of their programs."""
    found = []
    for text in namings.texts:
        if text.path.rpartition("/")[2] == "Chart.yaml":
            name, version = _NAME.search(text.text), _APP.search(text.text)
            if name is not None and version is not None and len(name[1]) >= _SHORTEST:
                found.append((name[1], numbers_of(version[1])))
    return found


def _is_of(path: str, program: str) -> bool:
    """Whether a manifest's labels tell that it is of a program."""
    try:
        data = read_regular(path, _MANY)
    except OSError:
        return False
    label = rb"(?m)^[ \t]+(?:app\.kubernetes\.io/name|app|k8s-app): *[\"']?" + re.escape(program).encode()
    return re.search(label + rb"[\"']?[ \t]*\r?$", data) is not None
