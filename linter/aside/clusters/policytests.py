"""Resources on which a project tries its policies: Kyverno's tests name them, Chainsaw's and KUTTL's lie beside them.

Of what a test of Kyverno names only files in its folder, or in one below, are such resources, and only where it expects
that some are refused: others may as well try the manifests that are shipped.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from linter.aside.stamps import changed
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex

_TESTS = ("kyverno-test.yaml", "kyverno-test.yml")
# Chainsaw and KUTTL apply what lies beside these in the order of their steps
_STEPS = ("chainsaw-test.yaml", "chainsaw-test.yml", "00-assert.yaml")
_MANY = 500_000  # bytes of a test that are looked at
_REFUSED = lazy_regex(r"(?m)^[ \t-]*result:[ \t]*[\"']?fail\b")
_NAMED = lazy_regex(r"(?m)^[ \t]*-[ \t]+[\"']?(?:\./)?([\w./-]+\.ya?ml)[\"']?[ \t]*(?:#.*)?$")


def is_tried(above: str, relative: str) -> bool:
    """Whether a file below `above` is there for a test of policies in its folder or in the one above that."""
    folder = os.path.dirname(os.path.join(above, relative))
    if len(folder) <= len(above):
        return False
    if any(changed(f"{folder}{os.sep}{name}") for name in _STEPS):
        return True
    name = os.path.basename(relative)
    parent = os.path.dirname(folder)
    return name in _resources(folder) or (
        len(parent) > len(above) and f"{os.path.basename(folder)}/{name}" in _resources(parent)
    )


def _resources(folder: str) -> frozenset[str]:
    """What the test in a folder names, with slashes."""
    for name in _TESTS:
        path = f"{folder}{os.sep}{name}"
        since = changed(path)
        if since:
            return _read(path, since)
    return frozenset()


@lru_cache(maxsize=256)
def _read(path: str, since: int) -> frozenset[str]:
    """`since`: when it was changed."""
    try:
        text = read_regular(Path(path), _MANY).decode(errors="replace")
    except OSError:
        return frozenset()
    if not _REFUSED.search(text):
        return frozenset()
    return frozenset(match[1] for match in _NAMED.finditer(text))
