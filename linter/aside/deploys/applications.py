"""Charts of a project that objects of Argo CD and Flux deploy by their path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from linter.aside.deploys.holes import HOLE, documents
from linter.aside.deploys.plain import as_list, at
from linter.aside.deploys.release import Release, below, chart_at, nested
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(?:Application|ApplicationSet|HelmRelease)\b")


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
    values: list[Any] = []
    whole = not any(isinstance(at(helm, key), str) for key in ("valueFiles", "parameters"))
    for name in as_list(at(helm, "valueFiles")):
        file = _file_of(root, folder, str(name), refs)
        whole = whole and bool(file)
        values += [file] if file else []
    inline = at(helm, "values")
    read = (documents(inline) if isinstance(inline, str) else None) or []
    whole = whole and (inline is None or bool(read)) and HOLE not in str(inline)
    values += [item for item in (*read, at(helm, "valuesObject")) if isinstance(item, dict)]
    given = (item for item in as_list(at(helm, "parameters")) if isinstance(item, dict))
    values.append(nested((str(item.get("name")), item.get("value", HOLE)) for item in given))
    yield Release(folder, text.path, tuple(values), whole)


def _file_of(root: str, folder: str, name: str, refs: set[str]) -> str:
    """The path of a file of values: beside the chart, from the top, or `$ref/…` of a source that may be ours."""
    ref, _, rest = name.removeprefix("$").partition("/")
    if name.startswith("$"):
        return below(root, rest) if ref in refs else ""
    return below(root, name.lstrip("/")) if name.startswith("/") else below(root, folder, name)
