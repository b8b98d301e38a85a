"""Workloads for the cluster on a developer's own machine: none of their images is pulled, as they were built there.

Images are also carried to nodes that reach no registry, so that alone does not tell it: a comment of such a manifest in
the same folder has to name the cluster, or what builds and starts it for developers has to lie beside it.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.names.folders import is_of_stages
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_MANY = 200_000  # bytes of a manifest
_MOST = 200  # entries of a folder that are looked at
_IMAGE = lazy_regex(r"(?m)^[ \t]*(?:-[ \t]+)?[\"']?image[\"']?:[ \t]*\S")
_NEVER = lazy_regex(r"(?m)^[ \t]*(?:-[ \t]+)?[\"']?imagePullPolicy[\"']?:[ \t]*[\"']?Never\b")
_LOCAL = lazy_regex(
    r"(?im)(?:^|[ \t])#[^\n]{0,300}\b(?:minikube|k3d|(?:docker|rancher)[- ]desktop|orbstack|colima"
    r"|kind (?:cluster|load)"
    r"|local (?:machine|docker|development)s?)\b"
)
_STARTED_BY = ("skaffold.yaml", "skaffold.yml", "Tiltfile")


def is_never_pulled(above: str, relative: str) -> bool:
    """Whether a file below `above` has such workloads."""
    folders, name = os.path.split(relative)
    if not name.endswith((".yaml", ".yml")) or is_of_stages(folders.lower().split(os.sep)):
        return False
    text = _text(os.path.join(above, relative))
    folder = os.path.join(above, folders)
    return _is_never(text) and _is_local(folder, changed(folder))


@lru_cache(maxsize=256)
def _is_local(folder: str, since: int) -> bool:
    """Whether what is never pulled in a folder is said to be so on such a cluster. `since`: when it was changed."""
    try:
        names = sorted(os.listdir(folder))[:_MOST]
    except OSError:
        return False
    if any(name in names for name in _STARTED_BY):
        return True
    texts = (_text(os.path.join(folder, name)) for name in names if name.endswith((".yaml", ".yml")))
    return any(_is_never(text) and _LOCAL.search(text) is not None for text in texts)


def _is_never(text: str) -> bool:
    """Whether there are images, and each is never pulled."""
    images = len(_IMAGE.findall(text)) if "Never" in text and "{{" not in text else 0
    return images > 0 and len(_NEVER.findall(text)) == images


def _text(path: str) -> str:
    return start_of(path, _MANY).decode("utf-8", "replace")
