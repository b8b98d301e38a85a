"""A progress bar on stderr, for scans that last on a terminal."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TextIO

AFTER = 0.5  # seconds before it shows: a quick scan shows none
EVERY = 0.1  # seconds between two drawings
WIDTH = 30  # columns of the bar


class Progress:
    """Called with the units done and the units in all. It leaves no trace when it ends."""

    def __init__(self, stream: TextIO, *, enabled: bool) -> None:
        self.stream = stream
        self.enabled = enabled
        self._started = time.monotonic()
        self._drawn = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def __call__(self, done: int, total: int) -> None:
        if not self.enabled:
            return
        now = time.monotonic()
        if now - self._started < AFTER or now - self._drawn < EVERY:
            return
        self._drawn = now
        filled = WIDTH * done // total if total else WIDTH
        self.stream.write(f"\r{'━' * filled}{'─' * (WIDTH - filled)} {done:,} of {total:,}")
        self.stream.flush()


def progress_wanted(*, quiet: int, switched_off: bool) -> bool:
    """Only on a terminal that can redraw a line, and only when nobody asked for silence."""
    return sys.stderr.isatty() and not quiet and not switched_off and os.environ.get("TERM") != "dumb"
