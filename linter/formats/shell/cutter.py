"""From offsets in a text to words, redirects and assignments."""

from __future__ import annotations

from linter.formats.image import HOLE
from linter.formats.shell.command import Assignment, Redirect, Token
from linter.formats.shell.heredoc import lifted_index
from linter.formats.shell.text import MappedText
from linter.formats.shell.words import Lookup, value

MAX_VALUE = 10_000  # characters of a variable's value that is followed


class Cutter:
    """Cuts a text into words, redirects and assignments, with the variables that the script has set by then."""

    def __init__(self, mapped: MappedText, bodies: list[MappedText], lookup: Lookup) -> None:
        self.mapped = mapped
        self.text = mapped.text
        self.bodies = bodies
        self.outer_lookup = lookup
        self.locals: dict[str, str] = {}

    def lookup(self, name: str) -> str | None:
        found = self.locals.get(name)
        return self.outer_lookup(name) if found is None else found

    def token(self, start: int, end: int) -> Token:
        return Token(self.mapped, start, end, value(self.text[start:end], self.lookup))

    def split(self, token: Token) -> list[Token]:
        """A word whose value came from a variable without quotes is cut at its blanks, as the shell does."""
        if "$" not in token.text or " " not in token.content or '"' in token.text or "'" in token.text:
            return [token]
        return [token.part(content) for content in token.content.split()]

    def redirect_to(self, operator: str, start: int, end: int) -> Redirect:
        token = self.token(start, end)
        index = lifted_index(self.text[start:end])
        if index is not None and index < len(self.bodies):
            return Redirect("<<", token, self.bodies[index])
        return Redirect(operator, token)

    def assignment_at(self, start: int, end: int) -> Assignment:
        raw = self.text[start:end]
        name, _, written = raw.partition("=")
        name = name.removesuffix("+").partition("[")[0]
        content = (
            HOLE if written.startswith("(") or "+=" in raw[: len(name) + 2] else value(written, self.lookup)
        )
        if len(content) > MAX_VALUE:  # values that double each other grow without bound
            content = HOLE
        return Assignment(Token(self.mapped, start, end, raw), name, content)
