"""What a process may have been started without, and how it may be told to end."""

from __future__ import annotations

import io
import os
import signal
import sys
from types import FrameType
from typing import Any

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
_ENDING = ("SIGTERM", "SIGHUP")


class Ended(BaseException):
    """The process was told to end: what is half done is undone on the way out, as at Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number  # what a shell says of a program that a signal ended


def prepare() -> None:
    """Make the process one that can scan: it has its streams, writes any text to them, and ends tidily when told to."""
    for number, (name, mode) in enumerate(_STREAMS):
        if (
            getattr(sys, name) is None
        ):  # closed: whatever is opened next would take its number, a report its text
            setattr(sys, name, _nothing(number, mode))
    for stream in (sys.stdout, sys.stderr):
        soften(stream)
    for name in _ENDING:
        ending = getattr(signal, name, None)
        # ignored by whoever started us, as `nohup` does: it stays ignored
        if ending is not None and signal.getsignal(ending) is signal.SIG_DFL:
            signal.signal(ending, _end)


def soften(stream: Any, encoding: str | None = None) -> None:
    """Let a stream take any text: in its own encoding with escapes for what that does not have, or in another one."""
    reconfigure = getattr(
        stream, "reconfigure", None
    )  # whoever runs us in their process may have put a plain one
    if reconfigure is not None:
        reconfigure(encoding=encoding, errors="backslashreplace")


def silence(stream: Any) -> None:
    """Send what is still written to a stream nowhere: nobody takes it any more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError:
        return


def _nothing(number: int, mode: str) -> Any:
    try:
        found = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
        os.set_inheritable(found, number == found)
        return open(found, mode, encoding="utf-8")
    except OSError:  # not even that
        return io.StringIO()


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # told twice: at once
    raise Ended(number)
