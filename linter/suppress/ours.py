"""Our own suppression: `# tarecheck: ignore[rule-id, other-id] reason… until=2027-01-31 by=team-ml`.

At the end of a line it covers that line, or the entry or block whose head the line is. On a line of its own it covers
all that begins on the next line of code: above the first line of a container, the container; above FROM, the
stage; above `apiVersion`, the manifest. `ignore-file[…]` above the first line of code covers the file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.suppress.layout import Comment, Layout
from linter.suppress.model import LAST_LINE

MARK = "tarecheck:"
_DIRECTIVE = lazy_regex(
    r"tarecheck:[ \t]*(ignore-file|ignore)\b[ \t]*(?:\[([^\]\r\n]*)\])?([^\r\n]*?)(?=tarecheck:|[\r\n]|\Z)",
    re.DOTALL,
)
_UNTIL = lazy_regex(r"(?:^|(?<=[\s,;(]))until=(\S+?)(?=[\s,;)]|\Z)")
_BY = lazy_regex(r"(?:^|(?<=[\s,;(]))by=(\S+?)(?=[\s,;)]|\Z)")
_EDGES = " \t\r\n-–—:;,#*/"


@dataclass(frozen=True, slots=True)
class Directive:
    """What a comment says, before its place in the file is known."""

    rules: tuple[str, ...]
    whole_file: bool = False
    reason: str = ""
    until: datetime.date | None = None
    by: str = ""
    fault: str = ""


def directives(text: str) -> Iterator[Directive]:
    """The directives in the text of one comment."""
    for match in _DIRECTIVE.finditer(text):
        verb, names, rest = match.groups()
        rules = tuple(name.strip() for name in (names or "").split(",") if name.strip())
        yield _directive(rules, verb == "ignore-file", rest, closed=names is not None)


def _directive(rules: tuple[str, ...], whole_file: bool, rest: str, *, closed: bool) -> Directive:
    until, fault, by = None, "", ""
    if not closed or not rules:
        fault = "It names no rule: write ignore[rule-id]."
    found = _UNTIL.search(rest)
    if found:
        try:
            until = datetime.date.fromisoformat(found[1])
        except ValueError:
            fault = f"'{found[1]}' is no date: write until=2027-01-31."
        rest = rest[: found.start()] + rest[found.end() :]
    found = _BY.search(rest)
    if found:
        by = found[1]
        rest = rest[: found.start()] + rest[found.end() :]
    return Directive(rules, whole_file, explain(rest), until, by, fault)


def explain(text: str) -> str:
    """The reason in what follows a directive: one line, without the marks around it."""
    return " ".join(text.replace("*/", " ").split()).strip(_EDGES)


def reach(comment: Comment, layout: Layout) -> tuple[int, int] | None:
    """The lines that a directive in a comment covers; None when nothing follows it."""
    if not comment.own_line:
        return comment.line, layout.entries.get(comment.line, comment.line)
    line = layout.below(comment)
    return None if line is None else (line, layout.blocks.get(line, line))


def place(directive: Directive, comment: Comment, layout: Layout) -> tuple[tuple[int, int], str]:
    """The lines that it covers, and why it covers none ('' when all is well)."""
    if directive.fault:
        return (comment.line, comment.line), directive.fault
    if directive.whole_file:
        if layout.at_top(comment):
            return (1, LAST_LINE), ""
        return (comment.line, comment.line), "ignore-file must stand above the first line of the file."
    lines = reach(comment, layout)
    if lines is None:
        return (comment.line, comment.line), "Nothing follows it: it covers the line right below."
    return lines, ""
