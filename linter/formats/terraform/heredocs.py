"""What `<<-` does to the text of a heredoc."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable


def unindent(text: str) -> str:
    """What `<<-` does: take away the indentation that all lines share."""
    return unindented(text)[0]


def unindented(text: str) -> tuple[str, Callable[[int], int]]:
    """The text without the indentation that all lines share, and how far each of its offsets was moved."""
    lines = text.split("\n")
    common = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
    starts: list[int] = []
    moved: list[int] = []
    result: list[str] = []
    size = total = 0
    for line in lines:
        shorter = line[common:] if line[:common].isspace() else line
        total += len(line) - len(shorter)
        starts.append(size)
        moved.append(total)
        result.append(shorter)
        size += len(shorter) + 1
    return "\n".join(result), lambda offset: moved[max(0, bisect_right(starts, offset) - 1)]
