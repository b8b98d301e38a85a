"""What the file that is being read may still cost beyond its size. Each file has its own: none spends another's."""

from __future__ import annotations


class Lost:
    """Seconds of CPU that this file lost on texts that a grammar is slow at."""

    seconds = 0.0


lost = Lost()


def begin() -> None:
    """The next file begins."""
    lost.seconds = 0.0
