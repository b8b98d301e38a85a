"""What package managers install: which packages, from where, pinned or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import Command, Token, known
from linter.patterns import lazy_regex

_PIP_NAME = lazy_regex(r"([A-Za-z0-9][A-Za-z0-9._-]*|\ufffc+)(\[[^\]]*\])?\s*(.*)", re.DOTALL)
_OPERATOR = lazy_regex(r"===|==|~=|!=|>=|<=|>|<|=")
_COMMIT = lazy_regex(r"[0-9a-f]{7,40}")
_ARCHIVE = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".egg")
_RPM_VERSION = lazy_regex(r"-\d")
_CONDA = lazy_regex(
    r"(?:(?P<channel>[^:\s]+)::)?(?P<name>[A-Za-z0-9_.\ufffc-]+)(?:\[[^\]]*\])?\s*(?P<rest>.*)", re.DOTALL
)


class Package(Model):
    """One package that a command installs."""

    name: str = field("", "name without version, lower case, `_` as `-` for Python packages")
    version: str | None = field(None, "what is asked for after the operator; null without")
    operator: str = field("", "== >= = @ …; empty without a version")
    kind: str = field("index", "index, path, url, vcs or group")
    manager: str = field("", "apt apk dnf yum zypper pip uv conda npm gem go …")

    def __init__(
        self,
        install: Install,
        token: Token,
        name: str,
        operator: str = "",
        version: str | None = None,
        kind: str = "index",
    ) -> None:
        self.install = install
        self.token = token
        self.manager = install.manager
        self.content = token.content
        self.name = known(name)
        self.operator = operator
        self.version = version if version is None else known(version)
        self.kind = kind

    @property
    def address(self) -> str:
        return self.install.address

    @property
    def type_key(self) -> str:
        return self.manager

    @fact
    def spec(self) -> str:
        """The package as written, without quotes."""
        return known(self.content)

    @fact
    def versioned(self) -> bool:
        """Whether any version, range or reference is asked for; also true for local paths and files of requirements."""
        if is_unknown(self.name) and not self.operator:
            return UNKNOWN
        if self.kind == "vcs":
            return self.version is not None
        return bool(self.operator) or self.kind != "index"

    @fact
    def exact(self) -> bool:
        """Whether one exact version is asked for: == for pip, = for apt and conda, a commit for version control."""
        if is_unknown(self.name) and not self.operator:
            return UNKNOWN
        if self.kind == "vcs":
            return is_unknown(self.version) or (
                self.version is not None and _COMMIT.fullmatch(self.version) is not None
            )
        if self.kind != "index":
            return True
        return self.operator in ("==", "===", "=", "@", ":", "-", "~") and not self.content.endswith("*")

    @fact
    def ref(self) -> str | None:
        """Branch, tag or commit of a package from version control; null without."""
        return self.version if self.kind == "vcs" else None

    @fact
    def commit(self) -> bool:
        """Whether a package from version control is fixed to a commit."""
        if self.kind != "vcs" or self.version is None:
            return False
        return UNKNOWN if is_unknown(self.version) else _COMMIT.fullmatch(self.version) is not None

    @fact
    def hashed(self) -> bool:
        """Whether a URL carries the hash of its content."""
        return "#sha256=" in self.content or "#sha512=" in self.content

    def place(self) -> Place:
        return self.token.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


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
        reader = _READERS.get(self.manager)
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
                "r", "requirement", "requirements", "c", "constraint", "constraints", "require-hashes"
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


def _apt(install: Install, token: Token) -> Iterator[Package]:
    content = token.content
    if content.endswith(".deb") or content.startswith(("./", "/")):
        yield Package(install, token, content.rsplit("/", 1)[-1], kind="path")
    elif "=" in content:
        name, _, version = content.partition("=")
        yield Package(install, token, name, "=", version)
    elif "/" in content:
        name, _, release = content.partition("/")
        yield Package(install, token, name, "/", release)
    elif not content.endswith("-") or HOLE in content:
        yield Package(install, token, content.rstrip("+"))


def _apk(install: Install, token: Token) -> Iterator[Package]:
    content = token.content
    if content.endswith(".apk"):
        yield Package(install, token, content.rsplit("/", 1)[-1], kind="path")
        return
    found = re.search(r"[=~<>]+", content)
    if found:
        yield Package(install, token, content[: found.start()], found.group(), content[found.end() :])
    elif not content.startswith("!"):
        yield Package(install, token, content.partition("@")[0])


def _rpm(install: Install, token: Token) -> Iterator[Package]:
    content = token.content
    first = install.command.operands[0].content if install.command.operands else ""
    if first in ("group", "groupinstall") or content.startswith("@"):
        yield Package(install, token, content, kind="group")
    elif "://" in content:
        yield Package(install, token, content.rsplit("/", 1)[-1], kind="url")
    elif content.endswith(".rpm") or content.startswith(("./", "/")):
        yield Package(install, token, content.rsplit("/", 1)[-1], kind="path")
    elif first == "module":
        name, mark, stream = content.partition(":")
        yield Package(install, token, name, mark, stream if mark else None)
    else:
        found = _RPM_VERSION.search(content)
        hole = content.find("-" + HOLE)
        at = found.start() if found else hole
        if at > 0:
            yield Package(install, token, content[:at], "-", content[at + 1 :])
        else:
            yield Package(install, token, content)


def _zypper(install: Install, token: Token) -> Iterator[Package]:
    content = token.content
    if content.endswith(".rpm") or "://" in content:
        yield Package(install, token, content.rsplit("/", 1)[-1], kind="url" if "://" in content else "path")
        return
    found = re.search(r"[=<>]+", content)
    if found:
        yield Package(install, token, content[: found.start()], found.group(), content[found.end() :])
    else:
        yield Package(install, token, content)


def _pip(install: Install, token: Token) -> Iterator[Package]:
    content = token.content.strip()
    bare = content.partition("#")[0]
    if "git+" in content[:40] or "hg+" in content[:40] or content.startswith(("bzr+", "svn+")):
        at = content.find("+")
        url, _, fragment = content[at + 1 :].partition("#")
        path = url.partition("://")[2]
        ref = path.rpartition("@")[2] if "@" in path.partition("/")[2] else None
        egg = re.search(r"egg=([\w.-]+)", fragment)
        name = (
            egg.group(1)
            if egg
            else (content[: content.find(" @")] if " @" in content[:at] else url.rsplit("/", 1)[-1])
        )
        yield Package(
            install,
            token,
            _normal(name.partition("@")[0].removesuffix(".git")),
            "@" if ref else "",
            ref,
            "vcs",
        )
    elif "://" in bare:
        yield Package(install, token, _normal(bare.rsplit("/", 1)[-1]), kind="url")
    elif bare.partition("[")[0] in (".", "..") or bare.startswith(("./", "../", "/", "~/", "file:")):
        yield Package(install, token, bare, kind="path")
    elif bare.endswith(_ARCHIVE) or ("/" in bare and "@" not in bare):
        yield Package(install, token, bare.rsplit("/", 1)[-1], kind="path")
    elif bare:
        yield from _pip_requirement(install, token, content)


def _pip_requirement(install: Install, token: Token, content: str) -> Iterator[Package]:
    parsed = _PIP_NAME.match(content.partition(";")[0])
    if parsed is None:
        yield Package(install, token, HOLE)
        return
    name, rest = parsed.group(1), parsed.group(3).strip(" ()")
    operator = _OPERATOR.match(rest)
    if operator:
        yield Package(install, token, _normal(name), operator.group(), rest[operator.end() :].strip())
    elif rest.startswith("@"):
        yield Package(install, token, _normal(name), "@", rest[1:].strip())
    else:
        yield Package(install, token, _normal(name) if not rest else HOLE)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower() if not name.endswith(_ARCHIVE) else name


def _conda(install: Install, token: Token) -> Iterator[Package]:
    parsed = _CONDA.match(token.content)
    if parsed is None:
        return
    rest = parsed.group("rest")
    operator = _OPERATOR.match(rest)
    if operator:
        yield Package(install, token, parsed.group("name").lower(), operator.group(), rest[operator.end() :])
    else:
        yield Package(install, token, parsed.group("name").lower())


def _npm(install: Install, token: Token) -> Iterator[Package]:
    content = token.content
    if content.startswith((".", "/", "~", "file:")) or content.endswith((".tgz", ".tar.gz", ".tar")):
        yield Package(install, token, content, kind="path")
    elif "://" in content or content.startswith(("git@", "git+", "github:")):
        _, mark, ref = content.partition("#")
        yield Package(
            install, token, content.partition("#")[0].rsplit("/", 1)[-1], mark, ref if mark else None, "vcs"
        )
    else:
        name, mark, version = (
            content[1:].partition("@") if content.startswith("@") else content.partition("@")
        )
        yield Package(
            install, token, ("@" if content.startswith("@") else "") + name, mark, version if mark else None
        )


def _gem(install: Install, token: Token) -> Iterator[Package]:
    words = install.command.words
    end = next((index for index, word in enumerate(words) if word.content == "--"), len(words))
    if token not in words[:end]:  # what follows goes to the compiler
        return
    version = next(iter(install.command.flag_values("v", "version")), None)
    name, mark, own = token.content.partition(":")
    if token.content.endswith(".gem"):
        yield Package(install, token, token.content, kind="path")
    elif mark:
        yield Package(install, token, name, ":", own)
    else:
        yield Package(install, token, name, "=" if version else "", version)


def _go(install: Install, token: Token) -> Iterator[Package]:
    content = token.content
    first = content.partition("/")[0]
    remote = "." in first or install.action == "get"
    if install.action == "run" and token is not install.tokens[0]:
        return
    if content.startswith((".", "/")) or not remote:
        yield Package(install, token, content, kind="path")
        return
    name, mark, version = content.partition("@")
    yield Package(install, token, name, mark, version if mark else None)


_READERS: Mapping[str, Callable[[Install, Token], Iterator[Package]]] = {
    "apt": _apt,
    "apk": _apk,
    "yum": _rpm,
    "dnf": _rpm,
    "microdnf": _rpm,
    "zypper": _zypper,
    "pip": _pip,
    "uv": _pip,
    "conda": _conda,
    "npm": _npm,
    "yarn": _npm,
    "pnpm": _npm,
    "gem": _gem,
    "go": _go,
}


def packages(commands: Sequence[Command]) -> list[Package]:
    """All packages that some commands install."""
    result: list[Any] = []
    for command in commands:
        install = install_of(command)
        if install is not None:
            result.extend(install.packages)
    return result
