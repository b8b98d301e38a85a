"""Charts that are given up: their description says so, or the first words of their README do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache

from linter.aside.charts import DESCRIPTION, charts_of, description_of
from linter.aside.names.readmes import readme_in
from linter.aside.stamps import changed
from linter.patterns import lazy_bytes_regex, lazy_regex

_DEPRECATED = lazy_bytes_regex(
    rb"(?m)^deprecated:[ \t]*[\"']?true\b|^description:[ \t]*[\"'(\[*]{0,3}DEPRECATED\b"
)
_OPENING = 1_000  # letters of a README in which it says what matters most
# `> :warning: **DEPRECATED**: This chart is no longer maintained.`
_OVER = lazy_regex(
    r"(?i)(?<!\bin )(?<!\bof )(?<!\bby )(?<!\bwith )\bthis(?: helm)? chart (?:is|has been) (?:now |officially )?"
    r"(?:deprecated|archived|retired|discontinued|unmaintained|(?:no longer|not) (?:being )?(?:maintained|supported))\b"
)


def is_given_up(above: str, relative: str) -> bool:
    """Whether the description of the chart that a file is of says so."""
    return any(_describes_given_up(chart, since) for chart, since in _wholes(above, relative))


def is_said_given_up(above: str, relative: str) -> bool:
    """Whether the README of the chart that a file is of begins with it."""
    return any(_is_over(chart) for chart, _ in _wholes(above, relative))


def _wholes(above: str, relative: str) -> Iterator[tuple[str, int]]:
    """The charts that a file is of, and when they were changed, but parts of others, which may go on with them."""
    for parent, name, since in charts_of(above, relative):
        if not _is_part(parent):
            yield os.path.join(parent, name), since


def _is_part(parent: str) -> bool:
    """Whether a folder is that of the parts of a chart."""
    above, name = os.path.split(parent)
    return name == "charts" and os.path.isfile(os.path.join(above, DESCRIPTION))


@lru_cache(maxsize=256)
def _describes_given_up(chart: str, since: int) -> bool:
    """`since`: when its description was changed."""
    return _DEPRECATED.search(description_of(chart)) is not None


def _is_over(chart: str) -> bool:
    return _OVER.search(readme_in(chart, changed(chart))[:_OPENING]) is not None
