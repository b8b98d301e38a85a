"""Changes to a text that keep it near enough to its language to get past the first check."""

from __future__ import annotations

import random
from collections.abc import Sequence

TOKENS = (
    "\x00", "\t", "\n", "\r", "\n---\n", ": ", "- ", "{", "}", "[", "]", "[]", "{}", "null", "true",
    "~", "&a", "*a", "<<: *a", "!!int ", "|", ">-", "'", '"', "\\", "\\\n", "#", "${", "}", "$(", ")",
    "`", "<<EOF", "EOF", "${x:-", "%{", "{{", "}}", "{{ if", "{%", "0x", "1e999", "-1",
    "99999999999999999999", "0.1", ".inf", "\u202e", "\ufeff", "\ud800", "\U0001f600", "FROM ", "RUN ",
    "ARG ", "COPY ", "ONBUILD ", "# escape=`\n", "apiVersion", "kind: List\nitems: ", "for_each = ",
    "count = ", 'dynamic "x" {', "jsonencode(", "each.value", "null_resource", "spec:", "containers:",
    "services:", "$$", "&&", "||", ";", "tarecheck: ignore[", "until=2027-01-01", "=", "?", "@sha256:",
    ":latest",
)  # fmt: skip


def mutated(text: str, others: Sequence[str], dice: random.Random) -> str:
    """The text with one to eight changes."""
    for _ in range(dice.randint(1, 8)):
        at = dice.randint(0, len(text))
        to = min(len(text), at + dice.choice((1, 2, 5, 20, 100, 1000)))
        kind = dice.randint(0, 6)
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind == 1:
            text = text[:at] + text[at:to] * dice.choice((2, 3, 40)) + text[to:]
        elif kind == 2:
            text = text[:at] + dice.choice(TOKENS) + text[at:]
        elif kind == 3:
            text = text[:at] + dice.choice(TOKENS) + text[to:]
        elif kind == 4:
            other = dice.choice(others)
            start = dice.randint(0, len(other))
            text = text[:at] + other[start : start + dice.choice((5, 50, 500))] + text[at:]
        elif kind == 5:
            text = text[:at]
        else:
            lines = text.splitlines(keepends=True)
            dice.shuffle(lines)
            text = "".join(lines)
        text = text[:200_000]
    return text
