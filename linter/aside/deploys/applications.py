"""Charts of a project that objects of Argo CD and Flux deploy by their path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from linter.aside.deploys.holes import HOLE, documents, is_hole
from linter.aside.deploys.plain import as_list, at
from linter.aside.deploys.release import Release, below, chart_at, nested
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(?:Application|ApplicationSet|HelmRelease)\b")

_ENDS = (".yaml", ".yml")
_MOST = 200  # ways in which the names of files may be completed


def of_objects(root: str, texts: Iterable[Text]) -> Iterator[Release]:
    """The releases of charts in the tree."""
    for text in texts:
        if "kind:" not in text.text or _KIND.search(text.text) is None:
            continue
        for item in documents(text.text, branches=True) or ():
            if at(item, "kind") == "HelmRelease":
                yield from _of_flux(root, text, at(item, "spec"))
            else:
                yield from of_applications(root, text, item)


def of_applications(root: str, text: Text, item: Any) -> Iterator[Release]:
    """The releases of an object of Argo CD that a text has."""
    kind, spec = at(item, "kind"), at(item, "spec")
    if kind in ("Application", "ApplicationSet"):
        spec = at(spec, "template", "spec") if kind == "ApplicationSet" else spec
        sources = [at(spec, "source"), *as_list(at(spec, "sources"))]
        refs = {str(at(source, "ref")) for source in sources}
        for source in sources:
            yield from _of_source(root, text, source, refs)


def _of_flux(root: str, text: Text, spec: Any) -> Iterator[Release]:
    chart = at(spec, "chart", "spec")
    path = at(chart, "chart")
    of_tree = at(chart, "sourceRef", "kind") in ("GitRepository", "Bucket")
    folder = chart_at(root, path) if of_tree and isinstance(path, str) else ""
    if folder:
        files = [below(root, str(name)) for name in as_list(at(chart, "valuesFiles"))]
        inline = at(spec, "values")
        values = [*filter(None, files), *([inline] if isinstance(inline, dict) else [])]
        yield Release(folder, text.path, tuple(values), all(files) and not at(spec, "valuesFrom"))


def _of_source(root: str, text: Text, source: Any, refs: set[str]) -> Iterator[Release]:
    path = at(source, "path")
    folder = chart_at(root, path) if isinstance(path, str) else ""
    if not folder:
        return
    helm = at(source, "helm")
    whole = not any(isinstance(at(helm, key), str) for key in ("valueFiles", "parameters"))
    given: list[Any] = []
    inline = at(helm, "values")
    read = (documents(inline) if isinstance(inline, str) else None) or []
    whole = whole and (inline is None or bool(read)) and HOLE not in str(inline)
    given += [item for item in (*read, at(helm, "valuesObject")) if isinstance(item, dict)]
    parameters = (item for item in as_list(at(helm, "parameters")) if isinstance(item, dict))
    given.append(nested((str(item.get("name")), item.get("value", HOLE)) for item in parameters))
    for files, known in _choices(root, folder, helm, refs):
        yield Release(folder, text.path, (*files, *given), whole and known)


def _choices(root: str, folder: str, helm: Any, refs: set[str]) -> list[tuple[list[str], bool]]:
    """The files of values that a source may have, and whether these are all: for a name of which an expression writes a
    part each file that is called so."""
    choices: list[tuple[list[str], bool]] = [([], True)]
    for name in as_list(at(helm, "valueFiles")):
        found = _files_of(root, folder, str(name), refs)
        if found and at(helm, "ignoreMissingValueFiles"):
            found.append("")
        if len(choices) * len(found) > _MOST:
            found = []
        choices = [
            ([*files, file] if file else files, known and bool(found))
            for files, known in choices
            for file in found or [""]
        ]
    return choices


def _files_of(root: str, folder: str, name: str, refs: set[str]) -> list[str]:
    """The paths of the files that may be meant: one, or all of which an expression may write a part of the name."""
    above, _, last = name.rpartition("/")
    if not is_hole(last):
        return [file] if (file := _file_of(root, folder, name, refs)) else []
    place = _file_of(root, folder, above or ".", refs)
    begins, _, ends = last.partition(HOLE)
    if not place or not begins or not ends.endswith(_ENDS) or is_hole(ends):
        return []
    try:
        files = sorted(os.listdir(os.path.join(root, place)))
    except OSError:
        return []  # it is no folder
    return [f"{place}/{file}" for file in files if file.startswith(begins) and file.endswith(ends)]


def _file_of(root: str, folder: str, name: str, refs: set[str]) -> str:
    """The path of a file of values: beside the chart, from the top, or `$ref/…` of a source that may be ours."""
    ref, _, rest = name.removeprefix("$").partition("/")
    if name.startswith("$"):
        return below(root, rest) if ref in refs else ""
    return below(root, name.lstrip("/")) if name.startswith("/") else below(root, folder, name)
