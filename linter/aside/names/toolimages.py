"""Images for those who work on a project: to build and check it, to write its documentation, to measure it.

Nothing is deployed of them, so that what they cost in every pull is of no account, nor as whom they run, where they
have a name of their own; what is wrong with them otherwise counts.
"""

from __future__ import annotations

import os

from linter.patterns import lazy_regex

_FILES = lazy_regex(
    r"(?:docker|container)file[-_.](?:.*[-_.])?(?:dev|devel(?:op(?:ment|er)?)?|docs?|lint(?:er)?|cover(?:age)?|bench(?:marks?)?|pre-?commit"
    r"|ci|build-?check|attribution|codegen)(?:[-_.].*)?"
    r"|(?:.*[-_.])?(?:dev|devel(?:op(?:ment|er)?)?|devfile|docs?|lint(?:er)?|ci|\w*codegen)[-_.](?:docker|container)file"
)
_OF_PIPELINES = lazy_regex(r"(?<![a-z])ci(?![a-z])")
_FOLDERS = frozenset({"ci", "tooling", "benchmark", "benchmarks", "build-tools", "bats"})


def is_tool_image(relative: str) -> bool:
    """Whether a Dockerfile, by its path below what is scanned, is of one by its name or that of a folder."""
    *folders, name = relative.lower().split(os.sep)
    return _FILES.fullmatch(name) is not None or not _FOLDERS.isdisjoint(folders)


def is_tool_image_by_name(relative: str) -> bool:
    """Whether its own name says that nothing else is made of it: a `Dockerfile.ci` may be that of the release."""
    name = relative.lower().rpartition(os.sep)[2]
    return _FILES.fullmatch(name) is not None and _OF_PIPELINES.search(name) is None
