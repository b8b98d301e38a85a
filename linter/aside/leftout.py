"""Files that lie beside what a kustomization installs, and are left out of it."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from linter.aside.stamps import changed
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex

LEFT_OUT = "in files that a kustomization names in a comment only"
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_MANY = 200_000  # bytes of a kustomization that are looked at
# `#- auth_proxy_patch.yaml`, as generators of operators write what one may switch on
_COMMENTED = lazy_regex(
    r"(?m)^[ \t]*#[# \t]*-[ \t]*(?:path:[ \t]*)?[\"']?(?:\./)?([\w.-]+\.ya?ml)[\"']?[ \t]*$"
)
_COMMENT = lazy_regex(r"(?m)(?:^|[ \t])#.*$")


def is_left_out(above: str, relative: str) -> bool:
    """Whether the kustomization in a file's folder names the file in a comment, and nowhere else."""
    folder, name = os.path.split(os.path.join(above, relative))
    for kustomization in _KUSTOMIZATIONS:
        path = os.path.join(folder, kustomization)
        since = changed(path)
        if since and name in _off(path, since):
            return True
    return False


@lru_cache(maxsize=256)
def _off(path: str, since: int) -> frozenset[str]:
    """The files that only comments of a kustomization name. `since`: when it was."""
    try:
        text = read_regular(Path(path), _MANY).decode(errors="replace")
    except OSError:
        return frozenset()
    names = {match[1] for match in _COMMENTED.finditer(text)}
    if not names:
        return frozenset()
    used = _COMMENT.sub("", text)
    return frozenset(name for name in names if name not in used)
