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
# NAME=, name: , <name>, "name":, ["NAME"] =, name: str =, getenv("NAME", and "--name", of an argument list
_ASSIGNED = lazy_regex(
    _NAME + r"(?:\\{0,7}[\"'`]\]?[ \t]{0,40}(?:=>|:=|=(?!=)|:|,)"
    rf"|{_ANNOTATION}[ \t]{{0,40}}(?:=>|:=|\?=|=(?!=)|:(?=[ \t\"'`\\])|>(?=[^\s<>]{{3,8192}}</)))[ \t]{{0,40}}"
)
_QUOTED = r"\"(?P<double>[^\"\n]{3,8192})\"|'(?P<single>[^'\n]{3,8192})'|`(?P<tick>[^`\n]{3,8192})`"
_ESCAPED = r"(?P<mark>\\{1,7}[\"'])(?P<escaped>[^\"'\n\\]{3,8192})(?P=mark)"
_BARE = r"(?!--)[^\s\"'`,;&|<>()\[\]{}#!\\][^\s\"'`,;&|<>()\\]{2,8191}"
_KEY = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"  # all that a line holds of it, quoted or not
# the value itself, or quoted within a call, a default or behind a prefix: base64encode("…"), ${X:-"…"}, f"…"
_VALUE = lazy_regex(
    rf"(?:(?:[A-Za-z_][A-Za-z0-9_.]{{0,40}}\(|\$\{{[A-Za-z_][A-Za-z0-9_]{{0,80}}:?[-=])?[bfruBFRU]{{0,2}}(?=[\"'`\\]))?(?:{_ESCAPED}|{_QUOTED}|(?P<bare>{_KEY}|{_BARE}))"
)
# ENV NAME value, --name value
_SPACED = lazy_regex(
    r"(?:\bENV[ \t]{1,10}|(?<![A-Za-z0-9_-])--?)"
    + _NAME
    + rf"[ \t]{{1,10}}[\"']?(?P<value>{_KEY}|[^\s\"'`;&|<>$-][^\s\"'`;&|<>]{{2,8191}})"
)
# name: NAME, then value: value; also as attributes of one element
_PAIR = lazy_regex(
    r"\b(?:[Nn]ame|[Kk]ey)[\"']?[ \t]{0,10}[:=][ \t]{0,10}[\"']?"
    + _NAME
    + r"[\"']?[ \t]{0,10},?[ \t]{0,10}\r?\n?[ \t]{0,60}"
    rf"[\"']?[Vv]alue[\"']?[ \t]{{0,10}}[:=][ \t]{{0,10}}(?:[|>][+-]?[ \t]{{0,10}}\r?\n[ \t]{{0,60}})?"
    rf"(?:{_QUOTED}|(?P<bare>[^\s\"'#|>][^\s\"']{{2,8191}}))"
)
# the same the other way round
_PAIR_BACK = lazy_regex(
    rf"[\"']?\b[Vv]alue[\"']?[ \t]{{0,10}}[:=][ \t]{{0,10}}(?:{_QUOTED}|(?P<bare>[^\s\"'#,|>][^\s\"',]{{2,8191}}))"
    r"[ \t]{0,10},?[ \t]{0,10}\r?\n?[ \t]{0,60}[\"']?(?:[Nn]ame|[Kk]ey)[\"']?[ \t]{0,10}[:=][ \t]{0,10}[\"']?"
    + _NAME
)
# a value on the line below: `name: |` of YAML, `name = <<EOT` of HCL
_BELOW = lazy_regex(
    _NAME
    + r"[\"']?(?:[ \t]{0,40}:[ \t]{1,40}[|>][+0-9-]{0,2}|[ \t]{0,40}=[ \t]{0,40}<<[-~]?[\"']?[A-Za-z_]{1,40}[\"']?)"
    r"[ \t]{0,40}\r?\n[ \t]{0,200}(?P<value>[^\s\"'`]{3,8192})[ \t]{0,40}\r?(?:\n|\Z)"
)
# one of which is in every name that may carry a secret, and in every assignment that is found
NAME_HINTS = ("pass", "secret", "token", "key", "cred", "auth", "pwd", "jwt", "_pat", "-pat")
_OF_EXTERNAL = "secretKey"  # of an ExternalSecret, whose entries have what is fetched beside it
_FETCHED = ("remoteRef", "sourceRef")
_BESIDE = 300  # characters within which an entry ends
_KEY_NAME = lazy_regex(r"[A-Za-z0-9._-]{1,253}")
_CHECKSUM = "checksum/"  # annotations of charts: `checksum/secret` has the hash of a file
_LONGEST_NAME = 100
_NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
_WORD = lazy_regex(r"[A-Za-z0-9_.-]*+")
_SHORT = 512  # characters of a value within which names are looked for too: a DSN in a variable
_MOST_INSIDE = 64  # such names of one line


def assignments(text: str) -> Iterator[tuple[str, int, int]]:
    """Name, and where its value begins and ends, of every name that may carry a secret; values may overlap."""
    end = last = skip = -1  # of the line, of the last value, of what is not looked into
    inside = 0
    for start in _name_starts(text):
        if start >= end:
            end = _line_end(text, start)
            inside = 0
            yield from _other_forms(text, text.rfind("\n", 0, start) + 1, end)
        found = _ASSIGNED.match(text, start, end) if start >= skip else None
        if (
            found is None
            or not may_carry(found["name"])
            or text.startswith(_CHECKSUM, start - len(_CHECKSUM))
        ):
            continue
        inside += start < last
        at = found.end()
        value = _VALUE.match(text, at, end)
        listed = text[at - 1 - _blanks(found[0])] == ","
        if value is None or (listed and (_is_argument(value) or text[max(start - 1, 0)] == "$")):
            continue  # what follows a variable in a list is the next of it
        first, last = value.span(value.lastgroup or "bare")
        if found["name"] == _OF_EXTERNAL and _names_a_key(text, start, first, last):
            continue
        yield found["name"], first, last
        if last - first > _SHORT or inside > _MOST_INSIDE:
            skip = last


def _other_forms(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Names and values of a line without an operator between them."""
    if text.find("ENV", start, end) >= 0 or text.find(" -", start, end) >= 0:
        yield from _spans(_SPACED, text, start, end)
    below = _line_end(text, end + 1)
    if text.find("alue", start, below) >= 0:
        yield from _spans(_PAIR, text, start, _line_end(text, below + 1))
    above = text.rfind("\n", 0, max(start - 1, 0)) + 1
    if text.find("alue", above, end) >= 0:
        yield from _spans(_PAIR_BACK, text, above, end)
    if text.endswith(("|", "-", ">", "\r"), start, end) or text.find("<<", start, end) >= 0:
        yield from _spans(_BELOW, text, start, min(below + 1, len(text)))


def _is_argument(value: re.Match[str]) -> bool:
    """Whether what follows a comma is an argument of its own: an expression, as only what is quoted is a value, or an
    option, as `"--key=tls.key", "--timeout=60s"` has it."""
    return bool(value["bare"]) or value[0].lstrip("\"'`").startswith("--")


def _names_a_key(text: str, start: int, first: int, last: int) -> bool:
    """Whether `secretKey` says under which key a secret store's value is kept: what is fetched stands beside it."""
    if _KEY_NAME.fullmatch(text, first, last) is None:
        return False
    after = text.find(_OF_EXTERNAL, last, last + _BESIDE)
    before = text.rfind(_OF_EXTERNAL, max(start - _BESIDE, 0), start)
    return any(
        text.find(fetched, last, after if after >= 0 else last + _BESIDE) >= 0
        or text.find(fetched, max(before, start - _BESIDE, 0), start) >= 0
        for fetched in _FETCHED
    )


def _blanks(text: str) -> int:
    return len(text) - len(text.rstrip(" \t"))


def _spans(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for found in pattern.finditer(text, start, end):
        if may_carry(found["name"]):
            group = next(
                name for name, value in found.groupdict().items() if value is not None and name != "name"
            )
            yield (found["name"], *found.span(group))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def lower(text: str) -> str:
    """The text in lower case with every offset as it was."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # a few letters grow in lower case
    return "".join(c.lower() if c.isascii() else c for c in text)


def _name_starts(text: str) -> list[int]:
    """Where the words begin that hold one of the words which names of secrets are made of."""
    lowered = lower(text)
    starts = set()
    for hint in NAME_HINTS:
        if hint not in lowered:
            continue
        at = lowered.find(hint)
        while at >= 0:
            start = at
            least = max(at - _LONGEST_NAME, 0)
            while start > least and text[start - 1] in _NAME_CHARACTERS:
                start -= 1
            while text[start] in "-.0123456789":
                start += 1
            starts.add(start)
            rest = _WORD.match(text, at)
            at = lowered.find(hint, rest.end() if rest is not None else at + 1)
    return sorted(starts)
