"""Where the command of a container writes, by its words: below which folders, or that it only fills one of them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from linter.formats.image import HOLE
from linter.formats.shell.command import Command
from linter.formats.shell.started import started
from linter.formats.shell.tools import SHELLS

_COPIES = frozenset(("cp", "install", "ln", "mv"))
# what changes nothing but the files that it is given
_BESIDE = frozenset(("chmod", "chown", "chgrp", "mkdir", "rm", "rmdir", "touch", "tee"))
# what writes nothing but what it is redirected to, and runs nothing
READS = frozenset((
    "[", "[[", ":", "basename", "break", "cat", "cd", "cmp", "continue", "date", "diff", "dirname", "echo", "exit",
    "export", "false", "grep", "head", "hostname", "inotifywait", "ls", "md5sum", "printf", "pwd", "read", "readlink",
    "realpath", "return", "set", "sha1sum", "sha256sum", "shopt", "sleep", "stat", "sync", "tail", "test", "trap",
    "true", "umask", "wait", "wc",
))  # fmt: skip
# what runs a command where the container's own files are
_WRAPPERS = frozenset((*SHELLS, "exec", "find", "ionice", "nice", "nohup", "timeout", "trap"))


def writes_below(words: Sequence[object], folders: Sequence[str]) -> bool:
    """Whether a command writes a file below one of some folders."""
    return any(
        _is_below(target, folder)
        for command in started(words)
        if runs_here(command)
        for target in targets(command)
        for folder in folders
    )


def only_fills(words: Sequence[object], folder: str) -> bool:
    """Whether a command writes files below a folder and nowhere else, and does no other work."""
    own = [command for command in started(words) if not command.inner and command.words]
    written = [target for command in own for target in targets(command)]
    written = [target for target in written if not target.startswith("/dev/")]
    return (
        bool(written)
        and all(_is_below(target, folder) for target in written)
        and all(runs_here(command) and _only_writes(command, folder) for command in own)
    )


def runs_here(command: Command) -> bool:
    """Whether it runs where the container's own files are, and not in those of the node."""
    return all(wrapper in _WRAPPERS for wrapper in command.wrappers)


def targets(command: Command) -> Iterator[str]:
    """The files that a command writes."""
    yield from (one.token.content for one in command.redirects if one.writes and one.token is not None)
    tool, operands = command.type_key, [token.content for token in command.operands]
    if tool in _COPIES:
        folders = command.flag_values("t", "target-directory")
        yield from folders or operands[1:][-1:]
    elif tool == "tee":
        yield from operands
    elif tool == "dd":
        yield from (word[3:] for word in operands if word.startswith("of="))


def _is_below(path: str, folder: str) -> bool:
    """Whether a path lies below a folder, as far as it is known: `/folder/$NAME` does."""
    sure, hole, rest = path.partition(HOLE)
    if not sure.startswith("/") or ".." in rest:
        return False
    above = f"{posixpath.normpath(folder).rstrip('/')}/"
    normal = posixpath.normpath(sure)
    own = not hole or sure.endswith("/") or len(normal) > len(above)
    return own and f"{normal}/".startswith(above)


def _only_writes(command: Command, folder: str) -> bool:
    """Whether a command is one that copies into the folder, or changes what is there, or reads."""
    tool = command.type_key
    if tool in _COPIES:
        return len(command.operands) > 1 or command.has_flag("t", "target-directory")
    if tool in _BESIDE:
        paths = [one.content for one in command.operands if one.content.startswith("/")]
        return bool(paths) and all(_is_below(path, folder) for path in paths)
    return tool in READS
