"""The lines of a Helm template, an expression over several of them as one."""

from __future__ import annotations

from collections.abc import Sequence

_MOST = 100  # lines of one expression
_LONGEST = 10_000  # characters of one


def joined(lines: Sequence[str]) -> list[str]:
    """The same lines; of an expression that goes on below its first line all is in that one, and the others are empty.

    What stands behind the end of one stays where it is. Comments over several lines write nothing, and are left out.
    """
    found = list(lines)
    number = 0
    while number < len(found):
        last = _last_of(found, number)
        if last is None:
            number += 1
            continue
        inside = [found[number].rstrip(), *(line.strip() for line in found[number + 1 : last])]
        end, close, after = found[last].partition("}}")
        head, _, begun = found[number].rpartition("{{")
        comment = begun.lstrip("- \t").startswith("/*")
        found[number] = head if comment else " ".join((*inside, end.lstrip() + close))
        found[number + 1 : last] = [""] * (last - number - 1)
        found[last] = " " * (len(end) + len(close)) + after if after.strip() else ""
        number = last  # another one may begin behind it
    return found


def _last_of(lines: Sequence[str], number: int) -> int | None:
    """The line that ends the expression which a line begins and leaves open; None: it leaves none open."""
    line = lines[number]
    if line.rfind("{{") <= line.rfind("}}"):
        return None
    size = len(line)
    for at in range(number + 1, min(len(lines), number + _MOST)):
        size += len(lines[at])
        if size > _LONGEST:
            return None
        if "}}" in lines[at]:
            return at
    return None
