"""How an instruction's value is cut into words, flags, pairs and JSON lists. Offsets are into the joined text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from linter.frozen import dataclass
from linter.patterns import lazy_regex

_JSON_STRING = lazy_regex(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SPACES = " \t\v\f\r\n"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, quotes and all."""

    text: str
    start: int
    end: int


def iterate(text: str, start: int, end: int, escape: str = "\\") -> Iterator[Word]:
    """Words between blanks; quotes and escapes hold a word together."""
    at = start
    while at < end:
        if text[at] in _SPACES:
            at += 1
            continue
        begin, quote = at, ""
        while at < end and (quote or text[at] not in _SPACES):
            char = text[at]
            if char == escape and quote != "'":
                at += 1
            elif quote:
                quote = "" if char == quote else quote
            elif char in "\"'":
                quote = char
            at += 1
        at = min(at, end)
        yield Word(text[begin:at], begin, at)


def split_words(text: str, start: int, end: int, escape: str = "\\") -> list[Word]:
    """All words of a part of the text."""
    return list(iterate(text, start, end, escape))


def take_flags(text: str, start: int, escape: str = "\\") -> tuple[list[Word], int]:
    """Leading `--flags` of a value, and where the rest begins."""
    flags: list[Word] = []
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
