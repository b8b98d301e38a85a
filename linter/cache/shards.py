"""Where results are kept: a folder of small files for each root and way of scanning, under the user's cache.

A file holds the units whose names have the same hash, so that a hook reads little and a change writes little. What is
damaged, of another version or somebody else's counts as absent. See docs/adr/0012-kept-results.md.
"""

from __future__ import annotations

import marshal
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from linter.digest import blake2b
from linter.frozen import dataclass
from linter.ownfiles import read_own, write_own

FORMAT = b"tarecheck results 2\n"
SHARDS = 32
MAX_SHARD = 16_000_000  # bytes; beyond, what the scan did not meet is forgotten, then what does not fit
MAX_TOTAL = 500_000_000  # bytes of all results under a cache; the roots that were not scanned for longest go
_SUM = 16  # bytes of the checksum
_SALT = "salt"


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit's packed results, the key that they hold for, and what must still be so: question -> answer."""

    key: bytes
    asked: tuple[tuple[tuple[str, ...], bytes], ...]
    data: bytes


class Shelf:
    """The entries of one root and way of scanning. Files are read when a name in them is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sets: dict[str, str] = {}
        self.faults: list[str] = []
        self._shards: dict[int, dict[str, Entry]] = {}
        self._met: dict[int, set[str]] = {}
        self._new: set[int] = set()

    def get(self, name: str) -> Entry | None:
        number = _shard_of(name)
        self._met.setdefault(number, set()).add(name)
        return self._shard(number).get(name)

    def by_file(self, names: Iterable[str]) -> Iterable[list[int]]:
        """The indexes of the names that are in one file, for each of the files."""
        found: dict[int, list[int]] = {}
        for index, name in enumerate(names):
            found.setdefault(_shard_of(name), []).append(index)
        return found.values()

    def let_go(self) -> None:
        """Forget what was read and is not to be written; it is read again when it is asked for."""
        for number in self._shards.keys() - self._new:
            del self._shards[number]

    def put(self, name: str, entry: Entry) -> None:
        number = _shard_of(name)
        self._shard(number)[name] = entry
        self._new.add(number)

    def save(self) -> bool:
        """Write what is new. When two runs write the same file, one of them wins; the other's units are read anew.

        False when there was nothing to write, or it could not be written.
        """
        for number in self._new:
            body = marshal.dumps((self.sets, self._rows(number)))
            if not write_own(self._file(number), FORMAT, _checksum(body), body):
                self.faults.append(f"{self._file(number)} can't be written: results are not kept")
                return False
        return bool(self._new)

    def _rows(self, number: int) -> dict[str, Any]:
        shard, met = self._shards[number], self._met.get(number, set())
        names = sorted(shard, key=lambda name: (name not in met, name))
        rows: dict[str, Any] = {}
        size = 0
        for name in names:
            entry = shard[name]
            size += len(entry.data) + len(name)
            if size > MAX_SHARD:
                break
            rows[name] = (entry.key, entry.asked, entry.data)
        return rows

    def _shard(self, number: int) -> dict[str, Entry]:
        found = self._shards.get(number)
        if found is None:
            found = self._shards[number] = self._read(number)
        return found

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:02}.bin"

    def _read(self, number: int) -> dict[str, Entry]:
        path = self._file(number)
        data = read_own(path)
        if data is None:
            return {}
        view = memoryview(data)
        start = len(FORMAT) + _SUM
        body = view[start:]
        if view[: len(FORMAT)] != FORMAT or view[len(FORMAT) : start] != _checksum(body):
            self.faults.append(f"{path} is damaged or of another version: not used")
            return {}
        try:
            sets, rows = marshal.loads(body)  # noqa: S302 - our own file: owner and checksum were looked at
            entries = {name: Entry(*row) for name, row in rows.items()}
        except (ValueError, EOFError, TypeError, AttributeError) as error:
            self.faults.append(f"{path} can't be read: {error}")
            return {}
        self.sets.update(sets)
        return entries


def _shard_of(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "surrogateescape")) % SHARDS


def _checksum(body: bytes | memoryview) -> bytes:
    return blake2b(body, digest_size=_SUM).digest()


def salt(directory: Path) -> bytes | None:
    """The random bytes of a cache that its hashes are keyed with, made at first use; None when they can't be kept."""
    path = directory / _SALT
    found = read_own(path)
    if found is not None and len(found) == 32:
        return found
    made = os.urandom(32)
    return made if write_own(path, made) else None


def prune(directory: Path, keep: Path) -> None:
    """Forget the roots that were not scanned for longest, until the rest is small enough."""
    from shutil import rmtree  # brings archives' modules

    try:
        sized = sorted(
            ((_newest(f), _size(f), f) for f in directory.iterdir() if f.is_dir() and f != keep), reverse=True
        )
    except OSError:
        return
    total = _size(keep)
    for _, size, folder in sized:
        total += size
        if total > MAX_TOTAL:
            rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Iterator[os.stat_result]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                yield entry.stat(follow_symlinks=False)
    except OSError:  # another run is forgetting it
        return


def _size(folder: Path) -> int:
    return sum(info.st_size for info in _files(folder))


def _newest(folder: Path) -> float:
    return max((info.st_mtime for info in _files(folder)), default=0.0)
