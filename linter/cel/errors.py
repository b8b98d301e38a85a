"""What can be wrong with an expression, and what can go wrong in one."""

from __future__ import annotations


class CelError(Exception):
    """An expression is wrong: syntax, a name, a type, a limit.

    `offset` is a 0-based code-point offset into the expression; `hint` is one sentence on what to do.
    """

    def __init__(self, message: str, offset: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint

    def __str__(self) -> str:
        return self.message + (f" ({self.hint})" if self.hint else "")


class CelRuntimeError(Exception):
    """An evaluation failed: division by zero, no such key, overflow. `offset` is -1 where it is not known."""

    def __init__(self, message: str, offset: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class PatternError(Exception):
    """A pattern is wrong at `position` (code points)."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
