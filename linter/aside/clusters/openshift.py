"""Folders of objects that only OpenShift knows, which gives the containers of each namespace a user of its own.

So are pods whose proxy lets in those whom OpenShift knows, and charts that have something in its namespaces or of its
kinds whatever their values say. Both not where something gives an account another standard than that of its namespace,
unless the pods of the file name accounts of a chart that are given none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache

from linter.aside.clusters.openshiftaccounts import STANDARD, accounts_given, has_other_accounts
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

OPENSHIFT = "where OpenShift gives containers their users, and namespaces their standard"
_MANY = 200  # files of a folder that are looked at
_START = 20_000  # bytes of each
# objects that no other cluster has; roles and CRDs name such groups anywhere
_ONLY_THERE = lazy_bytes_regex(
    rb"^(?:- +| +)?apiVersion: *[\"']?"
    rb"(?:route|apps|image|build|template|project|security|operator|config)\.openshift\.io/",
    re.MULTILINE,
)
_ANYWHERE = lazy_bytes_regex(rb"^kind: *[\"']?Ingress\b", re.MULTILINE)
_INGRESS = lazy_regex(r"(?m)^kind: *[\"']?Ingress\b")
# what files of the first are called: most folders have none, and are not read
_NAMED = lazy_regex(
    r"route|openshift|ocp|image-?stream|build-?config|deployment-?config|(?:\A|[-_.])(?:dc|bc|is)[-_.]|scc|template"
)
# where each kind has a folder: `base/deployments` beside `base/routes`
_BY_KIND = frozenset(("deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "pods"))
_ROUTES = ("routes", "route")
_PROXY = lazy_regex(r"""[ \t]*-[ \t]+["']?--?provider=openshift["']?[ \t]*""")
_NEEDS = lazy_regex(
    r"""[ \t]*(?:-[ \t]+)?(?:apiVersion:[ \t]*["']?"""
    r"""(?:route|apps|image|build|template|project|security|operator|config)\.openshift\.io/.*"""
    r"""|(?:namespace|sourceNamespace):[ \t]*["']?openshift-[a-z-]+["']?[ \t]*)"""
)
_OPENS = lazy_regex(r"\{\{-?[ \t]*(?:if|with|range|define|block)\b")
_CLOSES = lazy_regex(r"\{\{-?[ \t]*end\b")
_TEMPLATES = "templates"


def is_of_openshift(root: str, path: str) -> bool:
    """Whether a file, or what lies beside it, is for OpenShift alone: a Route, and no Ingress for other clusters."""
    folder = os.path.dirname(os.path.join(root, path))
    names = path.split(os.sep)
    if _TEMPLATES in names[:-1]:
        templates = os.path.join(root, *names[: names.index(_TEMPLATES) + 1])
        given = _given_by_chart(templates, changed(templates))
        if given is not None and (not given or has_other_accounts(_text(os.path.join(root, path)), given)):
            return True
    if _has_proxy(os.path.join(root, path)) and not _has_standard(folder, changed(folder)):
        return True
    above, name = os.path.split(folder)
    beside = [folder]
    if name in _BY_KIND:
        beside += [os.path.join(above, routes) for routes in _ROUTES]
    found = [_kinds(one, changed(one)) for one in beside]
    return any(there for there, _ in found) and not any(elsewhere for _, elsewhere in found)


@lru_cache(maxsize=256)
def _kinds(folder: str, since: int) -> tuple[bool, bool]:
    """Whether a folder has objects of OpenShift, and Ingresses. `since`: when it was."""
    try:
        names = sorted(os.listdir(folder))[:_MANY] if since else []
    except OSError:
        return False, False
    names = [name for name in names if name.endswith((".yaml", ".yml"))]
    routes = os.path.basename(folder) in _ROUTES
    there = any(_has(_ONLY_THERE, folder, name) for name in names if routes or _NAMED.search(name.lower()))
    return there, there and any(_has(_ANYWHERE, folder, name) for name in names)


def _has(objects: re.Pattern[bytes], folder: str, name: str) -> bool:
    data = start_of(os.path.join(folder, name), _START)
    # a chart's: which of its objects are made hangs on values
    return b"{{" not in data and objects.search(data) is not None


def _has_proxy(path: str) -> bool:
    """Whether a container in a file lets in whom OpenShift knows, whatever values say."""
    text = _text(path)
    return "=openshift" in text and any(map(_PROXY.fullmatch, _always(text)))


@lru_cache(maxsize=256)
def _given_by_chart(templates: str, since: int) -> frozenset[str] | None:
    """The accounts to which a chart gives a standard; None unless some of its templates, whatever its values say, write
    what other clusters lack, and nothing is for those. `since`: when their folder was changed."""
    texts = [_text(path) for path in _manifests(templates)]
    if not os.path.isfile(os.path.join(os.path.dirname(templates), "Chart.yaml")):
        return None
    if any(_INGRESS.search(text) for text in texts):
        return None
    if not any("openshift" in text and any(map(_NEEDS.fullmatch, _always(text))) for text in texts):
        return None
    return accounts_given(texts)


@lru_cache(maxsize=256)
def _has_standard(folder: str, since: int) -> bool:
    """Whether something in a folder gives an account a standard. `since`: when the folder was changed."""
    return any(STANDARD.search(_text(path)) for path in _manifests(folder))


def _manifests(folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(folder))[:_MANY]
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if name.endswith((".yaml", ".yml", ".tpl"))]


def _always(text: str) -> Iterator[str]:
    """The lines of a template outside all branches and loops."""
    depth = 0
    for line in text.splitlines():
        opened = len(_OPENS.findall(line))
        if not depth and not opened:
            yield line
        depth = max(0, depth + opened - len(_CLOSES.findall(line)))


def _text(path: str) -> str:
    return start_of(path, _START).decode("utf-8", "replace")
