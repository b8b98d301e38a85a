"""Where results are kept: a folder of small files for each root and way of scanning, under the user's cache.

A file holds the units whose names have the same hash, so that a hook reads little and a change writes little. What is
damaged, of another version or somebody else's counts as absent. See docs/adr/0012-kept-results.md.
"""

from __future__ import annotations

import errno
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
MAX_WAITING = 16_000_000  # bytes of new results that are held in memory until all are written
_SUM = 16  # bytes of the checksum
_SALT = "salt"
_NOT_KEPT = "can't be written: results are not kept"


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit's packed results, the key that they hold for, and what must still be so: question -> answer."""

    key: bytes
    asked: tuple[tuple[tuple[str, ...], bytes], ...]
    data: bytes


class _Aside:
    """Packed results that wait to be written, in a file without a name: a large scan has a hundred megabytes."""

    def __init__(self, folder: Path) -> None:
        """Raises `OSError` where no file can be made."""
        from tempfile import TemporaryFile  # 3 ms that only a large scan needs

        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - until all is written
        self._end = 0

    def put(self, data: bytes) -> tuple[int, int]:
        """Where the data are from now on. Raises `OSError` when the disk is full."""
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)
        return self._end - len(data), len(data)

    def get(self, place: tuple[int, int]) -> bytes:
        """Raises `OSError` when they are not there any more."""
        self._file.seek(place[0])
        data = self._file.read(place[1])
        if len(data) != place[1]:
            raise OSError(errno.EIO, "a file of our own is short")
        return data

    def close(self) -> None:
        self._file.close()


class Shelf:
    """The entries of one root and way of scanning. Files are read when a name in them is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sets: dict[str, str] = {}
        self.faults: list[str] = []
        self._shards: dict[int, dict[str, Entry]] = {}
        self._met: dict[int, set[str]] = {}
        self._new: set[int] = set()
        self._aside: _Aside | None = None
        self._laid: dict[int, dict[str, tuple[int, int]]] = {}  # of new entries whose data are aside
        self._waiting: list[tuple[int, str]] = []  # new entries whose data are not
        self._room = MAX_WAITING

    def by_file(self, names: Iterable[str]) -> Iterator[list[tuple[int, Entry]]]:
        """The entries that there are of the names, each with the index of its name; file by file."""
        asked: dict[int, list[tuple[int, str]]] = {}
        for index, name in enumerate(names):
            asked.setdefault(_shard_of(name), []).append((index, name))
        for number, some in asked.items():
            self._met.setdefault(number, set()).update([name for _, name in some])
            shard = self._shard(number)
            yield [(index, shard[name]) for index, name in some if name in shard]

    def let_go(self) -> None:
        """Forget what was read and is not to be written; it is read again when it is asked for."""
        for number in self._shards.keys() - self._new:
            del self._shards[number]

    def put(self, name: str, entry: Entry) -> None:
        number = _shard_of(name)
        shard = self._shard(number)
        if number not in self._new:
            self._new.add(number)
            for known, old in shard.items():  # they wait to be written anew
                self._waiting.append((number, known))
                self._room -= len(old.data)
        shard[name] = entry
        self._laid.get(number, {}).pop(name, None)
        self._waiting.append((number, name))
        self._room -= len(entry.data)
        if self._room < 0:
            self._lay_aside()

    def _lay_aside(self) -> None:
        """Take the data of new entries out of memory."""
        self._room = MAX_WAITING
        waiting, self._waiting = self._waiting, []
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._aside = self._aside or _Aside(self.folder)
            for number, name in waiting:
                if name in self._laid.setdefault(number, {}):
                    continue
                entry = self._shards[number][name]
                self._laid[number][name] = self._aside.put(entry.data)
                self._shards[number][name] = Entry(entry.key, entry.asked, b"")
        except OSError:  # no room there: what is left stays in memory, and saving tells
            return

    def save(self) -> bool:
        """Write what is new, and forget it.

        When two runs write the same file, one of them wins; the other's units are read anew.
        False when there was nothing to write, or it could not be written.
        """
        new = [number for number in sorted(self._new) if self._written(number)]
        done = len(new) == len(self._new)
        if self._aside is not None:
            self._aside.close()
        self._shards.clear()
        self._new.clear()
        return done and bool(new)

    def _written(self, number: int) -> bool:
        """Whether a file was written; what could not be is told once."""
        try:
            body = marshal.dumps((self.sets, self._rows(number)))
            if write_own(self._file(number), FORMAT, _checksum(body), body):
                return True
        except OSError:  # what was laid aside is gone
            pass
        if not self.faults or not self.faults[-1].endswith(_NOT_KEPT):
            self.faults.append(f"{self._file(number)} {_NOT_KEPT}")
        return False

    def _rows(self, number: int) -> dict[str, Any]:
        shard, met = self._shards[number], self._met.get(number, set())
        laid = self._laid.get(number, {})
        names = sorted(shard, key=lambda name: (name not in met, name))
        rows: dict[str, Any] = {}
        size = 0
        for name in names:
            entry, place = shard[name], laid.get(name)
            data = self._aside.get(place) if place is not None and self._aside is not None else entry.data
            size += len(data) + len(name)
            if size > MAX_SHARD:
                break
            rows[name] = (entry.key, entry.asked, data)
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
