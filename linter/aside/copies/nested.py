"""Charts that lie in a copy of themselves by accident: `helm pull --untar` was called in the chart's own folder.

Helm renders what is in `charts` and nothing of such a folder, to which nothing leads. What it says is told in the chart
around it, where the file is the same to the byte.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.charts import charts_of, description_of
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex

_MOST = 2_000_000  # bytes of a file that are compared
_SAID = lazy_bytes_regex(rb"(?m)^(?:name|version):[ \t]*[\"']?([\w.+-]+)")


def is_nested_copy(above: str, relative: str) -> bool:
    """Whether a file below `above` is of a chart in a folder of the same one, which has the same file."""
    charts = [os.path.join(parent, name) for parent, name, _ in charts_of(above, relative)]
    outer, inner = charts[-2:] if charts[1:] else ("", "")
    if not inner:
        return False
    file = os.path.join(above, relative)
    if os.path.basename(os.path.dirname(inner)) == "charts" or _says(outer) != _says(inner):
        return False
    other = os.path.join(outer, os.path.relpath(file, inner))
    return _is_same(file, other, changed(file), changed(other))


def _says(chart: str) -> list[bytes]:
    """The name and the version of a chart."""
    return [match[0] for match in _SAID.finditer(description_of(chart))]


@lru_cache(maxsize=256)
def _is_same(file: str, other: str, since: int, since_other: int) -> bool:
    """Whether two files are the same. `since`: when they were changed, 0 for what is not there."""
    if not since or not since_other:
        return False
    data = start_of(file, _MOST)
    return bool(data) and data == start_of(other, _MOST)
