"""Charts of a project that a chart of it deploys: its template has an `Application` of Argo CD for each item of a list
that stands in its files of values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from linter.aside.deploys.applications import of_applications
from linter.aside.deploys.filled import Block, Part, filled, parts_of
from linter.aside.deploys.holes import documents, is_hole
from linter.aside.deploys.plain import as_list, at
from linter.aside.deploys.release import Release
from linter.aside.leads.projecttexts import Text
from linter.frozen import replace
from linter.patterns import lazy_regex

_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?Application\b")
_LIST = lazy_regex(r"(?:(?:(\$\w+)[ \t]*,[ \t]*)?(\$\w+)[ \t]*:=[ \t]*)?\$?\.Values\.(\w+(?:\.\w+)*)")
_MOST = 2_000  # items, and lists, that a chart's templates are filled in with


class _Lists:
    """The lists in the files of values of a chart, each file read once."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.texts = texts
        self._read: dict[str, Any] = {}
        self.asked = 0  # items

    def items(self, text: Text, keys: Sequence[str]) -> list[tuple[Any, Any]]:
        """The items of the list, or of the map, that a file has at some keys, with their numbers or keys."""
        if keys[-1] not in text.text:
            return []
        if text.path not in self._read:
            self._read[text.path] = next(iter(documents(text.text) or ()), None)
        listed = at(self._read[text.path], *keys)
        found = list(listed.items()) if isinstance(listed, dict) else list(enumerate(as_list(listed)))
        self.asked += 1 + len(found)
        return found


def of_lists(root: str, charts: Iterable[str], texts: Iterable[Text]) -> Iterator[Release]:
    """The releases of charts in the tree; none of a template of which an item is not understood."""
    texts = list(texts)
    templates = [
        text
        for text in texts
        if "/templates/" in text.path and "range" in text.text and _KIND.search(text.text)
    ]
    for chart in charts if templates else ():
        own = [text for text in templates if text.path.startswith(f"{chart}/templates/")]
        if own:
            within = (text for text in texts if text.yaml and text.path.startswith(f"{chart}/"))
            lists = _Lists([text for text in within if "/templates/" not in text.path])
            for template in own:
                yield from _of_template(root, template, lists)


def _of_template(root: str, template: Text, lists: _Lists) -> list[Release]:
    """None where some item is not understood."""
    found: list[Release] = []
    for part in parts_of(template.text):
        match = _list_of(part)
        if match is None or not isinstance(part, Block):
            continue
        for text in lists.texts:
            of_text: list[Release] = []
            for name, item in lists.items(text, match[3].split(".")):
                names = {key: value for key, value in ((match[1], name), (match[2], item)) if key}
                releases = _of_item(root, template, part.branches[0][1], item, names)
                if releases is None:
                    return []
                of_text += releases
            if lists.asked > _MOST:
                return []
            found += _with_list(text, of_text)
    return found


def _list_of(part: Part) -> re.Match[str] | None:
    """The list of values, and the variables, for whose items a part of a template is written."""
    if not isinstance(part, Block) or part.keyword != "range":
        return None
    return _LIST.fullmatch(part.branches[0][0])


def _with_list(text: Text, releases: Sequence[Release]) -> Iterator[Release]:
    """The releases that a list is the cause of; it tells all of a chart where it does not name it once more."""
    times = Counter(release.chart for release in releases)
    for one in releases:
        told = text.text.count(one.chart) <= times[one.chart]
        yield replace(one, parts=(text.path,) if told else (), whole=False)


def _of_item(
    root: str, template: Text, parts: Sequence[Part], item: Any, names: dict[str, Any]
) -> list[Release] | None:
    text = filled(parts, item, names)
    if text is None:
        return None
    maybe = _applications(documents(text, branches=True))
    certain = _applications(documents(text))
    paths = [at(source, "path") for one in certain for source in _sources(one)]
    if len(maybe) != len(certain) or any(is_hole(path) for path in paths):
        return None
    return [release for one in certain for release in of_applications(root, template, one)]


def _applications(read: Sequence[Any] | None) -> list[Any]:
    return [one for one in read or () if at(one, "kind") == "Application"]


def _sources(application: Any) -> list[Any]:
    return [at(application, "spec", "source"), *as_list(at(application, "spec", "sources"))]
