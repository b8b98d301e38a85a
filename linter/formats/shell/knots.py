"""Texts that the grammar would take too long over: it gets slower with every operator that it can't bring to an end.

Minutes for 200 kB of brackets, or for one pipeline of thousands of commands. Nobody writes such a script.
"""

from __future__ import annotations

from time import process_time
from typing import Any

from linter.formats.patience import lost
from linter.patterns import lazy_regex

MAX_TANGLES = 300  # operators of a text beyond those that a word or a pipeline may have
_WORD = 8  # operators of a word without blanks: `$(a $(b))`, `2>&1|c`
_PIPELINE = 30  # commands of a pipeline
_SHORT = 150  # characters that can't have too many
_PACE = 2.5e-6  # seconds a byte, eight times what scripts take
_PATIENCE = 1.0  # seconds beyond that pace, for one text
_ALL_PATIENCE = 3.0  # and for all texts of a file; then only those with few operators are still parsed
_FEW = 10
_MOST = 50_000
_CHUNK = 1 << 16
_END = lazy_regex(r";|&&|\n")
_OPERATORS = "()|<>&;"
_TANGLING = "()|<>"


def parse(parser: Any, data: bytes) -> Any:
    """The tree of a script; None when the grammar takes too long over it."""
    if len(data) <= _SHORT:
        return parser.parse(data)
    started = process_time()
    due = len(data) * _PACE

    def late(offset: int, has_error: bool) -> bool:
        return process_time() - started > due + _PATIENCE

    try:
        return parser.parse(lambda offset, _: data[offset : offset + _CHUNK], progress_callback=late)
    except ValueError:  # it was stopped
        parser.reset()
        return None
    finally:
        lost.seconds += max(0.0, process_time() - started - due)


def most_salvaged() -> int:
    """How many commands of a text that is not parsed are looked at: fewer when there were many such texts."""
    return _MOST if lost.seconds <= _ALL_PATIENCE else _FEW


def knotted(text: str) -> bool:
    """Whether a text has so many operators without ends that only its words and operators can be looked at."""
    operators = sum(map(text.count, _TANGLING)) if len(text) > _SHORT or lost.seconds > _ALL_PATIENCE else 0
    if lost.seconds > _ALL_PATIENCE and operators > _FEW:
        return True
    if operators <= MAX_TANGLES:
        return False
    return _in_words(text) > MAX_TANGLES or _in_pipelines(text) > MAX_TANGLES


def _in_words(text: str) -> int:
    """Operators of words that have many, and those that stand after another with no word between them."""
    found = 0
    bare = False
    for word in text.split():
        before, bare = bare, not word.strip(_OPERATORS)
        if bare and before:
            found += len(word)
        elif len(word) > _WORD:
            found += max(0, sum(map(word.count, _TANGLING)) - _WORD)
    return found


def _in_pipelines(text: str) -> int:
    found = length = 0
    for part in _END.split(text):
        if not part.strip():  # a pipeline goes on behind a line that ends with its operator
            continue
        length += part.count("|")
        if not part.rstrip().endswith("|"):
            found += max(0, length - _PIPELINE)
            length = 0
    return found + max(0, length - _PIPELINE)
