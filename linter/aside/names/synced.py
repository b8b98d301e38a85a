"""Folders whose README says that all in them is a copy of what others keep, and is not to be edited there.

Both must be said in one paragraph: that something was downloaded once, or that a file is generated from others here,
says neither.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

_HEAD = 4_000  # bytes of a README
_READMES = ("README.md", "Readme.md", "readme.md", "README.rst", "README.adoc", "README")
_PARAGRAPH = lazy_regex(r"\n[ \t]*\n")
_NOT_EDITED = lazy_regex(
    r"\b(?:do not|don't|never|must not be|should not be|are not|not to be) "
    r"(?:manually |directly )?(?:edit|edited|modify|modified|change|changed)\b"
    r"[^.]{0,80}\b(?:directory|folder|here|manually|directly|by hand|locally)\b"
)
_COPIED = lazy_regex(
    r"\b(?:synced|synchroni[sz]ed|vendored|downloaded|copied|copies|mirrored|mirrors?|imported|pulled)\b"
    r"[^.]{0,60}\b(?:upstream|https?://\S+|(?:other|component|source|another) (?:repos?|repositor(?:y|ies)|projects?))"
)
_MARKS = lazy_regex(r"[*_`]+")


def is_synced(above: str, relative: str) -> bool:
    """Whether the README of a folder that a file below `above` is in says so."""
    folder = above
    for name in relative.split(os.sep)[:-1]:
        folder = f"{folder}{os.sep}{name}"  # `join` looks into both for what is not there
        if _says_so(folder, changed(folder)):
            return True
    return False


@lru_cache(maxsize=1024)
def _says_so(folder: str, since: int) -> bool:
    """`since`: when the folder was changed."""
    for name in _READMES:
        text = start_of(os.path.join(folder, name), _HEAD).decode("utf-8", "replace")
        if text:
            plain = _MARKS.sub("", text.lower().replace("\r", ""))
            paragraphs = (" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(plain))
            return any(_NOT_EDITED.search(one) and _COPIED.search(one) for one in paragraphs)
    return False
