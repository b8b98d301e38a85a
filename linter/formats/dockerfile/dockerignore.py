"""What a .dockerignore leaves out of the build context (github.com/moby/patternmatcher)."""

from __future__ import annotations

import posixpath
import re
from functools import cache

MAX_PATTERNS = 500  # of a file; every source is matched against all of them
MAX_STARS = 8  # in a pattern; every star tries every place


class Ignore:
    """The patterns of one .dockerignore, in order."""

    def __init__(self, text: str) -> None:
        self.patterns: list[tuple[str, bool]] = []
        lines = text.splitlines()
        # what is left out of a context can't be said then, and nothing is
        self.endless = len(lines) > MAX_PATTERNS or any(line.count("*") > MAX_STARS for line in lines)
        for line in lines if not self.endless else ():
            pattern = line.strip()
            if pattern and not pattern.startswith("#"):
                negated = pattern.startswith("!")
                pattern = posixpath.normpath(pattern.lstrip("!").strip()).lstrip("/")
                self.patterns.append((pattern, negated))

    @property
    def negates(self) -> bool:
        """Whether a pattern brings back what others leave out, or may."""
        return self.endless or any(negated for _, negated in self.patterns)

    @property
    def all(self) -> bool:
        """Whether everything is left out."""
        return any(pattern in ("*", "**", "**/*") and not negated for pattern, negated in self.patterns)

    def excludes(self, path: str) -> bool:
        """Whether a path, or a directory that it is in, is left out; the last pattern that matches decides."""
        parts = path.strip("/").split("/")
        heads = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        excluded = False
        for pattern, negated in self.patterns:
            if any(_expression(pattern).fullmatch(head) for head in heads):
                excluded = not negated
        return excluded


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    out = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 3
        elif pattern.startswith("**", at):
            out.append(".*")
            at += 2
        elif pattern[at] == "*":
            out.append("[^/]*")
            at += 1
        elif pattern[at] == "?":
            out.append("[^/]")
            at += 1
        else:
            out.append(re.escape(pattern[at]))
            at += 1
    return re.compile("".join(out))
