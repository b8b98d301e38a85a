"""A simple command: what runs, with which flags and operands, what flows in and out, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.image import HOLE
from linter.formats.model import Model, Place, Raw, fact, field
from linter.formats.node import Step
from linter.formats.shell.text import MappedText
from linter.formats.shell.tools import ALIASES, LOGINS, value_options
from linter.patterns import lazy_regex
from linter.text import Span

_VERSIONED = lazy_regex(r"(python|pip|gcc|g\+\+|node|npm|gem|clang|lua|ruby|perl|php)[-.]?\d[\d.]*")

WINDOW = 300  # commands after one that may use or check what it makes; keeps hostile scripts linear


def known(text: str) -> Any:
    """The text, or UNKNOWN when it has a hole."""
    return UNKNOWN if HOLE in text else text


class Token(Model):
    """A word of a command."""

    text: str = field("", "the word as written, with its quotes")
    value: str = field("", "what the shell makes of it")

    def __init__(
        self, mapped: MappedText | None, start: int, end: int, content: str, *, span: Span | None = None
    ) -> None:
        self._mapped = mapped
        self._start = start
        self._end = end
        self._span = span
        self.content = content  # the value, with HOLE where it is not known
        self.value = UNKNOWN if HOLE in content else content
        self.text = mapped.text[start:end] if mapped is not None else content

    @property
    def quoted(self) -> bool:
        return self.text[:1] in ("'", '"') or self.text[:2] in ("$'", '$"')

    def part(self, content: str) -> Token:
        """A word that is only a part of this one's value, in the same place."""
        return Token(self._mapped, self._start, self._end, content, span=self._span)

    def script(self) -> MappedText:
        """The word as a script of its own, places kept."""
        from linter.formats.shell.words import script

        if self._mapped is not None:
            return script(self._mapped, self._start, self._end)
        return MappedText([(self.content, self._span.start if self._span else 0)])

    def place(self) -> Place:
        if self._span is not None:
            return Place(self._span)
        return Place(self._mapped.span(self._start, self._end) if self._mapped is not None else Span(0, 0))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


class Flag(Model):
    """An option of a command; a bundle of short ones (`-fsSL`) is several."""

    name: str = field("", "without dashes: one letter for a short option, the word for a long one")
    value: str = field("", "what is given to it, also as the word after it; empty without")

    def __init__(
        self, token: Token, name: str, content: str, *, long: bool, value_token: Token | None = None
    ) -> None:
        self.token = token
        self.name = name
        self.long = long
        self.content = content
        self.value = known(content)
        self.value_token = value_token

    def place(self) -> Place:
        return self.token.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "value" and self.value_token is not None:
            return self.value_token.place()
        return self.place()


class Assignment(Model):
    """`NAME=value` before a command, exported, or on its own."""

    name: str = field("", "name of the variable")
    value: str = field("", "what it is set to")

    def __init__(self, token: Token, name: str, content: str) -> None:
        self.token = token
        self.name = name
        self.content = content
        self.value = known(content)

    def place(self) -> Place:
        return self.token.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


class Redirect:
    """`> file`, `>> file`, `< file`, or a here-document (then `body` is its text)."""

    __slots__ = ("body", "expands", "operator", "token")

    def __init__(
        self, operator: str, token: Token | None, body: MappedText | None = None, *, expands: bool = True
    ) -> None:
        self.operator = operator
        self.token = token
        self.body = body
        self.expands = expands

    @property
    def writes(self) -> bool:
        return self.operator in (">", ">>", "&>", "&>>", ">|")


class Command(Model):
    """One simple command of a script or of an exec-form list, wrappers such as `sudo` or `sh -c` looked through."""

    name: str = field("", "name of the program as written, without its directory")
    tool: str = field("", "the program's family: `pip` for pip3, pip3.11 and `python -m pip`")
    args: list[str] = field((), "all words after the name")
    position: int = field(0, "how many commands of the script come before it")
    type_key = ""  # an attribute, no property: asked more often than anything else

    def __init__(self, words: list[Token], assignments: list[Assignment], redirects: list[Redirect]) -> None:
        self.words = words
        self.assignments = assignments
        self.redirects = redirects
        self.wrappers: tuple[str, ...] = ()
        self.upstream: Command | None = None  # the command whose output this one reads through a pipe
        self.downstream: Command | None = None
        self.assigned = ""  # the variable that its output becomes the value of: `X=$(…)`
        self.inner: list[Command] = []  # what it runs, if it is a wrapper
        self.substitutes: Command | None = None  # the command of which a word is made of this one's output
        self.conditional = False  # runs only if a test says so, or in a function's body
        self.tested = False  # is such a test: that it fails is an answer
        self.position = 0
        self.owner: Any = None
        content = words[0].content if words else ""
        name = content.rsplit("/", 1)[-1] if HOLE not in content or "/" in content else content
        self.name = known(name)
        self.tool = known(_tool(name))
        self.type_key = self.tool if isinstance(self.tool, str) else ""

    @property
    def address(self) -> str:
        return str(self.owner.address) if self.owner is not None else ""

    def evolve_words(self, words: list[Token], wrappers: tuple[str, ...]) -> Command:
        """The command that a wrapper runs: same surroundings, other words."""
        inner = Command(words, self.assignments, self.redirects)
        inner.wrappers = (*self.wrappers, *wrappers)
        inner.upstream, inner.downstream, inner.substitutes = self.upstream, self.downstream, self.substitutes
        inner.conditional, inner.tested, inner.owner = self.conditional, self.tested, self.owner
        return inner

    @fact
    def tokens(self) -> list[Token]:
        """All words after the name, with their places."""
        return self.words[1:]

    def read_field(self, spec: Any) -> Any:
        return [token.value for token in self.words[1:]] if spec.name == "args" else super().read_field(spec)

    @fact
    def flags(self) -> list[Flag]:
        """Options, bundles of short ones taken apart."""
        return self._parsed[0]

    @fact
    def operands(self) -> list[Token]:
        """Words that are no options and belong to none."""
        return self._parsed[1]

    @property
    def _parsed(self) -> tuple[list[Flag], list[Token]]:
        found = self.__dict__.get("_parts")
        if found is None:
            found = self.__dict__["_parts"] = parse_flags(self.tool, self.words[1:])
        return found

    @fact
    def options(self) -> dict[str, Raw]:
        """Options by name without dashes, with what is given to them."""
        return {flag.name: flag.value for flag in self.flags}

    @fact
    def subcommand(self) -> str:
        """First operand: `install` of `apt-get -y install`; empty without."""
        return self.operands[0].value if self.operands else ""

    def does(self, *actions: str) -> bool:
        """Whether its first operand is known to be one of these."""
        return bool(self.operands) and self.operands[0].content in actions

    @fact
    def environment(self) -> dict[str, str]:
        """Variables that are set for this command alone."""
        return {item.name: item.value for item in self.assignments}

    @fact
    def line(self) -> str:
        """The command as one line, unknown words shown as `?`; for searching."""
        return " ".join(token.content.replace(HOLE, "?") for token in self.words)

    @fact
    def code(self) -> str:
        """The program text that an interpreter gets: `python -c`, a here-document; empty for others."""
        if self.type_key not in ("python", "perl", "ruby", "node"):
            return ""
        given = self.flag_values("c", "e")
        body = next((redirect.body.text for redirect in self.redirects if redirect.body is not None), "")
        return (given[0] if given else body).replace(HOLE, "?")

    @fact
    def outputs(self) -> list[str]:
        """Files that it writes: redirects, tee, `-o`, the last operand of cp, mv and install."""
        result = [one.token.content for one in self.redirects if one.writes and one.token is not None]
        tool, operands = self.type_key, self.operands
        if tool == "tee":
            result += [token.content for token in operands]
        elif tool in ("cp", "mv", "install", "ln") and len(operands) > 1:
            result.append(operands[-1].content)
        elif tool in ("curl", "gpg", "wget"):
            result += (
                self.flag_values("o", "output")
                if tool != "wget"
                else self.flag_values("O", "output-document", "P")
            )
        return [name for name in result if HOLE not in name]

    @fact
    def confirmed(self) -> bool:
        """Whether it asks nothing: -y, --assume-yes, -qq, --non-interactive, or `yes` on its input."""
        if self.upstream is not None and self.upstream.type_key in ("yes", "echo", "printf"):
            return True
        quiet = sum(1 for flag in self.flags if flag.name in ("q", "quiet")) + sum(
            2 for flag in self.flags if flag.content == "2"
        )
        names = (
            "y",
            "yes",
            "assume-yes",
            "assumeyes",
            "n",
            "non-interactive",
            "no-confirm",
            "force-yes",
            "allow-unauthenticated-yes",
        )
        if self.type_key in ("apt-get", "apt", "aptitude"):
            return (
                self.has_flag(*names)
                or quiet >= 2
                or any("assume-yes" in flag.content.lower() for flag in self.flags)
            )
        return self.has_flag(*names)

    @fact
    def stores_login(self) -> bool:
        """Whether it is a login whose token the tool keeps in a file."""
        pattern = LOGINS.get(self.type_key)
        return pattern is not None and re.search(pattern, self.line) is not None

    @fact
    def direct(self) -> bool:
        """Whether the script itself calls it by its bare name, or by `python -m`: no wrapper, path or variable."""
        if not self.words or self.wrappers not in ((), ("python",), ("bash",), ("sh",)):
            return False
        return "/" not in self.words[0].content and not self.words[0].text.startswith(("$", '"$'))

    @fact
    def sudo(self) -> bool:
        """Whether sudo runs it."""
        return "sudo" in self.wrappers

    def has_flag(self, *names: str) -> bool:
        return any(flag.name in names for flag in self.flags)

    def flag_values(self, *names: str) -> list[str]:
        """Contents given to the named options, with holes."""
        return [flag.content for flag in self.flags if flag.name in names]

    def place(self) -> Place:
        if not self.words:
            return self.assignments[0].place() if self.assignments else Place(Span(0, 0), absent=True)
        mapped = self.words[0]._mapped
        if mapped is not None and self.words[-1]._mapped is mapped:
            return Place(mapped.span(self.words[0]._start, self.words[-1]._end))
        return Place(_run_of(self.words))

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] in ("name", "tool") and self.words:
            return self.words[0].place()
        if len(steps) > 1 and steps[0] == "options":
            for flag in self.flags:
                if flag.name == steps[1]:
                    return flag.place()
        if steps and steps[0] == "subcommand" and self.operands:
            return self.operands[0].place()
        return super().locate(steps)


def _run_of(words: Sequence[Token]) -> Span:
    """The first words as long as they stand side by side: strings of one JSON list on one line."""
    span = words[0].place().span
    for word in words[1:]:
        following = word.place().span
        if not 0 <= following.start - span.end <= len('", "'):
            break
        span = Span(span.start, following.end)
    return span


def _tool(name: str) -> str:
    name = name.removesuffix(".exe")
    found = ALIASES.get(name)
    if found is not None:
        return found
    versioned = _VERSIONED.fullmatch(name)
    return ALIASES.get(versioned.group(1), versioned.group(1)) if versioned else name


def parse_flags(tool: Any, tokens: Sequence[Token]) -> tuple[list[Flag], list[Token]]:
    """Options and operands of a tool's words; which options take a value is the tool's own table."""
    tool = tool if isinstance(tool, str) else ""
    short, long = value_options(tool)
    flags: list[Flag] = []
    operands: list[Token] = []
    index, size = 0, len(tokens)
    while index < size:
        token = tokens[index]
        content = token.content
        index += 1
        if content == "--":
            operands.extend(tokens[index:])
            break
        if not content.startswith("-") or content == "-" or len(content) < 2:
            operands.append(token)
        elif tool == "wget" and len(content) == 3 and content[1] == "n":  # -nv, -nc: two letters, one option
            flags.append(Flag(token, content[1:], "", long=False))
        elif content.startswith("--"):
            name, mark, given = content[2:].partition("=")
            value_token = None
            if not mark and name in long and index < size:
                value_token = tokens[index]
                given = value_token.content
                index += 1
            flags.append(Flag(token, name, given, long=True, value_token=value_token))
        else:
            index = _bundle(token, content[1:], short, tokens, index, flags)
    return flags, operands


def _bundle(
    token: Token, letters: str, short: str, tokens: Sequence[Token], index: int, flags: list[Flag]
) -> int:
    if short == "*":  # tools whose long options have one dash
        name, _, given = letters.partition("=")
        flags.append(Flag(token, name, given, long=True))
        return index
    for at, letter in enumerate(letters):
        if letter not in short:
            given = letters[at + 2 :] if letters[at + 1 : at + 2] == "=" else ""
            flags.append(Flag(token, letter, given, long=False))
            if given:  # `-q=2`
                break
            continue
        given = letters[at + 1 :].removeprefix("=")
        value_token = None
        if not given and index < len(tokens):
            value_token = tokens[index]
            given = value_token.content
            index += 1
        flags.append(Flag(token, letter, given, long=False, value_token=value_token))
        break
    return index
