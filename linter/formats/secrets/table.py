"""The table of secret formats and where in a text one of them may begin.

The table is data (`data/secrets.json`: one format a line, with its source and date). Nothing is compiled
before a literal part of a format was seen: compiling all of them takes longer than scanning a repository.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

from linter import compiled
from linter.formats.data import table_text
from linter.formats.secrets.runs import Run, Runs
from linter.frozen import dataclass

_LEFT = "(?<![A-Za-z0-9_])"
# a token right after an escaped line end ("...\nhf_...") begins at a letter that is no part of it
_LEFT_OR_ESCAPE = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt]))"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One format of secret. `named`: its value has no mark of its own; only a matching name makes it one."""

    kind: str
    provider: str
    title: str
    regex: str
    confidence: str
    source: str
    date: str
    named: bool = False
    names: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()  # how the value begins
    follows: tuple[str, ...] = ()  # what stands, as part of it, right before a long run of token characters
    near: tuple[
        tuple[str, int], ...
    ] = ()  # a literal in or before the value, how far before it the match may begin
    within: tuple[tuple[str, int], ...] = ()  # the same, for literals within a long run of token characters
    schemes: tuple[str, ...] = ()  # of URLs, for the formats that are a password in one
    check: str = ""  # the checksum or structure that tells a real one
    entropy: float = 0.0  # bits a character below which it is a made-up value

    def compiled(self) -> re.Pattern[str]:
        return compile_pattern(self.regex)


@cache
def compile_pattern(regex: str) -> re.Pattern[str]:
    return compiled.regex(regex.replace(_LEFT, _LEFT_OR_ESCAPE))


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every format, in the order of the table."""
    data = table_text("secrets.json")
    return tuple(_pattern(row) for row in json.loads(data))


def _pattern(row: dict[str, object]) -> Pattern:
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    for key in {"near", "within"} & row.keys():
        fields[key] = tuple((literal, reach) for literal, reach in row[key])  # type: ignore[attr-defined]
    return Pattern(**fields)  # type: ignore[arg-type]


@cache
def by_kind() -> dict[str, Pattern]:
    return {pattern.kind: pattern for pattern in patterns()}


@cache
def by_name() -> dict[str, tuple[Pattern, ...]]:
    """Formats by the variable that carries them (upper case, words joined by `_`)."""
    table: dict[str, list[Pattern]] = {}
    for pattern in patterns():
        for name in pattern.names:
            table.setdefault(name.upper().replace("-", "_"), []).append(pattern)
    return {name: tuple(found) for name, found in table.items()}


@cache
def url_formats() -> dict[str, Pattern]:
    return {scheme: pattern for pattern in patterns() for scheme in pattern.schemes}


@cache
def _heads() -> tuple[re.Pattern[str], dict[str, tuple[Pattern, ...]], frozenset[str]]:
    table: dict[str, list[Pattern]] = {}
    for pattern in patterns():
        for head in pattern.heads:
            table.setdefault(head, []).append(pattern)
    # a longer head also tries what its own beginnings stand for: sk-proj- and sk-
    whole = {
        head: tuple(
            p
            for other in sorted(table, key=len, reverse=True)
            if head.startswith(other)
            for p in table[other]
        )
        for head in table
    }
    alternatives = "|".join(re.escape(head) for head in sorted(table, key=len, reverse=True))
    return compiled.regex(alternatives), whole, frozenset(head[0] for head in table)


@cache
def _literals(field: str) -> tuple[tuple[str, tuple[tuple[Pattern, int], ...]], ...]:
    table: dict[str, list[tuple[Pattern, int]]] = {}
    for pattern in patterns():
        for literal, reach in getattr(pattern, field):
            table.setdefault(literal, []).append((pattern, reach))
    return tuple((literal, tuple(found)) for literal, found in table.items())


@cache
def near_literals() -> tuple[str, ...]:
    """What is looked for outside of long runs: one of them is in every match there."""
    return tuple(literal for literal, _ in _literals("near"))


def candidates(text: str, runs: Runs) -> Iterator[tuple[Pattern, re.Match[str]]]:
    """Every place where a format that needs no name matches, in no order, possibly overlapping.

    `runs` are the long runs of the text.
    """
    if runs.tokens:
        yield from _at_heads(text, runs.tokens)
    yield from _at_literals(text, _literals("near"), 0, len(text))
    for start, end in runs.encoded:
        yield from _at_literals(text, _literals("within"), start, end)


def _at_literals(
    text: str, literals: tuple[tuple[str, tuple[tuple[Pattern, int], ...]], ...], start: int, end: int
) -> Iterator[tuple[Pattern, re.Match[str]]]:
    piece = text if start == 0 and end == len(text) else text[start:end]
    for literal, found in literals:
        if literal not in piece:  # nearly always
            continue
        at = text.find(literal, start, end)
        while at >= 0:
            for pattern, reach in found:
                match = _match_near(pattern, text, at, reach)
                if match is not None:
                    yield pattern, match
            at = text.find(literal, at + len(literal), end)


def _match_near(pattern: Pattern, text: str, at: int, reach: int) -> re.Match[str] | None:
    regex = pattern.compiled()
    if not reach:
        return regex.match(text, at)
    for start in range(max(0, at - reach), at + 1):
        # the left boundary of the format itself decides where it begins; few starts pass it
        match = regex.match(text, start)
        if match is not None and match.end() > at:
            return match
    return None


@cache
def _dotted() -> tuple[tuple[str, Pattern], ...]:
    return tuple((literal, pattern) for pattern in patterns() for literal in pattern.follows)


def _after_dot(text: str, begin: int) -> Iterator[tuple[Pattern, re.Match[str]]]:
    """Formats with a dot near their beginning: SG.…, hvs.…, ya29.…"""
    for literal, pattern in _dotted():
        if text.endswith(literal, 0, begin):
            match = pattern.compiled().match(text, begin - len(literal))
            if match is not None:
                yield pattern, match


def _at_heads(text: str, runs: list[Run]) -> Iterator[tuple[Pattern, re.Match[str]]]:
    """Look for heads only where runs of token characters begin."""
    heads, table, beginnings = _heads()
    find_head = heads.match
    ends: dict[str, int] = {}  # of a format that spans several runs, what lies within is no other
    for begin, _ in runs:
        if begin:
            if text[begin] in "nrt" and text[begin - 1] == "\\":
                begin += 1
            if text[begin - 1] == ".":
                yield from _after_dot(text, begin)
        head = find_head(text, begin) if text[begin] in beginnings else None
        if head is not None:
            for pattern in table[head.group()]:
                if begin < ends.get(pattern.kind, 0):
                    continue
                match = pattern.compiled().match(text, begin)
                if match is not None:
                    ends[pattern.kind] = match.end()
                    yield pattern, match
