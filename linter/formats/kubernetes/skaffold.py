"""Images that Skaffold builds: the manifests name them without a tag, and each deployment gets the one just built."""

from __future__ import annotations

from functools import lru_cache
from os import F_OK, access
from os.path import dirname
from pathlib import Path
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.beside import noted
from linter.formats.document import Document
from linter.formats.folder import Folder
from linter.formats.image import ImageRef
from linter.patterns import lazy_regex

_FILES = ("skaffold.yaml", "skaffold.yml")
_MOST_ABOVE = 6  # folders above a manifest that are looked into
_ARTIFACT = lazy_regex(r"(?m)^[ \t]*(?:-[ \t]+)?image(?:Name)?:[ \t]*[\"']?([^\s\"'#]+)")


def builds(document: Document, image: ImageRef) -> Any:
    """Whether a Skaffold configuration in the manifest's folder, or above it, builds an image."""
    home = getattr(document.root, "home", None)
    if home is None or image.text is UNKNOWN:
        return False
    name = str(image.text).partition("@")[0]
    head, slash, last = name.rpartition("/")
    name = head + slash + last.partition(":")[0]
    place = dirname(document.path)
    for _ in range(_MOST_ABOVE):
        if name in _artifacts(home, place):
            return True
        if not place:
            break
        place = dirname(place)
    return False


def _artifacts(home: Path, place: str) -> frozenset[str]:
    """What is built by the configurations of a folder, named from the root."""
    if noted.get() is None and not any(access(f"{home}/{place}/{name}", F_OK) for name in _FILES):
        return frozenset()  # nearly always: this is asked for each container
    folder = Folder(home / place, home)
    texts = (folder.read(name) for name in _FILES)
    return frozenset(image for text in texts if text for image in _named(text))


@lru_cache(maxsize=64)
def _named(text: str) -> frozenset[str]:
    """The images of the artifacts that a configuration builds."""
    if "skaffold/" not in text:
        return frozenset()
    return frozenset(match[1] for match in _ARTIFACT.finditer(text))
