"""Exercises: files that are broken on purpose, by their names, beside the solution that their reader looks for."""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.stamps import changed
from linter.patterns import lazy_regex

EXERCISES = "in exercises, which are broken on purpose"
_BROKEN = lazy_regex(
    r"(?:.+[-_.])?(?:broken|buggy|faulty)(?:[-_.].+)?\.(?:ya?ml|json|tf)|(?:docker|container)file\.(?:broken|buggy)"
)
_SOLUTION = lazy_regex(r"(?:.+[-_.])?(?:solutions?|fixed|answers?)(?:[-_.].+)?\.\w+")


def is_exercise(above: str, relative: str) -> bool:
    """Whether a file below `above` is one."""
    name = os.path.basename(relative).lower()
    folder = os.path.dirname(os.path.join(above, relative))
    return _BROKEN.fullmatch(name) is not None and _has_solution(folder, changed(folder))


@lru_cache(maxsize=256)
def _has_solution(folder: str, since: int) -> bool:
    """`since`: when the folder was changed."""
    try:
        return any(_SOLUTION.fullmatch(name.lower()) for name in os.listdir(folder))
    except OSError:
        return False
