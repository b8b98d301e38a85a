"""Errors, by whose fault they are.

A broken file of the user's is no error here: it is a `Diagnostic` in the report.
"""

from __future__ import annotations


class TarecheckError(Exception):
    """Root of what we raise on purpose; `hint` is one sentence on what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(TarecheckError):
    """The command line or the configuration is wrong: exit 2."""


class RuleError(TarecheckError):
    """A rule file is wrong. Line and column are 1-based; 0 means the whole file."""

    def __init__(self, path: str, line: int, column: int, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class InternalError(TarecheckError):
    """We failed: a rule crashed, a required program is missing: exit 4."""


class UnreadableError(TarecheckError):
    """A file of the user's can't be read as what it looks like.

    Readers raise it; the scan turns it into a finding of `unparsable-file`, or with `limit` of `file-too-large`.
    `start` and `end` are code-point offsets into the decoded text.
    """

    def __init__(
        self,
        message: str,
        start: int = 0,
        end: int | None = None,
        hint: str | None = None,
        *,
        limit: bool = False,
    ) -> None:
        super().__init__(message, hint)
        self.limit = limit
        self.start = start
        self.end = start if end is None else end
