"""Variables of a service, its build arguments and labels: what they hold and whether that is a secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats import secrets
from linter.formats.compose.interpolate import HOLE, interpolate, is_reference
from linter.formats.compose.item import Item, pairs, value_texts
from linter.formats.compose.tree import ComposeNode
from linter.formats.model import fact, field
from linter.formats.node import MAP
from linter.patterns import lazy_regex
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.compose.service import Service

_INLINE = lazy_regex(
    r"(?:^|(?<=[\s\"']))(?:--?(?P<option>[A-Za-z][A-Za-z0-9_.-]*)[= ]|(?P<name>[A-Za-z_][A-Za-z0-9_]*)=)"
    r"(?P<value>[^\s=\"'-][^\s\"']*)"
)


class Setting(Item):
    """A named value: an environment variable, a build argument, a label or an argument of a command."""

    name: str = field("", "name of the variable, argument or label")
    value: str | None = field(None, "its value with defaults filled in; null when it comes from the shell")
    where: str = field("", "environment, build.args, labels, command or entrypoint")

    def __init__(
        self, service: Service, where: str, name: str, value: str | None, written: str, span: Span
    ) -> None:
        super().__init__(service, span, f"{where}/{name}")
        self.where = where
        self.name = name
        self.value = UNKNOWN if value is not None and HOLE in value else value
        # with HOLE for what is not known; values of an `.env` are judged where they stand
        self.text = interpolate(written) if value is not None else ""
        self.written = written  # before interpolation

    @fact
    def secretNamed(self) -> bool:
        """Whether the name is one of a secret."""
        return secrets.is_secret_name(self.name)

    @fact
    def passedThrough(self) -> bool:
        """Whether the whole value comes from the shell or an env file of whoever starts it."""
        return self.value is None or is_reference(self.written)

    @fact
    def blank(self) -> bool:
        """Whether it is set to nothing."""
        return self.value is not None and self.text == ""

    @fact
    def secretKind(self) -> str | None:
        """The kind of literal secret that it holds, defaults of variables included; null for none."""
        found = self._match
        return found.kind if found is not None and found.confidence != "low" else None

    @fact
    def provider(self) -> str:
        """Whose secret it is; `generic` when only the name says that it is one."""
        found = self._match
        return found.provider if found is not None else ""

    @property
    def _match(self) -> secrets.SecretMatch | None:
        return secrets.classify(self.name, self.text) if self.text else None

    @fact
    def guessable(self) -> bool:
        """Whether it is a password that everybody knows or could guess: a shipped default, a short word."""
        if secrets.is_default_password(self.name, self.text):
            return True
        found = self._match if secrets.is_password_name(self.name) else None
        return found is not None and found.kind == "weak-secret"

    @fact
    def truthy(self) -> bool:
        """Whether the value switches something on: true, yes, on, 1."""
        value: Any = self.value
        if value is UNKNOWN:
            return UNKNOWN
        return value is not None and value.strip().lower() in {"true", "yes", "on", "1", "y"}


def merged_settings(service: Service, where: str, layers: Sequence[ComposeNode]) -> Iterator[Setting]:
    """The settings of mappings or lists of `NAME=value`, the most specific first; of repeated names the last holds."""
    found: dict[str, Setting] = {}
    for node in reversed(layers):
        for name, child, span in pairs(node):
            value, written = value_texts(child, entry=node.kind != MAP)
            found[name] = Setting(service, where, name, value, written, span)
    yield from found.values()


def inline(service: Service, where: str, text: str, span: Span, whole: Span) -> Iterator[Setting]:
    """Assignments and options within a command line: `--api-key value`, `export TOKEN=value`.

    They are placed where the file writes them, within `whole`; at `span` where it writes them in another way.
    """
    for match in _INLINE.finditer(text):
        name = match["option"] or match["name"]
        if secrets.is_secret_name(name) or len(match["value"]) >= 16:
            place = _written_at(service, match[0], whole) or span
            yield Setting(service, where, name, interpolate(match["value"]), match["value"], place)


def _written_at(service: Service, words: str, whole: Span) -> Span | None:
    offset, document = service.document.at(whole.start)
    at = document.text.text.find(words, whole.start - offset, whole.end - offset)
    return Span(at + offset, at + offset + len(words)) if at >= 0 else None
