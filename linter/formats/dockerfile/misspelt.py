"""Names that differ from a declared one by one letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SHORTEST = 4  # shorter names differ by one letter from too many others


class Misspelt:
    """Declared names, found by what one slip makes of them."""

    __slots__ = ("_names", "_shorter", "_upper")

    def __init__(self, names: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._upper: set[str] = set()
        self._shorter: set[str] = set()  # each name without one of its letters
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Declare a name."""
        if len(name) >= _SHORTEST:
            self._names.add(name)
            self._upper.add(name.upper())
            self._shorter.update(_without_one(name))

    def like(self, name: str) -> bool:
        """Whether a declared name differs from `name` by its case, or by one letter left out, doubled or swapped."""
        return (
            name.upper() in self._upper
            or name in self._shorter
            or any(shorter in self._names for shorter in _without_one(name))
            or any(swapped in self._names for swapped in _swapped(name))
        )


def _without_one(name: str) -> Iterator[str]:
    """The name without one letter; a digit makes another name (`V1`, `V12`), not a misspelt one."""
    for at, letter in enumerate(name):
        if not letter.isdigit():
            yield name[:at] + name[at + 1 :]


def _swapped(name: str) -> Iterator[str]:
    for at in range(len(name) - 1):
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]
