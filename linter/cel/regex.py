"""Patterns in RE2's syntax, matched in bounded time.

Python's `re` is fast, but it backtracks: on some patterns its time grows with a power of the text's length, on
some without bound. We estimate the power from the pattern. Where power and length allow it, `re` answers; else
the linear-time machine does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from linter.cel.errors import CelError, CelRuntimeError
from linter.cel.regex_syntax import (
    Assertion,
    Chars,
    Choice,
    PatternError,
    Repeat,
    Sequence,
    Tree,
    folded,
    parse,
)

MAX_PATTERN = 5_000  # code points
BUDGET = 20_000_000  # steps that `re` may take in the worst case
_HOPELESS = 9  # the power that stands for growth without bound
_MAX_OPTIONAL = 10  # `a?` one after the other: each may double the work


def check_pattern(pattern: str, offset: int) -> None:
    """Raise CelError, at `offset` of the expression, where a pattern is wrong."""
    try:
        _parse(pattern)
    except PatternError as error:
        raise CelError(
            f"in the pattern: {error.message}", offset, f"at character {error.position + 1} of it"
        ) from None


def _parse(pattern: str) -> Any:
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"it is longer than {MAX_PATTERN} characters", MAX_PATTERN)
    return parse(pattern)


class Pattern:
    """A pattern that is compiled at its first use. `search(text)` gives a match or True; else None."""

    search: Callable[[str], Any]

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __getattr__(self, name: str) -> Any:
        if name not in ("search", "_re", "_limit"):
            raise AttributeError(name)
        try:
            parsed = _parse(self.pattern)
            self._re = re.compile(parsed.python)
        except (PatternError, re.error, OverflowError, RecursionError) as error:
            raise CelRuntimeError(f"bad pattern {self.pattern!r}: {error}") from None
        self._limit = longest_text(power(parsed.tree))
        self.search = self._re.search if self._limit is None else _guarded(self._re, self._limit, parsed.tree)
        return getattr(self, name)

    def _checked(self, text: str) -> re.Pattern[str]:
        if self._limit is not None and len(text) > self._limit:
            raise CelRuntimeError(f"the text is too long for the pattern {self.pattern!r} here", -1)
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


def _guarded(fast: re.Pattern[str], limit: int, tree: Tree) -> Callable[[str], Any]:
    from linter.cel.regex_machine import Machine  # only ambiguous patterns on long texts need it

    machine: list[Machine] = []
    fast_search = fast.search

    def search(text: str) -> Any:
        if len(text) <= limit:
            return fast_search(text)
        if not machine:
            try:
                machine.append(Machine(tree))
            except PatternError as error:
                raise CelRuntimeError(f"bad pattern: {error}") from None
        return machine[0].search(text) or None

    return search


def longest_text(degree: int) -> int | None:
    """How long a text `re` may search for a pattern of this power; None for any length."""
    if degree <= 1:
        return None
    return 0 if degree >= _HOPELESS else int(BUDGET ** (1 / degree))


# -- how the time of backtracking grows


def power(tree: Tree) -> int:
    """The power of the text's length with which the time may grow; `_HOPELESS` where there is none."""
    if _optionals(tree) > _MAX_OPTIONAL:
        return _HOPELESS
    loops = _loops(tree)
    if loops == 0:
        return 1
    return min(_HOPELESS, loops if _anchored(tree) else loops + 1)


def _anchored(tree: Tree) -> bool:
    first = tree.items[0] if isinstance(tree, Sequence) and tree.items else tree
    return isinstance(first, Assertion) and first.kind == "begin"


def _optionals(tree: Tree) -> int:
    match tree:
        case Sequence() | Choice():
            return sum(_optionals(item) for item in tree.items)
        case Repeat():
            return _optionals(tree.item) + (tree.high == 1 and tree.low == 0)
    return 0


def _loops(tree: Tree) -> int:
    match tree:
        case Sequence():
            calm = [_is_calm(tree.items, place) for place in range(len(tree.items))]
            wild = sum(_loops(item) for item, is_calm in zip(tree.items, calm, strict=True) if not is_calm)
            return min(_HOPELESS, wild + any(calm))
        case Choice():
            return max((_loops(item) for item in tree.items), default=0)
        case Repeat():
            once = tree.high is not None and tree.high <= 1
            if not once and _ambiguous(tree.item):
                return _HOPELESS
            inner = _loops(tree.item)
            if tree.high is None:
                return min(_HOPELESS, inner + 1)
            return min(_HOPELESS, inner * max(1, tree.high) + (tree.high - tree.low > 20))
    return 0


def _is_calm(items: tuple[Tree, ...], place: int) -> bool:
    """Whether a repetition of one set must end where it ends, because what follows is not in the set."""
    item = items[place]
    if not isinstance(item, Repeat) or item.high is not None or not isinstance(item.item, Chars):
        return False
    following = items[place + 1] if place + 1 < len(items) else None
    if isinstance(following, Repeat) and following.low > 0:
        following = following.item
    first = _first(following) if following is not None else None
    return first is not None and _disjoint(item.item, first)


def _ambiguous(body: Tree) -> bool:
    """Whether a text may be cut into repetitions of `body` in more than one way, as far as we can tell."""
    variable = _variable_sets(body)
    if variable is None:
        return True
    if not variable:
        return False
    items = body.items if isinstance(body, Sequence) else (body,)
    ends = [item for item in (items[0], items[-1]) if isinstance(item, Chars)] if items else []
    return not any(all(_disjoint(end, chars) for chars in variable) for end in ends)


def _variable_sets(tree: Tree) -> list[Chars] | None:
    """The sets of the repetitions in a tree whose length varies; None where it is more complicated."""
    match tree:
        case Sequence():
            found: list[Chars] = []
            for item in tree.items:
                inner = _variable_sets(item)
                if inner is None:
                    return None
                found += inner
            return found
        case Choice():
            firsts = [_first(item) for item in tree.items]
            if any(first is None for first in firsts) or any(_variable_sets(item) for item in tree.items):
                return None
            known = [first for first in firsts if first is not None]
            apart = all(_disjoint(a, b) for index, a in enumerate(known) for b in known[index + 1 :])
            return [] if apart and all(_variable_sets(item) == [] for item in tree.items) else None
        case Repeat():
            if tree.low == tree.high:
                return _variable_sets(tree.item)
            return [tree.item] if isinstance(tree.item, Chars) else None
    return []


def _first(tree: Tree) -> Chars | None:
    while isinstance(tree, Sequence) and tree.items:
        tree = tree.items[0]
    return tree if isinstance(tree, Chars) else None


def _disjoint(left: Chars, right: Chars) -> bool:
    if left.ignore_case or right.ignore_case:
        left, right = _wide(left), _wide(right)
    return not any(low <= high2 and low2 <= high for low, high in left.ranges for low2, high2 in right.ranges)


def _wide(chars: Chars) -> Chars:
    return Chars(folded(chars.ranges)) if chars.ignore_case else chars
