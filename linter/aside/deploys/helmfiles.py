"""What the helmfiles of a project release: each of its releases in each of its environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from linter.aside.deploys.holes import HOLE, documents
from linter.aside.deploys.plain import as_dict, as_list
from linter.aside.deploys.release import Release, below, chart_at, nested
from linter.aside.leads.projecttexts import Text
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_HELMFILE = lazy_regex(r"(?:.*/)?(?:helmfile[^/]*\.ya?ml(?:\.gotmpl)?|helmfile\.d/.+\.ya?ml(?:\.gotmpl)?)")
_KNOWN = lazy_regex(r"\{\{-?[ `{]{0,9}\.(Release\.Name|Release\.Namespace|Environment\.Name)[ `}]{0,9}-?\}\}")
_MOST = 2_000  # releases in environments


@dataclass(frozen=True, slots=True)
class Listed:
    """A release in one environment. Its chart is as the helmfile has it: a path, or one of a repository."""

    text: Text
    chart: str
    release: dict[str, Any]
    environment: str

    def completed(self, word: str) -> str:
        """A text of the helmfile with what is known of the release."""
        release = self.release
        word = word.replace("TOLD--Release.Name--", str(release.get("name") or HOLE))
        word = word.replace("TOLD--Release.Namespace--", str(release.get("namespace") or HOLE))
        return word.replace("TOLD--Environment.Name--", self.environment or HOLE)


def listed_in(texts: Iterable[Text]) -> list[Listed]:
    """All releases of helmfiles, that are not off."""
    found: list[Listed] = []
    for text in texts:
        if "releases:" in text.text and _HELMFILE.fullmatch(text.path) is not None:
            found += _listed(text)
        if len(found) > _MOST:
            return []
    return found


def of_paths(root: str, listed: Iterable[Listed]) -> Iterator[Release]:
    """The releases whose charts are in the tree by their path."""
    for one in listed:
        chart = chart_at(root, one.text.folder, one.completed(one.chart))
        if chart:
            yield release_of(root, one, chart)


def release_of(root: str, one: Listed, chart: str) -> Release:
    """A listed release of a chart of the tree."""
    values: list[Any] = []
    whole = not any(one.release.get(key) for key in ("secrets", "valuesTemplate", "strategicMergePatches"))
    for item in as_list(one.release.get("values")):
        path = below(root, one.text.folder, one.completed(item)) if isinstance(item, str) else ""
        whole = whole and (bool(path) or isinstance(item, dict))
        if path or isinstance(item, dict):
            values.append(path or item)
    settings = [*as_list(one.release.get("set")), *as_list(one.release.get("setTemplate"))]
    named = (item for item in settings if isinstance(item, dict))
    values.append(nested((str(item.get("name")), item.get("value", HOLE)) for item in named))
    return Release(chart, one.text.path, tuple(values), whole)


def _listed(text: Text) -> Iterator[Listed]:
    parts = documents(_KNOWN.sub(r"TOLD--\1--", text.text), branches=True) or []
    said = [part for part in parts if isinstance(part, dict)]
    environments = [str(name) for part in said for name in as_dict(part.get("environments"))]
    for part in said:
        templates = as_dict(part.get("templates"))
        for item in as_list(part.get("releases")):
            release = _with_templates(item, templates) if isinstance(item, dict) else {}
            chart = release.get("chart")
            if isinstance(chart, str) and release.get("installed") is not False:
                yield from (Listed(text, chart, release, name) for name in environments or [""])


def _with_templates(release: dict[str, Any], templates: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in as_list(release.get("inherit")):
        found |= as_dict(templates.get(str(as_dict(item).get("template"))))
    return found | release
