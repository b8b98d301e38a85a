"""Folders and files of a project that show how something is used: nobody deploys them as they are.

What they show counts as anywhere. What they leave out, so that the reader sees the point, does not.
"""

from __future__ import annotations

import os

from linter.aside.folders import is_of_stages
from linter.patterns import lazy_regex

EXAMPLES = "in examples, which leave it out"
# by any word of a name: `task-examples`, `sample-app`, `example-pod.yaml`
_SHOWN = lazy_regex(
    r"(?:.+[-_. ]|config)?(?:examples?|samples?|tutorials?|quick-?starts?|walk-?throughs?|workshops?|exercises?"
    r"|lessons?)(?:[-_. ].+)?"
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


def is_example(relative: str) -> bool:
    """Whether a file is an example, by its name and those of its folders below the top of what is scanned."""
    *folders, file = relative.lower().split(os.sep)
    for index, name in enumerate(folders):
        if _SHOWN.fullmatch(name) or (not index and name in _DOCUMENTS):
            return True
        if name in _DEMOS and not is_of_stages(folders[:index]):
            return True
    return bool(folders) and _SHOWN.fullmatch(file) is not None
