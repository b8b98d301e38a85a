"""Files of our own in the user's cache: read if nobody else could have written them, written at once or not at all."""

from __future__ import annotations

import marshal
import os
import stat
import zlib
from pathlib import Path
from typing import Any

_SUM = 4  # bytes of the checksum in front of data


def read_own(path: Path) -> bytes | None:
    """The bytes of a file; None when there is none, or when somebody else owns it or may write it."""
    try:
        with open(path, "rb", opener=_at_once) as stream:
            info = os.fstat(stream.fileno())
            foreign = hasattr(os, "getuid") and info.st_uid != os.getuid()
            if foreign or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or not stat.S_ISREG(info.st_mode):
                return None
            return stream.read()
    except OSError:
        return None


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe would be waited for


def write_own(path: Path, *parts: bytes) -> bool:
    """Replace a file's content in one step; False when that can't be done, which costs time and nothing else."""
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as stream:
            for part in parts:
                stream.write(part)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        return False
    return True


def read_own_data(path: Path) -> dict[Any, Any] | None:
    """What `write_own_data` wrote; None when there is nothing, when it is damaged or could be somebody else's.

    It may hold code objects, so whoever can write it can run anything as the user.
    """
    content = read_own(path)
    if content is None:
        return None
    data = memoryview(content)
    if zlib.crc32(data[_SUM:]).to_bytes(_SUM) != data[:_SUM]:
        return None
    try:
        loaded = marshal.loads(data[_SUM:])  # noqa: S302 - our own file: owner and checksum were looked at
    except (ValueError, EOFError, TypeError):
        return None
    return loaded if isinstance(loaded, dict) else None


def write_own_data(path: Path, data: dict[Any, Any]) -> bool:
    """Write plain data and code objects with a checksum, as `write_own` does."""
    body = marshal.dumps(data)
    return write_own(path, zlib.crc32(body).to_bytes(_SUM), body)
