"""What init containers, and jobs, do that root alone may: change owners, users, the kernel's settings or mounts, or
make folders in a volume, which is root's when it is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from linter.patterns import lazy_regex

_USERS = r"useradd|usermod|groupadd|groupmod|adduser|addgroup"
_OF_ROOT = lazy_regex(
    rf"(?:\A|[\s;&|(`/])(?:chmod\s+(?:-R|--recursive)|chown|chgrp|sysctl|mount|umount|modprobe|setcap|mknod|swapoff|{_USERS})(?=[\s;&|]|\Z)"
)
_SHELL = lazy_regex(r"(?:/(?:usr/)?bin/)?(?:ba|a|da)?sh(?:\s+-[a-z]{1,5})*\s+-[a-z]{0,5}c(?:\s+--)?\s+")
# what a script is made of: its parts, and the words of a shell that may stand before a command
_BETWEEN = lazy_regex(r"&&|\|\||[;\n]")
_BEFORE = lazy_regex(r"(?:(?:do|then|else|if|!)\s+)+")
_FOLDERS = r"mkdir|install\s+(?:\S+\s+){0,6}-d"
_MAKES = lazy_regex(rf"(?:/(?:usr/)?bin/)?(?:{_FOLDERS})\s")
_PREPARES = lazy_regex(rf"(?:/(?:usr/)?s?bin/)?(?:{_FOLDERS}|chown|chgrp|{_USERS})\s")
# those that change nothing but the folders
_BESIDE = lazy_regex(
    r"(?:#.*|(?:(?:/(?:usr/)?bin/)?(?:chmod|touch|echo|printf|ls|stat|cd|umask|test|\[|true|false|:|set|exit)|for|done|fi|do|then|else)"
    r"(?:\s.*)?)?",
)
# what runs another command inside, or writes a file
_MORE = lazy_regex(r"`|\$\(|[|<]|>(?!\s*(?:&\d|/dev/null))|(?<![&>])&(?![&>])")


def only_prepares(words: Sequence[object]) -> bool:
    """Whether a command does nothing but make folders and users, and change owners and modes."""
    texts = [word for word in words if isinstance(word, str)]
    return len(texts) == len(words) and _only(_PREPARES, " ".join(texts))


def needs_root(words: Sequence[object]) -> bool:
    """Whether a command changes what root alone may, or does nothing but make folders."""
    texts = [word for word in words if isinstance(word, str)]
    if any(_OF_ROOT.search(text) is not None for text in texts):
        return True
    return len(texts) == len(words) and _only(_MAKES, " ".join(texts))


def _only(work: re.Pattern[str], command: str) -> bool:
    """Whether a command, or the script in it, does some work and besides only what changes nothing."""
    script = command.strip()
    found = _SHELL.match(script)
    parts = list(_parts(script[found.end() :] if found is not None else script))
    makes = [work.match(part) is not None for part in parts]
    return any(makes) and all(
        _MORE.search(part) is None and (made or _BESIDE.fullmatch(part) is not None)
        for part, made in zip(parts, makes, strict=True)
    )


def _parts(script: str) -> Iterator[str]:
    for part in _BETWEEN.split(script.replace("\\\n", " ")):
        stripped = part.strip()
        found = _BEFORE.match(stripped)
        yield stripped[found.end() :] if found is not None else stripped
