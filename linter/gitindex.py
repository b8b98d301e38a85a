"""The names in a git index, read without git: containers often have none, or one that refuses another owner's tree."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

from linter.givenfiles import read_regular, read_start

MAX_BYTES = 100_000_000  # of an index; a million files take about that
MAX_NAME = 4_096  # bytes of a path
_HEAD = struct.Struct(">4sII")
_STAT = 40  # bytes of an entry before its hash; the mode stands at 24
_HASHES = (20, 32)  # bytes of a SHA-1, a SHA-256
_MODES = frozenset({0o100644, 0o100755, 0o120000, 0o160000, 0o040000})
_EXTENDED = 0x4000  # flag: two more bytes of flags


def index_names(root: Path) -> Iterator[str] | None:
    """The paths that the index of a work tree has, as they stand there; None where only git can say.

    Nothing is promised of a damaged or forged index but that reading it ends: look at what a name leads to.
    """
    data = _bytes(root)
    if data is None or len(data) < _HEAD.size:
        return None
    magic, version, count = _HEAD.unpack_from(data)
    if magic != b"DIRC" or version not in (2, 3, 4):
        return None
    for size in _HASHES:
        end = _walk_end(data, version, count, size)
        if end is not None:
            return _names(data, version, count, size) if _understood(data, end, size) else None
    return None


def _bytes(root: Path) -> bytes | None:
    try:
        folder = root / ".git"
        if folder.is_file():  # a linked work tree, a submodule
            head, _, rest = (read_start(folder, MAX_NAME) or b"").partition(b"gitdir: ")
            folder = root / os.fsdecode(rest.strip()) if not head and rest else folder
        index = folder / "index"
        return read_regular(index, MAX_BYTES)
    except (OSError, ValueError):
        return None


def _walk_end(data: bytes, version: int, count: int, size: int) -> int | None:
    """Where the entries end; None when with hashes of this size they are none."""
    at = _HEAD.size
    for _, at in _entries(data, version, count, size):
        if at < 0:
            return None
    return at


def _understood(data: bytes, at: int, size: int) -> bool:
    """Whether the parts behind the entries can be passed over: `link` says that most names are in another file."""
    while at + 8 <= len(data) - size:
        if data[at : at + 4] == b"link":
            return False
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")
    return True


def _names(data: bytes, version: int, count: int, size: int) -> Iterator[str]:
    for name, _ in _entries(data, version, count, size):
        yield os.fsdecode(name)


def _entries(data: bytes, version: int, count: int, size: int) -> Iterator[tuple[bytes, int]]:
    """Each name, and where its entry ends; -1 for what is no entry."""
    at = _HEAD.size
    name = b""
    fixed = _STAT + size + 2
    for _ in range(count):
        start = at
        at += fixed
        if at > len(data) or int.from_bytes(data[start + 24 : start + 28], "big") not in _MODES:
            yield b"", -1
            return
        if data[at - 2] << 8 & _EXTENDED:
            at += 2
        kept = 0
        if version == 4:
            dropped, at = _number(data, at)
            kept = max(0, len(name) - dropped)
        end = data.find(b"\0", at, at + MAX_NAME)
        if end < 0 or kept + end - at > MAX_NAME:
            yield b"", -1
            return
        name = name[:kept] + data[at:end]
        # entries of the older forms end at a multiple of eight, after one NUL or more
        at = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8
        yield name, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of git's, and where it ends: seven bits a byte, each further byte adding one."""
    value = 0
    for place in range(at, min(at + 5, len(data))):
        value = (value << 7) | (data[place] & 127)
        if not data[place] & 128:
            return value, place + 1
        value += 1
    return value, at + 5
