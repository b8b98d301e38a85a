"""Settings of package managers and downloaders, by whatever way they are made.

`pip install --trusted-host x`, `pip config set global.trusted-host x`, `PIP_TRUSTED_HOST=x` and a line in pip.conf
say the same thing; rules should ask once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import Command, Flag, Token, known
from linter.formats.shell.text import MappedText
from linter.formats.shell.writes import Write
from linter.patterns import lazy_regex
from linter.text import Span

# tool -> options that are settings; a single letter is the short form of the word after it
_FLAGS: dict[str, dict[str, str]] = {
    "pip": {"i": "index-url", "f": "find-links"},
    "uv": {"i": "index-url", "f": "find-links", "allow-insecure-host": "trusted-host"},
    "pipx": {"i": "index-url"},
    "npm": {},
    "yarn": {},
    "pnpm": {},
    "wget": {"no-check-certificate": "no-check-certificate"},
    "conda": {"c": "channel", "k": "insecure"},
    "apt-get": {},
    "apt": {},
    "aptitude": {},
    "yum": {},
    "dnf": {},
    "microdnf": {},
    "tdnf": {},
    "zypper": {},
    "git": {},
}
_TOOLS = {
    "apt-get": "apt",
    "aptitude": "apt",
    "pipx": "pip",
    "microdnf": "yum",
    "tdnf": "yum",
    "dnf": "yum",
    "pnpm": "npm",
    "yarn": "npm",
}
_OPTION_PAIRS = {"apt": ("o", "option"), "yum": ("setopt",), "git": ("c",)}
# what takes nothing from the channel or repository that it names
_TAKING_NOTHING = {
    "conda": ("tos", "search", "info", "list", "run"),
    "yum": ("remove", "erase", "autoremove", "clean", "list", "info", "search", "repolist"),
}
# prefix of an environment variable -> tool
_ENVIRONMENT = (
    ("PIP_", "pip"),
    ("UV_", "uv"),
    ("NPM_CONFIG_", "npm"),
    ("YARN_", "npm"),
    ("CONDA_", "conda"),
    ("MAMBA_", "conda"),
)
_NAMES = {
    ("uv", "insecure-host"): "trusted-host",
    ("uv", "extra-index-url"): "extra-index-url",
    ("yum", "nogpgcheck"): "gpgcheck",
    ("yum", "no-gpgchecks"): "gpgcheck",
    ("npm", "strictssl"): "strict-ssl",
    ("conda", "channels"): "channel",
    ("npm", "enable-strict-ssl"): "strict-ssl",
}
# a part of a file's name -> tool
_FILES = (
    ("pip.conf", "pip"), (".pip/", "pip"), ("pip.ini", "pip"), ("uv.toml", "uv"), ("npmrc", "npm"),
    ("yarnrc", "npm"), ("wgetrc", "wget"), ("curlrc", "curl"),
    (".repo", "yum"), ("yum.conf", "yum"), ("dnf.conf", "yum"), ("gitconfig", "git"), ("condarc", "conda"),
    ("/apt.conf", "apt"),
    ("apt/apt.conf.d", "apt"), ("ssh_config", "ssh"), ("sshd_config", "ssh"), (".ssh/config", "ssh"),
    ("zypp", "zypper"),
)  # fmt: skip
_LINE = lazy_regex(
    r"^[ \t]*([A-Za-z][\w.:-]*)[ \t]*(?:=|:(?!:)|[ \t])[ \t]*[\"']?([^\"'#;\n]*)", re.MULTILINE
)
_ITEM = lazy_regex(r"^[ \t]*-[ \t]+([\w./:-]+)", re.MULTILINE)
_SSH_OPTION = lazy_regex(r"-o\s*[\"']?(\w+)[= ]([^\s\"']+)")


class Setting(Model):
    """One setting of a tool: a flag, an environment variable, a config command or a line in its file."""

    tool: str = field(
        "",
        "pip uv npm yum apt zypper git wget curl conda ssh; yum also for dnf and microdnf, npm for yarn and pnpm",
    )
    name: str = field(
        "", "name as the flag spells it, lower case: trusted-host, strict-ssl, gpgcheck, http.sslverify"
    )
    value: str = field("", "what it is set to; empty for a flag without a value")
    via: str = field("flag", "flag, environment, config or file")

    def __init__(
        self, tool: str, name: str, content: str, via: str, place: Span, owner: Model | None
    ) -> None:
        self.tool = tool
        self.name = _NAMES.get((tool, name), name)
        self.content = content
        self.value = known(
            content.strip().lower()
            if content.strip().lower() in ("true", "false", "yes", "no")
            else content.strip()
        )
        self.via = via
        self.span = place
        self.owner = owner

    @fact
    def offline(self) -> bool:
        """Whether its command asks no index at all: --no-index, --offline."""
        return isinstance(self.owner, Command) and any(
            flag.name in ("no-index", "offline") for flag in self.owner.flags
        )

    @fact
    def conditional(self) -> bool:
        """Whether a test in the script decides that it is made."""
        return isinstance(self.owner, Command) and self.owner.conditional

    @property
    def address(self) -> str:
        return self.owner.address if self.owner is not None else ""

    @property
    def type_key(self) -> str:
        return self.tool

    def place(self) -> Place:
        return Place(self.span)

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def of_commands(commands: Sequence[Command]) -> Iterator[Setting]:
    """Settings that flags and config commands make."""
    for command in commands:
        tool = command.type_key
        if tool in ("ssh", "scp", "sftp"):
            yield from _ssh(command)
        if tool not in _FLAGS:
            if tool in ("yum-config-manager", "dnf-config-manager"):
                yield from _config_manager(command)
            continue
        shown = _TOOLS.get(tool, tool)
        if command.does(*_TAKING_NOTHING.get(shown, ())):
            continue
        for flag in command.flags:
            yield from _of_flag(shown, _FLAGS[tool], flag, command)
        yield from _of_config(shown, command)


def _of_flag(tool: str, short: dict[str, str], flag: Flag, command: Command) -> Iterator[Setting]:
    span = flag.place().span
    if flag.name in _OPTION_PAIRS.get(tool, ()):
        name, mark, value = flag.content.partition("=")
        if mark:
            name = name.rpartition(".")[2] if tool == "yum" else name
            place = flag.value_token.place().span if flag.value_token is not None else span
            yield Setting(tool, name.strip().lower(), value.strip("\"'"), "flag", place, command)
    elif flag.long or flag.name in short:
        yield Setting(tool, short.get(flag.name, flag.name), flag.content, "flag", span, command)


def _of_config(tool: str, command: Command) -> Iterator[Setting]:
    words = command.operands
    contents = [token.content for token in words]
    if tool == "npm" and contents[:1] == ["c"]:
        contents[0] = "config"
    if not contents or "config" not in contents[:2]:
        if tool == "yum" and contents[:1] == ["config-manager"]:
            yield from _config_manager(command)
        elif tool == "npm" and contents[:1] == ["set"] and len(words) > 1:
            yield from _pair(tool, words[1:], command)
        return
    rest = words[contents.index("config") + 1 :]
    if tool == "git":
        if len(rest) >= 2:
            yield Setting(
                tool, rest[0].content.lower(), rest[1].content, "config", rest[0].place().span, command
            )
        return
    if rest and rest[0].content in ("set", "edit"):
        rest = rest[1:]
    if tool == "conda":
        for flag in command.flags:
            if flag.name in ("add", "append", "prepend", "set"):
                token = flag.value_token
                name = flag.content or (rest[0].content if rest else "")
                value = rest[0].content if flag.content and rest else rest[1].content if len(rest) > 1 else ""
                yield Setting(
                    tool,
                    name.lower().replace("_", "-"),
                    value,
                    "config",
                    (token or flag.token).place().span,
                    command,
                )
        return
    yield from _pair(tool, rest, command)


def _pair(tool: str, words: Sequence[Token], command: Command) -> Iterator[Setting]:
    if not words:
        return
    name, mark, value = words[0].content.partition("=")
    if not mark and len(words) > 1:
        value = words[1].content
    name = name.rpartition(".")[2] if tool in ("pip", "uv") else name
    yield Setting(tool, name.lower().replace("_", "-"), value, "config", words[0].place().span, command)


def _config_manager(command: Command) -> Iterator[Setting]:
    for flag in (
        command.flags if command.type_key not in _FLAGS else ()
    ):  # else they are read as flags already
        if flag.name == "setopt":
            name, _, value = flag.content.partition("=")
            yield Setting(
                "yum",
                name.rpartition(".")[2].strip().lower(),
                value.strip(),
                "config",
                flag.place().span,
                command,
            )
    for token in command.operands:
        name, mark, value = token.content.partition("=")
        if mark and "://" not in name:
            yield Setting(
                "yum",
                name.rpartition(".")[2].strip().lower(),
                value.strip(),
                "config",
                token.place().span,
                command,
            )


def _ssh(command: Command) -> Iterator[Setting]:
    for flag in command.flags:
        if flag.name == "o":
            name, _, value = flag.content.replace(" ", "=", 1).partition("=")
            yield Setting("ssh", name.strip().lower(), value.strip(), "flag", flag.place().span, command)


def of_variable(name: str, content: str, span: Span, owner: Model) -> Iterator[Setting]:
    """The setting that an environment variable makes."""
    upper = name.upper()
    if upper == "GIT_SSL_NO_VERIFY":
        if content.strip():  # git asks whether it is set at all: `0` and `false` switch the check off too
            yield Setting("git", "http.sslverify", "false", "environment", span, owner)
        return
    if upper in ("GIT_SSH_COMMAND", "GIT_SSH"):
        for found in _SSH_OPTION.finditer(content):
            yield Setting("ssh", found.group(1).lower(), found.group(2), "environment", span, owner)
        return
    for prefix, tool in _ENVIRONMENT:
        if upper.startswith(prefix):
            yield Setting(
                tool, upper[len(prefix) :].lower().replace("_", "-"), content, "environment", span, owner
            )
            return


def of_write(write: Write) -> Iterator[Setting]:
    """The settings in a config file that is written."""
    tool = next((tool for part, tool in _FILES if part in write.target), None)
    if tool is None and isinstance(write.path, str) and write.path.endswith("/sources.list"):
        return
    if tool is None:
        return
    body = isinstance(write.source, MappedText)
    text = write.source.text if isinstance(write.source, MappedText) else write.content.replace("\\n", "\n")
    for found in _LINE.finditer(text):
        name = found.group(1).lower()
        name = name.replace("_", "-") if tool in ("pip", "uv", "npm", "wget", "conda") else name
        yield Setting(
            tool,
            name,
            found.group(2).rstrip("; ").strip("\"' "),
            "file",
            write.span_at(*found.span()) if body else write.place().span,
            write,
        )
    if tool == "conda":
        for found in _ITEM.finditer(text):
            span = write.span_at(*found.span()) if body else write.place().span
            yield Setting(tool, "channel", found.group(1), "file", span, write)
    if tool == "curl" and re.search(r"^[^\S\n]*(?:-k|insecure)[^\S\n]*$", text, re.MULTILINE):
        yield Setting(tool, "insecure", "", "file", write.line_span("insecure|-k"), write)
