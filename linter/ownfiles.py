"""Files of our own in the user's cache: read if nobody else could have written them, written at once or not at all."""

from __future__ import annotations

import marshal
import os
import stat
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_NUMBER = 4  # bytes of a size or a checksum
_HEAD = 2 * _NUMBER  # size and checksum of the data, which follow


def read_own(path: Path, start: int = 0, size: int = -1) -> bytes | None:
    """The bytes of a file, or some of them; None when there is none, or somebody else owns it or may write it."""
    try:
        with open(path, "rb", opener=_at_once) as stream:
            info = os.fstat(stream.fileno())
            foreign = hasattr(os, "getuid") and info.st_uid != os.getuid()
            if foreign or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or not stat.S_ISREG(info.st_mode):
                return None
            if start:
                stream.seek(start)
            return stream.read(size)
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


class Part:
    """Bytes within such a file that are read when they are asked for."""

    __slots__ = ("_checksum", "_size", "_start", "path")

    def __init__(self, path: Path, start: int, size: int, checksum: int) -> None:
        self.path = path
        self._start = start
        self._size = size
        self._checksum = checksum

    def read(self) -> bytes | None:
        """The bytes; None when they are damaged, or gone."""
        data = read_own(self.path, self._start, self._size)
        return data if data is not None and zlib.crc32(data) == self._checksum else None


def read_own_data(path: Path) -> dict[Any, Any] | None:
    """What `write_own_data` wrote; None when there is nothing, when it is damaged or could be somebody else's.

    It may hold code objects, so whoever can write it can run anything as the user.
    """
    found = read_own_parts(path)
    return found[0] if found is not None else None


def read_own_parts(path: Path) -> tuple[dict[Any, Any], list[Part]] | None:
    """The same with the parts that were written behind the data, which are not read yet."""
    head = read_own(path, size=_HEAD)
    if head is None or len(head) < _HEAD:
        return None
    size, checksum = int.from_bytes(head[:_NUMBER]), int.from_bytes(head[_NUMBER:])
    data = read_own(path, _HEAD, size)
    if data is None or zlib.crc32(data) != checksum:
        return None
    try:
        loaded, spans = marshal.loads(data)  # noqa: S302 - our own file: owner and checksum were looked at
    except (ValueError, EOFError, TypeError):
        return None
    if not isinstance(loaded, dict):
        return None
    return loaded, [Part(path, _HEAD + size + start, length, total) for start, length, total in spans]


def write_own_data(path: Path, data: dict[Any, Any], parts: Sequence[bytes] = ()) -> bool:
    """Write plain data and code objects with a checksum, as `write_own` does. `parts` are for later, each by itself."""
    spans: list[tuple[int, int, int]] = []
    start = 0
    for part in parts:
        spans.append((start, len(part), zlib.crc32(part)))
        start += len(part)
    body = marshal.dumps((data, spans))
    return write_own(path, len(body).to_bytes(_NUMBER), zlib.crc32(body).to_bytes(_NUMBER), body, *parts)
