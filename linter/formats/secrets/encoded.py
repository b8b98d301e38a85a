"""Text inside base64 and URL encoding: what is written so is no better kept."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import unquote

from linter.formats.secrets.runs import Run
from linter.patterns import lazy_regex

_BASE64 = lazy_regex(r"[A-Za-z0-9+/]{32,}={0,2}")
_TEXT = bytes(range(32, 127)) + b"\r\n\t"
_PEEK = 24  # characters that are decoded to see whether it is text at all: random bytes are once in 10^7
_LONGEST = 1_000_000
_ESCAPED_URL = lazy_regex(r"[A-Za-z0-9_.~%+-]{1,2000}")
ENCODED_URL = "%3A%2F%2F"


def encoded_texts(text: str, runs: list[Run]) -> Iterator[tuple[int, int, str]]:
    """Where a text is encoded within `text`, and what it says decoded. `runs` are those that may be base64."""
    if runs:
        yield from _base64_texts(text, runs)
    at = text.find(ENCODED_URL)
    while at >= 0:
        start = max(text.rfind(before, 0, at) for before in ("=", " ", "\n", '"', "'")) + 1
        run = _ESCAPED_URL.match(text, max(start, at - 100))
        end = run.end() if run is not None else at + len(ENCODED_URL)
        yield max(start, at - 100), end, unquote(text[max(start, at - 100) : end])
        at = text.find(ENCODED_URL, max(end, at + 1))


def _base64_texts(text: str, runs: list[Run]) -> Iterator[tuple[int, int, str]]:
    for start, stop in runs:
        for run in _BASE64.finditer(text, start, min(stop + 2, len(text))):
            begin = run.start() + (run[0][0] in "nrt" and text.endswith("\\", 0, run.start()))
            decoded = _decoded(text[begin : min(run.end(), begin + _LONGEST)].rstrip("="))
            if decoded is not None:
                yield begin, run.end(), decoded


def _decoded(run: str) -> str | None:
    """What a run of base64 says, if that is text of printable characters."""
    try:
        if base64.b64decode(run[:_PEEK]).translate(None, _TEXT):
            return None
        data = base64.b64decode(run[: len(run) // 4 * 4])
        rest = len(run) % 4
        if rest > 1:
            data += base64.b64decode(run[-rest:] + "=" * (4 - rest))
    except ValueError:
        return None
    return None if data.translate(None, _TEXT) else data.decode("ascii")
