"""Dockerfiles of images that a project builds only to work with them where they are built: a generator of code, one
that draws or writes its documentation, a shell with its compilers.

The same script or Makefile runs the image with `--rm` on files of the project, by a name or a folder that says what it
is for. What publishes a port is no such tool, and one that something pushes, loads or deploys is somebody's image.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter.aside.leads.imagebuilds import PIPELINES, SPREADS, LocalImage, is_one_of, local_images
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

_PURPOSE = lazy_regex(
    r"(?i)(?<![a-z])(?:(?:code)?gen(?:erat(?:ors?|e|ed|ion))?|proto(?:s|c|buf|bufs)?|openapi|swagger|docs?|documentation"
    r"|diagrams?|render(?:er|ing)?|lint(?:er|ing)?|format(?:ter)?|fmt|tools?|toolchain|build(?:er|[-_]?env)|builders?"
    r"|dev(?:el|elop|elopment|elopers?|container|[-_]?env)?|shell)(?![a-z])"
)
_VARIABLE = lazy_regex(r"\$[({]?(\w+)[)}]?")
_MOUNTS = lazy_regex(r"(?:^|[ \t])(?:-v|--volume|--mount)[ \t=]")
_PORTS = lazy_regex(r"(?:^|[ \t])(?:-p|-P|--publish|--publish-all|--net(?:work)?[ \t=]+host)(?=[ \t=\d]|$)")
_PUSHES = lazy_regex(r"push:[ \t]*(?!false\b)[^\s#]|--push\b|\b(?:docker|podman|buildah|crane)[ \t]+push\b")


def is_worked_with_on_the_spot(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is that of such an image."""
    return is_one_of(relative, namings, _all)


def _all(namings: Namings) -> frozenset[str]:
    found = (image for image in local_images(namings) if _is_worked_with(image))
    return frozenset(
        image.path for image in found if not _is_spread(image.path, image.name, image.text, namings)
    )


def _is_worked_with(image: LocalImage) -> bool:
    """Whether an image says what it is for, and is run on files of the project and removed."""
    named = _PURPOSE.search(f"{image.path} {image.name}") is not None
    return (
        named
        and image.is_removed
        and all(_MOUNTS.search(run) is not None and _PORTS.search(run) is None for run in image.runs)
    )


def _is_spread(path: str, name: str, text: Text, namings: Namings) -> bool:
    """Whether something takes the image elsewhere, or a pipeline that pushes images names where it is made."""
    names = {name, *_values(name, text)}
    here = re.compile(rf"(?<![\w-]){SPREADS}\b[^\n]{{0,200}}{re.escape(name)}")
    if here.search(text.text):
        return True
    folder = path.rpartition("/")[0]
    known = [one for one in names if "$" not in one]
    taken = [
        (one, re.compile(rf"(?<![\w-]){SPREADS}[^\n]{{0,200}}{re.escape(one)}(?![\w-])")) for one in known
    ]
    return not known or any(
        any(one in other.text and pattern.search(other.text) for one, pattern in taken)
        or (
            folder in other.text
            and PIPELINES.fullmatch(other.path) is not None
            and _PUSHES.search(other.text) is not None
        )
        for other in namings.texts
    )


def _values(name: str, text: Text) -> Iterator[str]:
    """What a name may be that a variable of the same text holds."""
    variable = _VARIABLE.fullmatch(name)
    if variable is None:
        return
    given = re.compile(rf"(?m)^[ \t]*(?:export[ \t]+)?{variable[1]}[ \t]*[?:]{{0,2}}=[ \t]*[\"']?([\w./-]+)")
    yield from (found[1] for found in given.finditer(text.text))
