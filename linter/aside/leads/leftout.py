"""Files that lie beside what a kustomization installs, and are left out of it.

One that it names in a comment is there to be switched on; a patch that no kustomization names changes nothing.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from linter.aside.stamps import changed
from linter.formats.classify import KUSTOMIZATIONS
from linter.frozen import dataclass
from linter.givenfiles import read_regular
from linter.patterns import lazy_regex

LEFT_OUT = "in files that their kustomization leaves out"
_MANY = 200_000  # bytes of a kustomization that are looked at
# `#- auth_proxy_patch.yaml`, as generators of operators write what one may switch on
_COMMENTED = lazy_regex(
    r"(?m)^[ \t]*#[# \t]*-[ \t]*(?:path:[ \t]*)?[\"']?(?:\./)?([\w.-]+\.ya?ml)[\"']?[ \t]*$"
)
# `manager_auth_proxy_patch.yaml`, as generators of operators call them
_PATCH = lazy_regex(r".+[-_]patch\.ya?ml|patch[-_].+\.ya?ml")
_COMMENT = lazy_regex(r"(?m)(?:^|[ \t])#.*$")


def is_left_out(above: str, relative: str) -> bool:
    """Whether the kustomization in a file's folder names the file in a comment, and nowhere else.

    Or the file is a patch by its name, and no kustomization from there up names it.
    """
    folder, name = os.path.split(os.path.join(above, relative))
    found = _kustomization(folder)
    if found is None:
        return False
    if name in found.commented:
        return name not in found.used
    if not _PATCH.fullmatch(name.lower()):
        return False
    while True:
        if found is not None and name in found.used:
            return False
        if len(folder) <= len(above):
            return True
        folder = os.path.dirname(folder)
        found = _kustomization(folder)


@dataclass(frozen=True, slots=True)
class _Kustomization:
    """What a kustomization names."""

    used: str  # its text without comments
    commented: frozenset[str]


def _kustomization(folder: str) -> _Kustomization | None:
    for name in KUSTOMIZATIONS:
        path = f"{folder}{os.sep}{name}"
        since = changed(path)
        if since:
            return _read(path, since)
    return None


@lru_cache(maxsize=256)
def _read(path: str, since: int) -> _Kustomization | None:
    """`since`: when it was changed."""
    try:
        text = read_regular(Path(path), _MANY).decode(errors="replace")
    except OSError:
        return None
    return _Kustomization(_COMMENT.sub("", text), frozenset(match[1] for match in _COMMENTED.finditer(text)))
