"""What the author says beside a finding: a comment that names what the rule asks about, and gives the reason for it.

Only prose counts that stands where one looks: on the line, right above it, right above what it is part of, at the
head of its object, or beside what was commented out there; or that quotes the setting, wherever it stands. It must say
in one sentence both what it is about and why; what is to be done later is no reason. What is critical is explained by
what stands nearest alone: on the line, above it, or above what it is in and the container around that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from linter.aside.names.reasons import (
    FEWEST,
    FEWEST_BEHIND,
    SENTENCE,
    is_about,
    is_for_what_is_there,
    is_of_the_next,
    is_put_off,
    is_reason,
    subject,
)
from linter.givenfiles import start_of
from linter.patterns import lazy_regex

EXPLAINED = "that a comment beside them explains"
_READ = (".yaml", ".yml", ".tpl", ".tf", ".j2", ".gotmpl", ".tmpl")
_DOCKERFILE = lazy_regex(r"(?i)(?:docker|container)file[^/]*\Z")
_MOST = 1_000_000  # bytes of a file that people comment
_MOST_LINES = 3_000  # of one that is read to its end
_LONGEST = 1_000  # letters of a line behind which somebody gives a reason
_FARTHEST = 2_000  # lines above one in which it is looked what that is a part of
_NEAREST = 2  # things around a line that are near: `securityContext`, and the container that it is of
_LONGEST_RULE = 12  # lines of a role's rule above its resource
_MOST_BELOW = 400  # lines of what a finding is about that are looked through for what was commented out
_COMMENT = lazy_regex(r"\s*(?:#+|//|\{\{-?\s*/\*)\s?(.*?)(?:\*/\s*-?\}\})?\s*")
_TRAILING = lazy_regex(r"""([^"'#]*?)\s#\s+(\S.*)""")  # no quotes before it: what follows them may be text
_TOP = lazy_regex(r"(?:resource|module|data|locals|variable)\b.*\{\s*")
# What is commented out, and markers
_CODE = lazy_regex(r"\s*(?:-\s+)?(?:[\w./-]+:(?:\s+\S+|\s+\{\{.*)?|-\s*\S+|-\s+\{\{.*|\+\w+:.*|---.*)\s*")
_SETTING = lazy_regex(r"\s*(\w+: [A-Za-z]\w+)\s*(?:#.*)?")  # in words, as one quotes it
_ELEMENT = lazy_regex(r"\s*- +[\"']?[\w.*/-]+[\"']?\s*(?:#.*)?")  # of a list of words
# Of a role: where a rule begins, and its resources, one of them
_RULE = lazy_regex(r"\s*- +(?:apiGroups|resources|verbs):")
_RESOURCES = lazy_regex(r"\s*(?:- +)?resources:\s*(?:#.*)?")
_RESOURCE = lazy_regex(r"\s*(?:- +)?resources:\s*\[\s*[\"']?[\w.*/-]+[\"']?\s*\]\s*(?:#.*)?")
_ONE = lazy_regex(r"\s*(?:- +)?[\w.-]+(?::\s+[\w.-]+)?\s*(?:#.*)?")  # a key of one word, or such an element


def explanation(lines: Sequence[str], line: int, words: Sequence[str], *, near: bool = False) -> str:
    """The sentence of a comment that gives the reason for what stands on a line (1-based) of a file's `lines_of`.

    `words` are those of which one must be in it: `host network` also as one word, `runAs*` with any ending. `near`:
    only what stands nearest is asked. Empty: none does.
    """
    if line > len(lines):
        return ""
    about, text = subject(words), lines[line - 1]
    there = len(text) <= _LONGEST and about.search(text.partition("#")[0]) is not None
    return (
        _behind(text, about, near=near)
        or ("" if near else _of_the_next(lines, line - 1, about))
        or next(
            (
                sentence
                for block in _beside(lines, line - 1, about, near=near)
                for sentence in SENTENCE.split(block)
                if (is_about(sentence, about, text) and is_reason(sentence))
                or (there and is_for_what_is_there(sentence, words))
            ),
            "",
        )
    )


def mention(lines: Sequence[str], line: int, words: Sequence[str]) -> str:
    """The sentence of a comment right above a line (1-based), on it or behind it that has one of some words: what a
    setting that is off would bring needs no reason."""
    about = subject(words)
    trailing = _TRAILING.match(lines[line - 1])
    said = _prose(lines[line - 1 : line]) if _COMMENT.fullmatch(lines[line - 1]) else _above(lines, line - 1)
    for sentence in (*SENTENCE.split(said), *SENTENCE.split(trailing[2] if trailing else "")):
        if is_about(sentence, about) and len(sentence.split()) >= FEWEST and not is_put_off(sentence):
            return sentence
    return ""


def _behind(line: str, about: re.Pattern[str], *, near: bool) -> str:
    """The reason in the comment behind what stands on a line.

    The line itself says what it is about, but where that is critical: `privileged: true # needed for logs` says that
    somebody tried until it worked.
    """
    trailing = _TRAILING.match(line) if len(line) <= _LONGEST else None
    if trailing is None:
        return ""
    named = not near and about.search(trailing[1]) is not None
    for sentence in SENTENCE.split(trailing[2]):
        if (named or is_about(sentence, about)) and is_reason(sentence, FEWEST_BEHIND if named else FEWEST):
            return sentence
    return ""


def _of_the_next(lines: Sequence[str], at: int, about: re.Pattern[str]) -> str:
    """The reason in the comment right above the one thing on a line, which says by itself what it is about:
    `# Required by multipath` above `hostIPC: true`, or above the rule of a role that is about nothing else."""
    code = lines[at].partition("#")[0]
    if len(lines[at]) > _LONGEST or about.search(code) is None:
        return ""
    place = at if _ONE.fullmatch(lines[at]) is not None else None
    for number in (place, _rule_of_nothing_else(lines, at)):
        said = _above(lines, number) if number is not None else ""
        found = next(filter(is_of_the_next, SENTENCE.split(said)), "")
        if found:
            return found
    return ""


def _rule_of_nothing_else(lines: Sequence[str], at: int) -> int | None:
    """Where the rule of a role begins that has one resource, the one on a line."""
    around = lines[max(at - 1, 0) : at + 2]
    listed = len(around) == 3 and _RESOURCES.fullmatch(around[0]) is not None
    alone = listed and _ELEMENT.fullmatch(around[1]) is not None and _ELEMENT.fullmatch(around[2]) is None
    if not alone and _RESOURCE.fullmatch(lines[at]) is None:
        return None
    above = range(at, max(at - _LONGEST_RULE, -1), -1)
    return next((index for index in above if _RULE.match(lines[index]) is not None), None)


def lines_of(root: Path, path: str) -> tuple[str, ...]:
    """The lines of a file below the root; none where nobody comments so, or it can't be read."""
    if not path.endswith(_READ) and _DOCKERFILE.search(path) is None:
        return ()
    text = start_of(root / path, _MOST + 1).decode("utf-8", "replace")
    return tuple(text.splitlines()) if len(text) <= _MOST else ()


def _beside(lines: Sequence[str], at: int, about: re.Pattern[str], *, near: bool) -> Iterator[str]:
    """The comments that belong to a line: those right above it, above the run of a list's elements that it is one of,
    and above each thing that it is in."""
    yield _above(lines, _first_of_run(lines, at))
    if not near:
        yield from _beside_what_is_out(lines, at, about)
    indent, first, around = _indent(lines[at]), at, 0
    for index in range(at - 1, max(at - _FARTHEST, 0) - 1, -1):
        line = lines[index]
        if line.startswith("---"):
            break
        if not _is_code(line):
            continue
        first = index
        if _indent(line) >= indent:
            continue
        indent = _indent(line)
        yield _above(lines, index)
        around += 1
        if (near and around == _NEAREST) or (_TOP.fullmatch(line) and not indent):
            return
    if not near:
        yield _head(lines, first)
        yield from _quoting(lines, at)


def _quoting(lines: Sequence[str], at: int) -> Iterator[str]:
    """The comments anywhere in the file that quote the setting on a line: what they say of it they say of each."""
    setting = _SETTING.fullmatch(lines[at]) if len(lines) <= _MOST_LINES else None
    if setting is None:
        return
    for index, line in enumerate(lines):
        if setting[1] in line and _COMMENT.fullmatch(line) is not None:
            yield _prose(lines[index : index + 1])


def _beside_what_is_out(lines: Sequence[str], at: int, about: re.Pattern[str]) -> Iterator[str]:
    """The comments within the block that begins on a line which have what the rule asks for commented out in them."""
    indent, start = _indent(lines[at]), at + 1
    end = min(len(lines), at + 1 + _MOST_BELOW)
    for index in range(at + 1, end + 1):
        line = lines[index] if index < end else ""
        if index < end and _COMMENT.fullmatch(line):
            continue
        run, start = lines[start:index], index + 1
        if any(about.search(text) for text in _commented(run)):
            yield _prose(run)
        if line.strip() and not line.lstrip().startswith("{{") and _indent(line) <= indent:
            return


def _first_of_run(lines: Sequence[str], at: int) -> int:
    """The first of the words of a list that stand right above one another, as a line's does: what is said above them
    is said of them all."""
    first, lead = at, lines[at].partition("-")[0]
    if _ELEMENT.fullmatch(lines[at]) is None:
        return at
    while first and _ELEMENT.fullmatch(lines[first - 1]) and lines[first - 1].partition("-")[0] == lead:
        first -= 1
    return first


def _commented(lines: Sequence[str]) -> Iterator[str]:
    """The keys of values that are commented out."""
    for match in map(_COMMENT.fullmatch, lines):
        if match and _CODE.fullmatch(match[1]):
            yield match[1].partition(":")[0]


def _is_code(line: str) -> bool:
    stripped = line.lstrip()
    return bool(stripped) and _COMMENT.fullmatch(line) is None and not stripped.startswith(("{{", "}"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _above(lines: Sequence[str], at: int) -> str:
    """The comment that ends right above a line, as one text."""
    start = at
    while start and _COMMENT.fullmatch(lines[start - 1]):
        start -= 1
    return _prose(lines[start:at])


def _head(lines: Sequence[str], first: int) -> str:
    """The comments above an object's first line, also with blank lines between, or above the file's first `---`."""
    start = first
    while start and _is_remark(lines[start - 1]):
        start -= 1
    if start and lines[start - 1].startswith("---") and all(map(_is_remark, lines[: start - 1])):
        return _prose([*lines[: start - 1], *lines[start:first]])
    return _prose(lines[start:first])


def _is_remark(line: str) -> bool:
    return not line.strip() or _COMMENT.fullmatch(line) is not None


def _prose(lines: Sequence[str]) -> str:
    """What comments say, without code in them."""
    said = (match[1] for match in map(_COMMENT.fullmatch, lines) if match)
    return " ".join(text.strip() for text in said if text.strip() and not _CODE.fullmatch(text))
