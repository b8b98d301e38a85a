"""Folders of objects that only OpenShift knows, which gives the containers of each namespace a user of its own."""

from __future__ import annotations

import os
import re
from functools import lru_cache

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
# what files of the first are called: most folders have none, and are not read
_NAMED = lazy_regex(
    r"route|openshift|ocp|image-?stream|build-?config|deployment-?config|(?:\A|[-_.])(?:dc|bc|is)[-_.]|scc|template"
)
# where each kind has a folder: `base/deployments` beside `base/routes`
_BY_KIND = frozenset(("deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "pods"))
_ROUTES = ("routes", "route")


def is_of_openshift(root: str, path: str) -> bool:
    """Whether what lies beside a file is for OpenShift alone: a Route, and no Ingress for other clusters."""
    folder = os.path.dirname(os.path.join(root, path))
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
