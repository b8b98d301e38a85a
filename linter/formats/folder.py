"""Files beside the configuration, never outside of the root of the scan. What is asked of them can be noted."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache, wraps
from os.path import islink, relpath
from pathlib import Path
from typing import Any, TypeVar, cast

from linter.digest import blake2b
from linter.errors import UnreadableError
from linter.formats.beside import Question, note, noted
from linter.givenfiles import read_regular
from linter.text import SourceText, decode

M = TypeVar("M", bound=Callable[..., Any])
MAX_FILE = 1_000_000
MAX_SOURCE = 5_000_000  # bytes of a configuration file
MAX_LISTED = 2_000


def answer(question: Question, root: Path) -> bytes:
    """The hash of the answer that a question to a folder has now."""
    folder, method, *words = question
    place = Folder(root / folder, root)
    return _hash(place.shown(getattr(place, method)(*words)))


def _hash(value: Any) -> bytes:
    if isinstance(value, list) and value and isinstance(value[0], SourceText):
        value = [(text.path, text.text) for text in value]
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _asked(method: M) -> M:
    """Let the method's calls be noted."""

    @wraps(method)
    def asking(self: Folder, *words: Any) -> Any:
        found = method(self, *words)
        if noted.get() is not None:
            note((relpath(self.path, self.root), method.__name__, *map(str, words)), _hash(self.shown(found)))
        return found

    return cast(M, asking)


@lru_cache(8)
def _real(root: Path) -> Path:
    """The root of a scan without links, which is asked for each of its folders."""
    return root.resolve()


def _below(real: Path, path: Path, root: Path) -> Path | None:
    """A folder of the root without links; None when there may be links between the two."""
    if not path.is_relative_to(root):
        return None
    parts = path.parts[len(root.parts) :]
    found = str(real)
    for part in parts:
        found = f"{found}/{part}"
        if part == ".." or islink(found):
            return None
    return Path(found) if parts else real


class Folder:
    """A directory that expressions may read from. Anything outside of `root` does not exist."""

    __slots__ = ("path", "root")

    def __init__(self, path: Path, root: Path) -> None:
        self.root = _real(root)
        self.path = _below(self.root, path, root) or path.resolve()

    def inside(self, relative: str) -> Path | None:
        """The absolute path of a file or folder named from here; None when it leaves the root."""
        try:
            found = (self.path / relative).resolve()
        except (OSError, ValueError, RuntimeError):  # RuntimeError: links in a circle
            return None
        return found if found.is_relative_to(self.root) else None

    def _has(self, name: str) -> bool:
        """Whether there is anything of that name; most of what is asked for is not there, and told by one call."""
        try:
            os.lstat(f"{self.path}/{name}")
        except (OSError, ValueError):
            return False
        return True

    def shown(self, found: Any) -> Any:
        """An answer as it is wherever the root lies."""
        return relpath(found, self.root) if isinstance(found, Path) else found

    @_asked
    def folder(self, relative: str) -> Path | None:
        """The absolute path of a folder named from here; None when there is none under the root."""
        found = self.inside(relative)
        try:
            return found if found is not None and found.is_dir() else None
        except OSError:
            return None

    @_asked
    def read(self, relative: str) -> str | None:
        """The text of a file; None when it is missing, too large, outside or not text."""
        found = self.inside(relative) if self._has(relative) else None
        try:
            return read_regular(found, MAX_FILE).decode("utf-8") if found is not None else None
        except (OSError, UnicodeDecodeError):
            return None

    @_asked
    def matching(self, relative: str, pattern: str) -> list[str] | None:
        """The files under a folder that match a glob, as `fileset` names them."""
        found = self.folder(relative)
        if found is None or ".." in pattern or pattern.startswith("/"):
            return None
        names: set[str] = set()
        for option in _braces(pattern):
            try:
                for path in found.glob(option):
                    if path.is_file():
                        names.add(path.relative_to(found).as_posix())
                    if len(names) > MAX_LISTED:
                        return None
            except (OSError, ValueError, NotImplementedError):
                return None
        return sorted(names)

    @_asked
    def texts(self) -> list[SourceText]:
        """The Terraform files of this folder, shown relative to the root."""
        result: list[SourceText] = []
        try:
            paths = sorted(self.path.iterdir())
        except OSError:
            return result
        for path in paths:
            if path.name.endswith((".tf", ".tofu", ".tf.json", ".tofu.json")):
                try:
                    real = path.resolve()
                    if real.is_relative_to(self.root):
                        data = read_regular(real, MAX_SOURCE)
                        result.append(decode(path.relative_to(self.root).as_posix(), data))
                except (OSError, ValueError, RuntimeError, UnreadableError):
                    continue
        return result


def _braces(pattern: str) -> list[str]:
    start, end = pattern.find("{"), pattern.find("}")
    if start < 0 or end < start:
        return [pattern]
    return [pattern[:start] + word + pattern[end + 1 :] for word in pattern[start + 1 : end].split(",")]
