"""Images for those who work on a project: to build and check it, to write its documentation, to measure it.

Nothing is deployed of them, so that what they cost in every pull is of no account; what is wrong with them otherwise
counts.
"""

from __future__ import annotations

import os

from linter.patterns import lazy_regex

_FILES = lazy_regex(
    r"(?:docker|container)file[-_.](?:.*[-_.])?(?:dev|devel|docs?|lint(?:er)?|cover(?:age)?|bench(?:marks?)?|pre-?commit"
    r"|ci|build-?check|attribution|codegen)(?:[-_.].*)?"
    r"|(?:.*[-_.])?(?:dev|devel|devfile|docs?|lint(?:er)?|ci|\w*codegen)[-_.](?:docker|container)file"
)
_FOLDERS = frozenset({"ci", "tooling", "benchmark", "benchmarks", "build-tools", "bats"})


def is_tool_image(relative: str) -> bool:
    """Whether a Dockerfile, by its path below what is scanned, is of one by its name or that of a folder."""
    *folders, name = relative.lower().split(os.sep)
    return _FILES.fullmatch(name) is not None or not _FOLDERS.isdisjoint(folders)
