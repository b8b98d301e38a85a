"""Whether the tag of an image stands for a version with a known severe vulnerability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.data.ai_vulnerable import Vulnerable
from linter.formats.image import ImageRef
from linter.frozen import replace
from linter.patterns import kept_regex, lazy_regex

_VERSION = lazy_regex(r"v?(\d{1,18}(?:\.\d{1,18})+)(?!\d)")


def version(text: str) -> tuple[int, ...] | None:
    """The numbers that a tag begins with; None when it names no version (latest, a hash, a build)."""
    match = _VERSION.match(text)
    return tuple(map(int, match[1].split("."))) if match is not None else None


def known_vulnerability(image: ImageRef, table: Sequence[Vulnerable]) -> Any:
    """What the table has for the image, as one row: the ids of all rows that cover it, and the version without any.

    None when no row does, UNKNOWN when the tag is not known.
    """
    repository = image.repository
    if repository is UNKNOWN or not repository:
        return UNKNOWN if repository is UNKNOWN else None
    rows = _rows_of(table, repository)
    if not rows or image.tag is None:
        return None
    if image.tag is UNKNOWN:
        return UNKNOWN
    have = version(image.tag)
    if have is None:
        return None
    rows = [row for row in rows if not (row.but and kept_regex(row.but).search(image.tag))]
    covered = [row for row in rows if (version(row.since) or (0,)) <= have < (version(row.fixed) or (0,))]
    if not covered:
        return None
    last = max(covered, key=lambda row: version(row.fixed) or (0,))
    return replace(last, ids=", ".join(row.ids for row in covered))


_ROWS: dict[tuple[int, str], list[Vulnerable]] = {}  # by the table's identity: to hash its rows takes longer
_MAX_ROWS = 4096


def _rows_of(table: Sequence[Vulnerable], repository: str) -> list[Vulnerable]:
    """The rows for a repository, looked up once."""
    found = _ROWS.get((id(table), repository))
    if found is None:
        if len(_ROWS) >= _MAX_ROWS:
            _ROWS.clear()
        found = [row for row in table if kept_regex(row.image).search(repository)]
        _ROWS[id(table), repository] = found
    return found
