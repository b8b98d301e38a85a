"""Manifests that no cluster takes any more, with a successor: `deploy/v1/web.yaml` beside `deploy/v2/web.yaml`, which
has the same kinds in the APIs that are in the place of those that are gone. Nothing leads to the former.

A folder `v1` alone says nothing: both versions of a program may run.
"""

from __future__ import annotations

import os

from linter.aside.copies.releases import in_newer_api
from linter.aside.leads.leading import leading
from linter.aside.leads.namings import Namings
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MANY = 500_000  # bytes of a manifest that are looked at
_OBJECT = lazy_regex(r"(?m)^---")
_API = lazy_regex(r"(?m)^apiVersion:[ \t]*[\"']?([\w./-]+)")
_KIND = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(\w+)")
_OF_KUBERNETES = lazy_regex(r"1\.\d+")


def is_succeeded(root: str, path: str, namings: Namings) -> bool:
    """Whether a file below the root (by its relative path) is one."""
    newer = in_newer_api(root, path) if path.endswith((".yaml", ".yml")) else ""
    if not newer or not _replaces(_objects(newer), _objects(os.path.join(root, path))):
        return False
    parts = path.split(os.sep)
    items = ("/".join(parts[:depth]) for depth in (len(parts) - 1, len(parts)))
    return all(leading(item, "/".join(parts), namings) == [] for item in items)


def _objects(path: str) -> set[tuple[str, str]]:
    """The API versions and kinds in a file."""
    text = start_of(path, _MANY).decode("utf-8", "replace")
    pairs = ((_API.search(part), _KIND.search(part)) for part in _OBJECT.split(text))
    return {(api[1], kind[1]) for api, kind in pairs if api is not None and kind is not None}


def _replaces(newer: set[tuple[str, str]], older: set[tuple[str, str]]) -> bool:
    """Whether some objects have what is in the place of an API of others that Kubernetes removed."""
    from linter.formats.kubernetes.apis import table  # of which most projects have no need

    ends = ((kind, table().get((api, kind))) for api, kind in older - newer)
    return any(
        end is not None and _OF_KUBERNETES.fullmatch(end.removed) and (end.replacement, kind) in newer
        for kind, end in ends
    )
