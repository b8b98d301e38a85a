"""Text to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from linter.cel.errors import CelError

MAX_LENGTH = 20_000  # code points of one expression

RESERVED = frozenset(
    (
        *(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "namespace",
        ),
        *("package", "return", "var", "void", "while"),
    )
)

_SPEC = r"""
(?P<skip>[ \t\r\n\f]+|//[^\n]*)
|(?P<string>[bB]?[rR]?(?:'''|\"""|'|"))
|(?P<float>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
|(?P<int>0[xX][0-9a-fA-F]+|[0-9]+)(?P<unsigned>[uU])?
|(?P<name>[A-Za-z_][A-Za-z0-9_]*)
|(?P<quoted>`[A-Za-z0-9_./ -]+`)
|(?P<op>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}])
"""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `kind` is name, quoted, int, uint, float, string, bytes, op or end; `value` is what it stands for."""

    kind: str
    value: Any
    start: int
    end: int


@cache
def _lexer() -> re.Pattern[str]:
    return re.compile(_SPEC, re.VERBOSE)


def tokenize(text: str, start: int = 0, *, stop_at_brace: bool = False) -> list[Token]:
    """All tokens from `start` on, an `end` token last.

    With `stop_at_brace` the end is the first `}` that closes nothing: the end of a placeholder.
    Raises CelError.
    """
    if len(text) - start > MAX_LENGTH:
        raise CelError(f"the expression is longer than {MAX_LENGTH} characters", start)
    match_at = _lexer().match
    tokens: list[Token] = []
    position = start
    depth = 0
    while position < len(text):
        match = match_at(text, position)
        if match is None:
            raise CelError(f"unexpected character {text[position]!r}", position)
        kind = match.lastgroup
        end = match.end()
        if kind == "string":
            token = read_string(text, position, match.group())
        elif kind == "skip":
            position = end
            continue
        else:
            token = _simple_token(match, position, end)
            if token.value == "{" and token.kind == "op":
                depth += 1
            elif token.value == "}" and token.kind == "op":
                if stop_at_brace and depth == 0:
                    break
                depth -= 1
        tokens.append(token)
        position = token.end
    tokens.append(Token("end", None, position, position))
    return tokens


def _simple_token(match: re.Match[str], start: int, end: int) -> Token:
    text = match.group()
    if (number := match.group("int")) is not None:
        value = int(number, 16) if number[:2] in ("0x", "0X") else _decimal(number, start)
        return Token("uint" if match.group("unsigned") else "int", value, start, end)
    if match.group("float") is not None:
        return Token("float", float(text), start, end)
    if match.group("quoted") is not None:
        return Token("quoted", text[1:-1], start, end)
    return Token("name" if match.group("name") is not None else "op", text, start, end)


def _decimal(digits: str, start: int) -> int:
    if len(digits) > 40:  # longer than any 64-bit number; Python refuses very long ones itself
        raise CelError("the number does not fit into 64 bits", start)
    return int(digits)


def read_string(text: str, start: int, opening: str) -> Token:
    """The string or bytes literal that begins at `start` with `opening` (prefix and quote)."""
    quote = opening.lstrip("bBrR")
    prefix = opening[: len(opening) - len(quote)].lower()
    raw, is_bytes = "r" in prefix, "b" in prefix
    position = start + len(opening)
    parts: list[str] = []
    octets = bytearray()
    while True:
        if position >= len(text) or (len(quote) == 1 and text[position] in "\n\r"):
            raise CelError("this string is not closed", start, f"close it with {quote}")
        if text.startswith(quote, position):
            break
        if text[position] == "\\" and not raw:
            code, position, is_octet = _escape(text, position, is_bytes)
            if is_octet:
                octets.append(code)
            else:
                parts.append(chr(code))
        else:
            parts.append(text[position])
            position += 1
        if is_bytes and parts:
            octets += _utf8(parts.pop(), position)
    end = position + len(quote)
    if is_bytes:
        return Token("bytes", bytes(octets), start, end)
    return Token("string", "".join(parts), start, end)


def _utf8(character: str, position: int) -> bytes:
    try:
        return character.encode()
    except UnicodeEncodeError:
        raise CelError("a lone surrogate can't stand in bytes", position) from None


_ESCAPES = {
    "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11,
    "\\": 92, "?": 63, '"': 34, "'": 39, "`": 96,
}  # fmt: skip
_HEX_LENGTH = {"x": 2, "X": 2, "u": 4, "U": 8}


def _escape(text: str, start: int, is_bytes: bool) -> tuple[int, int, bool]:
    """The escape at `start`: its code, the offset after it, and whether it is one octet of bytes."""
    letter = text[start + 1 : start + 2]
    if letter in _ESCAPES:
        return _ESCAPES[letter], start + 2, False
    if letter and letter in "0123":
        digits, base, end = text[start + 1 : start + 4], 8, start + 4
        wanted = 3
    elif letter in _HEX_LENGTH and not (is_bytes and letter in "uU"):
        wanted = _HEX_LENGTH[letter]
        digits, base, end = text[start + 2 : start + 2 + wanted], 16, start + 2 + wanted
    else:
        raise CelError(
            f"there is no escape \\{letter}", start, "write \\\\ for a backslash, or a raw string r'…'"
        )
    if len(digits) != wanted or not all(
        digit in "0123456789abcdefABCDEF"[: 8 if base == 8 else 22] for digit in digits
    ):
        raise CelError(f"the escape \\{letter} needs {wanted} digits", start)
    code = int(digits, base)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise CelError("the escape names no Unicode character", start)
    return code, end, is_bytes
