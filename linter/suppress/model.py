"""One suppression as written, in plain data that can be cached with the file's findings."""

from __future__ import annotations

import datetime

from linter.finding import Excerpt, Location
from linter.frozen import dataclass

OURS = "tarecheck"
LAST_LINE = 1 << 40


@dataclass(frozen=True, slots=True)
class Suppression:
    """Covers findings that begin on the lines `first` to `last` (1-based, inclusive).

    `rules` are ids as written: ours, or for another `tool` its own, where `*` stands for any text.
    """

    rules: tuple[str, ...]
    first: int
    last: int
    location: Location
    excerpt: Excerpt
    evidence: str
    tool: str = OURS
    reason: str = ""
    until: datetime.date | None = None  # the last day that it holds
    by: str = ""
    fault: str = ""  # why it can't be honoured, a sentence; it then covers nothing

    @property
    def whole_file(self) -> bool:
        return self.last == LAST_LINE

    @property
    def words(self) -> str:
        """What reports say of a finding that it covers."""
        said = self.reason or (f"suppressed for {self.tool}" if self.tool != OURS else "no reason given")
        extra = [f"until {self.until}"] if self.until else []
        extra += [f"by {self.by}"] if self.by else []
        return f"{said} ({', '.join(extra)})" if extra else said
