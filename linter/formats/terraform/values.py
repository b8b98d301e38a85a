"""Values of Terraform that are known only in part, or that remember what they were made of.

All unknown kinds behave as UNKNOWN in rules; our own facts look inside.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from typing import Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.patterns import lazy_regex

HOLE = "\ufffc"  # stands for text that is not known
_TRAILING_COMMA = lazy_regex(r",(\s*[}\]])")
MAX_TEXT = 1_000_000  # of a string
MAX_SCRIPT = 100_000  # characters of a script; machines take 16 KB to 256 KB
MAX_GROWN = 10_000_000  # characters or comparisons that a function may make at most
MAX_WEIGHT = 50_000  # of a value: its leaves, those counted twice that stand in two places


class FunctionError(Exception):
    """A call that Terraform would refuse; `try` and `can` ask for it."""


class PartialText(Unknown):
    """A string with holes: `text` has HOLE where a piece is not known."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Reference(Unknown):
    """An attribute of something in the configuration whose value is not known before apply."""

    __slots__ = ("address", "path")

    def __init__(self, address: str, path: tuple[Any, ...] = ()) -> None:
        self.address = address  # `type.name`, `data.type.name`, `module.name`, `var.name`
        self.path = path


class PartialData(Unknown):
    """A JSON or YAML text of which the structure is known; leaves may be unknown."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class Encoded(Unknown):
    """The base64 of something known in part."""

    __slots__ = ("inner",)

    def __init__(self, inner: Any) -> None:
        self.inner = inner


def is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown)


def too_heavy(value: Any, limit: int = MAX_WEIGHT) -> bool:
    """Whether a value has more parts than we want to look at, or holds itself."""
    queue = [value]
    count = 0
    while queue:
        item = queue.pop()
        if isinstance(item, dict):
            queue.extend(item.values())
        elif isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, str):
            count += len(item) // 100
        count += 1
        if count + len(queue) > limit:
            return True
    return False


def too_deep(value: Any, limit: int) -> bool:
    """Whether maps and lists stand in each other more than `limit` times."""
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for item in level
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def deep_unknown(value: Any) -> bool:
    """Whether any leaf is unknown."""
    if isinstance(value, dict):
        return any(deep_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(deep_unknown(item) for item in value)
    return isinstance(value, Unknown)


def text_of(value: Any) -> str:
    """A scalar as Terraform writes it into a string, with HOLE for what is not known."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, PartialText):
        return value.text
    if isinstance(value, PartialData):
        text = json.dumps(plain_holes(value.value))
        return text if len(text) <= MAX_TEXT else HOLE
    if value is None:
        return ""
    if isinstance(value, float):
        if math.isinf(value) or math.isnan(value):
            return str(value)
        return str(int(value)) if value == int(value) else repr(value)
    return str(value) if isinstance(value, int) else HOLE


def join_text(pieces: list[str]) -> Any:
    """The pieces as one string; a PartialText when one has a hole."""
    if sum(map(len, pieces)) > MAX_TEXT:
        return UNKNOWN
    text = "".join(pieces)
    if HOLE not in text:
        return text
    return UNKNOWN if text == HOLE else PartialText(text)


def plain_holes(value: Any) -> Any:
    """A value with text in which HOLE stands for what is not known."""
    if isinstance(value, dict):
        return {text_of(key): plain_holes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_holes(item) for item in value]
    return text_of(value) if isinstance(value, Unknown) else value


def restore_holes(value: Any) -> Any:
    """The reverse of `plain_holes`: strings with holes become partial again."""
    if isinstance(value, dict):
        return {key: restore_holes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [restore_holes(item) for item in value]
    return join_text([value]) if isinstance(value, str) and HOLE in value else value


def structured(value: Any) -> Any:
    """What a JSON text means, with unknown leaves; UNKNOWN when it can't be told, None for no text."""
    if isinstance(value, PartialData):
        return value.value
    if isinstance(value, PartialText):
        text = value.text
    elif isinstance(value, str):
        text = value
    else:
        return UNKNOWN if isinstance(value, Unknown) else value
    if not text.strip():
        return None
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            found = json.loads(attempt)
            return UNKNOWN if too_deep(found, 60) else restore_holes(found)
        except (ValueError, RecursionError):
            continue
    return UNKNOWN


def script_text(value: Any) -> str | None:
    """The text of a user-data value, base64 undone where it is; HOLE for unknown pieces; None when nothing is known."""
    if isinstance(value, Encoded):
        return script_text(value.inner)
    if isinstance(value, PartialData):
        return text_of(value)
    if isinstance(value, PartialText):
        return value.text if len(value.text) <= MAX_SCRIPT else None
    if not isinstance(value, str) or len(value) > MAX_SCRIPT:
        return None
    compact = value.strip()
    if len(compact) >= 16 and "\n" not in compact and " " not in compact:
        try:
            return base64.b64decode(compact, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return value
    return value


def identity(value: Any) -> str:
    """A name or id for comparing: unknown values are the same when they come from the same variable or attribute."""
    if isinstance(value, Reference):
        return HOLE.join((value.address, *map(text_of, value.path)))
    return value if isinstance(value, str) else ""


def boolean(value: Any) -> Any:
    """A value where Terraform wants a bool: its strings for it count."""
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    return value


def number(value: Any) -> int | float | None:
    """A finite number, also when it was written as a string; None for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value if isinstance(value, int) or math.isfinite(value) else None
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return None
    return None
