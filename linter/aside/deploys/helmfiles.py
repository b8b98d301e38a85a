"""What the helmfiles of a project release: each of its releases in each of its environments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from linter.aside.deploys.holes import HOLE, documents
from linter.aside.deploys.plain import as_dict, as_list
from linter.aside.deploys.release import Release, below, chart_at, nested
from linter.aside.leads.projecttexts import Text
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_HELMFILE = lazy_regex(r"(?:.*/)?(?:helmfile[^/]*\.ya?ml(?:\.gotmpl)?|helmfile\.d/.+\.ya?ml(?:\.gotmpl)?)")
_KNOWN = lazy_regex(r"\{\{-?[ `{]{0,9}\.(Release\.Name|Release\.Namespace|Environment\.Name)[ `}]{0,9}-?\}\}")
# a state that says what it is made of, whatever its name: the chart of its releases may stand there alone
_MADE_OF = lazy_regex(r"(?m)^bases:")
_MOST = 2_000  # releases in environments
_DEEPEST = 5  # states that others are made of, and templates of releases that others are made of


@dataclass(frozen=True, slots=True)
class Listed:
    """A release in one environment. Its chart is as the helmfile has it: a path, or one of a repository."""

    text: Text
    chart: str
    release: dict[str, Any]
    environment: str
    bases: tuple[str, ...] = ()  # the paths of the texts that the helmfile is made of

    def completed(self, word: str) -> str:
        """A text of the helmfile with what is known of the release."""
        release = self.release
        word = word.replace("TOLD--Release.Name--", str(release.get("name") or HOLE))
        word = word.replace("TOLD--Release.Namespace--", str(release.get("namespace") or HOLE))
        return word.replace("TOLD--Environment.Name--", self.environment or HOLE)


def listed_in(texts: Iterable[Text]) -> list[Listed]:
    """All releases of helmfiles, that are not off."""
    states = _States({text.path: text for text in texts})
    found: list[Listed] = []
    for text in states.by_path.values():
        made = _MADE_OF.search(text.text) is not None
        own = "releases:" in text.text and _HELMFILE.fullmatch(text.path) is not None
        # a state that another one is made of is released as a part of that, with the paths of values as from there
        if (made or own) and text.path not in states.parts_of_others:
            found += _listed(text, states)
        if len(found) > _MOST:
            return []
    return found


class _States:
    """The states of a project, each read once."""

    def __init__(self, by_path: Mapping[str, Text]) -> None:
        self.by_path = by_path
        self._read: dict[str, list[dict[str, Any]]] = {}

    def parts(self, text: Text) -> list[dict[str, Any]]:
        """The documents of a state."""
        if text.path not in self._read:
            parts = documents(_KNOWN.sub(r"TOLD--\1--", text.text), branches=True) or []
            self._read[text.path] = [part for part in parts if isinstance(part, dict)]
        return self._read[text.path]

    def bases(self, text: Text) -> Iterator[str]:
        """The paths of those that a state is made of."""
        for item in [item for part in self.parts(text) for item in as_list(part.get("bases"))]:
            path = os.path.normpath(os.path.join(text.folder, str(item)))
            if path in self.by_path and path != text.path:
                yield path

    @cached_property
    def parts_of_others(self) -> frozenset[str]:
        """Those that others are made of."""
        made = (text for text in self.by_path.values() if _MADE_OF.search(text.text))
        return frozenset(path for text in made for path in self.bases(text))


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
    return Release(chart, one.text.path, tuple(values), whole, parts=one.bases)


def _listed(text: Text, states: _States) -> Iterator[Listed]:
    bases: dict[str, list[dict[str, Any]]] = {}
    _add_bases(text, states, bases)
    said = states.parts(text)
    whole = [*(part for parts in bases.values() for part in parts), *said]
    environments = dict.fromkeys(str(name) for part in whole for name in as_dict(part.get("environments")))
    shared = [as_dict(part.get("templates")) for parts in bases.values() for part in parts]
    for part in whole:
        templates = {
            name: item for each in (*shared, part.get("templates")) for name, item in as_dict(each).items()
        }
        for item in as_list(part.get("releases")):
            release = _with_templates(item, templates) if isinstance(item, dict) else {}
            chart = release.get("chart")
            if isinstance(chart, str) and release.get("installed") is not False:
                yield from (Listed(text, chart, release, name, tuple(bases)) for name in environments or [""])


def _add_bases(text: Text, states: _States, found: dict[str, list[dict[str, Any]]], depth: int = 0) -> None:
    """Add the documents of what a helmfile is made of, by their paths."""
    for path in states.bases(text) if depth < _DEEPEST else ():
        if path not in found:
            found[path] = states.parts(states.by_path[path])
            _add_bases(states.by_path[path], states, found, depth + 1)


def _with_templates(release: dict[str, Any], templates: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in as_list(release.get("inherit")) if depth < _DEEPEST else ():
        template = as_dict(templates.get(str(as_dict(item).get("template"))))
        found |= _with_templates(template, templates, depth + 1)
    return found | release
