"""Folders and files of a project that show how something is used, or teach it: nobody deploys them as they are.

What they show counts as anywhere. What they leave out, so that the reader sees the point, does not.
"""

from __future__ import annotations

import os
from collections import defaultdict
from functools import lru_cache

from linter.aside.folders import is_of_stages
from linter.aside.stamps import changed
from linter.patterns import lazy_regex

EXAMPLES = "in examples, which leave it out"
# by any word of a name: `task-examples`, `sample-app`, `example-pod.yaml`
_SHOWN = lazy_regex(
    r"(?:.*[-_. ]|config)?(?:examples?|samples?|tutorials?|quick-?starts?|walk-?throughs?|workshops?|exercises?"
    r"|lessons?|code-?labs?|boot-?camps?|chapters?|hands-?on|getting[-_ ]?started|cook-?books?"
    r"|(?:crash|udemy|online|video)[-_ ]course|course[-_ ]?(?:work|files?|materials?|code|content|notes|labs?))"
    r"(?:[-_. ].+)?"
    r"|(?:chapter|exercise|lesson|tutorial)\d+(?:[-_. ].+)?|labs"
)
_DEMOS = frozenset({"demo", "demos"})  # a stage, too: `overlays/demo`
_DOCUMENTS = frozenset(  # at the top
    {
        "docs",
        "doc",
        "documentation",
        "website",
        "site",
        "blog",
        "blogs",
        "proposals",
        "enhancements",
        "keps",
        "rfcs",
    }
)
# `day-01`, `lab3`, `step-2-services`, `07-lab`: one of a row, in which the reader goes on from one to the next
_NUMBERED = lazy_regex(
    r"(?:\d+[-_. ]*)?(?P<word>ch|day|lab|steps?|module|section|week|session|unit|ex|task|challenge|scenario|class"
    r"|lecture)"
    r"[-_. ]*(?P<number>\d{1,3})(?!\d)(?:[-_. ].*)?"
)
_ROW = 3  # so many of them, as `day-0` to `day-2` are times in the life of a cluster


def is_example(above: str, relative: str) -> bool:
    """Whether a file below a folder that is scanned is an example, by its name and those of its folders below that."""
    *folders, file = relative.split(os.sep)
    place = above
    for index, name in enumerate(folders):
        lower = name.lower()
        if _SHOWN.fullmatch(lower) or (not index and lower in _DOCUMENTS):
            return True
        if lower in _DEMOS and not is_of_stages([parent.lower() for parent in folders[:index]]):
            return True
        if _is_of_row(place, lower):
            return True
        place = f"{place}{os.sep}{name}"
    return bool(folders) and _SHOWN.fullmatch(file.lower()) is not None


def _is_of_row(place: str, name: str) -> bool:
    """Whether the name of a folder is one of several that are counted."""
    found = _NUMBERED.fullmatch(name)
    return found is not None and found["word"] in _rows(place, changed(place))


@lru_cache(maxsize=256)
def _rows(folder: str, since: int) -> frozenset[str]:
    """What the folders in a folder are counted by. `since`: when it was changed."""
    numbers: dict[str, set[int]] = defaultdict(set)
    try:
        names = [entry.name.lower() for entry in os.scandir(folder) if entry.is_dir()]
    except OSError:
        return frozenset()
    for name in names:
        found = _NUMBERED.fullmatch(name)
        if found is not None:
            numbers[found["word"]].add(int(found["number"]))
    return frozenset(word for word, told in numbers.items() if len(told) >= _ROW and max(told) >= _ROW)
