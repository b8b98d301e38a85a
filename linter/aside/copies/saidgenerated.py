"""Files of which a project says in its `.gitattributes` that a program wrote them: `all.yaml linguist-generated`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from linter.aside.stamps import changed
from linter.givenfiles import start_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_FILE = ".gitattributes"
_MANY = 100_000  # bytes of it that are looked at
_MOST = 1_000  # lines that speak of it
_MOST_STARS = 3  # of a pattern: each tries every place
_SET = frozenset(("linguist-generated", "linguist-generated=true"))
_UNSET = frozenset(("-linguist-generated", "!linguist-generated", "linguist-generated=false"))


def is_said_generated(root: str, path: str) -> bool:
    """Whether the file at the top of a project says so of a file below it (by its path with slashes)."""
    since = changed(os.path.join(root, _FILE))
    spec = _spec(root, since) if since else None
    return spec is not None and spec.match_file(path)


@lru_cache(maxsize=16)
def _spec(root: str, since: int) -> GitIgnoreSpec | None:
    """What it says it of; None: of nothing. `since`: when it was changed."""
    text = start_of(os.path.join(root, _FILE), _MANY).decode("utf-8", "replace")
    patterns = list(islice(_patterns(text.splitlines()), _MOST))
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec  # 15 ms, needed only where patterns are

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError:
        return None


def _patterns(lines: Iterable[str]) -> Iterator[str]:
    """The same as patterns of files that are ignored: the last one that fits decides."""
    for line in lines:
        pattern, *attributes = line.split() or ("",)
        if pattern.startswith(("#", "!", '"', "[")) or pattern.count("*") > _MOST_STARS:
            continue
        if _SET.intersection(attributes):
            yield pattern
        elif _UNSET.intersection(attributes):
            yield f"!{pattern}"
