"""GitHub's `primaryLocationLineHash`: what code scanning tracks an alert by when lines move.

The hash of a line covers the first hundred UTF-16 units from its start, blanks left out and line ends made
one, followed by an end mark and zeros; it is a polynomial in 37 modulo 2**64. A counter tells equal hashes apart.
(As the upload action of GitHub documents it in `src/fingerprints.ts`; checked against its published vectors.)
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable

_BLOCK = 100
_END = "\uffff"
_POWERS = tuple(pow(37, _BLOCK - 1 - index, 1 << 64) for index in range(_BLOCK))
_MASK = (1 << 64) - 1


def line_hashes(text: str, lines: Iterable[int]) -> dict[int, str]:
    """1-based line -> hash, for those `lines` that the text has. `text` keeps its byte order mark."""
    wanted = set(lines)
    if not wanted:
        return {}
    folded = text.replace("\r\n", "\n").replace(" ", "").replace("\t", "").replace("\r", "\n")
    if not folded.isascii() and max(folded) > "\uffff":
        folded = _units(folded)
    padded = folded + _END + "\0" * _BLOCK
    seen: dict[str, int] = {}
    found: dict[int, str] = {}
    start, last = 0, max(wanted)
    for line in range(1, last + 1):
        window = padded[start : start + _BLOCK]
        seen[window] = count = seen.get(window, 0) + 1
        if line in wanted:
            found[line] = f"{_polynomial(window):x}:{count}"
        end = folded.find("\n", start)
        if end == -1:
            break
        start = end + 1
    return found


def _polynomial(window: str) -> int:
    return sum(ord(unit) * power for unit, power in zip(window, _POWERS, strict=True)) & _MASK


def _units(text: str) -> str:
    """Characters outside the basic plane as their two surrogates, as JavaScript counts."""
    units = array("H")
    units.frombytes(text.encode("utf-16-le", "surrogatepass"))
    if sys.byteorder == "big":
        units.byteswap()
    return "".join(map(chr, units))
