"""How much text the expressions that are asked about one file may make, all of them together."""

from __future__ import annotations

from linter.cel.errors import CelRuntimeError

MAX_BUILT = 50_000_000  # characters and elements
_SMALL = 1_000  # is not counted: the values of most expressions


class Built:
    """What is left for the file at hand."""

    left = MAX_BUILT


def begin() -> None:
    """The next file begins."""
    Built.left = MAX_BUILT


def count(size: int, most: int) -> None:
    """A value of so many characters or elements is made. Raises CelRuntimeError where it, or all, are too large."""
    if size > _SMALL:
        Built.left -= size
        if size > most:
            raise CelRuntimeError(f"the value grows over {most} elements")
        if Built.left < 0:
            raise CelRuntimeError(f"the values grow over {MAX_BUILT} elements")
