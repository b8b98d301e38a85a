"""Secrets in raw text: assignments in any language, and masking all of them before anything is shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from linter.formats.secrets.assignments import NAME_HINTS, assignments, lower
from linter.formats.secrets.encoded import ENCODED_URL
from linter.formats.secrets.judge import RANK, SecretMatch, classify, find_all
from linter.formats.secrets.replacing import Replacing
from linter.formats.secrets.runs import has_long_run, runs_of
from linter.formats.secrets.table import near_literals
from linter.formats.secrets.words import looks_random
from linter.patterns import lazy_regex

_Found = tuple[int, int, str]  # where something begins and ends, and what it is


def find_named(
    text: str, least: str = "medium", assigned: Iterable[tuple[str, int, int]] | None = None
) -> Iterator[SecretMatch]:
    """Secrets that only their names give away, in any text that assigns: shell, YAML, HCL, INI, Dockerfile.

    Yields matches of at least the confidence `least`, by line. Lines without a telling word cost nothing.
    `assigned` are the assignments of the text, where they were read before.
    """
    found: list[SecretMatch] = []
    for name, start, end in assignments(text) if assigned is None else assigned:
        if any(other.start <= start < other.end for other in found[-4:]):
            continue  # of a name within a value the outer one has told
        secret = classify(name, text[start:end])
        if secret is not None and RANK[secret.confidence] >= RANK[least]:
            found.append(secret.moved(start))
            yield found[-1]


def scan(text: str, least: str = "medium") -> list[SecretMatch]:
    """Every secret of at least that confidence in a text of any format, in order, none inside another."""
    formed, assigned = _read(text)
    found = [s for s in formed if RANK[s.confidence] >= RANK[least]]
    result: list[SecretMatch] = []
    for secret in sorted([*found, *find_named(text, least, assigned)], key=lambda s: (s.start, -s.end)):
        if not result or secret.start >= result[-1].end:
            result.append(secret)
    return result


def find_formed(text: str) -> tuple[SecretMatch, ...]:
    """As `find_all`, of a whole file: its text is read once for all who ask."""
    return _read(text)[0]


@lru_cache(maxsize=2)
def _read(text: str) -> tuple[tuple[SecretMatch, ...], tuple[tuple[str, int, int], ...]]:
    """What is told by its form, and all assignments: a file is scanned to show it and again to judge it."""
    return tuple(find_all(text)), tuple(assignments(text))


class Shown:
    """What may be shown of one text: it is scanned once, so a value far from its name is masked too."""

    def __init__(self, text: str) -> None:
        self.text = text
        secrets = scan(text, "low")
        # outside of its place a weak one is a word like others, and masking it would hide half of the file
        values = {text[s.start : s.end]: s.kind for s in secrets if s.confidence != "low"}
        self._without_values = Replacing({value: mask(value, kind) for value, kind in values.items()})
        self._spans = _apart([*((s.start, s.end, s.kind) for s in secrets), *_unexplained(text)], text)
        self._ends = [end for _, end, _ in self._spans]

    @property
    def masks(self) -> bool:
        """Whether anything of it is masked."""
        return bool(self._spans)

    def slice(self, start: int, end: int) -> str:
        """The text between two offsets, secrets masked, also those of which only a part is in it."""
        if not self._spans:
            return self.text[start:end]
        parts: list[str] = []
        done = start
        for index in range(bisect_right(self._ends, start), len(self._ends)):
            first, last, kind = self._spans[index]
            if first >= end:
                break
            parts += [self.text[done:first], mask(self.text[first:last], kind)]
            done = min(last, end)
        return self._without_values("".join([*parts, self.text[done:end]]) if parts else self.text[start:end])

    def message(self, text: str) -> str:
        """Text of ours that may quote values of the file."""
        return redact(self._without_values(text))


def mask(value: str, kind: str) -> str:
    """How a secret is shown: its first four characters at most, and what it is. Short ones show nothing."""
    shown = value[:4] if len(value) >= 16 else ""
    return f"{shown}{_MASK}[{kind}]"


# lines that are nothing but encoded bytes, as the inside of a key file is
_ENCODED_LINE = lazy_regex(
    r"(?m)^[ \t\"']*(?:[a-z_.-]{1,40}:[ \t]*)?[\"']?([A-Za-z0-9+/]{60,}={0,2})[\"',\\]*[ \t]*$"
)
# `value: …` of a pair whose name stands on another line
_OPAQUE_VALUE = lazy_regex(
    r"\b(?i:value|default|content)[\"']?[ \t]*[:=][ \t]*[\"']?([A-Za-z0-9+/=_.:~!@#%^&*-]{12,})"
)
# a run of letters of both kinds and digits that no format and no name explains: nobody misses it in an excerpt
_MIXED = lazy_regex(r"(?<![A-Za-z0-9+/=_%-])[A-Za-z0-9+/_-]{20,200}={0,2}(?![A-Za-z0-9+/_-])")
# a word or version of a name such as Org/SmolLM2-135M-Instruct: words, then digits with a letter or two
_WORD = lazy_regex(
    r"[a-z]*(?:[A-Z]{1,6}[a-z]{2,})*[A-Z]{0,6}(?:[vV]?\d{1,4}[A-Za-z]{0,2})?|[a-z]{3,}\d{5,12}|[A-Za-z]?\d{1,4}[xA-Z]{0,2}\d{0,3}[A-Z]?"
)
_BEARER = lazy_regex(r"(?i)\b(?:bearer|basic)[ \t]{1,4}([^\s\"'`\\$<>{}]{8,2000})(?=[\s\"'`\\]|$)")
_SHORTEST_MIXED = 20  # characters, as the pattern has it
_HEX_OR_UUID = lazy_regex(r"[0-9a-f]{32,}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MASK = "****"


def _is_opaque(value: str) -> bool:
    return any(looks_random(part) or _HEX_OR_UUID.fullmatch(part) for part in (value, *value.split(":")))


def _is_mixed(value: str) -> bool:
    value = value.replace("x86_64", "")  # as in AL2023_x86_64_NVIDIA, the name of an image
    if value.lower() == value or value.upper() == value or value.isalpha():
        return False  # nearly all: names and words with dashes between them
    return any(c.isdigit() for c in value) and looks_random(value) and not _is_name(value)


def _is_name(value: str) -> bool:
    parts = value.replace("/", "-").replace("_", "-").split("-")
    return all(_WORD.fullmatch(part) for part in parts)


# what a line that is shown must have one of to hold anything that `redact` masks; in lower case
_TELLING = (*NAME_HINTS, "bearer", "basic", "value", "default", "content", ENCODED_URL.lower())


def _is_harmless(text: str) -> bool:
    """Whether nothing in a short text can be a secret: most lines and messages that are shown, told at once."""
    lowered = text.lower()
    for word in _TELLING:  # no generators: this is asked of every line that is shown
        if word in lowered:
            return False
    for literal in near_literals():
        if literal in text:
            return False
    return not has_long_run(text)


@lru_cache(maxsize=4096)
def redact(text: str) -> str:
    """The text with every secret in it masked, weak and likely ones too. Idempotent."""
    return text if _is_harmless(text) else _masked(text)


def _masked(text: str) -> str:
    spans = [(s.start, s.end, s.kind) for s in find_all(text)]
    spans += [(s.start, s.end, s.kind) for s in find_named(text, "low")]
    spans += _unexplained(text)
    if not spans:
        return text
    parts = []
    done = 0
    for start, end, kind in _apart(spans, text):
        parts += [text[done:start], mask(text[start:end], kind)]
        done = end
    return "".join([*parts, text[done:]])


def _unexplained(text: str) -> list[_Found]:
    """What no format and no telling name makes a secret and what nobody misses when it is not shown."""
    if len(text) < 12:
        return []
    spans: list[_Found] = []
    for start, end in runs_of(text, _SHORTEST_MIXED):
        match = _MIXED.match(text, start)
        if match is not None and _is_mixed(match[0]):
            spans.append((*match.span(), "random-text"))
        line = _ENCODED_LINE.match(text, text.rfind("\n", 0, start) + 1) if end - start >= 60 else None
        if line is not None:
            spans.append((*line.span(1), "encoded-data"))
    lowered = lower(text)
    values = _at_words(_OPAQUE_VALUE, text, lowered, ("value", "default", "content"))
    spans += [(*m.span(1), "opaque-value") for m in values if _is_opaque(m[1])]
    headers = _at_words(_BEARER, text, lowered, ("bearer", "basic"))
    spans += [(*m.span(1), "authorization-header") for m in headers if not m[1].isalpha()]
    return spans


def _at_words(
    pattern: re.Pattern[str], text: str, lowered: str, words: Iterable[str]
) -> Iterator[re.Match[str]]:
    """The matches that begin with one of the words, which are looked for much faster than the pattern is."""
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            match = pattern.match(text, at)
            if match is not None:
                yield match
            at = lowered.find(word, match.end() if match is not None else at + 1)


def _apart(spans: Iterable[_Found], text: str) -> list[_Found]:
    """Spans in order, masked ones aside. Of two that overlap, the rest of the second is no less secret."""
    result: list[_Found] = []
    done = 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        start = max(start, done)
        if start < end and _MASK not in text[start:end]:
            result.append((start, end, kind))
            done = end
    return result
