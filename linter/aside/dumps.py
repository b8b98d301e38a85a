"""What a cluster was asked for and a file keeps, as `kubectl get all -A -o yaml` prints it.

Controllers made some of its objects, and say so by the UID of another one. Whoever applies such an object sees it
deleted: no object has that UID any more.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

from linter.givenfiles import read_start
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


def may_be_dumped(subject: str) -> bool:
    """Whether a finding's subject is of a kind that controllers make, so that its file is worth a look."""
    return _OF_A_LIST.match(subject) is not None


def is_dumped(root: str, path: str) -> bool:
    """Whether a file holds objects that controllers made, with what the API server alone gives them."""
    return _is_dumped(os.path.join(root, path))


@lru_cache(maxsize=256)
def _is_dumped(path: str) -> bool:
    try:
        data = read_start(path, _LOOKED_AT) or b""
    except OSError:
        return False
    if b"ownerReferences:" not in data:
        return False
    return _OWNED.search(data) is not None and _STORED.search(data) is not None
