"""Commands that only set the kernel of a node: `sysctl -w vm.max_map_count=262144`, and nothing that runs a program."""

from __future__ import annotations

from collections.abc import Sequence

from linter.formats.shell.command import Command
from linter.formats.shell.started import started
from linter.formats.shell.writing import READS, runs_here, targets
from linter.patterns import lazy_regex

# of memory, network and files, and the limits of processes; `kernel.core_pattern` and the like run programs as root
_NAME = lazy_regex(r"(?:vm|net|fs)[./][\w./-]+|kernel[./](?:shm\w+|sem|msg\w+|pid_max|threads-max|sched_\w+)")
_FILE = lazy_regex(r"/proc/sys/(?P<name>[\w./-]+)|/sys/kernel/mm/transparent_hugepage/[\w/]+")
_WRITING = frozenset(("e", "ignore", "n", "q", "quiet", "w", "write"))
_BESIDE = READS | {"ulimit", "tee"}


def only_sets_kernel(words: Sequence[object]) -> bool:
    """Whether a command gives settings of the kernel new values and does nothing else."""
    own = [command for command in started(words) if not command.inner and command.words]
    files = [target for command in own for target in targets(command) if not target.startswith("/dev/")]
    return (
        (bool(files) or any(command.type_key == "sysctl" for command in own))
        and all(map(_is_setting, files))
        and all(runs_here(command) and _sets_or_reads(command) for command in own)
    )


def _is_setting(path: str) -> bool:
    match = _FILE.fullmatch(path)
    return match is not None and ".." not in path and (match["name"] is None or _is_harmless(match["name"]))


def _is_harmless(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _sets_or_reads(command: Command) -> bool:
    if command.type_key != "sysctl":
        return command.type_key in _BESIDE
    names = [token.content.partition("=")[0] for token in command.operands]
    return bool(names) and all(map(_is_harmless, names)) and all(f.name in _WRITING for f in command.flags)
