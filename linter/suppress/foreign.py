"""The peers' own suppression comments, each by its documented grammar.

Trivy and tfsec: `trivy:ignore:ID[:exp:YYYY-MM-DD]`, several on a line, ids with `*`; for what begins
on the line or the next one.
Checkov: `checkov:skip=ID[,ID…][:reason]` within a Terraform block, or anywhere in a Dockerfile, which it then covers.
hadolint: `hadolint ignore=CODE[,CODE…] [# words]` for the next line, `global ignore=` for the file, `stage ignore=`
for a stage.
tflint: `tflint-ignore: RULE[, RULE…] [# words]` for what begins on the line or the next one, `tflint-ignore-file:` at
the top for the file.
BuildKit: `check=skip=NAME[,NAME…][;…]` at the top for the file, right above an instruction for that one.
Scanners of secrets: `ofsecrets`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from linter.frozen import dataclass
from linter.patterns import lazy_regex
from linter.suppress import ofsecrets
from linter.suppress.bridgecrew import checkov_id
from linter.suppress.layout import Comment, Layout
from linter.suppress.model import LAST_LINE
from linter.suppress.ours import explain, reach

MARKS = (
    "trivy:ignore:",
    "tfsec:ignore:",
    "tflint-ignore",
    "checkov:skip=",
    "bridgecrew:skip=",
    "cortex:skip=",
    *ofsecrets.MARKS,
    "hadolint",
    "check",
)

_TRIVY = lazy_regex(
    r"(?<![^\s#/*])(?:trivy|tfsec):ignore:([^\s:\[]+)(\[[^\]\s]*\])?((?::[^\s:]+)*)"
    r"([^\r\n]*?)(?=\s[#/*]{0,3}(?:trivy|tfsec):ignore:|$)",
    re.MULTILINE,
)
_CHECKOV = lazy_regex(
    r"(?:checkov|bridgecrew|cortex):skip=([A-Za-z0-9_]+(?:,[ ]?[A-Za-z0-9_]+)*)(?::?[ \t]*([^\r\n]*))?"
)
_TFLINT = lazy_regex(
    r"tflint-ignore(-file)?:[ \t]*([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)(?:[ \t]*#[ \t]*([^\r\n]*))?"
)
_HADOLINT = lazy_regex(
    r"#[ \t]*hadolint[ \t]+(?:(global|stage)[ \t]+)?ignore[ \t]*="
    r"[ \t]*([DLSC0-9]+(?:[ \t]*,[ \t]*[DLSC0-9]+)*)[ \t]*(?:#(.*))?$"
)
_BUILDKIT = lazy_regex(r"#\s*check\s*=\s*(.+)$")


@dataclass(frozen=True, slots=True)
class ForeignDirective:
    """What a peer's comment says: which of its ids, for which lines."""

    tool: str
    rules: tuple[str, ...]
    first: int
    last: int
    reason: str = ""
    until: datetime.date | None = None


def foreign(comment: Comment, layout: Layout, format_name: str) -> Iterator[ForeignDirective]:
    """The peers' directives in one comment."""
    if "ignore:" in comment.text:
        yield from _trivy(comment, layout)
    if ":skip=" in comment.text:
        yield from _checkov(comment, layout, format_name)
    if "tflint-ignore" in comment.text:
        yield from _tflint(comment, layout)
    if any(mark in comment.text for mark in ofsecrets.MARKS):
        yield from _of_secrets(comment, layout)
    if format_name == "dockerfile":
        yield from _hadolint(comment, layout)
        yield from _buildkit(comment, layout)


def _trivy(comment: Comment, layout: Layout) -> Iterator[ForeignDirective]:
    lines = reach(comment, layout)
    if lines is None:
        return
    for match in _TRIVY.finditer(comment.text):
        rule, attributes, parameters, rest = match.groups()
        words = parameters.split(":")[1:]
        settings = dict(zip(words[::2], words[1::2], strict=False))
        until = _date(settings.pop("exp", ""))
        if attributes or settings or (":exp:" in parameters and until is None):
            continue  # for one workspace or attribute value only: whether it holds here is not ours to say
        yield ForeignDirective("trivy", (rule,), *lines, explain(rest), until)


def _date(text: str) -> datetime.date | None:
    try:
        # Trivy: expired from the start of the day named
        return datetime.date.fromisoformat(text) - datetime.timedelta(days=1) if text else None
    except (ValueError, OverflowError):
        return None


def _checkov(comment: Comment, layout: Layout, format_name: str) -> Iterator[ForeignDirective]:
    lines = (1, LAST_LINE) if format_name == "dockerfile" else layout.around(comment.line)
    if lines is None or format_name not in ("dockerfile", "terraform"):
        return
    for match in _CHECKOV.finditer(comment.text):
        rules = tuple(checkov_id(rule.strip()) for rule in match[1].split(","))
        yield ForeignDirective("checkov", rules, *lines, explain(match[2] or ""))


def _tflint(comment: Comment, layout: Layout) -> Iterator[ForeignDirective]:
    match = _TFLINT.search(comment.text)
    if match is None:
        return
    lines = reach(comment, layout)
    if match[1]:
        lines = (1, LAST_LINE) if layout.at_top(comment) else None
    if lines is not None:
        rules = tuple("*" if (name := rule.strip()) == "all" else name for rule in match[2].split(","))
        yield ForeignDirective("tflint", rules, *lines, explain(match[3] or ""))


def _of_secrets(comment: Comment, layout: Layout) -> Iterator[ForeignDirective]:
    for tool, is_below, words in ofsecrets.marked(comment.text):
        line = layout.below(comment) if is_below else comment.line
        if line is not None and is_below == comment.own_line:
            yield ForeignDirective(tool, ("*",), line, line, explain(words))


def _hadolint(comment: Comment, layout: Layout) -> Iterator[ForeignDirective]:
    match = _HADOLINT.match(comment.text)
    if match is None:
        return
    kind, codes, words = match.groups()
    rules = tuple(code.strip() for code in codes.split(","))
    following = comment.line + 1
    if kind == "global":
        lines = (1, LAST_LINE)
    elif following not in layout.entries:
        return  # it binds to the next physical line only
    elif kind == "stage":
        if all(first != following for first, _ in layout.containers):
            return
        lines = (following, layout.blocks[following])
    else:
        lines = (following, layout.entries[following])
    yield ForeignDirective("hadolint", rules, *lines, explain(words or ""))


def _buildkit(comment: Comment, layout: Layout) -> Iterator[ForeignDirective]:
    match = _BUILDKIT.match(comment.text)
    if match is None:
        return
    options = dict(part.strip().partition("=")[::2] for part in match[1].split(";"))
    names = [name.strip() for name in options.get("skip", "").split(",") if name.strip()]
    rules = tuple("*" if name == "all" else name for name in names)
    following = comment.line + 1
    if layout.at_top(comment):
        lines = (1, LAST_LINE)
    elif following in layout.entries:
        lines = (following, layout.entries[following])
    else:
        return
    if rules:
        yield ForeignDirective("buildkit", rules, *lines)
