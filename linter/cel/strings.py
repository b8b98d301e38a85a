"""Functions of strings: CEL's own, its strings extension, and Kubernetes' regular expressions."""

from __future__ import annotations

from typing import Any

from linter.cel.built import count
from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.operators import MAX_SIZE
from linter.cel.regex import compiled
from linter.cel.types import BOOL, INT, STRING, ListType

_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
# what Unicode calls White_Space; Python's strip() would also take U+001C to U+001F
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_QUOTED = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def _position(text: str, position: int) -> int:
    if not 0 <= position <= len(text):
        raise CelRuntimeError(f"index out of range: {position}")
    return position


def char_at(text: str, position: int) -> str:
    _position(text, position)
    return text[position : position + 1]


def index_of(text: str, part: str, start: int = 0) -> int:
    return text.find(part, _position(text, start))


def last_index_of(text: str, part: str, start: int | None = None) -> int:
    if start is None:
        return text.rfind(part)
    return text.rfind(part, 0, _position(text, start) + len(part))


def substring(text: str, start: int, end: int | None = None) -> str:
    end = len(text) if end is None else end
    _position(text, start)
    _position(text, end)
    if start > end:
        raise CelRuntimeError(f"invalid substring range. start: {start}, end: {end}")
    return text[start:end]


def replace(text: str, old: str, new: str, most: int = -1) -> str:
    times = text.count(old) if most < 0 else min(most, text.count(old))
    count(len(text) + times * (len(new) - len(old)), MAX_SIZE)
    return text.replace(old, new, most)


def split(text: str, separator: str, limit: int = -1) -> list[str]:
    if limit == 0:
        return []
    count(len(text), MAX_SIZE)
    if separator == "":
        parts = list(text)
        return parts if limit < 0 or len(parts) <= limit else [*parts[: limit - 1], text[limit - 1 :]]
    return text.split(separator, limit - 1 if limit > 0 else -1)


def join(items: list[Any], separator: str = "") -> str:
    if not all(isinstance(item, str) for item in items):
        raise CelRuntimeError("no such overload: join() of a list of other than strings")
    count(sum(map(len, items)) + len(separator) * len(items), MAX_SIZE)
    return separator.join(items)


def quote(text: str) -> str:
    """The text as a double-quoted literal."""
    return '"' + "".join(_QUOTED.get(character, character) for character in text) + '"'


def matches(text: str, pattern: str) -> bool:
    return compiled(pattern).search(text) is not None


def find(text: str, pattern: str) -> str:
    """The first match, or the empty string."""
    return compiled(pattern).find(text) or ""


def find_all(text: str, pattern: str, limit: int = -1) -> list[str]:
    return compiled(pattern).find_all(text, limit)


def _method(name: str, *signatures: Any, impl: Any, result: Any = STRING, doc: str = "") -> list[Function]:
    return [Function(name, params, result, impl, method=True, doc=doc) for params in signatures]


_S, _I = STRING, INT

FUNCTIONS: tuple[Function, ...] = (
    *_method("startsWith", (_S, _S), result=BOOL, impl=lambda text, part: text.startswith(part)),
    *_method("endsWith", (_S, _S), result=BOOL, impl=lambda text, part: text.endswith(part)),
    *_method("contains", (_S, _S), result=BOOL, impl=lambda text, part: part in text),
    *_method(
        "matches", (_S, _S), result=BOOL, impl=matches, doc="whether the RE2 pattern occurs in the text"
    ),
    Function("matches", (_S, _S), BOOL, matches),
    *_method("charAt", (_S, _I), impl=char_at),
    *_method("indexOf", (_S, _S), (_S, _S, _I), result=INT, impl=index_of),
    *_method("lastIndexOf", (_S, _S), (_S, _S, _I), result=INT, impl=last_index_of),
    *_method("substring", (_S, _I), (_S, _I, _I), impl=substring),
    *_method("lowerAscii", (_S,), impl=lambda text: text.translate(_LOWER)),
    *_method("upperAscii", (_S,), impl=lambda text: text.translate(_UPPER)),
    *_method("trim", (_S,), impl=lambda text: text.strip(_SPACE)),
    *_method("reverse", (_S,), impl=lambda text: text[::-1]),
    *_method("replace", (_S, _S, _S), (_S, _S, _S, _I), impl=replace),
    *_method("split", (_S, _S), (_S, _S, _I), result=ListType(STRING), impl=split),
    *_method("join", (ListType(_S),), (ListType(_S), _S), impl=join),
    *_method("find", (_S, _S), impl=find, doc="the first match of the pattern, or ''"),
    *_method("findAll", (_S, _S), (_S, _S, _I), result=ListType(STRING), impl=find_all),
    Function("strings.quote", (_S,), STRING, quote),
)
