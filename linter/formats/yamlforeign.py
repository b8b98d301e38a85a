"""Templates of programs that leave no trace in YAML that parses: FreeMarker, scripts that replace a placeholder.

Only asked of a text that is no YAML as it stands: a line that is nothing but `<ANNOTATIONS>` or `${BLOCK}` is also what
a script in a manifest may have.
"""

from __future__ import annotations

import re

from linter.formats.image import HOLE
from linter.formats.yamlcompose import compose
from linter.formats.yamlholes import Filled, Output, place
from linter.patterns import lazy_regex

# `<#if a.b??>`, `</#if>`, `<#-- a remark -->` on a line of its own: it decides, and writes nothing itself
_DIRECTIVE = lazy_regex(
    r"(?m)^[ \t]*<(?:#--(?:(?!-->)[^\n]){0,500}-->|/?#[a-z]+(?:[ \t][^\n]{0,500})?>)[ \t]*\r?$"
)
# a placeholder on a line of its own: what comes in its place are entries
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,80}"
_ENTRIES = lazy_regex(
    rf"(?m)^([ \t]*)(?:<{_NAME}>|\$\{{{_NAME}\}}|%%{_NAME}%%|@{_NAME}@)[ \t]*(?=\r?$)",
)
# one in a value, and all of a value of which none of YAML's own begins so, as `****` for what is to be filled in
_IN_VALUE = lazy_regex(rf"(%%?){_NAME}\1")
_VALUE = lazy_regex(
    r"(?m)^([ \t]*(?:-[ \t]+)*(?:[\w./-]+:[ \t]+|-[ \t]+))"
    rf"(\|{_NAME}\||@{_NAME}@|\*+(?![\w-]))(?=[ \t]*(?:#[^\n]*)?\r?$)"
)


def cover(text: str) -> Filled | None:
    """The text with what such programs fill in covered; None when that does not make it YAML: it is broken then."""
    covered = _DIRECTIVE.sub(_blank, text) if "<" in text else text
    directed = covered != text
    if "|" in covered or "@" in covered or "*" in covered:
        covered = _VALUE.sub(lambda m: m[1] + HOLE * len(m[2]), covered)
    outputs = _outputs(covered)
    covered = _IN_VALUE.sub(lambda m: HOLE * len(m[0]), _ENTRIES.sub(_blank, covered))
    if covered == text:
        return None
    placed, spots = place(covered, outputs)
    # statements of an engine are no mistake, whatever the rest of its lines make of the text
    return Filled(placed, spots, engine=True) if directed or compose(placed)[1] is None else None


def _outputs(text: str) -> list[Output]:
    outputs = []
    line = done = 0
    for match in _ENTRIES.finditer(text):
        line += text.count("\n", done, match.start())
        done = match.start()
        outputs.append(Output(line, len(match[1]), inline=False, remark=False))
    return outputs


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\r\n]", " ", match[0])
