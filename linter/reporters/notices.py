"""The notices of a report, those that say the same of several files told once.

One file that nobody checked in stops every kustomization that reads it: two hundred lines would say one thing.
"""

from __future__ import annotations

from collections.abc import Iterable

from linter.finding import Diagnostic

NAMED = 3  # places that are named of one notice
_Said = tuple[str, str]


def alike(diagnostics: Iterable[Diagnostic]) -> list[tuple[Diagnostic, ...]]:
    """The notices, in the order of the first of each kind; what stands at a line of a file is told by itself."""
    groups: dict[_Said | Diagnostic, list[Diagnostic]] = {}
    for item in diagnostics:
        groups.setdefault((item.level, item.message) if _is_of_a_file(item) else item, []).append(item)
    return [tuple(group) for group in groups.values()]


def _is_of_a_file(item: Diagnostic) -> bool:
    return bool(item.path) and not item.line
