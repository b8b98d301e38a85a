"""Manifests in the folder of a chart that are no part of it: Helm deploys what is in `templates` and `crds` alone.

One that lies elsewhere is something to try by hand, or was forgotten, unless a template reads it, or anything in the
project has its path or that of a folder of it within the chart.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from linter.aside.charts import charts_of, description_of
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

UNUSED = "in files beside a chart's templates that nothing uses"
_MANY = 20_000  # bytes of a manifest that are looked at
_DEPLOYED = frozenset(("templates", "crds", "charts"))
_NO_MANIFESTS = lazy_regex(r"(?i)chart|.*values.*|requirements|questions|kustomization|skaffold.*")
_MANIFEST = lazy_bytes_regex(rb"(?m)\A(?=.*?^apiVersion:)(?=.*?^kind:)", re.DOTALL)
_READ = lazy_regex(r"\.Files\b(?:\.(?:Get|GetBytes|Glob|Lines)\s+)?(?:\"([^\"\n]*)\"|`([^`\n]*)`)?")
_LIBRARY = lazy_bytes_regex(rb"(?m)^type:[ \t]*[\"']?library\b")
_OF_OTHERS = lazy_bytes_regex(
    rb"(?m)^dependencies:(?:\n(?:[ \t-].*)?)*?\n[ \t-]+name:[ \t]*[\"']?[\w-]*(?:common|lib)"
)


def is_beside_templates(path: str, namings: Namings) -> bool:
    """Whether a file of a project, by its path with slashes, is a manifest in the folder of a chart that nothing
    uses."""
    if not path.endswith((".yaml", ".yml")):
        return False
    found = list(charts_of(namings.root, path.replace("/", os.sep)))
    if not found:
        return False
    parent, name, _ = found[-1]
    chart = os.path.relpath(os.path.join(parent, name), namings.root).replace(os.sep, "/")
    within = path[len(chart) + 1 :]
    first, _, _ = within.partition("/")
    if first in _DEPLOYED or _NO_MANIFESTS.fullmatch(os.path.basename(path).rpartition(".")[0]):
        return False
    if not os.path.isdir(os.path.join(namings.root, chart, "templates")):
        return False
    if _MANIFEST.search(start_of(os.path.join(namings.root, path), _MANY)) is None:
        return False
    return not _is_read(chart, within, namings) and _is_unnamed(chart, path, namings)


def _is_unnamed(chart: str, path: str, namings: Namings) -> bool:
    """Whether nothing has a path to a file, or to a folder between it and its chart."""
    named_by = namings.namers(path, by_path=True)
    if named_by is None or not all(_reads_its_own(namings.by_path[namer]) for namer in named_by):
        return False
    parts = path.split("/")
    above = {"/".join(parts[:depth]) for depth in range(chart.count("/") + 2, len(parts) + 1)}
    names = {item.rpartition("/")[2] for item in above}
    return not any(
        above.intersection(namings.paths(text))
        for text in namings.texts
        if text.path != path and any(name in text.text for name in names)
    )


def _reads_its_own(text: Text) -> bool:
    """Whether a text is a template that reads files: what is called so in its own chart."""
    return "/templates/" in text.path and ".Files" in text.text


def _is_read(chart: str, within: str, namings: Namings) -> bool:
    """Whether a template may read a file, by its path in the chart; a library has templates of others."""
    if _OF_OTHERS.search(description_of(os.path.join(namings.root, chart))) is not None:
        return True
    return any(_fits(glob, within) for glob in _globs(_templates(chart, namings)))


def _templates(chart: str, namings: Namings) -> Iterator[Text]:
    for text in namings.texts:
        above, templates, _ = text.path.partition("/templates/")
        if templates and _reads_its_own(text):
            library = _LIBRARY.search(description_of(os.path.join(namings.root, above))) is not None
            if above == chart or library:
                yield text


def _globs(texts: Iterable[Text]) -> Iterator[str]:
    """What templates read: globs, `**` for what is not known."""
    for text in texts:
        for match in _READ.finditer(text.text):
            glob = match[1] or match[2] or "**"
            yield "**" if "{" in glob else glob


def _fits(glob: str, within: str) -> bool:
    pattern = (
        re.escape(glob.removeprefix("./"))
        .replace(r"\*\*", ".*")
        .replace(r"\*", "[^/]*")
        .replace(r"\?", "[^/]")
    )
    return re.fullmatch(pattern, within) is not None
