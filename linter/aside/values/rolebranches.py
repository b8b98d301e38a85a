"""Branches of templates of Jinja, and what their conditions come to, as far as that hangs on a few values alone.

Known are a variable, `not x`, `x == true`, `x | bool`, `x is defined`, and these with `and` between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from linter.aside.values.options import Branch
from linter.cel import UNKNOWN
from linter.patterns import lazy_regex

MISSING = object()  # what a variable is to which nothing gives a value
_MOST = 5_000  # statements of one template; of one with more nothing is told
_MOST_NEEDS = 20  # conditions of one branch: those of the branches before it must be false
# one ends before the next one begins, so that a text of openings is read in one pass; what is in a remark is none
_STATEMENT = lazy_regex(r"\{#(?:(?!\{#|#\}).)*#\}|\{%[-+]?\s*+(\w+)((?:(?!\{%|%\}).)*?)[-+]?%\}", re.DOTALL)
# text that looks like statements, names that are none of the role's, and other marks than these
_OTHERWISE = lazy_regex(r"\{%[-+]?\s*+(?:raw|macro|import|from)\b|\A#jinja2:[^\n]*_string")
# what holds an `and` that is no condition's own
_NESTED = lazy_regex(r"[()\[\]{}'\"]|\b(?:or|if)\b")
_NAME = r"([A-Za-z_]\w*)"
_ASKS = lazy_regex(rf"(not\s+)?{_NAME}\s*(?:\|\s*(bool)|==\s*([Tt]rue|[Ff]alse)|is\s+(not\s+)?(defined))?")
_WORDS = frozenset(("true", "false", "none", "True", "False", "None", "and", "or", "not", "in", "is", "if"))
_LONGEST = 500  # letters of a condition that is looked at
_YES = ("yes", "on", "1", "true")  # what Ansible's `bool` takes for true, in any case


def branches(text: str) -> list[Branch]:
    """Every branch of every `if`; none where the template has what is not known here, or does not close them."""
    if text.count("{%") > _MOST or _OTHERWISE.search(text):
        return []
    found: list[Branch] = []
    opened: list[tuple[str, int, list[tuple[str, bool]]]] = []  # word, start of the branch, what it takes
    for match in _STATEMENT.finditer(text):
        word, rest = match[1], (match[2] or "").strip()
        if word in ("if", "for"):
            opened.append((word, match.end(), [(rest, True)] if word == "if" else []))
        elif word in ("elif", "else", "endif", "endfor"):
            if not opened or (word[:3] == "end" and word[3:] != opened[-1][0]):
                return []
            block, start, needs = opened.pop()
            found += (Branch(start, match.start(), condition, wanted) for condition, wanted in needs)
            if not word.startswith("end"):
                before = [(condition, False) for condition, _ in needs][-_MOST_NEEDS:]
                opened.append((block, match.end(), before + ([(rest, True)] if word == "elif" else [])))
    return [] if opened else found


def comes_to(condition: str, value_of: Callable[[str], Any]) -> Any:
    """Whether a condition holds; UNKNOWN where that hangs on anything else.

    `value_of`: what a variable is, which may be MISSING or UNKNOWN.
    """
    if len(condition) > _LONGEST:
        return UNKNOWN
    parts = [_ASKS.fullmatch(part.strip()) for part in re.split(r"\sand\s", condition)]
    verdicts = [_part(match, value_of) if match else UNKNOWN for match in parts]
    if _NESTED.search(condition):
        return UNKNOWN
    if any(verdict is False for verdict in verdicts):
        return False
    return UNKNOWN if any(verdict is UNKNOWN for verdict in verdicts) else True


def variables(condition: str) -> Iterator[str]:
    """The variables that a condition asks for."""
    yield from dict.fromkeys(name for name in re.findall(rf"\b{_NAME}", condition) if name not in _WORDS)


def _part(match: re.Match[str], value_of: Callable[[str], Any]) -> Any:
    negated, name, boolean, equal, undefined, asks = match.groups()
    value = UNKNOWN if name in _WORDS else value_of(name)
    if value is UNKNOWN:
        return UNKNOWN
    if asks:
        holds = (value is MISSING) is bool(undefined)
    elif value is MISSING:
        return UNKNOWN  # the template fails
    elif equal:
        holds = value == (equal.lower() == "true")
    elif boolean and isinstance(value, str):
        holds = value.lower() in _YES
    else:
        holds = bool(value)
    return holds is not bool(negated)
