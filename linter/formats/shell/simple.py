"""Scripts of plain commands, read without the grammar: chains of words, pipes and redirects, as most RUNs are.

Loading and walking the grammar costs more than all else on a small file. What is not surely plain here (compound
commands, substitutions, arithmetic, heredocs) is left to it; a test holds both to the same answer.
"""

from __future__ import annotations

import re

from linter.frozen import dataclass
from linter.patterns import lazy_regex

_TOKEN = lazy_regex(
    r"""(?P<blank>[ \t]+|\\\n)
    |(?P<operator>&&|\|\||;|\||\n)
    |(?P<redirect>\d*(?:>>|>|<)(?![&>(<|]))
    |(?P<duplicate>\d*>&\d(?![^\s;|&]))
    |(?P<word>(?:
        [^\s;|&<>()`$'"\\#{}!\[\]=*?~]
        |\\[^\n]
        |'[^']*'
        |"(?:[^"\\`$]|\\[^\n]|\$[A-Za-z_]\w*+|\$\{[A-Za-z_]\w*\})*"
        |\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\}
        |(?<=[^\s;|&])[#!]
        |[\[\]=*?~]
        |\{(?=[^\s;])|\}(?![ \t]*(?:;|\n|$)))+)""",
    re.VERBOSE,
)
_ASSIGNMENT = lazy_regex(r"[A-Za-z_]\w*=(?!\()")
_OTHER_KINDS = frozenset(
    {
        "if",
        "then",
        "else",
        "elif",
        "fi",
        "for",
        "while",
        "until",
        "do",
        "done",
        "case",
        "esac",
        "function",
        "select",
        "{",
        "}",
    }
    | {
        "!",
        "[",
        "[[",
        "coproc",
        "export",
        "declare",
        "local",
        "readonly",
        "typeset",
        "unset",
        "unsetenv",
        "let",
        "time",
        "in",
    }
)


@dataclass(frozen=True, slots=True)
class Plain:
    """One simple command by offsets into the text; `piped` when the next one reads its output."""

    assignments: tuple[tuple[int, int], ...]
    words: tuple[tuple[int, int], ...]
    redirects: tuple[tuple[str, int, int], ...]
    piped: bool


def plain(text: str) -> list[Plain] | None:
    """The commands of a script of plain ones; None when it may be more than that."""
    if "$(" in text or "`" in text or "((" in text or "<<" in text:
        return None
    result: list[Plain] = []
    words: list[tuple[int, int]] = []
    assignments: list[tuple[int, int]] = []
    redirects: list[tuple[str, int, int]] = []
    pending, last, at = "", ";", 0
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if start != at:
            return None
        kind, at = token.lastgroup, end
        if kind == "word":
            if pending:
                redirects.append((pending, start, at))
                pending = ""
            elif not words and _ASSIGNMENT.match(text, start, at):
                assignments.append((start, at))
            elif not words and text[start:at] in _OTHER_KINDS:
                return None
            else:
                words.append((start, at))
        elif kind == "redirect":
            if pending:
                return None
            pending = token.group().lstrip("0123456789")
        elif kind == "duplicate":
            redirects.append((">&", at - 1, at))
        elif kind == "operator":
            operator = token.group()
            if pending or (
                not words
                and not (operator == "\n" and last in (";", "\n") and not assignments and not redirects)
            ):
                return None  # an assignment on its own, or an operator without a command before it
            if words:
                result.append(Plain(tuple(assignments), tuple(words), tuple(redirects), operator == "|"))
            words, assignments, redirects = [], [], []
            last = operator
    if at < len(text) or pending or (not words and (assignments or redirects or last not in (";", "\n"))):
        return None
    if words:
        result.append(Plain(tuple(assignments), tuple(words), tuple(redirects), False))
    return result
