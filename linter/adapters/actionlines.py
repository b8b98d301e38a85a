"""The lines of a Helm template, an expression over several of them as one, a variable as what it includes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter.patterns import lazy_regex

_MOST = 100  # lines of one expression
_LONGEST = 10_000  # characters of one
_GIVEN = lazy_regex(r"\{\{-?\s*+(\$\w++)\s*+:?=([^{}]{1,1000}+)\}\}")
_INCLUDE = lazy_regex(r"\(?include\s++\"[^\"]{1,200}\"[^|]*+")  # and does no more with it
_WRITTEN = lazy_regex(r"(\{\{-?\s*+)(\$\w++)(?=\s*+(?:\||-?\}\}))")
_MOST_WRITTEN = 200  # times that variables are replaced in a template


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


def named(lines: Sequence[str]) -> list[str]:
    """The same lines; a variable that is given nothing else than what a named template writes is that `include`."""
    given: dict[str, list[str]] = {}
    for line in lines:
        for match in _GIVEN.finditer(line) if "=" in line and "{{" in line else ():
            given.setdefault(match[1], []).append(match[2].strip("- "))
    includes = {
        name: words[0]
        for name, words in given.items()
        if len(words) == 1 and _INCLUDE.fullmatch(words[0]) is not None
    }
    left = _MOST_WRITTEN if includes else 0

    def written(match: re.Match[str]) -> str:
        nonlocal left
        if left <= 0 or match[2] not in includes:
            return match[0]
        left -= 1
        return f"{match[1]}{includes[match[2]]}"

    return [_WRITTEN.sub(written, line) if left > 0 and "{{" in line else line for line in lines]


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
