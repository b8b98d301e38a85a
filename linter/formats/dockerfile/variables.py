"""Variables that ENV, ARG or a RUN sets."""

from __future__ import annotations

import posixpath
import re

from linter.cel import UNKNOWN
from linter.formats import secrets
from linter.formats.dockerfile.instruction import Instruction, Part
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import fact, field
from linter.formats.shell.command import known
from linter.patterns import lazy_regex
from linter.text import Span

_PLAIN_VALUE = lazy_regex(
    r"(?:/|\./|~/|\$HOME/)[^\s:@]*|-?\d{1,9}(?:\.\d+)?|true|false|yes|no|on|off|none|null|https?://[^@\s]*",
    re.IGNORECASE,
)


class Variable(Part):
    """One variable that ENV, ARG or a RUN sets."""

    name: str = field("", "name")
    value: str | None = field(None, "value, variables resolved; null for an ARG without a default")
    written: str = field("", "value as written")
    keyword: str = field("", "ENV, ARG or RUN (an assignment or export in a script)")
    legacy: bool = field(False, "whether the form without `=` is used")
    self_reference: bool = field(
        False, "whether the value uses a variable that the same instruction sets and nothing before it"
    )
    global_: bool = field(False, "whether it is an ARG before the first FROM", key="global")
    references: list[str] = field((), "variables that the value names")

    def __init__(
        self, instruction: Instruction, span: Span, name: str, content: str | None, written: str, keyword: str
    ) -> None:
        super().__init__(instruction.document, span)
        self.instruction = instruction
        self.stage = instruction.stage
        self.name = known(name)
        self.content = content
        self.value = None if content is None else known(content)
        self.written = written
        self.keyword = keyword
        self.legacy = False
        self.self_reference = False
        self.global_ = keyword == "ARG" and instruction.before_from
        self.references = []

    @property
    def address(self) -> str:
        return f"{self.instruction.address}/{self.name}"

    @property
    def type_key(self) -> str:
        return self.keyword

    @fact
    def empty(self) -> bool:
        """Whether the value is the empty string."""
        return self.content == ""

    @fact
    def plain(self) -> bool:
        """Whether the value is of a kind that no secret is: a path, a number, a boolean, a URL without a password."""
        return self.content is not None and _PLAIN_VALUE.fullmatch(self.content.strip()) is not None

    @fact
    def copied_into(self) -> bool:
        """Whether the value is a path at or below what a COPY or ADD of the same stage brings in."""
        copies = self.stage.copies
        if not self.content or HOLE in self.content:
            return any(
                copy.written_destination.rstrip("\"'/ ").endswith((f"${self.name}", f"${{{self.name}}}"))
                for copy in copies
            )
        relative = not self.content.startswith("/")
        workdir = self.stage.effective.workdir
        if relative and is_unknown(workdir):
            return False
        path = posixpath.normpath(posixpath.join("/", workdir or "", self.content))
        return any(
            isinstance(copy.target, str) and _below(path, posixpath.normpath(copy.target), whole=relative)
            for copy in copies
        )

    @fact
    def secret_name(self) -> bool:
        """Whether the name says that the value is a secret."""
        if is_unknown(self.name):
            return UNKNOWN
        return "PUBLIC" not in self.name.upper().split("_") and secrets.is_secret_name(self.name)

    @fact
    def default_password(self) -> bool:
        """Whether it is a password by its name and one of those that products come with by its value."""
        if is_unknown(self.name) or not isinstance(self.value, str):
            return UNKNOWN if is_unknown(self.name) or is_unknown(self.value) else False
        return secrets.is_default_password(self.name, self.value)

    @fact
    def literal_secret(self) -> bool:
        """Whether the value is a secret by its format or by name and look, with at least medium confidence."""
        if is_unknown(self.name) or not self.written:
            return False
        found = secrets.classify(self.name, self.written)
        return found is not None and found.confidence != "low"

    @fact
    def truthy(self) -> bool:
        """Whether the value switches something on: 1, true, yes, on."""
        return (
            UNKNOWN
            if is_unknown(self.value)
            else (self.value or "").strip().lower() in ("1", "true", "yes", "on", "y")
        )

    @fact
    def falsy(self) -> bool:
        """Whether the value switches something off: 0, false, no, off."""
        return (
            UNKNOWN
            if is_unknown(self.value)
            else (self.value or "").strip().lower() in ("0", "false", "no", "off", "n")
        )

    @fact
    def inherits(self) -> bool:
        """Whether the value is made of the variable's own earlier value: `PATH=/x:$PATH`."""
        return self.name in self.references


def _below(path: str, folder: str, *, whole: bool) -> bool:
    """Whether a path is a folder or below it; the root folder counts only if the `whole` context may lie there."""
    return whole if folder == "/" else f"{path}/".startswith(folder + "/")
