"""Files beside the configuration, never outside of the root of the scan."""

from __future__ import annotations

from pathlib import Path

from linter.errors import UnreadableError
from linter.text import SourceText, decode

MAX_FILE = 1_000_000
MAX_LISTED = 2_000


class Folder:
    """A directory that expressions may read from. Anything outside of `root` does not exist."""

    __slots__ = ("path", "root")

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path.resolve()
        self.root = root.resolve()

    def inside(self, relative: str) -> Path | None:
        """The absolute path of a file or folder named from here; None when it leaves the root."""
        try:
            found = (self.path / relative).resolve()
        except (OSError, ValueError):
            return None
        return found if found.is_relative_to(self.root) else None

    def folder(self, relative: str) -> Path | None:
        """The absolute path of a folder named from here; None when there is none under the root."""
        found = self.inside(relative)
        try:
            return found if found is not None and found.is_dir() else None
        except OSError:
            return None

    def read(self, relative: str) -> str | None:
        """The text of a file; None when it is missing, too large, outside or not text."""
        found = self.inside(relative)
        try:
            if found is None or not found.is_file() or found.stat().st_size > MAX_FILE:
                return None
            return found.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

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

    def texts(self) -> list[SourceText]:
        """The Terraform files of this folder, shown relative to the root."""
        result: list[SourceText] = []
        try:
            paths = sorted(self.path.iterdir())
        except OSError:
            return result
        for path in paths:
            if path.name.endswith((".tf", ".tofu", ".tf.json", ".tofu.json")) and path.is_file():
                try:
                    result.append(decode(path.relative_to(self.root).as_posix(), path.read_bytes()))
                except (OSError, ValueError, UnreadableError):
                    continue
        return result


def _braces(pattern: str) -> list[str]:
    start, end = pattern.find("{"), pattern.find("}")
    if start < 0 or end < start:
        return [pattern]
    return [pattern[:start] + word + pattern[end + 1 :] for word in pattern[start + 1 : end].split(",")]
