"""Path and address patterns of the configuration.

Patterns come from scanned trees, so matching must not blow up: segments are matched one by one, and `**`
backtracks to its last use only. Cost: length of pattern times length of path.
"""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache

from linter.frozen import dataclass


@dataclass(frozen=True, slots=True)
class PathGlob:
    """A pattern and the absolute directory that it starts from (forward slashes, no slash at the end).

    As in .gitignore: a pattern without a slash matches that name at any depth, others start at `base`;
    `**` stands for any number of directories; what matches a directory covers everything below it.
    """

    base: str
    pattern: str

    def matches(self, path: str) -> bool:
        """Whether the absolute `path` is meant."""
        prefix = self.base.rstrip("/") + "/"
        if not path.startswith(prefix):
            return False
        return _match(_segments(self.pattern), path[len(prefix) :].split("/"))


MAX_KEPT = 32_768  # compiled patterns: those of a configuration are asked for every file and every finding

_FEW_BRACKETS = 16


def translate(pattern: str) -> str:
    """`fnmatch.translate`, which looks for the end of each open bracket to the end of the pattern."""
    if pattern.count("[") < _FEW_BRACKETS:
        return fnmatch.translate(pattern)
    closed, bracket, rest = pattern.rpartition("]")
    return fnmatch.translate(f"{closed}{bracket}{rest.replace('[', '[[]')}")


@lru_cache(maxsize=MAX_KEPT)
def text_pattern(pattern: str) -> re.Pattern[str]:
    """What `fnmatch` would match a text by."""
    return re.compile(translate(pattern))


@lru_cache(maxsize=MAX_KEPT)
def _segments(pattern: str) -> tuple[re.Pattern[str] | None, ...]:
    """The segments as regular expressions; None stands for `**`."""
    anchored = "/" in pattern.rstrip("/")
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if parts and parts[-1] == "**":
        parts[-1:] = ["*"]  # `docs/**` is everything in docs; what follows is covered anyway
    if parts and not anchored:
        parts.insert(0, "**")
    result: list[re.Pattern[str] | None] = []
    for part in parts:
        if part != "**":
            result.append(re.compile(translate(part)))
        elif not result or result[-1] is not None:
            result.append(None)
    return tuple(result)


def _match(pattern: tuple[re.Pattern[str] | None, ...], path: list[str]) -> bool:
    """Whether the pattern matches the path or one of its parent directories."""
    if not pattern:
        return False
    at = place = 0
    retry_at = retry_place = -1
    while at < len(pattern):
        part = pattern[at]
        if part is None:
            retry_at, retry_place = at, place
            at += 1
        elif place < len(path) and part.match(path[place]):
            at += 1
            place += 1
        elif retry_at >= 0 and retry_place < len(path):
            retry_place += 1
            at, place = retry_at + 1, retry_place
        else:
            return False
    return True


@lru_cache(maxsize=MAX_KEPT)
def _address(pattern: str) -> re.Pattern[str]:
    # brackets are part of addresses (`aws_instance.gpu["a"]`), so they are no character class here
    literal = pattern.replace("[", "[[]")
    return re.compile(translate(literal) + "|" + translate(literal + "[#/.[]*"))


def address_matches(pattern: str, address: str) -> bool:
    """Whether a resource address or one of its parents is meant; `*` is any text, also dots and slashes."""
    return _address(pattern).match(address) is not None
