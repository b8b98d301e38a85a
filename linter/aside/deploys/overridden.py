"""Defaults of a chart that every release of it in the project replaces: `tag: latest`, `resources: {}`, an image from
where nothing is published any more.

What the releases put there is judged where it stands. A default counts as soon as one release leaves it, or says again
what is wrong with it; what an expression writes is taken to be right.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from linter.aside.deploys.deployments import Deployments, Way, chart_folder
from linter.aside.deploys.holes import is_hole
from linter.aside.deploys.release import UNSET, value_at
from linter.finding import Finding
from linter.formats.node import MAP, Node
from linter.givenfiles import start_of
from linter.patterns import lazy_regex
from linter.text import SourceText, decode

OVERRIDDEN = "in defaults that the project's own releases override"
_MANY = 500_000  # bytes of a file that are looked at
_SAID = lazy_regex(r"The value comes from '([\w.-]+)' here\.")
_TAG = lazy_regex(r"(?i)(?:.*[a-z_-])?(?:tag|version|digest|sha(?:256)?)")
_LATEST = frozenset(
    ("", "latest")
)  # what image-tag-latest asks about: a release's `main` is another line's matter
_MOVING = _LATEST | {"main", "master", "edge", "nightly", "stable", "dev"}
_NAMES = frozenset(("repository", "name", "registry"))  # beside the tag of an image
_RESOURCES = lazy_regex(r"\.Values\.([\w.]*[rR]esources\w*)")
_ELEMENT = lazy_regex(r"([ \t]*+)(?:- )?[ \t]*+\S")
_FARTHEST = 150  # lines of one container
OF_RESOURCES = {
    "memory-limit-missing": ("limits", "memory"),
    "cpu-limit-missing": ("limits", "cpu"),
    "memory-request-missing": ("requests", "memory"),
    "cpu-request-missing": ("requests", "cpu"),
}
_OF_TAGS = frozenset(("image-tag-latest", "ai-image-latest", "image-tag-floating"))
_OF_PLACES = "image-registry-deprecated"
_PLACES = ("registry", "repository")
_DOCKER = frozenset(
    ("", "docker.io", "index.docker.io", "registry-1.docker.io")
)  # which is meant where none is named
_RETIRED = lazy_regex(
    r"(?:^|/)(?:bitnami(?:legacy)?|google[_-]containers|kubebuilder|k8s\.gcr\.io|docker\.pkg\.github\.com)(?:/|$)"
)
_Keys = tuple[str, ...]


def is_overridden(finding: Finding, deployments: Deployments) -> bool:
    """Whether a finding is about such a default."""
    asks = _RULES.get(finding.rule)
    if asks is None:
        return False
    path = finding.location.path
    chart = chart_folder(deployments.charts, path)
    if not chart or deployments.charts[chart].get("type") == "library":
        return False
    ways = deployments.ways(chart) or deployments.within(chart)
    if not ways:
        return False
    of_values = os.path.basename(path) in ("values.yaml", "values.yml")
    keys = [_keys_at(deployments.root, path, finding.location.line)] if of_values else list(_said(finding))
    if not keys and finding.rule in OF_RESOURCES:
        keys = list(resources_of_container(deployments.root, path, finding.location.line))
    defaults = {path, *(item.location.path for item in finding.related), f"{chart}/values.yaml"}
    return bool(keys) and all(asks(finding.rule, _above(way, defaults), keys) for way in ways)


def _above(way: Way, defaults: set[str]) -> Callable[[_Keys], Any]:
    """What a release says at some keys, but in the files that have the default."""
    layers = [layer for layer in way.layers if layer.file not in defaults]
    return lambda keys: value_at(layers, keys)


def _pins(rule: str, said: Callable[[_Keys], Any], keys: Sequence[_Keys]) -> bool:
    """Whether a release gives an image a tag that stays, or at least one that the rule does not speak of."""
    again = _LATEST if rule == "image-tag-latest" else _MOVING
    tags = [key for key in keys if _TAG.fullmatch(key[-1]) is not None]
    beside = [(*key[:-1], name) for key in keys if key[-1] in _NAMES for name in ("tag", "digest")]
    if tags or beside:
        return any(_is_tag(said(key), again) for key in (tags or beside))
    return any(_is_image(said(key), again) for key in keys)


def _is_tag(value: Any, again: Set[str]) -> bool:
    """Whether a value is another tag than those with which the rule would say the same `again`."""
    return value is not UNSET and not isinstance(value, dict) and (is_hole(value) or str(value) not in again)


def _is_image(value: Any, again: Set[str]) -> bool:
    if is_hole(value):
        return True
    if isinstance(value, dict):
        return any(_is_tag(value.get(key, UNSET), again) for key in ("tag", "digest"))
    name, colon, tag = (
        str(value).rpartition("/")[2].partition(":") if isinstance(value, str) else ("", "", "")
    )
    return bool(name and colon) and tag not in again


def _moves(rule: str, said: Callable[[_Keys], Any], keys: Sequence[_Keys]) -> bool:
    """Whether a release takes an image from elsewhere."""
    parts = [key for key in keys if key[-1] in _NAMES or _TAG.fullmatch(key[-1]) is not None]
    beside = {(*key[:-1], name) for key in parts for name in _PLACES}
    return any(_is_elsewhere(said(key), key[-1]) for key in beside or keys)


def _is_elsewhere(value: Any, key: str) -> bool:
    if isinstance(value, dict):
        return any(_is_elsewhere(value.get(name), name) for name in _PLACES)
    if not isinstance(value, str) or _RETIRED.search(value) is not None:
        return False
    named = value not in _DOCKER if key == "registry" else "/" in value
    return named or is_hole(value)


def _gives(rule: str, said: Callable[[_Keys], Any], keys: Sequence[_Keys]) -> bool:
    """Whether a release gives a container what it lacks of resources."""
    whole = (key[: _index(key) + 1] for key in keys)
    values = (said((*key, *OF_RESOURCES[rule])) for key in whole if key)
    return any(value is not UNSET and not isinstance(value, dict) for value in values)


def _index(keys: _Keys) -> int:
    """Where the resources of a container are among keys; -1: nowhere."""
    return next((index for index, key in enumerate(keys) if key.lower().endswith("resources")), -1)


_RULES = dict.fromkeys(_OF_TAGS, _pins) | dict.fromkeys(OF_RESOURCES, _gives) | {_OF_PLACES: _moves}


def _said(finding: Finding) -> Iterator[_Keys]:
    """The keys of the values from which a rendered finding comes."""
    for item in finding.related:
        match = _SAID.fullmatch(item.message)
        if match is not None:
            yield tuple(match[1].split("."))


def resources_of_container(root: str, path: str, line: int) -> Iterator[_Keys]:
    """The keys of the resources in the container of a template that a line is of, if there is but one such value."""
    lines = start_of(Path(root, path), _MANY).decode("utf-8", "replace").splitlines()[line - 1 :][:_FARTHEST]
    found = set()
    depth = len(lines[0]) - len(lines[0].lstrip(" -")) if lines else 0
    for number, text in enumerate(lines):
        match = _ELEMENT.match(text)
        outside = match is not None and len(match[1]) < depth and not text.lstrip().startswith("{{")
        if number and outside:
            break
        found.update(_RESOURCES.findall(text))
    if len(found) == 1:
        yield tuple(found.pop().split("."))


def _keys_at(root: str, path: str, line: int) -> _Keys:
    """The keys of the value that stands at a line of a file of values."""
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need

    text = decode(path, start_of(Path(root, path), _MANY))
    for document in parse_documents(text).documents:
        keys = _within(text, document, line)
        if keys:
            return keys
    return ()


def _within(text: SourceText, node: Node, line: int) -> _Keys:
    if node.kind != MAP:
        return ()
    keys = node.keys()
    starts = {text.position(node.entry_span(key).start).line: key for key in keys}
    key = starts.get(max((start for start in starts if start <= line), default=0))
    inner = node.get(key) if key is not None else None
    return (str(key), *_within(text, inner, line)) if inner is not None else ()
