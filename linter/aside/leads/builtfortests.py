"""Variants that a project builds for its tests alone: `kustomize build config/variants/$1 > test/e2e/$2`, and nothing
but tools of developers and kustomizations of other such variants leads to them besides.

Whatever else names one lets it count: another line of the same script, a target, a workflow, documentation with a
command, a kustomization that lies elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from linter.aside.charts import charts_of
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, TOOLS, Text
from linter.aside.leads.throwaway import is_test
from linter.aside.names.folders import reason_of
from linter.aside.names.placenames import TESTS
from linter.formats.classify import KUSTOMIZATIONS
from linter.patterns import lazy_regex

_STEPS = lazy_regex(r"(?:.*/)?(?:(?:GNU)?[Mm]akefile|[^/]+\.(?:sh|bash|mk))")
_MOST = 200  # folders in one
# a path, and whether something that is known when it runs ends it
_PATH = lazy_regex(r"(?<![\w@+-])(?P<path>\.{0,2}\w[\w.@+-]*(?:/[\w.@+-]+)*)(?P<any>/[$*{])?")


def is_built_for_tests(root: str, relative: str, namings: Namings) -> bool:
    """Whether a file below the root is part of what steps of the project build into folders of tests, and of nothing
    else."""
    if not namings.has_listings:
        return False
    built = namings.once(_built)
    if not built or any(charts_of(root, relative)):
        return False  # people install charts by their name
    parts = relative.replace(os.sep, "/").split("/")
    items = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    return any(
        all(_is_theirs(root, item, below, namings) for item in items[depth + below.endswith("/") :])
        for depth, above in enumerate(items[:-1])
        for below in (above, f"{above}/")
        if below in built
    )


def _built(namings: Namings) -> frozenset[str]:
    """The folders that steps build into folders of tests; with a slash at the end: something in them."""
    texts = (text for text in namings.texts if _is_step(text))
    lines = (line for text in texts for line in text.text.splitlines())
    return frozenset(source for line in lines if (source := _source(namings.root, line)))


def _is_step(text: Text) -> bool:
    """Whether a text is a script or Makefile that builds kustomizations."""
    return (
        _STEPS.fullmatch(text.path) is not None and "build" in text.text and "kustomize" in text.text.lower()
    )


def _source(root: str, line: str) -> str:
    """What a line of steps takes to make something in a folder of tests of it; empty: nothing."""
    if _is_comment(line) or line.count("/") < 2:
        return ""
    paths = list(_paths(line))
    if len(paths) < 2 or not _is_of_tests(root, paths[-1]):
        return ""
    sources = [path for path in paths[:-1] if _has_kustomization(os.path.join(root, path))]
    return sources[0] if len(sources) == 1 and not _is_of_tests(root, sources[0]) else ""


def _paths(line: str) -> Iterator[str]:
    """The paths in a line that have a folder, with a slash at the end where the rest is not known."""
    for found in _PATH.finditer(line):
        path = os.path.normpath(found["path"])
        if found["any"] or "/" in path:
            yield f"{path}/" if found["any"] else path


def _has_kustomization(path: str) -> bool:
    """Whether a folder has one, or with a slash at its end something in it has."""
    folders = [path]
    if path.endswith("/") and os.path.isdir(path):
        folders = [entry.path for entry in os.scandir(path) if entry.is_dir()][:_MOST]
    return any(os.path.isfile(os.path.join(folder, name)) for folder in folders for name in KUSTOMIZATIONS)


def _is_of_tests(root: str, path: str) -> bool:
    return reason_of(root, os.path.join(path, "all.yaml")) == TESTS


def _is_theirs(root: str, item: str, built: str, namings: Namings) -> bool:
    """Whether all that names a folder or file is such steps, a test, a tool, or a kustomization of what they build."""
    named_by = namings.namers(item, by_path=True)
    return named_by is not None and all(
        TOOLS.fullmatch(namer) is not None
        or is_test(root, namer)
        or _is_part(namings.by_path[namer], item, built, namings)
        or _only_builds(root, namings.by_path[namer], item, built)
        for namer in named_by
    )


def _is_part(text: Text, item: str, built: str, namings: Namings) -> bool:
    """Whether a text is a kustomization of what is built, or names another of that name."""
    if KUSTOMIZATION.fullmatch(text.path) is None:
        return False
    return text.path.startswith(f"{built.rstrip('/')}/") or item not in namings.paths(text)


def _only_builds(root: str, text: Text, item: str, built: str) -> bool:
    """Whether steps name it in no line but those that build it for tests, and in comments."""
    if not _is_step(text) or text.below or text.globs:
        return False
    name = f"/{item.rpartition('/')[2]}"
    lines = [line for line in text.text.splitlines() if built in line or name in line]
    return bool(lines) and all(_is_comment(line) or _source(root, line) == built for line in lines)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
