"""Patterns as trees, and a tree as Python's `re` writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOP = 0x10FFFF

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    ranges: Ranges
    ignore_case: bool = False

    def __contains__(self, character: str) -> bool:
        if _within(self.ranges, ord(character)):
            return True
        if not self.ignore_case:
            return False
        return any(
            len(other) == 1 and _within(self.ranges, ord(other))
            for other in (character.lower(), character.upper())
        )


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """From `low` to `high` times; `high` is None for no bound."""

    item: Tree
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place: begin, end, line_begin, line_end, word, not_word."""

    kind: str


Tree = Chars | Sequence | Choice | Repeat | Assertion


def _within(ranges: Ranges, code: int) -> bool:
    return any(low <= code <= high for low, high in ranges)


def normalized(ranges: list[tuple[int, int]]) -> Ranges:
    """Sorted ranges without overlap."""
    result: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def inverted(ranges: Ranges) -> Ranges:
    """All characters that are not in these (normalized) ranges."""
    result: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if start < low:
            result.append((start, low - 1))
        start = high + 1
    if start <= TOP:
        result.append((start, TOP))
    return tuple(result)


def folded(ranges: Ranges) -> Ranges:
    """The ranges with both cases of their ASCII letters."""
    more = list(ranges)
    for low, high in ranges:
        for first, last, shift in ((65, 90, 32), (97, 122, -32)):
            start, end = max(low, first), min(high, last)
            if start <= end:
                more.append((start + shift, end + shift))
    return normalized(more)


# -- in Python's syntax

NO_NEWLINE = inverted(((10, 10),))
_PYTHON_ASSERTIONS = {
    "begin": r"\A", "end": r"\Z", "line_begin": "(?m:^)", "line_end": "(?m:$)",
    "word": r"(?a:\b)", "not_word": r"(?a:\B)",
}  # fmt: skip


def python_of(tree: Tree) -> str:
    """The tree in Python's syntax."""
    match tree:
        case Chars():
            text = _python_class(tree.ranges, by_rest=not tree.ignore_case)
            return f"(?i:{text})" if tree.ignore_case else text
        case Assertion():
            return _PYTHON_ASSERTIONS[tree.kind]
        case Sequence():
            return "".join(
                f"(?:{python_of(item)})" if isinstance(item, Choice) else python_of(item)
                for item in tree.items
            )
        case Choice():
            return "|".join(python_of(item) for item in tree.items)
        case Repeat():
            high = "" if tree.high is None else str(tree.high)
            inner = python_of(tree.item)
            body = inner if isinstance(tree.item, Chars) and not tree.item.ignore_case else f"(?:{inner})"
            counts = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((tree.low, tree.high))
            return body + (counts or f"{{{tree.low},{high}}}")


def _python_class(ranges: Ranges, *, by_rest: bool) -> str:
    if not ranges:
        return r"[^\s\S]"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return re.escape(chr(ranges[0][0]))
    if ranges == NO_NEWLINE:
        return r"[^\n]"
    if ranges == ((0, TOP),):
        return r"[\s\S]"
    if (
        by_rest and ranges[0][0] == 0 and ranges[-1][1] == TOP
    ):  # Python compiles `[^a]` much faster than its rest
        return f"[^{_python_ranges(inverted(ranges))}]"
    return f"[{_python_ranges(ranges)}]"


def _python_ranges(ranges: Ranges) -> str:
    parts = [
        _python_char(low) if low == high else f"{_python_char(low)}-{_python_char(high)}"
        for low, high in ranges
    ]
    return "".join(parts)


def _python_char(code: int) -> str:
    character = chr(code)
    if character.isascii() and character.isalnum():
        return character
    return f"\\U{code:08x}"
