"""What reading one file may cost beyond its size: counted, not timed, so that every machine gives the same result.

Each file has its own: none spends another's.
"""

from __future__ import annotations

MAX_EFFORT = 300_000_000  # steps for one file, some seconds; the costliest of 5,000 that people wrote takes 1.6 million


class Effort:
    """Steps that are left to the file that is being read."""

    left = MAX_EFFORT


effort = Effort()


def begin() -> None:
    """The next file begins."""
    effort.left = MAX_EFFORT
