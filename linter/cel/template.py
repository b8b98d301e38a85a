"""Texts with `{expression}` placeholders."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from linter.cel.unknown import Unknown
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.cel.functions import Function
    from linter.cel.program import Program

# the end of a text that gives what follows a name: `password=`, `token: "`, `--key `, `Bearer `
_NAMING = lazy_regex(r"(?i)(?:[=:,>]|\b(?:bearer|basic)|(?<![\w-])--?[\w-]*|\bENV [\w.]+)[ ]*[\"'`]?\Z")


class Template:
    """A compiled text with placeholders."""

    __slots__ = ("_apart", "parts", "text")

    def __init__(self, text: str, parts: Sequence[str | Program]) -> None:
        self.text = text
        self.parts = tuple(parts)
        self._apart: bool | None = None

    def render(self, *args: Any, quote: Callable[[str], str] | None = None) -> str:
        """The text for these variables, in the environment's order. Raises CelRuntimeError.

        `quote` makes of the values that it quotes what may be shown. It sees the whole text where that names a value.
        """
        parts = self.parts
        if quote is None:
            return "".join([part if isinstance(part, str) else show(part.evaluate(*args)) for part in parts])
        if self._apart is None:
            self._apart = not any(
                isinstance(part, str) and not isinstance(after, str) and _NAMING.search(part)
                for part, after in pairwise(parts)
            )
        if not self._apart:
            return quote(self.render(*args))
        return "".join(
            [part if isinstance(part, str) else quote(show(part.evaluate(*args))) for part in parts]
        )

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs of the placeholders."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    def dump(self) -> bytes:
        """The template as bytes for `load`, of use to the same Python version only."""
        return marshal.dumps(
            (self.text, [part if isinstance(part, str) else part.dump() for part in self.parts])
        )

    @classmethod
    def load(cls, data: bytes, functions: Sequence[Function] = ()) -> Template:
        """The template that `dump` wrote. Raises ValueError."""
        from linter.cel.program import Program  # only to load

        text, parts = marshal.loads(data)  # noqa: S302 - our own cache
        return cls(text, [part if isinstance(part, str) else Program.load(part, functions) for part in parts])


def show(value: Any) -> str:
    """A value as it reads in a message."""
    if isinstance(value, str):
        return value
    if value is None:
        return "(none)"
    if isinstance(value, Unknown):
        return "(unknown)"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(show(item) for item in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dict):
        return ", ".join(f"{show(key)}={show(item)}" for key, item in value.items())
    return str(value)
