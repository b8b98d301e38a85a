"""Rules of the user: whoever wrote the tree under scan may have written them too, so their time on a file is limited.

A condition is checked for loops in loops when it is read, but how long the lists are it may decide itself.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

MAX_TIME = 2.0  # seconds of processor time for one rule on one file; most take microseconds
MAX_GIVEN_UP = 3  # rules of the user that take longer, then none is asked any more
_LEAST = 0.001  # a timer of nothing would be none
_POSSIBLE = hasattr(signal, "setitimer")


class TooLong(BaseException):
    """The time is over. No `Exception`: what handles errors of expressions must not handle it."""


class Watch:
    """The time of the user's rules in this process."""

    def __init__(self) -> None:
        self.given_up: set[str] = set()
        self._begun = False

    def allows(self, rule: str) -> bool:
        """Whether a rule may still be asked."""
        return rule not in self.given_up and len(self.given_up) < MAX_GIVEN_UP

    def run(self, work: Callable[[], None], left: float) -> float:
        """Do the work, and tell what is left of its time. Raises `TooLong`. Only the main thread can be interrupted."""
        if not self._ready():
            work()
            return left
        signal.setitimer(signal.ITIMER_VIRTUAL, left)
        try:
            work()
        finally:
            rest = signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]
        return max(rest, _LEAST)

    def _ready(self) -> bool:
        if not _POSSIBLE or threading.current_thread() is not threading.main_thread():
            return False
        if not self._begun and signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL:
            signal.signal(signal.SIGVTALRM, _end)
        self._begun = signal.getsignal(signal.SIGVTALRM) is _end
        return self._begun


WATCH = Watch()


def _end(number: int, frame: FrameType | None) -> None:
    raise TooLong
