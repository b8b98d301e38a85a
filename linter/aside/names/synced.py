"""Folders whose README says that all in them is a copy of what others keep, and is not to be edited there.

Both must be said in one paragraph: that something was downloaded once, or that a file is generated from others here,
says neither. Of a single file beside it the README may say where it is synced from, by an address that ends with the
same name: who changes it loses the change by the next sync.
"""

from __future__ import annotations

import os
from functools import lru_cache

from linter.aside.names.readmes import readme_in
from linter.aside.stamps import changed
from linter.patterns import lazy_regex

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
_SYNCED = lazy_regex(r"\b(?:synced|synchroni[sz]ed|mirrored) (?:\w+ )?from (https?://\S+?)[.,;)]*(?=\s|$)")
_MARKS = lazy_regex(r"[*_`]+")


def is_synced(above: str, relative: str) -> bool:
    """Whether the README of a folder that a file below `above` is in says so, or the one beside it of the file."""
    folder = above
    *folders, file = relative.split(os.sep)
    for name in folders:
        folder = f"{folder}{os.sep}{name}"  # `join` looks into both for what is not there
        if _says_so(folder, changed(folder)):
            return True
    return bool(folders) and file.lower() in _files(folder, changed(folder))


@lru_cache(maxsize=1024)
def _says_so(folder: str, since: int) -> bool:
    """`since`: when the folder was changed."""
    return any(_NOT_EDITED.search(one) and _COPIED.search(one) for one in _paragraphs(folder, since))


@lru_cache(maxsize=1024)
def _files(folder: str, since: int) -> frozenset[str]:
    """The files of which the README in a folder says that they are synced from others, in small letters."""
    found = set()
    for paragraph in _paragraphs(folder, since):
        for match in _SYNCED.finditer(paragraph):
            name = match[1].rpartition("/")[2]
            if name in paragraph[: match.start()]:
                found.add(name)
    return frozenset(found)


@lru_cache(maxsize=1024)
def _paragraphs(folder: str, since: int) -> tuple[str, ...]:
    """What the README in a folder says, without marks and in small letters."""
    plain = _MARKS.sub("", readme_in(folder, since).lower().replace("\r", ""))
    return tuple(" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(plain))
