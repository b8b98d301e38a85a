"""Values of a release that the chart in the tree never reads: `privileged: true` for a chart whose templates write
some keys of a `securityContext` and not that one.

Only where all templates are there, none has the word, and none writes what the value is a part of as a whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from linter.aside.deploys.deployments import Deployments
from linter.aside.deploys.plain import as_list, at
from linter.aside.deploys.release import chart_at
from linter.aside.stamps import changed
from linter.finding import Finding
from linter.formats.node import MAP, SCALAR, SEQ, Node
from linter.frozen import dataclass
from linter.givenfiles import read_regular, start_of
from linter.loading import MAX_TEXT
from linter.patterns import lazy_regex
from linter.text import SourceText, decode

UNREAD = "in values that the chart does not read"
_SUBJECT = "HelmValues/"
_MANY = 500_000  # bytes of a file that are looked at
_MOST_FILES = 200  # of a chart's templates
_MOST_ACTIONS = 5_000  # of one template
_ACTION = lazy_regex(r"\{\{-?\s*+(.{0,2000}?)-?\}\}", re.DOTALL)
_TEXT = lazy_regex(r"\"(?:[^\"\\\n]|\\.){0,2000}\"|`[^`]*+`")
# what writes all of a value, hands it on under another name, or takes keys as they come
_WHOLE = lazy_regex(
    r"\b(?:(?:mustT|t)o(?:Pretty|Raw)?(?:Yaml|Json|Toml)\w*|tpl|dict|list|tuple|set|merge\w*|mustMerge\w*|print\w*|toString"
    r"|range\s+\$\w+\s*,)"
)
# names that something is given, and of a map that something is put into that and the key
_GIVEN = lazy_regex(r"\$\w+(?:\s*,\s*\$\w+)?\s*:?=|\bset\s+\$\w+\s+(?:\"\"|[\w$.]+)")
_WORD = lazy_regex(r"\w+")
_FIELD = lazy_regex(r"\.(\w+)")
_VALUE = lazy_regex(r"\$\w*(?:\.\w+)*|(?:\.\w+)+|(?<![\w)])\.")


@dataclass(frozen=True, slots=True)
class _Read:
    """What the templates of a chart have: words, in lower case, the names of fields, and what is written as a whole."""

    words: frozenset[str]
    fields: frozenset[str]
    wholes: frozenset[str]  # the last names of what is; empty: whatever the dot or a variable stands for


def is_unread(finding: Finding, deployments: Deployments) -> bool:
    """Whether a finding is about such a value."""
    if not finding.subject.startswith(_SUBJECT):
        return False
    root, path = deployments.root, finding.location.path
    given = _given(root, path, changed(os.path.join(root, path)))
    chart, keys = given.get(finding.location.line, ("", ()))
    if len(keys) < 2 or not _stands_alone(root, chart, deployments):
        return False
    templates = os.path.join(root, chart, "templates")
    read = _read(templates, changed(templates))
    *outer, key = keys
    if read is None or not read.fields.issuperset(outer):
        return False  # nobody knows how they are read
    if read.words.issuperset(_WORD.findall(key.lower())):
        return False
    return read.wholes.isdisjoint((*outer, "Values", ""))


def _stands_alone(root: str, chart: str, deployments: Deployments) -> bool:
    """Whether no other chart takes a part of the values of a chart."""
    parts = as_list(deployments.charts.get(chart, {"dependencies": [1]}).get("dependencies"))
    beside = any(Path(root, chart, name).exists() for name in ("charts", "requirements.yaml"))
    return bool(chart) and not parts and not beside


@lru_cache(maxsize=8)
def _given(root: str, path: str, since: int) -> dict[int, tuple[str, tuple[str, ...]]]:
    """By their lines, the values that a file gives to charts of the tree: the chart, and the keys without numbers of
    elements. `since`: when the file was changed."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    text = decode(path, start_of(Path(root, path), _MANY))
    found = {}
    for document in parse_documents(text).documents:
        name, *above = _chart_and_keys(document.plain())
        chart = chart_at(root, name) if name else ""
        for line, keys in _scalars(text, document) if chart else ():
            if list(keys[: len(above)]) == above:
                found[line] = (chart, keys[len(above) :])
    return found


def _chart_and_keys(said: Any) -> list[str]:
    """The path of the chart that an object deploys, empty where that is none of a tree, and the keys of the values."""
    if at(said, "kind") == "HelmRelease":
        chart = at(said, "spec", "chart", "spec")
        name = at(chart, "chart") if at(chart, "sourceRef", "kind") == "GitRepository" else None
        return [name if isinstance(name, str) else "", "spec", "values"]
    name = at(said, "spec", "source", "path") if at(said, "kind") == "Application" else None
    return [name if isinstance(name, str) else "", "spec", "source", "helm", "valuesObject"]


def _scalars(text: SourceText, node: Node) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines at which plain values have their keys, and all keys that lead there."""
    for item in node.elements() if node.kind == SEQ else ():
        yield from _scalars(text, item)
    for key in node.keys() if node.kind == MAP else ():
        value = node.get(key)
        if value is not None and value.kind == SCALAR:
            yield text.position(node.entry_span(key).start).line, (str(key),)
        elif value is not None:
            yield from ((line, (str(key), *keys)) for line, keys in _scalars(text, value))


@lru_cache(maxsize=8)
def _read(templates: str, since: int) -> _Read | None:
    """None where one of the templates can't be read as a whole, or there is none. `since`: when their folder was
    changed."""
    texts = list(_texts(Path(templates)))
    if not texts or any(text.count("{{") != len(_ACTION.findall(text)) for text in texts):
        return None
    return _Read(
        frozenset(word for text in texts for word in _WORD.findall(text.lower())),
        frozenset(name for text in texts for name in _FIELD.findall(text)),
        frozenset(name for text in texts for name in _wholes(text)),
    )


def _texts(templates: Path) -> Iterator[str]:
    """The texts of a chart's templates; none where one of them can't be read as a whole."""
    files = sorted(path for path in templates.glob("**/*") if path.is_file())
    texts = []
    for path in islice(files, _MOST_FILES + 1):
        try:
            texts.append(read_regular(path, MAX_TEXT).decode("utf-8", "replace"))
        except OSError:
            return
    whole = len(texts) <= _MOST_FILES and all(text.count("{{") <= _MOST_ACTIONS for text in texts)
    yield from texts if whole else ()


def _wholes(text: str) -> Iterator[str]:
    """The last names of what a template may write as a whole; empty for the dot alone and for a variable."""
    for action in _ACTION.findall(text):
        said = _TEXT.sub('""', action)
        if _WHOLE.search(said) is not None:
            for value in _VALUE.findall(_GIVEN.sub("", said)):
                *above, last = value.split(".")
                yield last if above else ""
