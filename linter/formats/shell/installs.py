"""Commands that install packages, and what they install."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linter.formats.image import is_unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import Command, Token
from linter.formats.shell.package_words import READERS
from linter.formats.shell.packages import Package


class Install(Model):
    """One command that installs packages."""

    manager: str = field("", "apt apk dnf microdnf yum zypper pip uv conda npm yarn pnpm gem go …")
    action: str = field("", "install, add, create …")
    command: Command = field(None, "the command")

    def __init__(self, command: Command, manager: str, action: str, tokens: Sequence[Token]) -> None:
        self.command = command
        self.manager = manager
        self.action = action
        self.tokens = tokens

    @property
    def address(self) -> str:
        return self.command.address

    @property
    def type_key(self) -> str:
        return self.manager

    @fact
    def packages(self) -> list[Package]:
        """What is installed."""
        reader = READERS.get(self.manager)
        if self.manager == "conda" and self.action in ("update", "upgrade"):
            every = [flag.token for flag in self.command.flags if flag.name in ("all", "update-all")]
            return [Package(self, token, token.content.strip("-")) for token in (*every, *self.tokens)]
        return [package for token in self.tokens for package in reader(self, token)] if reader else []

    @fact
    def names(self) -> list[str]:
        """Names of the packages that are known."""
        return [package.name for package in self.packages if not is_unknown(package.name)]

    @fact
    def constrained(self) -> bool:
        """Whether a file of requirements, constraints or locked versions decides the versions."""
        command = self.command
        if self.manager in ("pip", "uv"):
            return command.has_flag(
                *("r", "requirement", "requirements", "c", "constraint", "constraints", "require-hashes"),
                "no-index",  # what lies at hand has its version from whoever put it there
            ) or any(package.kind == "path" for package in self.packages)
        return command.has_flag("file", "f") if self.manager == "conda" else False

    @fact
    def prerelease(self) -> bool:
        """Whether nightly or pre-release versions are allowed or asked for."""
        command = self.command
        if command.has_flag("pre") or any(
            value in ("allow", "explicit") for value in command.flag_values("prerelease")
        ):
            return True
        urls = [
            flag.content
            for flag in command.flags
            if "index" in flag.name or flag.name in ("i", "f", "find-links")
        ]
        return any("/nightly" in url for url in urls) or any(name.endswith("-nightly") for name in self.names)

    @fact
    def hashes_required(self) -> bool:
        """Whether pip checks the hash of everything it installs."""
        return self.command.has_flag("require-hashes") or "--hash=" in self.command.line

    def place(self) -> Place:
        return self.command.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "command":
            return self.command.locate(tuple(steps[1:]))
        return super().locate(steps)


def install_of(command: Command) -> Install | None:
    """What a command installs, or None when it installs nothing."""
    tool = command.type_key
    found = _MANAGERS.get(tool)
    if found is None:
        return None
    operands = command.operands
    words = [token.content for token in operands]
    for path, manager in found:
        size = len(path)
        if tuple(words[:size]) == path:
            return Install(command, manager, path[-1], operands[size:])
    return None


def _paths(manager: str, *actions: str) -> list[tuple[tuple[str, ...], str]]:
    return [(tuple(action.split()), manager) for action in actions]


# tool -> first operands that mean "install", and the manager whose grammar the rest follows
_MANAGERS: Mapping[str, list[tuple[tuple[str, ...], str]]] = {
    "apt-get": _paths("apt", "install"),
    "apt": _paths("apt", "install"),
    "aptitude": _paths("apt", "install"),
    "apk": _paths("apk", "add"),
    "yum": _paths("yum", "install", "groupinstall", "localinstall", "reinstall", "module install"),
    "dnf": _paths(
        "dnf", "install", "groupinstall", "localinstall", "reinstall", "module install", "group install"
    ),
    "tdnf": _paths("dnf", "install", "reinstall"),
    "microdnf": _paths("microdnf", "install", "reinstall", "module install"),
    "zypper": _paths("zypper", "install", "in"),
    "pip": _paths("pip", "install"),
    "pipx": _paths("pip", "install"),
    "uv": [*_paths("uv", "pip install", "tool install", "add")],
    "conda": _paths("conda", "install", "create", "update", "upgrade"),
    "npm": _paths("npm", "install", "i", "add", "in", "ins", "isntall"),
    "yarn": _paths("yarn", "add", "global add"),
    "pnpm": _paths("pnpm", "add", "install", "i"),
    "gem": _paths("gem", "install", "i"),
    "go": _paths("go", "install", "get", "run"),
}
