"""Images whose tags a program in the cluster sets: Argo CD Image Updater asks the registry, and gives an application
the newest tag, or the digest that a tag has, of each image that it is told to follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.aside.deploys.holes import HOLE, documents
from linter.aside.deploys.plain import as_dict, as_list, at
from linter.aside.leads.namings import Namings
from linter.patterns import lazy_regex

_LIST = "argocd-image-updater.argoproj.io/image-list"
_UPDATER = lazy_regex(r"(?m)^kind:[ \t]*[\"']?ImageUpdater\b")
_HUB = lazy_regex(
    r"\A(?:(?:index\.)?docker\.io|registry-1\.docker\.io)/(?:library/)?"
)  # as `acme/web` is written out
_IMAGE = lazy_regex(r" (?:uses|runs) ([^\s,]+)")


def is_followed(message: str, namings: Namings) -> bool:
    """Whether the image that a message is about is one of them."""
    found = _IMAGE.search(message)
    return found is not None and _name(found[1]) in namings.once(_followed)


def _followed(namings: Namings) -> frozenset[str]:
    """The names of all images that are followed, without their tags."""
    texts = (text for text in namings.texts if text.yaml)
    said = (text for text in texts if _LIST in text.text or _UPDATER.search(text.text) is not None)
    items = (item for text in said for item in documents(text.text, branches=True) or ())
    return frozenset(filter(None, (_name(entry) for item in items for entry in _entries(item))))


def _entries(item: Any) -> Iterator[str]:
    """What an object says of images to follow: `[alias=]name[:constraint]`."""
    template = at(item, "spec", "template")  # of an ApplicationSet
    for named in (item, template):
        listed = as_dict(at(named, "metadata", "annotations")).get(_LIST)
        yield from listed.split(",") if isinstance(listed, str) else ()
    if at(item, "kind") == "ImageUpdater":
        for reference in as_list(at(item, "spec", "applicationRefs")):
            yield from (str(at(image, "imageName")) for image in as_list(at(reference, "images")))


def _name(entry: str) -> str:
    """The name of an image without alias, tag and digest; empty: it is not known."""
    image = entry.strip().rpartition("=")[2].partition("@")[0]
    name, _, tag = image.rpartition(":")
    name = name if name and "/" not in tag else image
    return "" if HOLE in name else _HUB.sub("", name)
