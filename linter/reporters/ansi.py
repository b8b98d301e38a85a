"""Colours and links of the terminal, or nothing at all."""

from __future__ import annotations

from linter.finding import Severity
from linter.reporters.links import is_web

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
    "critical": "1;97;41",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
}


class Paint:
    """Wraps text that is already safe to print."""

    __slots__ = ("color", "links")  # no dataclass: it is in the way of every start

    def __init__(self, *, color: bool, links: bool) -> None:
        self.color = color
        self.links = links

    def __call__(self, style: str, text: str) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.color and text else text

    def severity(self, severity: Severity, text: str) -> str:
        return self(severity.label, text)

    def caret(self, severity: Severity, text: str) -> str:
        return self("high" if severity is Severity.CRITICAL else severity.label, text)

    def link(self, url: str, text: str) -> str:
        """An OSC 8 hyperlink; plain text when links are off or the address is not plain http(s)."""
        if not self.links or not is_web(url):
            return text
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"
