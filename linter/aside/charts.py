"""The charts that a file is of, and whether one says that it is given up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex

DESCRIPTION = "Chart.yaml"
_MANY = 200_000  # bytes of a description that are looked at
_GIVEN_UP = lazy_bytes_regex(rb"(?m)^deprecated:[ \t]*[\"']?true\b")


def charts_of(above: str, relative: str) -> Iterator[tuple[str, str, int]]:
    """The charts below `above` that a file is in, from the outside: the folder that each is in, its name, and when its
    description was changed."""
    parent = above
    for name in relative.split(os.sep)[:-1]:
        folder = f"{parent}{os.sep}{name}"
        since = changed(f"{folder}{os.sep}{DESCRIPTION}")
        if since:
            yield parent, name, since
        parent = folder


def is_given_up(above: str, relative: str) -> bool:
    """Whether a file is of a chart that says that it is deprecated, and is no part of one that may go on with it."""
    return any(
        not _is_part(parent) and _says_given_up(os.path.join(parent, name), since)
        for parent, name, since in charts_of(above, relative)
    )


def description_of(chart: str) -> bytes:
    """What describes a chart; nothing where it is not there."""
    return start_of(Path(chart, DESCRIPTION), _MANY)


def _is_part(parent: str) -> bool:
    """Whether a folder is that of the parts of a chart."""
    above, name = os.path.split(parent)
    return name == "charts" and os.path.isfile(os.path.join(above, DESCRIPTION))


@lru_cache(maxsize=256)
def _says_given_up(chart: str, since: int) -> bool:
    """`since`: when its description was changed."""
    return _GIVEN_UP.search(description_of(chart)) is not None
