"""Manifests of a release that the project's own chart is past: `install_v2_0_0_rc4.yaml` where the chart of the same
program gives `appVersion: v3.5.0`, and nothing but a test leads to the file.

If nothing at all does, so is one that runs the program's images of an earlier version, and what labels of Helm call a
release of the chart where nothing leads to its folder either.
"""

from __future__ import annotations

import os
import re

from linter.aside.charts import charts_of
from linter.aside.copies.releases import numbers_of
from linter.aside.leads.leading import leading
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.aside.leads.throwaway import is_test
from linter.aside.names.copied import is_own
from linter.aside.names.folders import reason_of
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex

_MANY = 5_000_000  # bytes of a manifest that are looked at
_NAME = lazy_regex(r"(?m)^name:[ \t]*[\"']?([\w.-]+)")
_APP = lazy_regex(r"(?m)^appVersion:[ \t]*[\"']?(v?\d+\.\d+\.\d+)(?:[-+][\w.+-]*)?[\"']?[ \t]*\r?$")
_IMAGE = lazy_regex(
    r"(?m)^[ \t]*(?:-[ \t]+)?image:[ \t]*[\"']?(?:[\w.:-]+/)*([\w.-]+):(v?\d+\.\d+\.\d+)(?![\d.])"
)
_SHORTEST = 5  # letters of a name that tells a program
# labels of Helm: a release that is called as its chart, or the chart and its version
_INSTANCE = lazy_regex(r"(?m)^[ \t]+app\.kubernetes\.io/instance:[ \t]*[\"']?([\w.-]+)")
_OF_CHART = lazy_regex(r"(?m)^[ \t]+helm\.sh/chart:[ \t]*[\"']?([\w.-]+?)-v?\d")
_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(\w+)")
# of others the labels may be of the pods that they are about
_WITH_PODS = frozenset(("Deployment", "StatefulSet", "DaemonSet"))


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


def is_left_over(root: str, path: str, namings: Namings) -> bool:
    """Whether a file below the root is of an earlier version of the program, or of a release of its chart, and nothing
    leads to it."""
    item = path.replace(os.sep, "/")
    text = namings.by_path.get(item) if path.endswith((".yaml", ".yml")) and "/" in item else None
    if text is None or any(charts_of(root, path)):
        return False
    folders = ["/".join(item.split("/")[:depth]) for depth in range(1, item.count("/") + 1)]
    if not _runs_earlier(text, namings) and not (
        _is_release(text, namings) and leading(folders[-1], item, namings) == []
    ):
        return False
    if any(namings.is_path(folder) or namings.takes_below(folder) for folder in folders):
        return False
    return namings.namers(item) == [] and leading(item, item, namings) == []


def _runs_earlier(text: Text, namings: Namings) -> bool:
    """Whether all images of the project's programs in a manifest are earlier than its charts."""
    images = [(match[1], numbers_of(match[2])) for match in _IMAGE.finditer(text.text)]
    charts = namings.once(_charts) if images else []
    earlier = [
        () < numbers[:2] < version[:2]
        for image, numbers in images
        for chart, version in charts
        if (image == chart or image.startswith(f"{chart}-")) and is_own(namings.root, chart)
    ]
    return bool(earlier) and all(earlier)


def _is_release(text: Text, namings: Namings) -> bool:
    """Whether a manifest's labels, and its kinds, are those of a release of one of the project's charts."""
    kinds = set(_KIND.findall(text.text))
    called = {match[1] for label in (_INSTANCE, _OF_CHART) for match in label.finditer(text.text)}
    charts = namings.once(_kinds_of_charts) if called and not _WITH_PODS.isdisjoint(kinds) else {}
    path = os.path.join(namings.root, text.path)
    return any(kinds <= charts.get(name, frozenset()) and _is_of(path, name) for name in called)


def _kinds_of_charts(namings: Namings) -> dict[str, frozenset[str]]:
    """The charts that a project offers, by their names, and the kinds that their templates write."""
    charts: dict[str, str] = {}  # by their folders
    for text in namings.texts:
        name = _NAME.search(text.text) if text.path.endswith("/Chart.yaml") else None
        if name is not None and len(name[1]) >= _SHORTEST and not reason_of(namings.root, text.path):
            charts[text.folder] = name[1]
    found: dict[str, set[str]] = {name: set() for name in charts.values()}
    for text in namings.texts:
        above, templates, _ = text.path.partition("/templates/")
        if templates and above in charts:
            found[charts[above]].update(_KIND.findall(text.text))
    return {name: frozenset(kinds) for name, kinds in found.items()}


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
