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

from linter.givenfiles import start_of
from linter.patterns import kept_regex, lazy_regex

EXPLAINED = "that a comment beside them explains"
_READ = (".yaml", ".yml", ".tpl", ".tf", ".j2", ".gotmpl", ".tmpl")
_DOCKERFILE = lazy_regex(r"(?i)(?:docker|container)file[^/]*\Z")
_MOST = 1_000_000  # bytes of a file that people comment
_MOST_LINES = 3_000  # of one that is read to its end
_LONGEST = 1_000  # letters of a line behind which somebody gives a reason
_FARTHEST = 2_000  # lines above one in which it is looked what that is a part of
_FEWEST = 4  # words of a sentence
_FEWEST_BEHIND = 3  # of one behind the very words that it is about: `hostNetwork: true # needed for mDNS`
_NEAREST = 2  # things around a line that are near: `securityContext`, and the container that it is of
_MOST_BELOW = 400  # lines of what a finding is about that are looked through for what was commented out
_COMMENT = lazy_regex(r"\s*(?:#+|//|\{\{-?\s*/\*)\s?(.*?)(?:\*/\s*-?\}\})?\s*")
_TRAILING = lazy_regex(r"""([^"'#]*?)\s#\s+(\S.*)""")  # no quotes before it: what follows them may be text
_TOP = lazy_regex(r"(?:resource|module|data|locals|variable)\b.*\{\s*")
# What is commented out, and markers
_CODE = lazy_regex(r"\s*(?:-\s+)?(?:[\w./-]+:(?:\s+\S+|\s+\{\{.*)?|-\s*\S+|-\s+\{\{.*|\+\w+:.*|---.*)\s*")
_SETTING = lazy_regex(r"\s*(\w+: [A-Za-z]\w+)\s*(?:#.*)?")  # in words, as one quotes it
_ELEMENT = lazy_regex(r"\s*- +[\"']?[\w.*/-]+[\"']?\s*(?:#.*)?")  # of a list of words
_SENTENCE = lazy_regex(r"(?<=[.!?;])\s+")
_WHY = lazy_regex(
    r"(?i)\b(?:because|since|needs?|needed|require[sd]?|must|so that|so the|otherwise|deliberate(?:ly)?|"
    r"intentional(?:ly)?|on purpose|by design|trade-?offs?|cannot|can'?t|can not|unable|breaks?|in order to|"
    r"only way|reason|accept(?:ed|able)|necessary|unavoidable|(?:scoped|limited) (?:to|role)|drops to|"
    r"so (?:\S+ ){1,3}(?:can|could|may|must|does|do)|"
    r"(?:covered|terminated|handled|issued) (?:in|at|by|on)|"
    r"to (?:let|allow|give|be able|avoid)|\w+s avoid)\b"
    r"|https?://\S{1,200}/(?:issues|pull|merge_requests|discussions)/\d+"  # where it is told
)
# What the author does not stand by, and what speaks of tests of linters
_LATER = lazy_regex(
    r"(?i)\b(?:todo|fixme|hack|xxx|temporar\w*|for now|until|remove|should|insecure|vulnerab\w*|bad|wrong|violat\w*|"
    r"fail(?:s|ed|ing)?|unsafe|danger\w*|not recommended|warning|caution)\b"
)


def explanation(lines: Sequence[str], line: int, words: Sequence[str], *, near: bool = False) -> str:
    """The sentence of a comment that gives the reason for what stands on a line (1-based) of a file's `lines_of`.

    `words` are those of which one must be in it: `host network` also as one word, `runAs*` with any ending. `near`:
    only what stands nearest is asked. Empty: none does.
    """
    if line > len(lines):
        return ""
    about = _about(words)
    return _behind(lines[line - 1], about, near=near) or next(
        (
            sentence
            for block in _beside(lines, line - 1, about, near=near)
            for sentence in _SENTENCE.split(block)
            if about.search(sentence) and _is_reason(sentence, _FEWEST)
        ),
        "",
    )


def mention(lines: Sequence[str], line: int, words: Sequence[str]) -> str:
    """The sentence of a comment right above a line (1-based), on it or behind it that has one of some words: what a
    setting that is off would bring needs no reason."""
    about = _about(words)
    trailing = _TRAILING.match(lines[line - 1])
    said = _prose(lines[line - 1 : line]) if _COMMENT.fullmatch(lines[line - 1]) else _above(lines, line - 1)
    for sentence in (*_SENTENCE.split(said), *_SENTENCE.split(trailing[2] if trailing else "")):
        if about.search(sentence) and len(sentence.split()) >= _FEWEST and not _LATER.search(sentence):
            return sentence
    return ""


def _about(words: Sequence[str]) -> re.Pattern[str]:
    return kept_regex(rf"(?i)(?<![\w=])(?<!non-)(?:{'|'.join(map(_word, words))})\b")


def _behind(line: str, about: re.Pattern[str], *, near: bool) -> str:
    """The reason in the comment behind what stands on a line.

    The line itself says what it is about, but where that is critical: `privileged: true # needed for logs` says that
    somebody tried until it worked.
    """
    trailing = _TRAILING.match(line) if len(line) <= _LONGEST else None
    if trailing is None:
        return ""
    named = not near and about.search(trailing[1]) is not None
    for sentence in _SENTENCE.split(trailing[2]):
        if (named or about.search(sentence)) and _is_reason(sentence, _FEWEST_BEHIND if named else _FEWEST):
            return sentence
    return ""


def _is_reason(sentence: str, fewest: int) -> bool:
    if len(sentence.split()) < fewest or _LATER.search(sentence):
        return False
    return _WHY.search(sentence) is not None


def _word(word: str) -> str:
    return word.replace(" ", "(?:['’]s)?[ -]?").replace("*", r"\w*")


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
