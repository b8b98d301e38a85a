"""Parts of a script that the grammar could not read, split at operators alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter.formats.shell.command import Assignment, Command
from linter.formats.shell.cutter import Cutter
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_OPERATOR = lazy_regex(r"""(\\.|'[^']*'|"(?:[^"\\]|\\.)*")|(&&|\|\||\|&?|;|&|\n)""", re.DOTALL)
_BLANK_WORD = lazy_regex(r"""(?:[^\s\\'"]|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|['"\\])+""", re.DOTALL)
_ASSIGNMENT = lazy_regex(r"[A-Za-z_]\w*=")
KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "esac", "!", "{", "}"}
)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A command, or assignments on their own; `piped` when the next command reads its output."""

    command: Command | None
    assignments: list[Assignment]
    piped: bool


def salvage(cutter: Cutter, start: int, end: int) -> Iterator[Salvaged]:
    """The commands of a part of a text, as far as words and operators alone tell."""
    for low, high, operator in _chunks(cutter.text, start, end):
        tokens = [cutter.token(*word.span()) for word in _BLANK_WORD.finditer(cutter.text, low, high)]
        while tokens and (tokens[0].text in KEYWORDS or tokens[0].text in ("(", ")")):
            if tokens.pop(0).text == "for":
                tokens = []  # the words of a loop are no command
        assignments = []
        while tokens and _ASSIGNMENT.match(tokens[0].content):
            token = tokens.pop(0)
            name, _, content = token.content.partition("=")
            assignments.append(Assignment(token, name, content))
        command = Command(tokens, assignments, []) if tokens else None
        yield Salvaged(command, assignments, operator.startswith("|") and operator != "||")


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    low = start
    for found in _OPERATOR.finditer(text, start, end):
        if found.group(2):
            yield low, found.start(), found.group(2)
            low = found.end()
    yield low, end, ""
