"""Charts that get their version, and that of their images, when they are released."""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.stamps import changed
from linter.givenfiles import read_regular
from linter.patterns import lazy_bytes_regex, lazy_regex

UNRELEASED = "where a release gives the tag"
COMPLETED = "in files that a chart completes with its values"
OF_TAGS = "image-tag-latest"
OF_TAGS_BY_NAME = frozenset((OF_TAGS, "ai-image-latest"))
_MANY = 200_000  # bytes of a Chart.yaml that are looked at
_VERSION = lazy_bytes_regex(rb"(?m)^version:[ \t]*[\"']?v?(?:0\.0\.0|\d[\w.]*-(?:canary|latest|snapshot)\b)")
_NAME = lazy_bytes_regex(rb"(?m)^name:[ \t]*[\"']?([A-Za-z\d]+)")
_IMAGE = lazy_regex(r" (?:uses|runs) (\S+?)(?::[^\s:/]*)?,? ")
_FILES = "files"  # of a chart: what its templates read, and may change
_DEEPEST = 4  # folders of a chart above a template


def is_tagged_at_release(root: str, path: str, message: str) -> bool:
    """Whether a file is of a chart without a version yet, and a message of that rule is about an image of its project.

    Who packages such a chart (`version: 0.0.0`) gives it a version, and its program the same. `path` is relative.
    """
    image = message.partition(" uses ")[2]
    folder = os.path.dirname(os.path.join(root, path))
    for _ in range(_DEEPEST):
        if len(folder) < len(root):
            return False
        chart = os.path.join(folder, "Chart.yaml")
        since = changed(chart)
        if since:
            project = _unreleased(chart, since)
            return bool(project) and project in image
        folder = os.path.dirname(folder)
    return False


@lru_cache(maxsize=256)
def _unreleased(chart: str, since: int) -> str:
    """What the name of a chart without a version of its own begins with; empty: it has one."""
    try:
        data = read_regular(chart, _MANY)
    except OSError:
        return ""
    name = _NAME.search(data) if _VERSION.search(data) else None
    return name[1].decode() if name and len(name[1]) > 3 else ""


def is_given_by_values(root: str, path: str, message: str) -> bool:
    """Whether a file is raw material of a chart whose values name the image that a message is about, and its tag."""
    names = path.split("/")
    if _FILES not in names[:-1]:
        return False
    image = _IMAGE.search(message)
    if image is None or "/" not in image[1]:
        return False
    folder = os.path.join(root, *names[: names.index(_FILES)])
    values = os.path.join(folder, "values.yaml")
    since = changed(values)
    return (
        bool(since) and os.path.isfile(os.path.join(folder, "Chart.yaml")) and _names(values, since, image[1])
    )


@lru_cache(maxsize=256)
def _names(values: str, since: int, image: str) -> bool:
    """Whether some values have an image as a value of their own. `since`: when they were changed."""
    try:
        text = read_regular(values, _MANY).decode(errors="replace")
    except OSError:
        return False
    return any(line.partition(":")[2].strip().strip("'\"") == image for line in text.splitlines())
