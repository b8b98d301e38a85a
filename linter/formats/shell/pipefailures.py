"""Failures that a pipe hides: a command before the last one that may fail, and nobody would see it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from linter.formats.shell.command import WINDOW, Command
from linter.formats.shell.downloads import DOWNLOADERS
from linter.formats.shell.piped import pipes_to_shell
from linter.formats.shell.verify import verifies
from linter.patterns import lazy_regex

_NEVER_FAIL = frozenset({"echo", "printf", "yes", "true", ":"})
# what only prints what is there: nothing is missing afterwards that was to be made, and those that read a part of it
# (`head`, `grep -q`) would make pipefail fail for nothing
_READERS = frozenset(
    {
        "ls",
        "find",
        "cat",
        "grep",
        "sed",
        "awk",
        "cut",
        "sort",
        "uniq",
        "tr",
        "head",
        "tail",
        "wc",
        "basename",
        "dirname",
    }
    | {"env", "printenv", "id", "uname", "date", "du", "df", "file", "getent", "locale", "which", "strings"}
    | {"ldd", "nm", "readelf", "objdump", "cuobjdump", "dpkg-query", "dpkg-deb"}
)
_LISTING = {"unzip": ("p", "l", "Z"), "dpkg": ("l", "L", "s"), "rpm": ("q", "qa", "ql")}
_UNPACKERS = frozenset(
    {"gunzip", "zcat", "unxz", "xzcat", "bunzip2", "bzcat", "unzstd", "zstdcat", "funzip", "cpio"}
)
_DECODERS = frozenset({"gzip", "xz", "bzip2", "zstd"})
_MOST = 8  # commands of a pipe that are looked at
_LIST, _EXTRACT = ("t", "list"), ("x", "extract", "get")  # of tar
_VERSIONS = ("--version", "-version", "version", "-V")
_TEST = r"(?:\[|\btest)[ \t]+(?:![ \t]*)?"
_NAME_ASKED = lazy_regex(rf"{_TEST}-[zn][ \t]+\"?\$\{{?(\w+)|\$\{{(\w+):\?")
_FILE_ASKED = lazy_regex(rf"{_TEST}-s[ \t]+([^\s;\]]+)")


def hidden_failures(commands: Sequence[Command], text: str) -> Iterator[Command]:
    """The commands of a script whose failure a pipe hides, those last whose output is run as a script."""
    names = {name for match in _NAME_ASKED.finditer(text) for name in match.groups() if name}
    files = set(_FILE_ASKED.findall(text))
    hidden = [
        command
        for command in commands
        if command.downstream is not None
        and _matters(command, commands)
        and not _is_asked_for_nothing(command, names, files)
    ]
    yield from sorted(hidden, key=pipes_to_shell)  # in their order else


def _matters(command: Command, commands: Sequence[Command]) -> bool:
    tool = command.type_key
    if tool in _NEVER_FAIL or command.tested or _reads(command) or _is_loud(_last(command)):
        return False
    if command.assigned and _is_part_of_download(command, commands):
        return False
    return not (command.assigned or command.substitutes) or tool in DOWNLOADERS


def _reads(command: Command) -> bool:
    tool = command.type_key
    if tool == "sed" and command.has_flag("i", "in-place"):
        return False
    if [token.content for token in command.words[1:]] in [[word] for word in _VERSIONS]:
        return True
    return tool in _READERS or command.has_flag(*_LISTING.get(tool, ())) or _does(command, _LIST)


def _last(command: Command) -> Command:
    for _ in range(_MOST):
        if command.downstream is None:
            break
        command = command.downstream
    return command


def _is_loud(command: Command) -> bool:
    """Whether a command fails by itself when nothing comes in, or half of it: `tar xz`, `gpg --dearmor`."""
    tool = command.type_key
    if tool in _UNPACKERS or verifies(command):
        return True
    if tool == "tar":
        return _does(command, _LIST) or _does(command, _EXTRACT)
    if tool in _DECODERS:
        return command.has_flag("d", "decompress", "uncompress")
    if tool == "gpg":
        return command.has_flag("dearmor", "import")
    if tool == "jq":
        return command.has_flag("e", "exit-status")
    return (tool == "apt-key" and command.does("add")) or tool == "grep"


def _does(tar: Command, mode: tuple[str, ...]) -> bool:
    """Whether tar does something, in the old style, too: `tar xzf`."""
    if tar.type_key != "tar":
        return False
    first = tar.words[1].content if len(tar.words) > 1 else ""
    return tar.has_flag(*mode) or (first.isalpha() and mode[0] in first)


def _is_part_of_download(command: Command, commands: Sequence[Command]) -> bool:
    """Whether its output is the value of a variable that makes the address of a later download, which then fails."""
    use = re.compile(rf"://\S*\$\{{?{re.escape(command.assigned)}\b")
    later = commands[command.position + 1 : command.position + WINDOW]
    return any(
        one.type_key in DOWNLOADERS and _fails(one) and any(use.search(token.text) for token in one.words)
        for one in later
    )


def _is_asked_for_nothing(command: Command, names: Collection[str], files: Collection[str]) -> bool:
    """Whether the script asks if nothing came out at the end of the pipe: of the variable that it is the value of by
    `[ -z "$V" ]` or `${V:?}`, of the file that it is written to by `[ -s file ]`."""
    if command.assigned in names:
        return True
    written = (one.token for one in _last(command).redirects if one.writes and one.token is not None)
    return any(token.text in files for token in written)


def _fails(download: Command) -> bool:
    """Whether a download of what is not there fails, itself or in what takes it."""
    if download.downstream is not None:
        return _is_loud(_last(download))
    return download.type_key != "curl" or download.has_flag("f", "fail", "fail-with-body")
