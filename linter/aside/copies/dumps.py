"""What a cluster was asked for and a file keeps, as `kubectl get all -A -o yaml` prints it.

Controllers made some of its objects, and say so by the UID of another one. Whoever applies such an object sees it
deleted: no object has that UID any more. Nor does the API create an object that has a version already, as each has that
`kubectl get deployment web -o yaml` prints.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

DUMPED = "in what a cluster was asked for"
_LOOKED_AT = 400_000  # bytes: pods come first
_OF_A_LIST = lazy_regex(r"(?:[^/#]+/)?(?:Pod|ReplicaSet|Job|ControllerRevision|EndpointSlice)/")
_OWNED = lazy_bytes_regex(
    rb"^ *ownerReferences:\n(?: *(?:- )?(?:apiVersion|blockOwnerDeletion|controller|kind|name): .*\n){1,5}"
    rb" *(?:- )?uid: [\da-f]{8}-",
    re.MULTILINE,
)
_STORED = lazy_bytes_regex(rb'^ +resourceVersion: "\d+"', re.MULTILINE)


# Within four blanks: of the object itself, or of an element of a list
_VERSION = lazy_regex(
    r"""(?m)^ {1,4}resourceVersion: ["']?\d+["']?\r?$|^[ \t]+"resourceVersion": "\d+",?\r?$"""
)
_ID = lazy_regex(
    r"""(?m)^ {1,4}uid: ["']?[\da-f]{8}-[\da-f-]{27}["']?\r?$|^[ \t]+"uid": "[\da-f]{8}-[\da-f-]{27}",?\r?$"""
)
_DOCUMENT = lazy_regex(r"(?m)^---.*$")
_OBJECT = lazy_regex(r'(?m)^"?(?:kind|apiVersion)"?:|^[ \t]+"kind":')
_WIDE = "resourceVersion".encode("utf-16-le")  # what PowerShell writes


def is_export(above: str, relative: str) -> bool:
    """Whether each object in a file below `above` has the identity and the version that a cluster gave it."""
    if not relative.endswith((".yaml", ".yml", ".json")):
        return False
    data = start_of(os.path.join(above, relative), _LOOKED_AT)
    if b"resourceVersion" not in data and _WIDE not in data:
        return False
    from linter.text import decode

    documents = [part for part in _DOCUMENT.split(decode(relative, data).text) if _OBJECT.search(part)]
    return bool(documents) and all(_VERSION.search(part) and _ID.search(part) for part in documents)


def may_be_dumped(subject: str) -> bool:
    """Whether a finding's subject is of a kind that controllers make, so that its file is worth a look."""
    return _OF_A_LIST.match(subject) is not None


def is_dumped(root: str, path: str) -> bool:
    """Whether a file holds objects that controllers made, with what the API server alone gives them."""
    full = os.path.join(root, path)
    return _is_dumped(full, changed(full))


@lru_cache(maxsize=256)
def _is_dumped(path: str, since: int) -> bool:
    """`since`: when the file was changed."""
    data = start_of(path, _LOOKED_AT)
    if b"ownerReferences:" not in data:
        return False
    return _OWNED.search(data) is not None and _STORED.search(data) is not None
