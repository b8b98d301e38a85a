"""From spans to what people see: locations, excerpts and evidence, with secrets masked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from linter.finding import Confidence, Excerpt, Finding, Location, Severity
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

if TYPE_CHECKING:
    from linter.formats.secrets import Shown
    from linter.formats.secrets.replacing import Replacing

CONTEXT_LINES = 2  # shown before and after the line of a finding
MAX_LINE = 400  # characters of a source line that an excerpt keeps (a minified file has one line)
MIN_SENSITIVE = 4  # shorter values would mask half of the file


# keys under which a word is the name of something
_NAMING = lazy_regex(
    r"(?:^|[\s{,-])[\"']?(?:name|app|image|namespace|component|service|host|hostname|instance|tier|role|container"
    r"|[a-z]+Name|app\.kubernetes\.io/[a-z-]+)[\"']?:[ \t]+[\"']?$"
)
_WORD = lazy_regex(r"[a-z]{1,20}\d{0,2}(?:-[a-z0-9]{1,20}){0,3}")


def _is_word(value: str) -> bool:
    return _WORD.fullmatch(value) is not None


def _hide_word(text: str, value: str) -> str:
    """The text without a word that is a secret, where it stands as a value and is no name."""
    parts: list[str] = []
    done = 0
    at = text.find(value)
    while at >= 0:
        end = at + len(value)
        whole = not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum())
        line = text.rfind("\n", 0, at) + 1
        if (
            whole
            and text[line:at].rstrip("\"' ")[-1:] in (":", "=", "-", "|", ">", "")
            and not _NAMING.search(text[max(line, at - 80) : at])
        ):
            parts += [text[done:at], "****[sensitive]"]
            done = end
        at = text.find(value, end)
    return "".join([*parts, text[done:]])


class Excerpts:
    """What findings quote of one text. Lines are masked once."""

    def __init__(self, text: SourceText, sensitive: set[str]) -> None:
        self.text = text
        ordered = sorted((s for s in sensitive if len(s) >= MIN_SENSITIVE), key=len, reverse=True)
        # `postgres` may be a password here and the name of the container there
        self._words = dict.fromkeys((value for value in ordered if _is_word(value)), "")
        self._hidden = dict.fromkeys((v for v in ordered if v not in self._words), "****[sensitive]")
        self._lines: dict[int, str] = {}

    @cached_property
    def shown(self) -> Shown:
        """The text as it may be shown: scanned for secrets once, at the first finding."""
        from linter.formats.secrets import Shown

        return Shown(self.text.text)

    @cached_property
    def _harmless(self) -> bool:
        """Whether all of the text may be shown, as of most files."""
        return not self._hidden and not self._words and not self.shown.masks

    def mask(self, text: str) -> str:
        """A text of ours that may quote the file, such as a message."""
        return self.shown.message(self._hide(text))

    def quote(self, start: int, end: int) -> str:
        """The text of the file between two offsets."""
        text = self._hide(self.shown.slice(start, end))
        for value in self._words_in.found(text) if self._words else ():
            text = _hide_word(text, value)
        return text

    def _hide(self, text: str) -> str:
        return self._hide_all(text) if self._hidden else text

    @cached_property
    def _hide_all(self) -> Replacing:
        from linter.formats.secrets.replacing import Replacing

        return Replacing(self._hidden)

    @cached_property
    def _words_in(self) -> Replacing:
        from linter.formats.secrets.replacing import Replacing

        return Replacing(self._words)

    def one_line(self, span: Span) -> Span:
        """The part of the span on its first line: GitHub shows an alert only where every line of it changed."""
        text = self.text.text
        start = min(span.start, len(text))
        end = min(max(span.end, start), len(text))
        for stop in ("\n", "\r"):
            found = text.find(stop, start, end)
            if found != -1:
                end = found
        while end > start and text[end - 1] in " \t":
            end -= 1
        return Span(start, end)

    def location(self, span: Span) -> Location:
        start = self.text.position(span.start)
        if self.text.text.find("\n", span.start, span.end) < 0 and span.start <= span.end:
            end_line, end_column = start.line, start.column + span.end - span.start
        else:
            end = self.text.position(span.end)
            end_line, end_column = end.line, end.column
        return Location(self.text.path, start.line, start.column, end_line, end_column, span.start, span.end)

    def evidence(self, span: Span) -> str:
        # as the lines of an excerpt: thousands of findings may each be about most of a file that is one line
        end = min(span.end, span.start + MAX_LINE * 4)
        return " ".join(self.quote(span.start, end).split())[:MAX_LINE]

    def around(self, line: int) -> Excerpt:
        """The line with those about it."""
        first = max(1, line - CONTEXT_LINES)
        last = min(self.text.line_count, line + CONTEXT_LINES)
        if self._harmless:
            end = self.text.line_starts[last] - 1 if last < self.text.line_count else len(self.text.text)
            piece = self.text.text[self.text.offset(first, 1) : end]
            if len(piece) <= MAX_LINE and "\r" not in piece:
                return Excerpt(first, f"{piece}\n")
        return Excerpt.of(first, map(self._line, range(first, last + 1)))

    def _line(self, number: int) -> str:
        found = self._lines.get(number)
        if found is None:
            # masked before it is cut: half a secret would no longer look like one
            start = self.text.offset(number, 1)
            length = min(len(self.text.line(number)), MAX_LINE * 4)
            found = self._lines[number] = self.quote(start, start + length)[:MAX_LINE]
        return found

    def finding(
        self,
        rule: str,
        severity: Severity,
        confidence: Confidence,
        span: Span,
        message: str,
        subject: str = "",
    ) -> Finding:
        """A finding that no condition made: a broken part, a suppression without a use."""
        line = self.one_line(span)
        location = self.location(line)
        return Finding(
            rule=rule,
            severity=severity,
            confidence=confidence,
            message=self.mask(message),
            location=location,
            subject=subject,
            evidence=self.evidence(line),
            excerpt=self.around(location.line),
        )
