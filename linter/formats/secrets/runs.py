"""Runs of the characters that tokens and base64 are made of: most text has few that are long."""

from __future__ import annotations

from typing import NamedTuple

TOKEN = 14  # characters of the shortest token of any format that is found by its head
ENCODED = 32  # characters of base64 that can hold the shortest of the formats that stand alone

_WORD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_WORD_CLASSES = bytes(120 if byte in _WORD else 32 for byte in range(256))
_BASE64_CLASSES = bytes(120 if byte in _WORD + b"+/" else 32 for byte in range(256))

_SHORT = b"x" * TOKEN

Run = tuple[int, int]  # where it begins and ends


class Runs(NamedTuple):
    """The long runs of a text, in order."""

    tokens: list[Run]  # in which a token may begin
    encoded: list[Run]  # that may be base64, or hold a token that has no head


def long_runs(text: str) -> Runs:
    """One pass over a text: a line without such a run costs next to nothing."""
    # one byte a character, so that offsets stay; characters outside Latin-1 are no part of a token
    data = text.encode("latin-1", "replace")
    return Runs(_runs(data.translate(_WORD_CLASSES), TOKEN), _runs(data.translate(_BASE64_CLASSES), ENCODED))


def runs_of(text: str, shortest: int) -> list[Run]:
    """The runs of base64 of at least so many characters."""
    return _runs(text.encode("latin-1", "replace").translate(_BASE64_CLASSES), shortest)


def has_long_run(text: str) -> bool:
    """Whether there is any: one of base64 has at least one of these too."""
    return _SHORT in text.encode("latin-1", "replace").translate(_BASE64_CLASSES)


def _runs(classes: bytes, shortest: int) -> list[Run]:
    found: list[Run] = []
    run = b"x" * shortest
    at = classes.find(run)
    while at >= 0:
        end = classes.find(b" ", at + shortest)
        if end < 0:
            end = len(classes)
        found.append((at, end))
        at = classes.find(run, end)
    return found
