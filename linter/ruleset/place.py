"""From spans to what people see: locations, excerpts and evidence, with secrets masked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from linter.finding import Confidence, Excerpt, Finding, Location, Severity
from linter.text import SourceText, Span

if TYPE_CHECKING:
    from linter.formats.secrets import Shown

CONTEXT_LINES = 2  # shown before and after the line of a finding
MAX_LINE = 400  # characters of a source line that an excerpt keeps (a minified file has one line)
MIN_SENSITIVE = 4  # shorter values would mask half of the file


class Excerpts:
    """What findings quote of one text. Lines are masked once."""

    def __init__(self, text: SourceText, sensitive: set[str]) -> None:
        self.text = text
        self.sensitive = sorted((s for s in sensitive if len(s) >= MIN_SENSITIVE), key=len, reverse=True)
        self._lines: dict[int, str] = {}

    @cached_property
    def shown(self) -> Shown:
        """The text as it may be shown: scanned for secrets once, at the first finding."""
        from linter.formats.secrets import Shown

        return Shown(self.text.text)

    def mask(self, text: str) -> str:
        """A text of ours that may quote the file, such as a message."""
        return self.shown.message(self._hide(text))

    def quote(self, start: int, end: int) -> str:
        """The text of the file between two offsets."""
        return self._hide(self.shown.slice(start, end))

    def _hide(self, text: str) -> str:
        for value in self.sensitive:
            if value in text:
                text = text.replace(value, "****[sensitive]")
        return text

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
        return " ".join(self.quote(span.start, span.end).split())[:MAX_LINE]

    def around(self, line: int) -> Excerpt:
        """The line with those about it."""
        first = max(1, line - CONTEXT_LINES)
        last = min(self.text.line_count, line + CONTEXT_LINES)
        return Excerpt(first, tuple([self._line(number) for number in range(first, last + 1)]))

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
