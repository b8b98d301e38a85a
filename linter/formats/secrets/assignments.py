"""Where a text of any language gives a name a value: shell, YAML, HCL, INI, JSON, code, command lines.

A name is found first and a value looked for only behind names that may carry a secret, so that a line of
a megabyte costs one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from linter.formats.secrets.judge import may_carry
from linter.patterns import lazy_regex

_NAME = r"(?<![A-Za-z0-9_])(?P<name>[A-Za-z_][A-Za-z0-9_.-]{1,100}+)"
_ANNOTATION = (
    r"(?::[ \t]{0,4}(?:str|bytes|[Ss]tring|SecretStr|Optional\[str\]|&(?:'static )?str)[ \t]{1,4}(?==))?"
)
# NAME=, name: , "name":, ["NAME"] =, name: str =, getenv("NAME", and "--name", of an argument list
_ASSIGNED = lazy_regex(
    _NAME + r"(?:\\{0,7}[\"'`]\]?[ \t]{0,40}(?:=>|:=|=(?!=)|:|,)"
    rf"|{_ANNOTATION}[ \t]{{0,40}}(?:=>|:=|\?=|=(?!=)|:(?=[ \t\"'`\\])))[ \t]{{0,40}}"
)
_QUOTED = r"\"(?P<double>[^\"\n]{3,8192})\"|'(?P<single>[^'\n]{3,8192})'|`(?P<tick>[^`\n]{3,8192})`"
_ESCAPED = r"(?P<mark>\\{1,7}[\"'])(?P<escaped>[^\"'\n\\]{3,8192})(?P=mark)"
_BARE = r"(?!--)[^\s\"'`,;&|<>()\[\]{}#!\\][^\s\"'`,;&|<>()\\]{2,8191}"
# the value itself, or quoted within a call, a default or behind a prefix: base64encode("…"), ${X:-"…"}, f"…"
_VALUE = lazy_regex(
    rf"(?:(?:[A-Za-z_][A-Za-z0-9_.]{{0,40}}\(|\$\{{[A-Za-z_][A-Za-z0-9_]{{0,80}}:?[-=])?[bfruBFRU]{{0,2}}(?=[\"'`\\]))?(?:{_ESCAPED}|{_QUOTED}|(?P<bare>{_BARE}))"
)
# ENV NAME value, --name value
_SPACED = lazy_regex(
    r"(?:\bENV[ \t]{1,10}|(?<![A-Za-z0-9_-])--?)"
    + _NAME
    + r"[ \t]{1,10}[\"']?(?P<value>[^\s\"'`;&|<>$-][^\s\"'`;&|<>]{2,8191})"
)
# name: NAME, then value: value; also as attributes of one element
_PAIR = lazy_regex(
    r"\b(?:[Nn]ame|[Kk]ey)[\"']?[ \t]{0,10}[:=][ \t]{0,10}[\"']?"
    + _NAME
    + r"[\"']?[ \t]{0,10},?[ \t]{0,10}\r?\n?[ \t]{0,60}"
    rf"[\"']?[Vv]alue[\"']?[ \t]{{0,10}}[:=][ \t]{{0,10}}(?:{_QUOTED}|(?P<bare>[^\s\"'#][^\s\"']{{2,8191}}))"
)
# a value on the line below: `name: |` of YAML, `name = <<EOT` of HCL
_BELOW = lazy_regex(
    _NAME
    + r"[\"']?(?:[ \t]{0,40}:[ \t]{1,40}[|>][+0-9-]{0,2}|[ \t]{0,40}=[ \t]{0,40}<<[-~]?[\"']?[A-Za-z_]{1,40}[\"']?)"
    r"[ \t]{0,40}\r?\n[ \t]{0,200}(?P<value>[^\s\"'`]{3,8192})[ \t]{0,40}\r?(?:\n|\Z)"
)
_NAME_HINTS = ("pass", "secret", "token", "key", "cred", "auth", "pwd", "jwt", "_pat", "-pat")
_SHORT = 512  # characters of a value within which names are looked for too: a DSN in a variable
_MOST_INSIDE = 64  # such names of one line


def assignments(text: str) -> Iterator[tuple[str, int, int]]:
    """Name, and where its value begins and ends, of every name that may carry a secret; values may overlap."""
    for start, end in _hinted_lines(text):
        yield from _assigned(text, start, end)
        if text.find("ENV", start, end) >= 0 or text.find(" -", start, end) >= 0:
            yield from _spans(_SPACED, text, start, end)
        below = _line_end(text, end + 1)
        if text.find("alue", start, below) >= 0:
            yield from _spans(_PAIR, text, start, below)
        if text.endswith(("|", "-", ">", "\r"), start, end) or text.find("<<", start, end) >= 0:
            yield from _spans(_BELOW, text, start, min(below + 1, len(text)))


def _assigned(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    inside = 0
    last = -1  # where the last value ends
    at = start
    while (found := _ASSIGNED.search(text, at, end)) is not None:
        at = found.end()
        if not may_carry(found["name"]):
            continue
        inside += at < last
        value = _VALUE.match(text, at, end)
        if value is None or (value["bare"] and text[at - 1 - _blanks(found[0])] == ","):
            continue  # after a comma only what is quoted: the next argument is an expression
        first, last = value.span(value.lastgroup or "bare")
        yield found["name"], first, last
        if last - first > _SHORT or inside > _MOST_INSIDE:
            at = last


def _blanks(text: str) -> int:
    return len(text) - len(text.rstrip(" \t"))


def _spans(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for found in pattern.finditer(text, start, end):
        if may_carry(found["name"]):
            yield (found["name"], *found.span(found.lastgroup or "value"))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _hinted_lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines with one of the words that names of secrets are made of."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow in lower case; offsets must not move
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    starts = set()
    for hint in _NAME_HINTS:
        at = lowered.find(hint)
        while at >= 0:
            starts.add(text.rfind("\n", 0, at) + 1)
            following = text.find("\n", at)
            at = lowered.find(hint, following) if following >= 0 else -1
    for start in sorted(starts):
        yield start, _line_end(text, start)
