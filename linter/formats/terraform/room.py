"""How much Terraform is read together: the files of a folder and of the modules that it calls are held at once."""

from __future__ import annotations

from pathlib import Path

from linter.errors import UnreadableError
from linter.formats.folder import Folder
from linter.formats.terraform.syntax import File
from linter.formats.terraform.values import FunctionError
from linter.text import SourceText

MAX_CHARACTERS = 10_000_000  # of the files that are read together
# of what the grammar makes objects of, some of which take a kilobyte: more than a folder of 4 MB has that people wrote
MAX_PARTS = 400_000
CALLED_SHARE = 3  # the modules that one root calls, each of which is read by itself too, get a third
MAX_MODULES = 200  # folders of modules that one root calls
_PARTS = "{[(,!#?+*$"


def parts_of(text: SourceText) -> int:
    """About how many objects the grammar makes of a text."""
    return sum(map(text.text.count, _PARTS))


def _full(what: str) -> UnreadableError:
    return UnreadableError(
        f"More than {what} of Terraform to be read together: this file is not.", limit=True
    )


class Room:
    """What is left of it."""

    def __init__(self, share: int = 1) -> None:
        self.share = share
        self.characters = 0  # so far
        self.parts = 0

    def take(self, text: SourceText) -> None:
        """Make room for a text. Raises `UnreadableError` where there is none left."""
        parts = parts_of(text)
        characters = len(text.text)
        if self.characters + characters > MAX_CHARACTERS // self.share:
            raise _full(f"{MAX_CHARACTERS // self.share:,} characters")
        if self.parts + parts > MAX_PARTS // self.share:
            raise _full(f"{MAX_PARTS // self.share:,} brackets, commas and the like")
        self.characters += characters
        self.parts += parts


class Called:
    """The folders of modules that a root module calls, each parsed once."""

    def __init__(self, most: int = MAX_MODULES, share: int = CALLED_SHARE) -> None:
        self.most = most  # folders
        self.folders: dict[Path, list[File]] = {}
        self.room = Room(share)

    def files(self, path: Path, folder: Folder) -> list[File] | None:
        """The files of a folder; None where there are too many folders."""
        if path not in self.folders:
            if len(self.folders) >= self.most:
                return None
            self.folders[path] = _parse(folder, self.room)
        return self.folders[path]


def _parse(folder: Folder, room: Room) -> list[File]:
    """The files of a folder that can be read, and for which there is room."""
    from linter.formats.terraform.reading import parse_file

    files = []
    for text in folder.texts():
        try:
            room.take(text)
            files.append(parse_file(text))
        except (FunctionError, UnreadableError, ValueError):
            continue
    return files
