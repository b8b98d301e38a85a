"""How an instruction's value is cut into words, flags, pairs and JSON lists. Offsets are into the joined text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from linter.frozen import dataclass
from linter.patterns import lazy_regex

_JSON_STRING = lazy_regex(r'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*"')
_PLAIN_WORD = r"""(?:[^ \t\v\f\r\n'"\\]++|\\.|'[^']*+(?:'|\Z)|"(?:[^"\\]++|\\.)*(?:"|\\?\Z)|\\\Z)+"""
_WORD = lazy_regex(_PLAIN_WORD, re.DOTALL)
_WORD_AFTER_TICK = lazy_regex(_PLAIN_WORD.replace("\\\\", "`"), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, quotes and all."""

    text: str
    start: int
    end: int


def iterate(text: str, start: int, end: int, escape: str = "\\") -> Iterator[Word]:
    """Words between blanks; quotes and escapes hold a word together."""
    pattern = _WORD if escape == "\\" else _WORD_AFTER_TICK
    for found in pattern.finditer(text, start, end):
        yield Word(found.group(), found.start(), found.end())


def split_words(text: str, start: int, end: int, escape: str = "\\") -> list[Word]:
    """All words of a part of the text."""
    return list(iterate(text, start, end, escape))


def take_flags(text: str, start: int, escape: str = "\\") -> tuple[list[Word], int]:
    """Leading `--flags` of a value, and where the rest begins."""
    flags: list[Word] = []
    at = start
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    if text[at : at + 1] not in ("-", "\v", "\f", "\r", "\n"):
        return flags, at
    for word in iterate(text, start, len(text), escape):
        if not word.text.startswith("--"):
            return flags, word.start
        if word.text == "--":
            return flags, word.end
        flags.append(word)
    return flags, len(text)


def json_list(text: str, start: int) -> list[tuple[str, int, int]] | None:
    """The strings of a JSON list that is the whole rest of the text: (value, start, end) each; None when it is none."""
    rest = text[start:].strip()
    if not (rest.startswith("[") and rest.endswith("]")):
        return None
    try:
        values = json.loads(rest)
    except ValueError:
        return None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return None
    places = [(found.start(), found.end()) for found in _JSON_STRING.finditer(text, start)]
    if len(places) != len(values):
        return None
    return [(value, begin + 1, end - 1) for value, (begin, end) in zip(values, places, strict=True)]
