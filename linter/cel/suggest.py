"""The nearest known name to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the smallest edit distance to `name`, if it is near enough to be meant."""
    best: tuple[int, str] | None = None
    limit = max(1, len(name) // 3)
    folded = name.lower()
    for candidate in sorted(candidates):
        if abs(len(candidate) - len(name)) > limit:
            continue
        found = distance(folded, candidate.lower())
        if found <= limit and (best is None or found < best[0]):
            best = (found, candidate)
    return best[1] if best else None


def distance(left: str, right: str) -> int:
    """Edits (insert, delete, replace, swap of neighbours) from one string to the other."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
