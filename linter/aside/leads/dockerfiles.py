"""Dockerfiles of images that nobody gets: one for developers beside the one that is released (`Dockerfile.dev`), one
that was left behind (`Dockerfile.new`), and that of a linter or test which the same script builds, runs and removes.

A pipeline that names one lets it count, and so does a name that is only known when it runs. Images of tools have a name
that nobody could push, and words in it that say what they are for: what compiles a release is part of it.
"""

from __future__ import annotations

import os
import re

from linter.aside.leads.imagebuilds import PIPELINES, SPREADS, LocalImage, is_one_of, local_images
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

NOT_BUILT = "in Dockerfiles that nothing builds"
_FILE = r"(?:docker|container)file"
_DEVELOPERS = r"dev(?:el(?:opment)?)?"
_OF_DEVELOPERS = lazy_regex(
    rf"(?i)(?P<released>{_FILE}(?:[-_.].+)?)[-_.]{_DEVELOPERS}|{_DEVELOPERS}[-_.](?P<rest>(?:.+[-_.])?{_FILE})"
)
_LEFT_BEHIND = lazy_regex(
    rf"(?i)(?P<released>{_FILE})[-_.](?:new|orig(?:inal)?|copy|backup|bkp|fixed|broken|draft|wip|unused)"
)
_ANY_DOCKERFILE = lazy_regex(
    rf"(?i){_FILE}[-_.]?(?:[$*{{%<]|[\"']?[ \t]*\+)"
)  # `Dockerfile.${{ matrix.name }}`
_PLAIN_NAME = lazy_regex(r"[a-z0-9][a-z0-9_.-]*")  # without an owner
_CHECKS = lazy_regex(
    r"(?i)(?:lint|spell|check|fmt|format|prettier|bats|test|docs?|markdown|link)(?:er|ing|s)?(?![a-z])"
)


def is_of_development(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is one for developers, beside the one that is released."""
    folder, name = os.path.split(relative)
    found = _OF_DEVELOPERS.fullmatch(name)
    if found is None:
        return False
    plain = "Containerfile" if "ontainerfile" in name else "Dockerfile"
    released = {found["released"] or found["rest"], plain}
    if not any(os.path.isfile(os.path.join(namings.root, folder, other)) for other in released):
        return False
    pipelines = [text for text in namings.texts if PIPELINES.fullmatch(text.path) is not None]
    return namings.is_whole and not any(_may_name(text, name) for text in pipelines)


def is_left_behind(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is called as what was tried out, lies beside another, and nothing names it:
    without its name nothing builds it."""
    folder, name = os.path.split(relative)
    found = _LEFT_BEHIND.fullmatch(name)
    if found is None or not os.path.isfile(os.path.join(namings.root, folder, found["released"])):
        return False
    path = relative.replace(os.sep, "/")
    others = (text for text in namings.texts if text.path != path)
    return namings.is_whole and not any(_may_name(text, name) for text in others)


def is_of_a_tool(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is that of an image which the project only builds to run it on the spot."""
    return is_one_of(relative, namings, _tools)


def _may_name(text: Text, name: str) -> bool:
    return name in text.text or _ANY_DOCKERFILE.search(text.text) is not None


def _tools(namings: Namings) -> frozenset[str]:
    """The Dockerfiles of such images, by their paths with slashes."""
    found = (image for image in local_images(namings) if _is_tool(image))
    return frozenset(image.path for image in found if not _is_spread(image.path, image.name, namings))


def _is_tool(image: LocalImage) -> bool:
    """Whether an image that nobody could push checks something, and is removed."""
    if _PLAIN_NAME.fullmatch(image.name) is None or _CHECKS.search(image.name) is None:
        return False
    named = _named(image.name)
    return any("--rm" in run and named.search(run) is not None for run in image.runs)


def _is_spread(path: str, name: str, namings: Namings) -> bool:
    """Whether a pipeline names where an image is made, or something takes it elsewhere."""
    folder = path.rpartition("/")[0]
    taken = re.compile(rf"(?<![\w-]){SPREADS}[^\n]{{0,200}}{_named(name).pattern}")
    return any(
        (name in text.text and taken.search(text.text) is not None)
        or (folder in text.text and PIPELINES.fullmatch(text.path) is not None)
        for text in namings.texts
    )


def _named(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){re.escape(name)}(?![\w/-])")
