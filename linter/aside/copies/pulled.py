"""Charts of others that were pulled into the tree: `helm pull --untar`.

That Helm wrote a chart's description tells nothing by itself, as some people keep their own in that form. It is a copy
where its home and sources are of owners that the repository names nowhere. What counts all the same is a chart that one
beside it has as a part, as that is shipped, and all that a repository publishes: some of those keep charts of programs
that are not theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from linter.aside.charts import charts_of, description_of
from linter.aside.copies.packaged import is_packaged
from linter.aside.copies.published import is_published
from linter.aside.names.copied import titles
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

_MANY = 200_000  # bytes of a file that are looked at
_MOST_FILES = 200  # of a folder
_KEY = lazy_regex(r"\w+(?=:)")
_HOME = frozenset(("home", "sources"))
_OWNER = lazy_regex(
    r"\b(?:(?:github|gitlab|raw\.githubusercontent)\.com|ghcr\.io)/([\w.-]+)|(?<![\w-])([\w-]{1,100})\.github\.io\b"
)
_KEEPER = lazy_regex(r"(?<![\w.])@([\w-]+)")
_KEEPERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_PART = lazy_bytes_regex(rb"(?m)^ *(?:- +)?repository: *[\"']?file://\.\./([\w.-]+)")


def is_pulled(above: str, relative: str) -> bool:
    """Whether a file is of a chart of others that was pulled into the tree."""
    return any(
        _is_of_others(above, _owners_of(os.path.join(parent, name), since))
        and name not in _parts(parent, changed(parent))
        and not is_published(above, changed(above), _below(above, os.path.join(parent, name)))
        for parent, name, since in charts_of(above, relative)
    )


def _below(above: str, folder: str) -> str:
    return os.path.relpath(folder, above).replace(os.sep, "/")


def _is_of_others(above: str, owners: frozenset[str]) -> bool:
    """Whether there are owners, of whom the repository names none."""
    own = (
        f"{os.path.basename(above.rstrip(os.sep))} {titles(above, changed(above))}".lower() if owners else ""
    )
    named = _named(above, changed(above)) if owners else frozenset()
    return bool(owners) and not any(owner in own or owner in named for owner in owners)


@lru_cache(maxsize=256)
def _owners_of(chart: str, since: int) -> frozenset[str]:
    """The owners that a description names which Helm wrote; none where its home and sources name none. `since`: when
    it was changed."""
    text = description_of(chart).decode("utf-8", "replace")
    lines = text.splitlines()
    if not is_packaged(lines) or not _owners("\n".join(_of_home(lines))):
        return frozenset()
    return _owners(text)


def _of_home(lines: Iterable[str]) -> list[str]:
    """The lines of a description that tell where a chart is from."""
    found: list[str] = []
    of_it = False
    for line in lines:
        key = _KEY.match(line)
        of_it = key[0] in _HOME if key is not None else of_it
        if of_it:
            found.append(line)
    return found


def _owners(text: str) -> frozenset[str]:
    """The owners of repositories that a text names, in small letters."""
    return frozenset(match[1] or match[2] for match in _OWNER.finditer(text.lower()))


@lru_cache(maxsize=16)
def _named(above: str, since: int) -> frozenset[str]:
    """The owners that a repository's README names, and those who keep its files. `since`: when it was changed."""
    kept = "".join(_text(above, name) for name in _KEEPERS)
    return _owners(_text(above, "README.md")) | {match[1].lower() for match in _KEEPER.finditer(kept)}


def _text(above: str, name: str) -> str:
    return start_of(Path(above, name), _MANY).decode("utf-8", "replace")


@lru_cache(maxsize=64)
def _parts(folder: str, since: int) -> frozenset[str]:
    """The charts of a folder that others in it have as parts. `since`: when it was changed."""
    return frozenset(
        match[1].decode()
        for name in _names(folder)
        for file in ("Chart.yaml", "requirements.yaml")
        for match in _PART.finditer(start_of(os.path.join(folder, name, file), _MANY))
    )


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:_MOST_FILES]
    except OSError:
        return []
