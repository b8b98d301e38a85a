"""Files that commands write, with what they write where that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from linter.formats.image import HOLE
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import Command, Token, known
from linter.formats.shell.text import MappedText
from linter.patterns import lazy_regex
from linter.text import Span

_SUBSTITUTION = lazy_regex(
    r"s([|/#,@!:+])(?P<old>(?:\\.|(?!\1)[^\\]){0,2000})\1(?P<new>(?:\\.|(?!\1)[^\\]){0,2000})\1",
    re.DOTALL,
)


# Mirrors of distributions sign what they serve over HTTP; that is how their own images ship.
_UNSIGNED_APT = lazy_regex(r"\b(?:trusted|allow-insecure)\s*[=:]\s*yes", re.IGNORECASE)
_SIGNED_BY = lazy_regex(r"\bsigned-by\s*[=:]\s*\S", re.IGNORECASE)
_FOREIGN_APT = lazy_regex(
    r"^\s*(?:deb(?:-src)?\s+(?:\[[^\]]*\]\s*)?|URIs:\s*)http://(?!(?:[\w.-]+\.)?(?:ubuntu\.com|debian\.org"
    r"|kali\.org|raspbian\.org"
    r"|raspberrypi\.org|linuxmint\.com|launchpadcontent\.net|launchpad\.net|edu\.cn|aliyun\.com"
    r"|tencentyun\.com|huaweicloud\.com"
    r"|163\.com|edgecastcdn\.net|azure\.com|amazonaws\.com/(?:ubuntu|debian))\b)[\w.-]+",
    re.IGNORECASE,
)
_GROUP = lazy_regex(r"\\?\((.{0,300}?)\\?\)")


class Write(Model):
    """Text that goes to a file."""

    path: str = field("", "the file")
    text: str = field("", "the text that is written, or that sed puts in place of another")
    append: bool = field(False, "whether it is added to what is there")
    edit: bool = field(False, "whether sed or a like tool edits the file in place")

    def __init__(
        self,
        command: Command | None,
        path: str,
        content: str,
        source: Token | MappedText,
        *,
        append: bool = False,
        edit: bool = False,
    ) -> None:
        self.command = command
        self.target = path
        self.path = known(path)
        self.content = content.replace(HOLE, "?")
        self.text = self.content
        self.append = append
        self.edit = edit
        self.source = source

    @property
    def address(self) -> str:
        return self.command.address if self.command is not None else ""

    @fact
    def lines(self) -> list[str]:
        """The text by lines, blanks around them cut."""
        return [line.strip() for line in self.content.replace("\\n", "\n").split("\n") if line.strip()]

    @fact
    def untrusted_apt(self) -> bool:
        """Whether a line is an apt source without signature, or over HTTP, foreign and without a key of its own."""
        signed = _SIGNED_BY.search(self.content) is not None
        return any(
            _UNSIGNED_APT.search(line) or (not signed and _FOREIGN_APT.search(line)) for line in self.lines
        )

    def span_at(self, start: int, end: int) -> Span:
        """Where a part of a here-document stands in the file."""
        return self.source.span(start, end) if isinstance(self.source, MappedText) else self.place().span

    def line_span(self, pattern: str) -> Span:
        """Where the first line that matches stands; the whole when that can't be told."""
        if isinstance(self.source, MappedText):
            found = re.search(pattern, self.source.text)
            if found:
                return self.source.span(found.start(), found.end())
            return self.source.span(0, len(self.source.text))
        return self.source.place().span

    def place(self) -> Place:
        if isinstance(self.source, MappedText):
            if not self.source.text and self.command is not None:
                return self.command.place()
            return Place(self.source.span(0, len(self.source.text)))
        return self.source.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "command" and self.command is not None:
            return self.command.locate(tuple(steps[1:]))
        return self.place()


def writes(commands: Sequence[Command]) -> list[Write]:
    """Every write of the commands whose file is named."""
    return [write for command in commands for write in _of(command)]


def _of(command: Command) -> Iterator[Write]:
    tool = command.type_key
    targets = [(redirect.token.content, redirect.operator.startswith((">>", "&>>")))
               for redirect in command.redirects if redirect.writes and redirect.token is not None]  # fmt: skip
    if tool in ("echo", "printf", "cat"):
        if not targets:
            tee = _tee(command.downstream)
            if tee is not None:
                targets = [(token.content, tee.has_flag("a", "append")) for token in tee.operands]
        for path, append in targets:
            yield from _text_to(command, path, append=append)
    elif tool == "tee":
        for redirect in command.redirects:
            if redirect.body is not None:
                for token in command.operands:
                    yield Write(
                        command,
                        token.content,
                        redirect.body.text,
                        redirect.body,
                        append=command.has_flag("a", "append"),
                    )
    elif tool == "sed" and command.has_flag("i", "in-place", *_inplace(command)):
        yield from _sed(command)
    elif tool == "add-apt-repository":
        for token in command.operands:
            if token.content.startswith("deb"):
                yield Write(command, "/etc/apt/sources.list.d/added.list", token.content, token, append=True)


def _tee(command: Command | None) -> Command | None:
    """The tee that a pipe leads to, also behind sudo."""
    for _ in range(4):
        if command is None:
            return None
        for one in (command, *command.inner):
            if one.type_key == "tee":
                return one
        command = command.downstream
    return None


def _inplace(command: Command) -> list[str]:
    return [flag.name for flag in command.flags if flag.name.startswith("i")]


def _text_to(command: Command, path: str, *, append: bool) -> Iterator[Write]:
    if command.type_key == "cat":
        for redirect in command.redirects:
            if redirect.body is not None:
                yield Write(command, path, redirect.body.text, redirect.body, append=append)
        return
    tokens = [token for token in command.words[1:] if token.content not in ("-e", "-n", "-en", "-ne", "--")]
    if tokens:
        content = " ".join(token.content for token in tokens)
        yield Write(command, path, content.replace("\\n", "\n"), tokens[0], append=append)


def _sed(command: Command) -> Iterator[Write]:
    expressions = [
        flag.value_token
        for flag in command.flags
        if flag.name in ("e", "expression") and flag.value_token is not None
    ]
    operands = list(command.operands)
    if not expressions and operands:
        expressions = [operands.pop(0)]
    for expression in expressions:
        for found in _SUBSTITUTION.finditer(expression.content):
            new = _replacement(found.group("old"), found.group("new"))
            for token in operands:
                yield Write(command, token.content, new, expression, edit=True)
        inserted = re.search(r"(?:^|[\d$/;])[aic]\\?\s*(.+)$", expression.content)
        if inserted and not _SUBSTITUTION.search(expression.content):
            for token in operands:
                yield Write(command, token.content, inserted.group(1), expression, edit=True)


def _replacement(old: str, new: str) -> str:
    """What sed writes, its groups filled with what their expressions say."""
    groups = [re.sub(r"[.\\^$*#?]+", "", group) for group in _GROUP.findall(old)]

    def fill(reference: re.Match[str]) -> str:
        number = reference.group()[-1]
        if number == "&":
            return re.sub(r"[.\\^$*#?]+", "", old)
        return groups[int(number) - 1] if int(number) <= len(groups) else ""

    return re.sub(r"\\[1-9]|(?<!\\)&", fill, new)
