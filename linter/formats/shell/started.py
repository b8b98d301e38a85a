"""The commands that a container starts, by its words."""

from __future__ import annotations

from collections.abc import Sequence

from linter.formats.shell import parse_argv
from linter.formats.shell.command import Command
from linter.text import Span

_NOWHERE = Span(0, 0)
_LENGTH = 20_000  # of words that are looked at


def started(words: Sequence[object]) -> list[Command]:
    """What they run, shells looked through; nothing where a word is not known, or they are too long."""
    texts = [word for word in words if isinstance(word, str)]
    if len(texts) != len(words) or sum(map(len, texts)) > _LENGTH:
        return []
    return parse_argv((text, _NOWHERE) for text in texts).commands
