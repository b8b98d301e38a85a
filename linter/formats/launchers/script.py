"""Shell text as the simple commands in it, with what is known of each word.

A small reader for the scripts that people write after `sh -c` in a manifest. It follows quotes, comments,
continuations, here-documents and operators; it never runs anything, and it knows a variable only when the
container's env or one plain assignment in the script says what it is. For rules about shell text itself there
is `linter.formats.shell`; here the words of the commands are enough and speed counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from linter.frozen import dataclass, field
from linter.patterns import kept_regex, lazy_regex

HOLE = "\ufffc"  # stands inside a word for a part that is decided elsewhere, as in image references

_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "{", "}", "!", "time", "esac"}
)
_ASSIGNMENT = lazy_regex(r"([A-Za-z_]\w*)(\+?)=", re.ASCII)
_ASSIGNED = lazy_regex(
    r"(?:^|[\s;&|(])(?:export\s+|local\s+|declare\s+|readonly\s+)?([A-Za-z_]\w*)\+?=", re.ASCII
)
_LOOPED = lazy_regex(r"\b(?:for|read(?:\s+-\w+)*)\s+([A-Za-z_]\w*)", re.ASCII)
_PARAMETER = lazy_regex(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", re.ASCII)
_DEFAULT = lazy_regex(r"\$\{([A-Za-z_]\w*):?-[^{}]*\}", re.ASCII)  # what a known variable makes no use of
_HEREDOC = lazy_regex(r"<<(-?)\s*(['\"]?)([\w.-]+)\2")
_EXPANDED = lazy_regex(
    r"\$\{[^{}\n]*\}|\$\([^()\n]*\)|\$\w+|`[^`\n]*`"
)  # in a here-document that a shell expands
_BREAKS = frozenset(";&|\n()")
_BLANKS = lazy_regex(r"[ \t\r]*")
# what stands for itself, outside of quotes and within double ones: taken at once, most of a script is that
_PLAIN = lazy_regex(r"[^ \t\r;&|\n()<>'\"\\$`]+")
_PLAIN_QUOTED = lazy_regex(r"[^\"\\$`]+")


@dataclass(frozen=True, slots=True)
class ShellWord:
    """`text` after quotes and known variables, holes marked by HOLE; `raw` as written."""

    text: str
    raw: str


@dataclass(slots=True)
class _Reader:
    text: str
    known: dict[str, str]
    at: int = 0
    commands: list[list[ShellWord]] = field(default_factory=list)
    words: list[ShellWord] = field(default_factory=list)
    heredocs: list[tuple[bool, bool, str]] = field(default_factory=list)  # tabs off, as it stands, mark
    target: str = ""  # the file that the command's output goes to
    files: dict[str, str] = field(default_factory=dict)


def split(text: str, env: Mapping[str, str], files: dict[str, str] | None = None) -> list[list[ShellWord]]:
    """The simple commands of a script in order, assignments before a command dropped, keywords dropped.

    `files` takes what here-documents write into files, by path.
    """
    reader = _Reader(text, _variables(text, env), files={} if files is None else files)
    while reader.at < len(text):
        _step(reader)
    _end_command(reader)
    return reader.commands


def _variables(text: str, env: Mapping[str, str]) -> dict[str, str]:
    """The env, without the names that the script sets more than once or over the env."""
    known = dict(env)
    for match in _LOOPED.finditer(text):
        known[match[1]] = HOLE
    names = Counter(match[1] for match in _ASSIGNED.finditer(text))
    for name, count in names.items():
        if count > 1 or name in env:
            known[name] = HOLE
    return known


def _step(reader: _Reader) -> None:
    reader.at = _BLANKS.match(reader.text, reader.at).end()  # type: ignore[union-attr]  # it always matches
    char = reader.text[reader.at : reader.at + 1]
    if not char:
        return
    if char == "\\" and reader.text[reader.at + 1 : reader.at + 2] in ("\n", "\r"):
        reader.at += 3 if reader.text[reader.at + 1 : reader.at + 3] == "\r\n" else 2
    elif char == "#":
        end = reader.text.find("\n", reader.at)
        reader.at = len(reader.text) if end < 0 else end
    elif char in _BREAKS:
        reader.at += 1
        tee = _teed(reader) if reader.heredocs else ""
        _end_command(reader)
        if char == "\n" and reader.heredocs:
            _take_heredocs(reader, reader.target or tee)
        if char == "\n":
            reader.target = ""
    elif char in "<>" or (
        char.isdigit() and kept_regex(r"\d[<>]").match(reader.text[reader.at : reader.at + 2])
    ):
        _redirect(reader)
    else:
        reader.words.append(_word(reader))


def _redirect(reader: _Reader) -> None:
    heredoc = _HEREDOC.match(reader.text, reader.at)
    if heredoc is not None and not reader.text.startswith("<<<", reader.at):
        reader.heredocs.append((heredoc[1] == "-", bool(heredoc[2]), heredoc[3]))
        reader.at = heredoc.end()
        return
    match = kept_regex(r"\d?(?:[<>]&?\d?-?|>>|<<<|&>)+[ \t]*").match(reader.text, reader.at)
    if match is None or match.end() == reader.at:
        reader.at += 1
        return
    reader.at = match.end()
    if "&" not in match[0] and reader.at < len(reader.text) and reader.text[reader.at] not in _BREAKS:
        word = _word(reader)
        if match[0].strip() in (">", "1>"):
            reader.target = word.text
        elif word.text in reader.files:
            reader.files[word.text] = HOLE  # more is added to it


def _teed(reader: _Reader) -> str:
    """The file that `tee FILE <<EOF` writes; '' for another command."""
    words = [word.text for word in reader.words]
    names = [word for word in words[1:] if not word.startswith("-")]
    return names[-1] if words[:1] == ["tee"] and names else ""


def _take_heredocs(reader: _Reader, target: str) -> None:
    """Pass over here-documents; one alone is what its command writes into `target`."""
    alone = len(reader.heredocs) == 1
    for strip, literal, mark in reader.heredocs:
        start, end, written = reader.at, -1, ""
        while reader.at < len(reader.text):
            end = reader.text.find("\n", reader.at)
            line = reader.text[reader.at : len(reader.text) if end < 0 else end]
            written = reader.text[start : reader.at]
            reader.at = len(reader.text) if end < 0 else end + 1
            if (line.lstrip("\t") if strip else line).rstrip("\r") == mark or line.strip() == mark:
                break
        if alone and target and HOLE not in target:
            text = written if literal else _EXPANDED.sub(HOLE, written)
            reader.files[target] = HOLE if target in reader.files else text  # in another branch, perhaps
    reader.heredocs.clear()


def _end_command(reader: _Reader) -> None:
    words = reader.words
    reader.words = []
    while words and words[0].text in _KEYWORDS:
        words = words[1:]
    declares = bool(words) and words[0].text in ("export", "declare", "local", "readonly")
    rest = words[1:] if declares else words
    taken = 0
    for word in rest:
        match = _ASSIGNMENT.match(word.text)
        if match is None:
            break
        name = match[1]
        if reader.known.get(name) != HOLE:
            reader.known[name] = HOLE if match[2] else word.text[match.end() :]
        taken += 1
    rest = rest[taken:]
    if rest and not declares and rest[0].text not in ("for", "case", "function", "select"):
        reader.commands.append(rest)


def _word(reader: _Reader) -> ShellWord:
    start, parts, text = reader.at, [], reader.text
    while reader.at < len(text):
        plain = _PLAIN.match(text, reader.at)
        if plain is not None:
            parts.append(plain[0])
            reader.at = plain.end()
            continue
        char = text[reader.at]
        if char == "'":
            end = text.find("'", reader.at + 1)
            end = len(text) if end < 0 else end
            parts.append(text[reader.at + 1 : end])
            reader.at = end + 1
        elif char == '"':
            parts.append(_double_quoted(reader))
        elif char == "\\":
            if text[reader.at + 1 : reader.at + 2] in ("\n", "\r"):
                break
            parts.append(text[reader.at + 1 : reader.at + 2])
            reader.at += 2
        elif char in "$`":
            parts.append(_expansion(reader))
        else:
            break
    return ShellWord("".join(parts), text[start : reader.at])


def _double_quoted(reader: _Reader) -> str:
    text, parts = reader.text, []
    reader.at += 1
    while reader.at < len(text):
        plain = _PLAIN_QUOTED.match(text, reader.at)
        if plain is not None:
            parts.append(plain[0])
            reader.at = plain.end()
            continue
        char = text[reader.at]
        if char == '"':
            break
        if char == "\\":
            following = text[reader.at + 1 : reader.at + 2]
            parts.append("" if following == "\n" else following if following in '"\\$`' else char + following)
            reader.at += 2
        else:
            parts.append(_expansion(reader))
    reader.at += 1
    return "".join(parts)


def _expansion(reader: _Reader) -> str:
    """What `$…` or a back-quoted command stands for: a known variable's value, else a hole."""
    text, start = reader.text, reader.at
    if text[start] == "`":
        end = text.find("`", start + 1)
        reader.at = len(text) if end < 0 else end + 1
        return HOLE
    match = _PARAMETER.match(text, start)
    if match is not None:
        reader.at = match.end()
        return reader.known.get(match[1] or match[2], HOLE)
    default = _DEFAULT.match(text, start)
    if default is not None and reader.known.get(default[1], HOLE) not in ("", HOLE):
        reader.at = default.end()
        return reader.known[default[1]]
    for opening, closing in (("$(", ")"), ("${", "}")):
        if text.startswith(opening, start):
            reader.at = _matching(text, start + 1, opening[1], closing)
            return HOLE
    special = kept_regex(r"\$[@*#?$!0-9-]").match(text[start : start + 2])
    reader.at = start + (2 if special else 1)
    return HOLE if special else "$"


def _matching(text: str, at: int, opening: str, closing: str) -> int:
    depth = 0
    while at < len(text):
        char = text[at]
        depth += (char == opening) - (char == closing)
        at += 1
        if depth == 0:
            break
    return at
