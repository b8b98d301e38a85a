"""The charts that a file is of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from linter.aside.stamps import changed
from linter.givenfiles import start_of

DESCRIPTION = "Chart.yaml"
_MANY = 200_000  # bytes of a description that are looked at


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


def description_of(chart: str) -> bytes:
    """What describes a chart; nothing where it is not there."""
    return start_of(Path(chart, DESCRIPTION), _MANY)
