"""Values of a release that the chart in the tree never reads: `privileged: true` for a chart whose templates write
some keys of a `securityContext` and not that one.

Only where all templates are there, none has the word, and none writes what the value is a part of as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from linter.aside.deploys.deployments import Deployments
from linter.aside.deploys.plain import as_list, at
from linter.aside.deploys.release import chart_at
from linter.finding import Finding
from linter.formats.node import MAP, SCALAR, SEQ, Node
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
_VALUE = lazy_regex(r"\$\w*(?:\.\w+)*|(?:\.\w+)+|(?<![\w)])\.")


def is_unread(finding: Finding, deployments: Deployments) -> bool:
    """Whether a finding is about such a value."""
    if not finding.subject.startswith(_SUBJECT):
        return False
    root, path = deployments.root, finding.location.path
    chart, keys = _told(root, path, finding.location.line)
    if len(keys) < 2 or not _stands_alone(root, chart, deployments):
        return False
    texts = list(_templates(Path(root, chart)))
    *outer, key = keys
    said = "\n".join(texts)
    if not texts or not all(re.search(rf"\.{re.escape(name)}\b", said) for name in outer):
        return False  # nobody knows how they are read
    if re.search(rf"\b{re.escape(key)}\b", said, re.IGNORECASE) is not None:
        return False
    return not any(_passes_on(text, frozenset((*outer, "Values"))) for text in texts)


def _stands_alone(root: str, chart: str, deployments: Deployments) -> bool:
    """Whether no other chart takes a part of the values of a chart."""
    parts = as_list(deployments.charts.get(chart, {"dependencies": [1]}).get("dependencies"))
    beside = any(Path(root, chart, name).exists() for name in ("charts", "requirements.yaml"))
    return bool(chart) and not parts and not beside


def _told(root: str, path: str, line: int) -> tuple[str, list[str]]:
    """The chart of the tree that a file gives a value at some line to, and the keys of that value; empty: none."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    text = decode(path, start_of(Path(root, path), _MANY))
    for document in parse_documents(text).documents:
        found, node = _keys_at(text, document, line)
        if node is None or node.kind != SCALAR:
            continue
        plain = document.plain()
        chart = at(plain, "spec", "chart", "spec")
        if at(plain, "kind") == "HelmRelease" and found[:2] == ["spec", "values"]:
            name = at(chart, "chart") if at(chart, "sourceRef", "kind") == "GitRepository" else None
            return (chart_at(root, name), found[2:]) if isinstance(name, str) else ("", [])
        if at(plain, "kind") == "Application" and found[:4] == ["spec", "source", "helm", "valuesObject"]:
            name = at(plain, "spec", "source", "path")
            return (chart_at(root, name), found[4:]) if isinstance(name, str) else ("", [])
    return "", []


def _keys_at(text: SourceText, node: Node, line: int) -> tuple[list[str], Node | None]:
    """The keys of the value whose key stands at a line, without the numbers of elements, and that value."""
    if node.kind == SEQ:
        inside = (_keys_at(text, item, line) for item in node.elements())
        return next((found for found in inside if found[1] is not None), ([], None))
    if node.kind != MAP:
        return [], None
    starts = {key: text.position(node.entry_span(key).start).line for key in node.keys()}  # noqa: SIM118 - a Node
    start, key = max(((start, key) for key, start in starts.items() if start <= line), default=(0, ""))
    value = node.get(key) if start else None
    if value is None:
        return [], None
    if start == line and value.kind == SCALAR:
        return [key], value
    keys, found = _keys_at(text, value, line)
    return ([key, *keys], found) if found is not None else ([], None)


def _templates(chart: Path) -> Iterator[str]:
    """The texts of a chart's templates; none where one of them can't be read as a whole."""
    files = sorted(path for path in (chart / "templates").glob("**/*") if path.is_file())
    texts = []
    for path in islice(files, _MOST_FILES + 1):
        try:
            texts.append(read_regular(path, MAX_TEXT).decode("utf-8", "replace"))
        except OSError:
            return
    whole = len(texts) <= _MOST_FILES and all(text.count("{{") <= _MOST_ACTIONS for text in texts)
    yield from texts if whole else ()


def _passes_on(text: str, outer: frozenset[str]) -> bool:
    """Whether a template may write as a whole what some keys have, or whatever stands for it there."""
    if text.count("{{") != len(_ACTION.findall(text)):
        return True
    for action in _ACTION.findall(text):
        said = _TEXT.sub('""', action)
        if _WHOLE.search(said) is not None:
            names = _VALUE.findall(_GIVEN.sub("", said))
            if any(_may_be(name, outer) for name in names):
                return True
    return False


def _may_be(name: str, outer: frozenset[str]) -> bool:
    """Whether a name in an action may stand for what some keys have: theirs, the dot alone, or a variable."""
    *above, last = name.split(".")
    return last in outer or last == "" or not above
