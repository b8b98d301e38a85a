"""Secrets in what was rendered: whether an expression made them up, and where values or files have them."""

from __future__ import annotations

from collections.abc import Mapping

from linter.finding import WRITTEN_BY, Finding, Related
from linter.formats.secrets import classify, is_shown, scan
from linter.frozen import replace
from linter.patterns import lazy_regex
from linter.ruleset.place import Excerpts
from linter.text import SourceText, Span

_SETTING = lazy_regex(r"[\s-]*([\w.-]+):[ \t]*(.*?)[ \t]*(?:(?<=[ \t])#.*)?$")
_OPEN = lazy_regex(r":\s*(?:[|>][-+\d]*)?\s*\Z")
_TEXT = lazy_regex(r":\s*[|>][-+\d]*\s*\Z")
_LONGEST_TEXT = 200  # lines of one that are looked through for expressions
_EMPTY = ("{}", "[]", '""', "''", "null", "~")

Quotes = Mapping[str, Excerpts]  # of the files that findings are in, or lead to


def is_made_up(finding: Finding, quotes: Quotes) -> bool:
    """Whether an expression wrote the text of a finding and no file has its value: charts make keys when rendered."""
    place = finding.location
    return "{{" in _written(quotes[place.path].text, place.line) and not any(
        _may_hold(item, quotes) for item in finding.related if not item.use
    )


def may_be_made(finding: Finding, quotes: Quotes) -> bool:
    """Whether it is about a text of many lines, expressions wrote parts of it, and none of a value that is a secret."""
    text, number = quotes[finding.location.path].text, finding.location.line
    if not _TEXT.search(text.line(number)) or any(
        _may_hold(item, quotes) for item in finding.related if not item.use
    ):
        return False
    depth = _depth(text.line(number))
    for below in range(number + 1, min(text.line_count, number + _LONGEST_TEXT) + 1):
        line = text.line(below)
        if line.strip() and _depth(line) <= depth:
            return False
        if "{{" in line:
            return True
    return False


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _written(text: SourceText, number: int) -> str:
    """A line, and of one that opens a value what is below it: `data:` above an expression, or a text of many lines."""
    line = text.line(number)
    if not _OPEN.search(line) or number >= text.line_count:
        return line
    below = text.line(number + 1)
    return below if not _TEXT.search(line) or "{{" in below else ""


def _may_hold(value: Related, quotes: Quotes) -> bool:
    """Whether a line of a values file may be where a secret comes from: its own value is one, or stands below it."""
    text, number = quotes[value.location.path].text, value.location.line
    match = _SETTING.match(text.line(number))
    if match is None:
        return True
    key, given = match.groups()
    return _is_held(key, key, given) if given else _may_hold_below(text, number, key)


def _is_held(name: str, key: str, given: str) -> bool:
    """Whether what is given for a key is a secret by the key's name, or by that of what it is a part of."""
    words = given.strip("\"'")
    return given not in _EMPTY and any(classify(each, words) is not None for each in {name, key})


def _may_hold_below(text: SourceText, number: int, name: str) -> bool:
    """Whether a value below a key may be a secret: none is where all settings there are empty, switches and names."""
    depth = _depth(text.line(number))
    for below in range(number + 1, text.line_count + 1):
        line = text.line(below)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if _depth(line) <= depth:
            return below == number + 1  # nothing that can be read here
        match = _SETTING.match(line)
        if match is None or below > number + _LONGEST_TEXT or _TEXT.search(line):
            return True
        if match[2] and _is_held(name, match[1], match[2]):
            return True
    return False


def secret_in(text: SourceText, finding: Finding) -> Span | None:
    """Where a file that was taken as a whole has the secret of a finding: the first of the kind that it names."""
    found = [each for each in scan(text.text, "low") if not is_shown(each.kind, text.text, each.start)]
    named = "(" in finding.message
    alike = (each for each in found if not named or f"({each.kind})" in finding.message)
    return next((Span(each.start, each.end) for each in alike), None)


def at_its_value(finding: Finding, quotes: Quotes) -> Finding:
    """The finding where the values have the secret, when an expression in a line of its own key writes that."""
    place = finding.location
    line = quotes[place.path].text.line(place.line)
    held = [item for item in finding.related if not item.use and _holds(item, quotes)]
    if "{{" not in line or len(held) != 1:
        return finding
    there = quotes[held[0].location.path]
    start = there.text.offset(held[0].location.line, 1)
    span = there.one_line(Span(start + _depth(there.text.line(held[0].location.line)), len(there.text.text)))
    others = (item for item in finding.related if item is not held[0])
    return replace(
        finding,
        location=there.location(span),
        evidence=there.evidence(span),
        excerpt=there.around(held[0].location.line),
        related=(Related(place, WRITTEN_BY, use=True), *others),
    )


def _holds(value: Related, quotes: Quotes) -> bool:
    """Whether a line of a values file has a value of its own that is a secret."""
    place = value.location
    match = _SETTING.match(quotes[place.path].text.line(place.line))
    return match is not None and bool(match[2]) and _may_hold(value, quotes)
