"""What expressions of Helm templates come to, as far as that hangs on the values alone."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.scalars import whole
from linter.frozen import dataclass
from linter.patterns import lazy_regex

# `)` with the path of what is taken from the value in the parentheses: `(.Values.a).b`
_WORDS = lazy_regex(r'"[^"]*"|`[^`]*`|\)(?:\.[\w.-]*\w)?|[(|]|[^\s()|]+')
_MAX_DEPTH = 20  # of parentheses
_DOT = "."
_LONGEST = 1_000  # characters of an expression that is looked at


@dataclass(frozen=True, slots=True)
class Known:
    """What a condition can be told from."""

    values: Any
    names: dict[str, Any]  # `.` too where a value stands for it
    include: Callable[..., Any]


def evaluate(
    condition: str,
    values: Any,
    names: dict[str, Any],
    include: Callable[..., Any] = lambda name, dot=None: UNKNOWN,
) -> Any:
    """What a condition is for the values; UNKNOWN for what hangs on anything else.

    `names` are variables and what they stand for, `include` gives the text of a named template, also for a value that
    it is given in the place of everything.
    """
    if len(condition) > _LONGEST:
        return UNKNOWN
    words = _WORDS.findall(condition)
    verdict, rest = _call(words, Known(values, names, include), 0)
    return UNKNOWN if rest else verdict


def _call(words: Sequence[str], known: Known, depth: int) -> tuple[Any, Sequence[str]]:
    """A pipeline up to the closing parenthesis, and the words after it."""
    value, rest = _command(words, known, depth)
    while rest and rest[0] == "|":
        value, rest = _command(rest[1:], known, depth, (value,))
    return value, rest


def _command(
    words: Sequence[str], known: Known, depth: int, piped: tuple[Any, ...] = ()
) -> tuple[Any, Sequence[str]]:
    """One call or value of a pipeline, and the words after it. `piped` is the last argument, from the one before."""
    items: list[Any] = []
    if len(words) > 2 and words[0] in ("include", "template"):
        return _included(words[1].strip('"`'), words[2], known), words[3:]
    function = words[0] if words and words[0] in _FUNCTIONS else ""
    rest = words[1:] if function else words
    while rest and rest[0][0] not in ")|":
        if depth > _MAX_DEPTH:
            return UNKNOWN, ()
        if rest[0] == "(":
            value, rest = _call(rest[1:], known, depth + 1)
            value = _part(value, rest[0].split(".")[1:] if rest else ())
            rest = rest[1:]
        else:
            value, rest = _value(rest[0], known), rest[1:]
        items.append(value)
    if function:
        return _FUNCTIONS[function]([*items, *piped]), rest
    return (items[0] if len(items) == 1 and not piped else UNKNOWN), rest


def _included(name: str, word: str, known: Known) -> Any:
    """What a named template gives for everything, or for one value that is no map."""
    if word in (".", "$") and _DOT not in known.names:
        return known.include(name)
    value = _value(word, known) if word == _DOT or ".Values." in word else UNKNOWN
    return known.include(name, value) if isinstance(value, (str, bool, int)) else UNKNOWN


def _value(word: str, known: Known) -> Any:
    if word == _DOT:
        return known.names.get(_DOT, UNKNOWN)
    if word[0] in '"`':
        return word[1:-1]
    if word in ("true", "false"):
        return word == "true"
    if (number := whole(word.removeprefix("-"))) is not None:
        return -number if word[0] == "-" else number
    name, _, path = word.partition(".")
    if name in known.names and name:
        return _part(known.names[name], path.split(".") if path else ())
    word = word.removeprefix("$")
    if word != ".Values" and not word.startswith(".Values."):
        return UNKNOWN
    return _part(known.values, word.split(".")[2:])


def _part(values: Any, path: Sequence[str]) -> Any:
    """What is at a path in some values; nothing where they have nothing there."""
    for key in path:
        if values is UNKNOWN or values is True:
            return UNKNOWN
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _and(items: Sequence[Any]) -> Any:
    """The first that is false or empty, else the last, as templates have it."""
    unknown = False
    for item in items:
        if item is UNKNOWN:
            unknown = True
        elif not item:
            return False if unknown else item
    return UNKNOWN if unknown or not items else items[-1]


def _or(items: Sequence[Any]) -> Any:
    """The first that is neither false nor empty, else the last; true where it is not known which."""
    unknown = False
    for item in items:
        if item is UNKNOWN:
            unknown = True
        elif item:
            return True if unknown else item
    return UNKNOWN if unknown or not items else items[-1]


def _not(items: Sequence[Any]) -> Any:
    return UNKNOWN if len(items) != 1 or items[0] is UNKNOWN else not items[0]


def _eq(items: Sequence[Any]) -> Any:
    if len(items) < 2 or any(item is UNKNOWN or isinstance(item, (dict, list)) for item in items):
        return UNKNOWN  # helm compares no maps and lists
    return any(items[0] == item for item in items[1:])


def _ne(items: Sequence[Any]) -> Any:
    same = _eq(items)
    return UNKNOWN if same is UNKNOWN else not same


def _get(items: Sequence[Any]) -> Any:
    if len(items) != 2 or any(item is UNKNOWN for item in items) or not isinstance(items[1], str):
        return UNKNOWN
    return items[0].get(items[1], "") if isinstance(items[0], dict) else ""


def _index(items: Sequence[Any]) -> Any:
    value = items[0] if items else UNKNOWN
    for key in items[1:]:
        if key is UNKNOWN or not isinstance(value, dict):
            return UNKNOWN
        value = value.get(key)
    return value


def _text(items: Sequence[Any]) -> Any:
    if len(items) != 1 or not isinstance(items[0], (str, bool, int)):
        return UNKNOWN
    return str(items[0]).lower() if isinstance(items[0], bool) else str(items[0])


def _print(items: Sequence[Any]) -> Any:
    return "".join(items) if all(isinstance(item, str) for item in items) else UNKNOWN


def _quote(items: Sequence[Any]) -> Any:
    """What is not there gives an empty text, without quotes around it."""
    if len(items) != 1 or items[0] is UNKNOWN:
        return UNKNOWN
    if items[0] is None:
        return ""
    text = _text(items)
    return text if text is UNKNOWN else f'"{text}"'


def _default(items: Sequence[Any]) -> Any:
    if len(items) != 2 or items[1] is UNKNOWN:
        return UNKNOWN
    return items[1] or items[0]


def _lower(items: Sequence[Any]) -> Any:
    return items[0].lower() if len(items) == 1 and isinstance(items[0], str) else UNKNOWN


def _coalesce(items: Sequence[Any]) -> Any:
    """The first that is not empty."""
    for item in items:
        if item is UNKNOWN or item:
            return item
    return None


def _len(items: Sequence[Any]) -> Any:
    return len(items[0]) if len(items) == 1 and isinstance(items[0], (str, list, dict)) else UNKNOWN


def _int(items: Sequence[Any]) -> Any:
    return items[0] if len(items) == 1 and type(items[0]) is int else UNKNOWN


def _is_of_type(items: Sequence[Any]) -> Any:
    if len(items) != 2 or items[1] is UNKNOWN:
        return UNKNOWN
    kind = {"bool": bool, "string": str}.get(str(items[0]))
    return isinstance(items[1], kind) if kind is not None else UNKNOWN


def _compared(by: Callable[[int, int], bool]) -> Callable[[Sequence[Any]], Any]:
    def compare(items: Sequence[Any]) -> Any:
        numbers = len(items) == 2 and all(type(item) is int for item in items)
        return by(items[0], items[1]) if numbers else UNKNOWN

    return compare


_FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "index": _index,
    "toString": _text,
    "print": _print,
    "quote": _quote,
    "squote": _quote,
    "default": _default,
    "empty": _not,
    "get": _get,
    "and": _and,
    "or": _or,
    "not": _not,
    "eq": _eq,
    "ne": _ne,
    "lower": _lower,
    "coalesce": _coalesce,
    "len": _len,
    "int": _int,
    "typeIs": _is_of_type,
    "kindIs": _is_of_type,
    "gt": _compared(operator.gt),
    "ge": _compared(operator.ge),
    "lt": _compared(operator.lt),
    "le": _compared(operator.le),
}
