"""Patterns in RE2's syntax, matched in bounded time.

Python's `re` is fast, but it backtracks: on some patterns its time grows with a power of the text's length, on
some without bound. We estimate the power from the pattern. Where power and length allow it, `re` answers; else
the linear-time machine does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from linter.cel.errors import CelError, CelRuntimeError, PatternError
from linter.compiled import regex as kept_regex
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.cel.regex_tree import Tree

MAX_PATTERN = 5_000  # code points
BUDGET = 20_000_000  # steps that `re` may take in the worst case
_WORDS = lazy_regex(r"[A-Za-z0-9_|/-]+")


Translation = tuple[str, int | None]


def check_pattern(pattern: str, offset: int) -> None:
    """Raise CelError, at `offset` of the expression, where a pattern is wrong."""
    try:
        Pattern(pattern).check(thoroughly=True)
    except PatternError as error:
        raise CelError(
            f"in the pattern: {error.message}", offset, f"at character {error.position + 1} of it"
        ) from None
    except CelRuntimeError as error:
        raise CelError(error.message, offset) from None


class Pattern:
    """A pattern that is compiled at its first use. `search(text)` gives a match or True; else None."""

    search: Callable[[str], Any]

    def __init__(self, pattern: str, translation: Translation | None = None) -> None:
        self.pattern = pattern
        self._translation = translation
        # a rule's own; others come from what is scanned, of which nothing is kept
        self._compile = re.compile if translation is None else kept_regex

    def __getattr__(self, name: str) -> Any:
        if name not in ("search", "_re", "_limit"):
            raise AttributeError(name)
        try:
            self.check()
        except PatternError as error:
            raise CelRuntimeError(f"bad pattern {self.pattern!r}: {error.message}") from None
        return self.__dict__[name]

    def check(self, *, thoroughly: bool = False) -> None:
        """Compile it now; thoroughly: as texts of any length may need it. Raises PatternError and CelRuntimeError."""
        expression, self._limit = self.translation()
        try:
            self._re = self._compile(expression)
        except (re.error, OverflowError, RecursionError) as error:
            raise CelRuntimeError(f"bad pattern {self.pattern!r}: {error}") from None
        if self._limit is None:
            self.search = self._re.search
        else:
            self.search = _guarded(self._re, self._limit, self._parse)
            if thoroughly:
                from linter.cel.regex_machine import Machine

                Machine(self._parse())

    def translation(self) -> Translation:
        """Python's expression for it, and the longest text that `re` may search by it (None: any)."""
        if self._translation is None and _WORDS.fullmatch(self.pattern) is not None:
            self._translation = self.pattern, None  # words to choose from: the same in both, and no ambiguity
        if self._translation is None:
            from linter.cel.regex_safety import longest_text
            from linter.cel.regex_tree import python_of

            tree = self._parse()
            self._translation = python_of(tree), longest_text(tree, BUDGET)
        return self._translation

    def _parse(self) -> Tree:
        from linter.cel.regex_syntax import parse

        if len(self.pattern) > MAX_PATTERN:
            raise PatternError(f"it is longer than {MAX_PATTERN} characters", MAX_PATTERN)
        return parse(self.pattern)

    def _checked(self, text: str) -> re.Pattern[str]:
        if self._limit is not None and len(text) > self._limit:
            raise CelRuntimeError(
                f"find() can't search so long a text for so ambiguous a pattern: {self.pattern!r}"
            )
        return self._re

    def find(self, text: str) -> str | None:
        """The first match."""
        match = self._checked(text).search(text)
        return match[0] if match else None

    def find_all(self, text: str, limit: int) -> list[str]:
        """The matches that do not overlap, `limit` at most (negative: all)."""
        found: list[str] = []
        for match in self._checked(text).finditer(text):
            if 0 <= limit <= len(found):
                break
            found.append(match[0])
        return found


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Pattern:
    """The pattern of a text that is not known before run time."""
    return Pattern(pattern)


def _guarded(fast: re.Pattern[str], limit: int, parse: Callable[[], Tree]) -> Callable[[str], Any]:
    machine: list[Any] = []
    fast_search = fast.search

    def search(text: str) -> Any:
        if len(text) <= limit:
            return fast_search(text)
        if not machine:
            from linter.cel.regex_machine import Machine  # only ambiguous patterns on long texts need it

            try:
                machine.append(Machine(parse()))
            except PatternError as error:
                raise CelRuntimeError(f"bad pattern: {error.message}") from None
        return machine[0].search(text) or None

    return search
