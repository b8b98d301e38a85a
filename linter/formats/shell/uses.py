"""Commands that use a file, or check it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from linter.formats.shell.command import WINDOW, Command
from linter.formats.shell.tools import INTERPRETERS
from linter.formats.shell.verify import reads_sums, verifies
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_MAKES_EXECUTABLE = lazy_regex(r"\+[rwst]*x|\s0?[0-7]*[1357][0-7]{0,2}\s|=[rwst]*x")
_USERS = INTERPRETERS | {
    "tar", "unzip", "dpkg", "rpm", "apt", "apt-get", "pip", "dnf", "yum", "chmod", "install", "gunzip", "xz", "7z",
    "java", "bzip2", "zstd", "cpio", "apk", "source", ".", "alien", "gzip", "gdebi", "uv", "conda", "mv",
}  # fmt: skip


class Uses:
    """The commands of a script by what they may do with a file, so that each download need not look at all of them."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = commands

    @cached_property
    def _checks(self) -> list[int]:
        return [at for at, command in enumerate(self._commands) if verifies(command)]

    @cached_property
    def _users(self) -> list[int]:
        return [at for at, command in enumerate(self._commands) if _may_use(command)]

    @cached_property
    def _programs(self) -> dict[str, list[int]]:
        """Where each program is run, by its name without leading dots and slashes."""
        found: dict[str, list[int]] = {}
        for at, command in enumerate(self._commands):
            if command.words:
                found.setdefault(command.words[0].content.lstrip("./"), []).append(at)
        return found

    def check(self, names: Sequence[str], after: int) -> bool:
        """Whether a command that comes after another checks a file that has one of the names."""
        return any(
            _mentions(command, names) or reads_sums(command) for command in self._within(self._checks, after)
        )

    def use(self, names: Sequence[str], after: int) -> bool:
        """Whether a command that comes after another unpacks, installs or runs a file that has one of the names."""
        for name in names:
            for command in self._within(self._programs.get(name.lstrip("./"), []), after):
                if command.type_key != "chmod":
                    return True
        return any(_mentions(command, names) for command in self._within(self._users, after))

    def _within(self, positions: Sequence[int], after: int) -> Iterator[Command]:
        for index in range(bisect_right(positions, after), len(positions)):
            at = positions[index]
            if at > after + WINDOW:
                return
            yield self._commands[at]


@dataclass(frozen=True, slots=True)
class Later:
    """The commands that come after one."""

    uses: Uses
    position: int

    def check(self, names: Sequence[str]) -> bool:
        return self.uses.check(names, self.position)

    def use(self, names: Sequence[str]) -> bool:
        return self.uses.use(names, self.position)


def _may_use(command: Command) -> bool:
    tool = command.type_key
    if tool == "chmod":
        return _MAKES_EXECUTABLE.search(command.line) is not None
    if tool == "mv":
        return re.search(r"/s?bin(?:/|$)", command.words[-1].content) is not None
    return tool in _USERS


def _mentions(command: Command, names: Sequence[str]) -> bool:
    """Whether a word of a command holds one of the names, or is a pattern that one of them matches."""
    line: str | None = command.__dict__.get("_rest")
    if line is None:
        line = command.__dict__["_rest"] = " ".join([token.content for token in command.words[1:]])
    if any(name in line for name in names):
        return True
    if "*" not in line:
        return False
    return any(
        "*" in token.content and any(_matches(token.content, name) for name in names)
        for token in command.words
    )


def _matches(pattern: str, name: str) -> bool:
    expression = "".join(
        ".*" if char == "*" else "." if char == "?" else re.escape(char)
        for char in pattern.rsplit("/", 1)[-1]
    )
    return pattern.strip("*./") != "" and re.fullmatch(expression, name.rsplit("/", 1)[-1]) is not None
