"""Variable substitution as BuildKit does it (frontend/dockerfile/shell/lex.go), with unknown values as holes.

A value is a string; `HOLE` stands in it for what nobody can know from the file. `$X` of a variable that the file
does not set is a hole, since the base image may set it. `${X:-d}` of such a variable is `d`: the default is what the
author expects, and what the build uses unless somebody sets the variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from linter.formats.effort import effort
from linter.formats.image import HOLE
from linter.patterns import lazy_regex

Lookup = Callable[[str], str | None]  # the value of a variable; None when the file does not set it

_NAME = lazy_regex(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL = "@*#?-$!0123456789"
MAX_VALUE = 100_000  # characters; doubling a variable again and again must not fill the memory
_CHARACTER = 10  # steps: values that grow with each line must not fill the memory either
_MAX_EDITED = 300  # characters of value and pattern in ${X#p}: matching is cubic
_REFERENCE = lazy_regex(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(:?[-+?=]|[#%/])?|([A-Za-z_][A-Za-z0-9_]*))")


class ExpansionError(ValueError):
    """A word that the builder refuses: an open quote or brace."""


def expand(word: str, lookup: Lookup, escape: str = "\\") -> str:
    """The word without its quotes, its variables replaced. Raises ExpansionError."""
    if "$" not in word and '"' not in word and "'" not in word and escape not in word:
        return word
    if effort.left <= 0:
        return HOLE
    value, _ = _Expander(word, lookup, escape).run(0, "")
    effort.left -= _CHARACTER * len(value)
    return value[:MAX_VALUE]


def references(text: str) -> list[tuple[str, int, int, str]]:
    """Variables named in a text: (name, start, end, operator such as ':-' or '')."""
    return [
        (found.group(1) or found.group(3), found.start(), found.end(), found.group(2) or "")
        for found in _REFERENCE.finditer(text)
        if "$" in text
    ]


class _Expander:
    def __init__(self, text: str, lookup: Lookup, escape: str) -> None:
        self.text = text
        self.lookup = lookup
        self.escape = escape
        self.depth = 0

    def run(self, at: int, stop: str) -> tuple[str, int]:
        """Expand from `at` to the character `stop` (exclusive), or to the end."""
        text = self.text
        out: list[str] = []
        while at < len(text):
            char = text[at]
            if char == stop:
                return "".join(out), at
            if char == "'":
                end = text.find("'", at + 1)
                if end < 0:
                    raise ExpansionError("a single quote is not closed")
                out.append(text[at + 1 : end])
                at = end + 1
            elif char == '"':
                value, at = self._double_quoted(at + 1)
                out.append(value)
            elif char == "$":
                value, at = self._dollar(at + 1)
                out.append(value)
            elif char == self.escape:
                out.append(text[at + 1 : at + 2])
                at += 2
            else:
                out.append(char)
                at += 1
        if stop:
            raise ExpansionError("a brace is not closed")
        return "".join(out), at

    def _double_quoted(self, at: int) -> tuple[str, int]:
        text = self.text
        out: list[str] = []
        while at < len(text):
            char = text[at]
            if char == '"':
                return "".join(out), at + 1
            if char == "$":
                value, at = self._dollar(at + 1)
                out.append(value)
            elif char == self.escape and text[at + 1 : at + 2] in ('"', "$", self.escape):
                out.append(text[at + 1])
                at += 2
            else:
                out.append(char)
                at += 1
        raise ExpansionError("a double quote is not closed")

    def _dollar(self, at: int) -> tuple[str, int]:
        text = self.text
        if text[at : at + 1] == "{":
            return self._braced(at + 1)
        name = _NAME.match(text, at)
        if name is not None:
            return self._value(name.group()), name.end()
        if text[at : at + 1] == "$" or text[at : at + 1] in tuple(_SPECIAL):
            return HOLE, at + 1
        return "$", at

    def _braced(self, at: int) -> tuple[str, int]:
        text = self.text
        name = _NAME.match(text, at)
        if name is None:
            return HOLE, self._skip_brace(at)
        variable, at = name.group(), name.end()
        rest = text[at : at + 2]
        if rest[:1] == "}":
            return self._value(variable), at + 1
        colon = rest[:1] == ":"
        operator = rest[1:2] if colon else rest[:1]
        if operator not in ("-", "+", "?", "#", "%", "/", "=") or self.depth > 20:
            return HOLE, self._skip_brace(at)
        self.depth += 1
        word, end = self.run(at + (2 if colon else 1), "}")
        self.depth -= 1
        return self._modified(variable, operator, word), end + 1

    def _skip_brace(self, at: int) -> int:
        end = self.text.find("}", at)
        if end < 0:
            raise ExpansionError("a brace is not closed")
        return end + 1

    def _value(self, name: str) -> str:
        value = self.lookup(name)
        return HOLE if value is None else value

    def _modified(self, name: str, operator: str, word: str) -> str:
        value = self.lookup(name)
        if operator in "-=":
            return value or word
        if operator == "+":
            return HOLE if value is not None and value.strip(HOLE) == "" and value else word if value else ""
        if operator == "?":
            return HOLE if value is None else value
        if value is None or HOLE in value or HOLE in word:
            return HOLE
        if len(value) > _MAX_EDITED or len(word) > _MAX_EDITED or word.count("*") > 3:
            return HOLE
        return _edited(value, operator, word)


def _edited(value: str, operator: str, word: str) -> str:
    """`${X#p}`, `${X%p}`, `${X/a/b}` and their doubled forms."""
    greedy = word.startswith(operator)
    word = word[1:] if greedy else word
    if operator == "/":
        pattern, _, replacement = word.partition("/")
        return re.sub(_glob(pattern), lambda _: replacement, value, count=0 if greedy else 1)
    pattern = _glob(word)
    ends = range(len(value) + 1)
    if operator == "#":
        for end in reversed(ends) if greedy else ends:
            if re.fullmatch(pattern, value[:end], re.DOTALL):
                return value[end:]
    else:
        for start in ends if greedy else reversed(ends):
            if re.fullmatch(pattern, value[start:], re.DOTALL):
                return value[:start]
    return value


def _glob(pattern: str) -> str:
    return "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
