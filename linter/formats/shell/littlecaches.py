"""Installations of Python packages whose cache is hardly worth a word: little stays, or nothing stays twice."""

from __future__ import annotations

from collections.abc import Callable

from linter.formats.shell.command import Command
from linter.formats.shell.installs import install_of

# a few megabytes, which come to nearly every image
_OWN_TOOLS = frozenset({"pip", "setuptools", "wheel", "build"})
_LISTS = ("r", "requirement", "requirements")  # files that name packages


def keeps_little(command: Command, environment: Callable[[str], str | None]) -> bool:
    """Whether what the command leaves in its cache takes no room to speak of."""
    if command.type_key == "uv" and not _copies(command, environment):
        return True
    return command.has_flag("no-index") or _is_local(command) or _is_own(command)


def _copies(command: Command, environment: Callable[[str], str | None]) -> bool:
    """Whether uv copies out of its cache: otherwise a file there and the installed one are one file on the disk."""
    modes = [*command.flag_values("link-mode"), environment("UV_LINK_MODE") or ""]
    return any(mode.strip("\"'") in ("copy", "clone") for mode in modes)


def _is_local(command: Command) -> bool:
    """Whether it takes what lies there, and nothing that this depends on."""
    editable = command.flag_values("e", "editable")
    if not command.has_flag("no-deps") or command.has_flag(*_LISTS):
        return False
    paths = [*editable, *(token.content for token in command.operands[_actions(command) :])]
    return bool(paths) and all(_is_path(path) for path in paths)


def _actions(command: Command) -> int:
    return 2 if command.type_key == "uv" else 1  # `uv pip install`


def _is_path(path: str) -> bool:
    """Whether what is installed surely lies in the image; the end of a name may be known alone."""
    return "://" not in path and (path.startswith((".", "/", "~")) or path.endswith(".whl"))


def _is_own(command: Command) -> bool:
    install = install_of(command)
    names = {package.name for package in install.packages} if install is not None else set()
    return bool(names) and names <= _OWN_TOOLS and not command.has_flag(*_LISTS, "e", "editable")
