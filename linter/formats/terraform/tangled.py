"""Texts that the grammar of HCL would take minutes over: its time grows with the square of some mistakes.

25 kB of `a` and `=` in turn take seconds, 100 kB more than a minute, in one step that nothing can stop. So the mistakes
are counted before. What people write has hardly any, also in the heredocs and comments of large files.
"""

from __future__ import annotations

from re import Pattern

from linter.patterns import lazy_bytes_regex

_SMALL = 10_000  # bytes that can't take long
# An equals sign at the start of a line, or behind a value that another one gave; not the end of a row of them.
_ASSIGNED = lazy_bytes_regex(rb"(?m)(?:^[ \t]*+|=[ \t]*+[\w\"]*+[ \t]*+)=(?![=>])")
_MAX_ASSIGNED = 2_000
_OPERATOR = lazy_bytes_regex(rb"(?m)^[ \t]*(?:[*>.-]|&&)")  # also in lists of YAML, within heredocs
_MAX_OPERATORS = 10_000
_BRACE = lazy_bytes_regex(rb"[{}]")
_MAX_OPEN = 2_000


def tangled(data: bytes) -> bool:
    """Whether a text has so many mistakes that it is not read."""
    return len(data) > _SMALL and (
        _more_than(_MAX_ASSIGNED, _ASSIGNED, data)
        or _more_than(_MAX_OPERATORS, _OPERATOR, data)
        or data.count(b"/*") - data.count(b"*/") > _MAX_OPEN
        or _deepest(data) > _MAX_OPEN
    )


def _more_than(most: int, pattern: Pattern[bytes], data: bytes) -> bool:
    return any(count > most for count, _ in enumerate(pattern.finditer(data), 1))


def _deepest(data: bytes) -> int:
    if data.count(b"{") <= _MAX_OPEN:
        return 0
    depth = deepest = 0
    for brace in _BRACE.findall(data):
        depth += 1 if brace == b"{" else -1
        deepest = max(deepest, depth)
    return deepest
