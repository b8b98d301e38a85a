"""Small pieces of Markdown, escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown; line ends in cells, and pipes outside of code, are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    parts = _PARTS.split(" ".join(text.split()))
    return "".join(part if i % 2 else part.replace("|", "\\|") for i, part in enumerate(parts))


def code(text: object) -> str:
    """Inline code, also of text with backticks in it."""
    shown = str(text)
    fence = "``" if "`" in shown else "`"
    pad = " " if "`" in shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


_PARTS = re.compile(r"(`+[^`]*`+)")


def prose(text: str) -> str:
    """Text of ours that may hold inline code; what would be read as HTML or emphasis is escaped outside of it."""
    parts = _PARTS.split(text)
    return "".join(p if i % 2 else re.sub(r"([<>*_\[\]])", r"\\\1", p) for i, p in enumerate(parts))


def fenced(text: str, language: str = "", title: str = "") -> str:
    """A code block whose fence is longer than any in the text."""
    ticks = "`" * max(3, 1 + max((len(m) for m in re.findall(r"`+", text)), default=0))
    named = f' title="{title}"' if title else ""
    return f"{ticks}{language}{named}\n{text.rstrip()}\n{ticks}\n"
