"""One shell word: its value without quotes, with holes for what only a run would know."""

from __future__ import annotations

import re
from collections.abc import Callable

from linter.formats.image import HOLE
from linter.formats.shell.text import MappedText
from linter.patterns import lazy_regex

Lookup = Callable[[str], str | None]  # the value of a variable; None when nobody set it that we know of

_PLAIN = lazy_regex(r"[^\\'\"$`<>]*")
_NAME = lazy_regex(r"[A-Za-z_]\w*")
_DEFAULT = lazy_regex(r"([A-Za-z_]\w*)(:?[-=+])(.*)", re.DOTALL)
_ANSI_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "e": "\x1b", "\\": "\\", "'": "'", '"': '"'}
_ANSI_CODE = lazy_regex(r"x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{1,4})")
MAX_DEPTH = 20


def value(raw: str, lookup: Lookup, depth: int = 0) -> str:
    """What the shell makes of a word as written; `HOLE` for substitutions and variables that are not known."""
    if _PLAIN.fullmatch(raw):
        return raw
    out: list[str] = []
    at, size, quoted = 0, len(raw), False
    while at < size:
        char = raw[at]
        if char == '"':
            quoted = not quoted
            at += 1
        elif char == "'" and not quoted:
            end = _closing(raw, "'", at + 1)
            out.append(raw[at + 1 : end])
            at = end + 1
        elif char == "\\":
            at = _escaped(raw, at, quoted, out)
        elif char == "$":
            at = _dollar(raw, at, quoted, lookup, out, depth)
        elif char == "`":
            out.append(HOLE)
            at = _closing(raw, "`", at + 1) + 1
        elif char in "<>" and raw[at + 1 : at + 2] == "(" and not quoted:
            out.append(HOLE)
            at = closing_paren(raw, at + 2) + 1
        else:
            out.append(char)
            at += 1
    return "".join(out)


def _closing(raw: str, mark: str, at: int) -> int:
    end = raw.find(mark, at)
    return len(raw) if end < 0 else end


def _escaped(raw: str, at: int, quoted: bool, out: list[str]) -> int:
    follower = raw[at + 1 : at + 2]
    if follower == "\n":
        return at + 2
    if quoted and follower not in ('"', "$", "`", "\\"):
        out.append("\\")
        return at + 1
    out.append(follower)
    return at + 2


def _dollar(raw: str, at: int, quoted: bool, lookup: Lookup, out: list[str], depth: int) -> int:
    follower = raw[at + 1 : at + 2]
    if follower == "'" and not quoted:
        return _ansi(raw, at + 2, out)
    if follower == "(":
        out.append(HOLE)
        return closing_paren(raw, at + 2) + 1
    if follower == "{":
        end = _closing_brace(raw, at + 2)
        out.append(_braced(raw[at + 2 : end], lookup, depth))
        return end + 1
    name = _NAME.match(raw, at + 1)
    if name is not None:
        found = lookup(name.group())
        out.append(HOLE if found is None else found)
        return name.end()
    if follower and follower in "@*#?-$!0123456789":
        out.append(HOLE)
        return at + 2
    if follower != '"':
        out.append("$")
    return at + 1


def _braced(inner: str, lookup: Lookup, depth: int) -> str:
    if _NAME.fullmatch(inner):
        found = lookup(inner)
        return HOLE if found is None else found
    default = _DEFAULT.fullmatch(inner)
    if default is None or depth > MAX_DEPTH:
        return HOLE
    found = lookup(default.group(1))
    word = value(default.group(3), lookup, depth + 1)
    if default.group(2)[-1] == "+":
        return word if found else HOLE if found is None else ""
    return found or word


def _ansi(raw: str, at: int, out: list[str]) -> int:
    while at < len(raw) and raw[at] != "'":
        if raw[at] == "\\" and at + 1 < len(raw):
            code = _ANSI_CODE.match(raw, at + 1)
            if code is not None:
                digits = code.group(1) or code.group(3)
                out.append(chr(int(digits, 16) if digits else int(code.group(2), 8)))
                at = code.end()
            else:
                out.append(_ANSI_ESCAPES.get(raw[at + 1], raw[at + 1]))
                at += 2
        else:
            out.append(raw[at])
            at += 1
    return at + 1


def closing_paren(raw: str, at: int) -> int:
    """Where the parenthesis that was opened before `at` closes, quotes respected; the end when it does not."""
    return _bracket_end(raw, at, "(", ")")


def _closing_brace(raw: str, at: int) -> int:
    return _bracket_end(raw, at, "{", "}")


def _bracket_end(raw: str, at: int, opener: str, closer: str) -> int:
    depth, quote = 1, ""
    while at < len(raw):
        char = raw[at]
        if char == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == opener:
            depth += 1
        elif char == closer:
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return len(raw)


def script(mapped: MappedText, start: int, end: int) -> MappedText:
    """The text of a quoted word as a script of its own: outer quotes off, what they escaped unescaped, places kept."""
    raw = mapped.text[start:end]
    if len(raw) >= 2 and raw[0] == raw[-1] == "'" and "'" not in raw[1:-1]:
        return mapped.slice(start + 1, end - 1)
    pieces: list[tuple[str, int]] = []
    at, begin, quote = 0, 0, ""

    def keep(until: int) -> None:
        if until > begin:
            pieces.extend(mapped.pieces(start + begin, start + until))

    while at < len(raw):
        char = raw[at]
        drop = (char == "'" and quote != '"') or (char == '"' and quote != "'")
        if char == "\\" and quote != "'" and raw[at + 1 : at + 2] in ('"', "$", "`", "\\", "\n"):
            keep(at)
            begin = at + 1
            at += 2
            continue
        if drop:
            keep(at)
            begin = at + 1
            quote = "" if quote else char
        at += 1
    keep(len(raw))
    return MappedText(pieces or [("", mapped.source(start))])
