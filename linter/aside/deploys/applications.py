"""Charts of a project that objects of Argo CD and Flux deploy by their path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from linter.aside.deploys.holes import HOLE, documents
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
            kind, spec = _get(item, "kind"), _get(item, "spec")
            if kind == "HelmRelease":
                yield from _of_flux(root, text, spec)
            elif kind in ("Application", "ApplicationSet"):
                spec = _get(spec, "template", "spec") if kind == "ApplicationSet" else spec
                sources = [_get(spec, "source"), *_list(_get(spec, "sources"))]
                refs = {str(_get(source, "ref")) for source in sources}
                for source in sources:
                    yield from _of_source(root, text, source, refs)


def _of_flux(root: str, text: Text, spec: Any) -> Iterator[Release]:
    chart = _get(spec, "chart", "spec")
    path = _get(chart, "chart")
    of_tree = _get(chart, "sourceRef", "kind") in ("GitRepository", "Bucket")
    folder = chart_at(root, path) if of_tree and isinstance(path, str) else ""
    if folder:
        files = [below(root, str(name)) for name in _list(_get(chart, "valuesFiles"))]
        inline = _get(spec, "values")
        values = [*filter(None, files), *([inline] if isinstance(inline, dict) else [])]
        yield Release(folder, text.path, tuple(values), all(files) and not _get(spec, "valuesFrom"))


def _of_source(root: str, text: Text, source: Any, refs: set[str]) -> Iterator[Release]:
    path = _get(source, "path")
    folder = chart_at(root, path) if isinstance(path, str) else ""
    if not folder:
        return
    helm = _get(source, "helm")
    values: list[Any] = []
    whole = not any(isinstance(_get(helm, key), str) for key in ("valueFiles", "parameters"))
    for name in _list(_get(helm, "valueFiles")):
        file = _file_of(root, folder, str(name), refs)
        whole = whole and bool(file)
        values += [file] if file else []
    inline = _get(helm, "values")
    read = (documents(inline) if isinstance(inline, str) else None) or []
    whole = whole and (inline is None or bool(read)) and HOLE not in str(inline)
    values += [item for item in (*read, _get(helm, "valuesObject")) if isinstance(item, dict)]
    given = (item for item in _list(_get(helm, "parameters")) if isinstance(item, dict))
    values.append(nested((str(item.get("name")), item.get("value", HOLE)) for item in given))
    yield Release(folder, text.path, tuple(values), whole)


def _file_of(root: str, folder: str, name: str, refs: set[str]) -> str:
    """The path of a file of values: beside the chart, from the top, or `$ref/…` of a source that may be ours."""
    ref, _, rest = name.removeprefix("$").partition("/")
    if name.startswith("$"):
        return below(root, rest) if ref in refs else ""
    return below(root, name.lstrip("/")) if name.startswith("/") else below(root, folder, name)


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
