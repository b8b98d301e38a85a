"""Long runs of the characters that tokens and base64 are made of: most text has few of them."""

from __future__ import annotations

from collections.abc import Iterator

SHORTEST = 32  # characters of base64 that can hold the shortest of formats that stand alone
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_CLASSES = bytes(120 if byte in _ALPHABET else 32 for byte in range(256))
_RUN = b"x" * SHORTEST


def long_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where such a run begins and ends, in order."""
    # one byte a character, so that offsets stay; characters outside Latin-1 are no part of a token
    classes = text.encode("latin-1", "replace").translate(_CLASSES)
    at = classes.find(_RUN)
    while at >= 0:
        end = classes.find(b" ", at + SHORTEST)
        if end < 0:
            end = len(classes)
        yield at, end
        at = classes.find(_RUN, end)
