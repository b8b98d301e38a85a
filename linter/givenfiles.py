"""Files that somebody names: read up to a limit, and never waited for without end, whatever they are."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

WAIT = 5.0  # seconds until somebody has to be at the other end of a pipe
SILENCE = 600.0  # seconds that whoever is there may take for the next byte
_CHUNK = 1 << 20
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

Name = str | os.PathLike[str]


def read_regular(path: Name, limit: int) -> bytes:
    """The bytes of a file. Raises `OSError` for what is not there, no file, or larger than the limit in bytes."""
    data = read_start(path, limit + 1)
    if data is None:
        raise OSError(errno.EINVAL, "not a regular file")
    if len(data) > limit:
        raise _too_large(limit)
    return data


def read_start(path: Name, size: int) -> bytes | None:
    """So many bytes of a file at most; None for what is none: a pipe, a device, a folder.

    Raises `OSError` for what is not there or can't be read.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # opening a device may do something
        return None
    descriptor = os.open(path, os.O_RDONLY | _AT_ONCE)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # it became something else
            return None
        return b"".join(_chunks(descriptor, size - 1, pipe=False))
    finally:
        os.close(descriptor)


def start_of(path: Name, size: int) -> bytes:
    """So many bytes of a file at most; nothing of what is not there, can't be read, or is none."""
    try:
        return read_start(path, size) or b""
    except OSError:
        return b""


def read_given(path: Name, limit: int) -> bytes:
    """The bytes of what a user names, which may be a pipe: `<(…)`, `/dev/stdin`.

    Raises `OSError`, also for more bytes than the limit and for a pipe that nobody writes to.
    """
    descriptor = os.open(path, os.O_RDONLY | _AT_ONCE)
    try:
        pipe = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
        data = b"".join(_chunks(descriptor, limit, pipe=pipe))
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise _too_large(limit)
    if pipe and not data:
        raise OSError(errno.ETIMEDOUT, "nobody writes to the pipe")
    return data


def _too_large(limit: int) -> OSError:
    return OSError(errno.EFBIG, f"larger than {limit / 1_000_000:g} MB")


def _chunks(descriptor: int, limit: int, *, pipe: bool) -> Iterator[bytes]:
    """What there is to read, at most one byte more than the limit; from a pipe once somebody writes to it."""
    size = 0
    end = time.monotonic() + WAIT if pipe else 0.0
    while size <= limit:
        try:
            data = os.read(descriptor, min(_CHUNK, limit + 1 - size))
        except BlockingIOError:  # somebody is there and has not written yet
            _until_ready(descriptor, writing=False)
            continue
        size += len(data)
        if data:
            yield data
        elif size or time.monotonic() >= end:
            return
        else:
            time.sleep(0.02)


def open_for_writing(path: Name) -> BinaryIO:
    """A stream into a file as it is, or into a pipe or device. Raises `OSError`, also for a pipe that nobody reads."""
    end = time.monotonic() + WAIT
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _AT_ONCE, 0o666)
            break
        except OSError as error:
            if error.errno != errno.ENXIO or not stat.S_ISFIFO(os.stat(path).st_mode):
                raise
            if time.monotonic() >= end:
                raise OSError(errno.ENXIO, "nobody reads the pipe") from None
            time.sleep(0.02)
    return io.BufferedWriter(_Patient(descriptor))


class _Patient(io.RawIOBase):
    """Writes to a descriptor that does not block; waits for whoever reads, but not for ever."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: Any) -> int:
        while True:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:
                _until_ready(self._descriptor, writing=True)

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._descriptor)


def _until_ready(descriptor: int, *, writing: bool) -> None:
    from select import select

    ready = select([] if writing else [descriptor], [descriptor] if writing else [], [], SILENCE)
    if not any(ready):
        raise OSError(errno.ETIMEDOUT, "nobody is at the other end of the pipe")
