"""Dockerfiles of images that a project builds only to work with them where they are built: a generator of code, one
that draws or writes its documentation, a shell with its compilers.

The same script or Makefile runs the image with `--rm` on files of the project, by a name or a folder that says what it
is for. What publishes a port is no such tool, and one that something pushes, loads or deploys is somebody's image.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from linter.aside.leads.dockerfiles import BUILDS, PIPELINES, RUNS, built_by
from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.patterns import lazy_regex

_PURPOSE = lazy_regex(
    r"(?i)(?<![a-z])(?:(?:code)?gen(?:erat(?:ors?|e|ed|ion))?|proto(?:s|c|buf|bufs)?|openapi|swagger|docs?|documentation"
    r"|diagrams?|render(?:er|ing)?|lint(?:er|ing)?|format(?:ter)?|fmt|tools?|toolchain|build(?:er|[-_]?env)|builders?"
    r"|dev(?:el|elop|elopment|elopers?|container|[-_]?env)?|shell)(?![a-z])"
)
_TAGGED = lazy_regex(r"(?:^|[ \t])(?:-t|--tag)[ \t=]+[\"']?(?P<name>[^\s\"']{1,200})")
_TAG = lazy_regex(r":[^:/]*$")  # also `:$(TAG)`
_VARIABLE = lazy_regex(r"\$[({]?(\w+)[)}]?")
_MOUNTS = lazy_regex(r"(?:^|[ \t])(?:-v|--volume|--mount)[ \t=]")
_PORTS = lazy_regex(r"(?:^|[ \t])(?:-p|-P|--publish|--publish-all|--net(?:work)?[ \t=]+host)(?=[ \t=\d]|$)")
_SPREAD = r"(?:push|tag|load|save|import|image:)"
_PUSHES = lazy_regex(r"push:[ \t]*(?!false\b)[^\s#]|--push\b|\b(?:docker|podman|buildah|crane)[ \t]+push\b")


def is_worked_with_on_the_spot(relative: str, namings: Namings) -> bool:
    """Whether a Dockerfile below the root is that of such an image."""
    if "file" not in os.path.basename(relative).lower() or os.sep not in relative:
        return False
    return relative.replace(os.sep, "/") in namings.once(_all)


def _all(namings: Namings) -> frozenset[str]:
    if not namings.is_whole:
        return frozenset()
    found = [(*one, text) for text in namings.texts for one in _built_and_run(text, namings.root)]
    return frozenset(path for path, name, text in found if not _is_spread(path, name, text, namings))


def _built_and_run(text: Text, root: str) -> Iterator[tuple[str, str]]:
    """The Dockerfiles that a text builds to an image that it runs on files of the project and removes, and its name."""
    if text.document or "build" not in text.text or "--rm" not in text.text:
        return
    lines = text.text.replace("\\\n", " ")
    for build in BUILDS.finditer(lines):
        tag = _TAGGED.search(build["words"])
        path = built_by(build["words"], text, root) if tag is not None else ""
        if tag is None or not path or _PURPOSE.search(f"{path} {tag['name']}") is None:
            continue
        name = _TAG.sub("", tag["name"])
        runs = [run["words"] for run in RUNS.finditer(lines) if name in run["words"]]
        if runs and all("--rm" in run and _MOUNTS.search(run) and not _PORTS.search(run) for run in runs):
            yield path, name


def _is_spread(path: str, name: str, text: Text, namings: Namings) -> bool:
    """Whether something takes the image elsewhere, or a pipeline that pushes images names where it is made."""
    names = {name, *_values(name, text)}
    here = re.compile(rf"(?<![\w-]){_SPREAD}\b[^\n]{{0,200}}{re.escape(name)}")
    if here.search(text.text):
        return True
    folder = path.rpartition("/")[0]
    known = [one for one in names if "$" not in one]
    taken = [
        (one, re.compile(rf"(?<![\w-]){_SPREAD}[^\n]{{0,200}}{re.escape(one)}(?![\w-])")) for one in known
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
