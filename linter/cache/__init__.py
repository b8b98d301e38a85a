"""Results of earlier scans, kept by content: what has not changed is not read again.

A result holds for the bytes and names of its files, the configuration of each, the rules and this program; findings
are kept as they are shown, with secrets masked. Rules across files are judged anew over the kept facts. The cache is
the user's: one that lies in the scanned tree is not used, since whoever writes the tree would write the verdicts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linter.cache.codec import Decoder, Encoder
from linter.cache.key import Keys, contents_of, unit_name
from linter.cache.shards import Entry, Shelf, prune, salt
from linter.digest import blake2b
from linter.formats.beside import Question, noting
from linter.frozen import dataclass, replace
from linter.ruleset.guests import WATCH
from linter.unit import FileResult, Input, Worker

FOLDER = "results"  # in the cache directory


@dataclass(frozen=True, slots=True)
class Packed:
    """What a worker says of a unit, as plain data. Without a key it is good for this scan only."""

    data: bytes
    sets: dict[str, str]
    key: bytes | None = None
    asked: tuple[tuple[Question, bytes], ...] = ()


class ResultCache:
    """The cache directory of a run, and what is to be told of it at the end."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / FOLDER
        self.told: list[str] = []

    def open(self, way: Sequence[str]) -> Kept | None:
        """The results of scans of one root in one way; None where nothing can be kept."""
        salt_ = salt(self.directory)
        if salt_ is None:
            self.told.append(f"{self.directory} can't be written: results are not kept")
            return None
        return Kept(self, way, salt_)


class Kept:
    """The results that are kept of one root and way of scanning it."""

    def __init__(self, cache: ResultCache, way: Sequence[str], salt: bytes) -> None:
        name = "\0".join((*way, str(sys.implementation.cache_tag)))
        digest = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        self.cache = cache
        self.salt = salt
        self.shelf = Shelf(cache.directory / digest)
        self.decoder = Decoder()
        self._answers: dict[Question, bytes] = {}  # of this scan
        self._learned = 0  # sets of the shelf that the decoder has

    def find_all(
        self, units: Sequence[Sequence[Input]], keys: Keys | None, root: Path
    ) -> dict[int, list[FileResult]]:
        """What is kept of the units, by their index.

        File of kept results by file, each let go when all of its units were asked for: they are large as a whole.
        """
        assert keys is not None
        found: dict[int, list[FileResult]] = {}
        for entries in self.shelf.by_file(map(unit_name, units)):
            for index, entry in entries:
                results = self._find(units[index], entry, keys, root)
                if results is not None:
                    found[index] = results
            self.shelf.let_go()
        self.cache.told.append(f"{len(found)} of {len(units)} results are kept ones")
        return found

    def _find(self, unit: Sequence[Input], entry: Entry, keys: Keys, root: Path) -> list[FileResult] | None:
        """The results of a unit; None when it, or anything that they depend on, has changed."""
        contents = contents_of(unit)
        if contents is None or entry.key != keys.of(unit, contents):
            return None
        try:
            if entry.asked and not self._same(entry.asked, root):
                return None
            if len(self.shelf.sets) != self._learned:  # they only grow
                self.decoder.learn(self.shelf.sets)
                self._learned = len(self.shelf.sets)
            found = self.decoder.unpack(entry.data, unit[0].shown)
        except Exception as error:  # noqa: BLE001 - whatever is in a file of another version must not end the scan
            self.shelf.faults.append(
                f"the kept result of {unit_name(unit)} can't be read: {type(error).__name__}"
            )
            return None
        return found

    def _same(self, asked: Sequence[tuple[Question, bytes]], root: Path) -> bool:
        """Whether everything that a unit was read with is as it was. The files of a folder ask the same."""
        from linter.formats.folder import answer

        for question, said in asked:
            now = self._answers.get(question)
            if now is None:
                now = self._answers[question] = answer(question, root)
            if now != said:
                return False
        return True

    def add(self, unit: Sequence[Input], packed: Packed) -> None:
        if packed.key is not None:
            self.shelf.sets.update(packed.sets)
            self.shelf.put(unit_name(unit), Entry(packed.key, packed.asked, packed.data))

    def save(self) -> None:
        """Write what is new; what was damaged is told."""
        if self.shelf.save():
            prune(self.cache.directory, self.shelf.folder)
        self.cache.told += self.shelf.faults


class Scanner:
    """Scans units and packs what they gave, to be kept or to be sent to another process."""

    def __init__(self, worker: Worker, keys: Keys | None) -> None:
        self.worker = worker
        self.keys = keys  # None: nothing is kept
        self.encoder = Encoder()

    def scan(self, unit: Sequence[Input]) -> tuple[list[FileResult], Packed | None]:
        """The results, and the same packed; None when a result is no plain data."""
        contents = contents_of(unit) if self.keys is not None else None
        full = unit
        if contents is not None:
            full = [replace(item, data=data) for item, data in zip(unit, contents, strict=True)]
        with noting() as answers:
            results = self.worker.scan(full)
        key = None
        if self.keys is not None and contents is not None and _lasting(results):
            key = self.keys.of(unit, contents)
        try:
            data = self.encoder.pack(results)
        except ValueError:
            return results, None
        sets = {name: self.encoder.sets[name] for name in map(self.encoder.name, results)}
        return results, Packed(data, sets, key, tuple(answers.items()))


def _lasting(results: Sequence[FileResult]) -> bool:
    """Whether results may be kept: no failure of ours, no rule that was not asked, and nothing in the facts that looks
    like a secret."""
    if WATCH.given_up or any(diagnostic.internal for result in results for diagnostic in result.diagnostics):
        return False
    words = [text for result in results for text in _texts((result.records, result.inventory, result.joins))]
    words += [
        edit.text for result in results for f in result.findings if f.fix is not None for edit in f.fix.edits
    ]
    if not words:
        return True
    from linter.formats.secrets.judge import find_all

    # names and addresses may look random; what has the form of a secret is none of them
    return all(found.kind == "random-text" for found in find_all("\n".join(words)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
