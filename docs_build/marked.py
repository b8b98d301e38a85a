"""An example as HTML: syntax colours, and the text that the finding points at marked."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

Span = tuple[int, int]


def block(text: str, language: str, spans: Iterable[Span]) -> str:
    """One block of HTML for Markdown: no blank line inside, or Markdown would end it there."""
    body = "".join(_pieces(text.rstrip("\n") + "\n", language, sorted(set(spans)))).replace(
        "</mark><mark>", ""
    )
    lines = body.replace("\n\n", "\n&#8203;\n").replace("\n\n", "\n&#8203;\n")
    return f'<div class="highlight marked"><pre><code>{lines}</code></pre></div>\n'


def _pieces(text: str, language: str, spans: list[Span]) -> Iterator[str]:
    for start, kind, value in get_lexer_by_name(language).get_tokens_unprocessed(text):
        css = STANDARD_TYPES.get(kind, "")
        for part, inside in _split(start, value, spans):
            # marks must not cross lines: each line gets its own
            for line in part.splitlines(keepends=True):
                shown = html.escape(line.rstrip("\n"), quote=False)
                shown = f'<span class="{css}">{shown}</span>' if css and shown else shown
                yield (f"<mark>{shown}</mark>" if inside and shown.strip() else shown)
                yield "\n" if line.endswith("\n") else ""


def _split(start: int, value: str, spans: list[Span]) -> Iterator[tuple[str, bool]]:
    """Cut a token where a span begins or ends."""
    cuts = {0, len(value)}
    for first, last in spans:
        cuts |= {c - start for c in (first, last) if 0 < c - start < len(value)}
    edges = sorted(cuts)
    for left, right in pairwise(edges):
        middle = start + left
        yield value[left:right], any(first <= middle < last for first, last in spans)
