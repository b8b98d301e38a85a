"""Folders and files of a project that show how something is used, or teach it: nobody deploys them as they are.

What they show counts as anywhere. What they leave out, so that the reader sees the point, does not.
"""

from __future__ import annotations

import os
from collections import defaultdict
from functools import lru_cache

from linter.aside.names.folders import is_of_stages, is_stage
from linter.aside.stamps import changed
from linter.patterns import lazy_regex

EXAMPLES = "in examples, which leave it out"
# by any word of a name: `task-examples`, `sample-app`, `example-pod.yaml`
_SHOWN = lazy_regex(
    r"(?:.*[-_. ]|config)?(?:ex[amp]{3,4}les?|samples?|tutorials?|quick-?starts?|walk-?throughs?|workshops?|exercises?"
    r"|home-?works?|lessons?|code-?labs?|boot-?camps?|chapters?|hands-?on|getting[-_ ]?started|cook-?book"
    r"|(?:crash|udemy|online|video)[-_ ]course|course[-_ ]?(?:work|files?|materials?|code|content|notes|labs?))"
    r"(?:[-_. ].+)?"
    r"|(?:chapter|exercise|lesson|tutorial)\d+(?:[-_. ].+)?|.*[a-z][-_]?101|[a-z]{2,12}samples"
)
_DEMOS = lazy_regex(
    r"(?:.+[-_. ])?demos?(?:[-_. ].+)?"
)  # a stage, too: `overlays/demo`, `shop-demo` beside `shop-prod`
_PLAIN_DEMOS = ("demo", "demos")
_AT_TOP = frozenset(  # at the top
    {
        "labs",  # further down as well the name of a team
        "docs",
        "doc",
        "documentation",
        "website",
        "site",
        "blog",
        "blogs",
        "design",
        "designs",
        "proposals",
        "enhancements",
        "keps",
        "rfcs",
        "benchmarks",  # runs that its authors start to measure the project
        "benchmark",
        "recipes",  # further down the name of an app
        "runbooks",
    }
)
_PRACTICE = lazy_regex(r"(?:.+[-_. ])?practice")  # of who learns, at the top
_OF_SITES = ("archetypes", "layouts")
# `day-01`, `lab3`, `step-2-services`, `07-lab`: one of a row, in which the reader goes on from one to the next
_NUMBERED = lazy_regex(
    r"(?:\d+[-_. ]*)?(?P<word>ch|day|lab|steps?|module|section|week|session|unit|ex|task|challenge|scenario|class"
    r"|lecture)"
    r"[-_. ]*(?P<number>\d{1,3})(?!\d)(?:[-_. ].*)?"
)
# `05-Storage/05-03-Disks`: sections of chapters
_CHAPTER = lazy_regex(r"0?(\d{1,2})[-_. ].+")
_SECTION = lazy_regex(r"0?(\d{1,2})[-_.]\d{1,2}[-_. ].+")
_ROW = 3  # so many of them, as `day-0` to `day-2` are times in the life of a cluster


def is_example(above: str, relative: str) -> bool:
    """Whether a file below a folder that is scanned is an example, by its name and those of its folders below that."""
    *folders, file = relative.split(os.sep)
    place = above
    for index, name in enumerate(folders):
        lower = name.lower()
        if _SHOWN.fullmatch(lower) or (not index and _shows_at_top(place, lower)):
            return True
        parents = [parent.lower() for parent in folders[:index]]
        if _DEMOS.fullmatch(lower) and not _is_deployed(place, name, parents):
            return True
        if _is_of_row(place, lower) or (parents and _is_section(parents[-1], lower)):
            return True
        place = f"{place}{os.sep}{name}"
        if "step" in _rows(place, changed(place), ending=".md"):
            return True  # the text stands beside it
    if folders and file.lower().partition(".")[0] in _PLAIN_DEMOS:
        return not is_of_stages([folder.lower() for folder in folders])
    return bool(folders) and is_called_example(file)


def is_called_example(name: str) -> bool:
    """Whether a folder or file is called one, wherever it lies."""
    return _SHOWN.fullmatch(name.lower()) is not None


def _shows_at_top(place: str, name: str) -> bool:
    """Whether a folder at the top is for who learns or reads, by its name."""
    return name in _AT_TOP or _PRACTICE.fullmatch(name) is not None or _is_site(place, name)


def _is_site(place: str, name: str) -> bool:
    """Whether a folder has the text of a site that Hugo makes."""
    return name == "content" and all(os.path.isdir(os.path.join(place, beside)) for beside in _OF_SITES)


def _is_deployed(place: str, name: str, parents: list[str]) -> bool:
    """Whether a folder called a demo is a stage, or something on a cluster, or a chart that has its name from one."""
    lower = name.lower()
    return (
        is_of_stages(parents)
        or is_stage(place, lower, parents)
        or (lower not in _PLAIN_DEMOS and os.path.isfile(os.path.join(place, name, "Chart.yaml")))
    )


def _is_of_row(place: str, name: str) -> bool:
    """Whether the name of a folder is one of several that are counted."""
    found = _NUMBERED.fullmatch(name)
    return found is not None and found["word"] in _rows(place, changed(place))


def _is_section(above: str, name: str) -> bool:
    """Whether the name of a folder repeats the number of the one that it is in, and has one of its own."""
    section = _SECTION.fullmatch(name)
    chapter = _CHAPTER.fullmatch(above) if section is not None else None
    return section is not None and chapter is not None and section[1] == chapter[1]


@lru_cache(maxsize=256)
def _rows(folder: str, since: int, ending: str = "") -> frozenset[str]:
    """What the folders in a folder, or its files with such an ending, are counted by. `since`: when it was changed."""
    numbers: dict[str, set[int]] = defaultdict(set)
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return frozenset()
    for entry in entries:
        if not (entry.name.endswith(ending) if ending else entry.is_dir()):
            continue
        found = _NUMBERED.fullmatch(entry.name.lower())
        if found is not None:
            numbers[found["word"]].add(int(found["number"]))
    return frozenset(word for word, told in numbers.items() if len(told) >= _ROW and max(told) >= _ROW)
