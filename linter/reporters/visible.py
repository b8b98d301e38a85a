"""Hostile text made harmless for a terminal and for the runners of pipelines, and its width in terminal cells."""

from __future__ import annotations

import re
import unicodedata

from linter.patterns import lazy_regex

# C0, DEL, C1, zero width and bidirectional controls, separators, surrogates, interlinear marks, tags
_UNSAFE = lazy_regex(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff0-\ufffc\ufffe\uffff\U000e0000-\U000e0fff]"
)
# GitHub's runner and Azure's obey these wherever they stand in a line of a log
_COMMAND = lazy_regex(r"##(?=(?:vso)?\[)")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """`text` on one line with all that a terminal or a runner would obey spelt out: `\\x1b`, `\\u202e`, `#\\#[`."""
    shown = text if text.isascii() and text.isprintable() else _UNSAFE.sub(_spell, text)
    return shown if "##" not in shown else _COMMAND.sub(r"#\\#", shown)


def told(text: str) -> str:
    """Lines for a log, harmless each: words of a file may be in them, and begin a line."""
    lines = (visible(line) for line in text.split("\n"))
    return "\n".join(f"\\{line}" if line.lstrip().startswith("::") else line for line in lines)


def quiet(text: str) -> str:
    """JSON in which no runner finds a command: the same values."""
    return text if "##" not in text else _COMMAND.sub(r"#\\u0023", text)


def shown_path(path: str) -> str:
    """A path that may begin a line: GitHub's runner obeys lines that begin with `::`, so `./` goes before it."""
    shown = visible(path)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def _spell(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def cells(text: str) -> int:
    """Width in terminal cells of text that `visible` returned."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def is_plain(line: str) -> bool:
    """Whether a line can be shown as it is, a cell a character: nearly all can."""
    return line.isascii() and line.isprintable() and "##" not in line


def expand(line: str, tab: int = 4) -> tuple[str, list[int]]:
    """A source line for the screen, and for each of its code points (and one past) the cell it starts at."""
    if is_plain(line):
        return line, list(range(len(line) + 1))
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    hashes = {match.start() + 1 for match in _COMMAND.finditer(line)}
    for index, character in enumerate(line):
        starts.append(at)
        shown = " " * (tab - at % tab) if character == "\t" else visible(character)
        shown = shown if index not in hashes else "\\#"
        parts.append(shown)
        at += cells(shown)
    starts.append(at)
    return "".join(parts), starts
