"""Whether what a command prints is run as a script."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter.formats.image import HOLE
from linter.formats.shell.command import WINDOW, Command
from linter.formats.shell.pythoncode import PYTHON_DOWNLOAD, python_code
from linter.formats.shell.tools import INTERPRETERS, SHELLS
from linter.patterns import lazy_regex

_PYTHON_RUN = lazy_regex(r"\b(?:exec|eval|system|popen|run|call|check_call|check_output|Popen)\s*\(")


_TO_SHELL = lazy_regex(r">\(\s*(?:sudo\s+)?(?:\S*/)?(?:ba|z|da|k|a)?sh\b")


def runs_later(command: Command, commands: Sequence[Command]) -> bool:
    """Whether a command's output is run by others: as a variable's value, or line by line in a loop."""
    name = command.assigned
    commands = commands[command.position : command.position + WINDOW]
    if name:
        use = re.compile(rf"\$\{{?{re.escape(name)}\b")
        return any(
            _runs_words(one, use)
            for one in commands
            if use.search(" ".join(token.text for token in one.words))
        )
    return any(
        one.upstream is command and (one.type_key in ("eval", "source", ".") or _reads_script(one))
        for one in commands
    )


def _runs_words(command: Command, use: re.Pattern[str]) -> bool:
    tool = command.type_key
    if tool in ("eval", "source", ".") or (command.words and use.match(command.words[0].text.strip("\"'"))):
        return True
    if tool in SHELLS and command.has_flag("c") and command.operands and use.search(command.operands[0].text):
        return True
    return tool in ("echo", "printf") and pipes_to_shell(command)


def pipes_to_shell(command: Command) -> bool:
    """Whether the output of a command is run as a script."""
    if any(
        one.writes and one.token is not None and _TO_SHELL.match(one.token.text) for one in command.redirects
    ):
        return True
    down, hops = command.downstream, 0
    while down is not None and hops < 8:
        if _runs_input(down):
            return True
        down, hops = down.downstream, hops + 1
    outer = command.substitutes
    while outer is not None and hops < 8:
        tool = outer.type_key
        if tool in ("eval", "source", ".") or _runs_substitution(outer):
            return True
        if not tool and outer.words and "(" in outer.words[0].text[:3]:  # the output is the command itself
            return True
        if outer.words and outer.words[0].text.startswith("`"):
            return True
        if any(wrapper in SHELLS or wrapper == "eval" for wrapper in outer.wrappers) and not tool:
            return True
        if outer.downstream is not None and pipes_to_shell(outer):
            return True
        outer, hops = outer.substitutes, hops + 1
    return False


def _runs_substitution(command: Command) -> bool:
    """Whether an interpreter takes another command's output for its program: `-c "$(…)"`, `<(…)`, `<<< "$(…)"`."""
    tool = command.type_key
    if tool not in INTERPRETERS:
        return False
    if any(
        redirect.operator == "<<<" and HOLE in redirect.token.content
        for redirect in command.redirects
        if redirect.token
    ):
        return True
    if tool not in SHELLS and any(HOLE in content for content in command.flag_values("c", "e")):
        return True
    if any(
        one.operator == "<" and one.token is not None and one.token.text.startswith("<(")
        for one in command.redirects
    ):
        return not command.operands
    if not command.operands:
        return False
    first = command.operands[0]
    return first.text.startswith("<(") or (tool in SHELLS and command.has_flag("c") and HOLE in first.content)


def _runs_input(command: Command, depth: int = 0) -> bool:
    """Whether a command, or what it wraps, runs what comes on its standard input."""
    return _reads_script(command) or (
        depth < 6 and any(_runs_input(inner, depth + 1) for inner in command.inner[:50])
    )


def _reads_script(command: Command) -> bool:
    """Whether a command runs what comes on its standard input."""
    tool = command.type_key
    if tool in ("source", "."):
        return True
    if tool not in INTERPRETERS:
        return False
    if tool in SHELLS:
        if command.has_flag("c") and "xargs" in command.wrappers:
            return not command.operands or command.operands[0].content in ("{}", "%", "@")
        if command.has_flag("c"):
            return any("/dev/stdin" in token.content for token in command.words)
        return (
            command.has_flag("s")
            or not command.operands
            or command.operands[0].content in ("-", "/dev/stdin", "/dev/fd/0")
        )
    if command.has_flag("c", "m", "e"):
        return False
    return not command.operands or command.operands[0].content in ("-", "/dev/stdin")


def runs_download(command: Command) -> bool:
    """Whether Python text of a command fetches something and runs it."""
    code = python_code(command)
    return code is not None and bool(_PYTHON_RUN.search(code) and PYTHON_DOWNLOAD.search(code))
