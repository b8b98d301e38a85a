"""Files for others, replaced at once or not at all, and folders that last as long as they are of use."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from linter.errors import InternalError, UsageError
from linter.givenfiles import open_for_writing

_IN_MEMORY = "/dev/shm"  # noqa: S108 - can be written in containers that are read-only otherwise


@contextmanager
def scratch(what: str = "") -> Iterator[Path]:
    """A folder for what is of use for a while; gone at the end. Raises `InternalError` where there can be none."""
    import tempfile

    prefix = f"tarecheck-{what}-" if what else "tarecheck-"
    try:
        folder = tempfile.TemporaryDirectory(prefix=prefix)
    except OSError:
        try:
            folder = tempfile.TemporaryDirectory(prefix=prefix, dir=_IN_MEMORY)
        except OSError:
            words = "there is no folder for temporary files"
            raise InternalError(words, "set TMPDIR to a folder that can be written") from None
    with folder as name:
        yield Path(name)


def write_new(path: Path, text: str) -> None:
    """Write a file that a user asked for, with its folders. Raises `UsageError` when that can't be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise UsageError(f"can't write {path}: {error.strerror}") from None


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A stream whose bytes become the content of a file when the block ends; when it fails, the file is as it was.

    A link is followed, the mode stays. What can't be replaced is written as it is: a pipe, a device, a file in a folder
    that takes no new ones. Raises `OSError`.
    """
    temporary = _temporary(os.fspath(path))
    if temporary is None:
        with open_for_writing(path) as stream:
            yield stream
        return
    handle, name = temporary
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        _put(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _temporary(path: str) -> tuple[int, str] | None:
    """A new file beside the one that a path leads to; None where it has to be written as it is."""
    import tempfile

    if path.startswith(("/dev/", "/proc/")):  # our own streams, by a name
        return None
    try:
        info = os.stat(path)
        # read-only: whoever made it so meant it. Somebody else's: it would become ours
        if not stat.S_ISREG(info.st_mode) or not os.access(path, os.W_OK) or _foreign(info):
            return None
    except FileNotFoundError:
        pass
    try:
        return tempfile.mkstemp(dir=os.path.dirname(os.path.realpath(path)), prefix=".tarecheck-")
    except PermissionError:
        return None


def _put(name: str, path: str | os.PathLike[str]) -> None:
    place = os.path.realpath(path)
    try:
        mode = stat.S_IMODE(os.stat(place).st_mode)
    except FileNotFoundError:
        mode = 0o666 & ~_umask()
    os.chmod(name, mode)
    try:
        os.replace(name, place)
    except OSError:  # a file that is mounted alone into a container stays itself
        with open(place, "wb") as stream:
            stream.write(Path(name).read_bytes())


def _foreign(info: os.stat_result) -> bool:
    return hasattr(os, "getuid") and info.st_uid != os.getuid()


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now
