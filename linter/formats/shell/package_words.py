"""What a word of an install command asks for, in the grammar of each package manager."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from linter.formats.image import HOLE
from linter.formats.shell.command import Token
from linter.formats.shell.packages import Package
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.shell.installs import Install

_PIP_NAME = lazy_regex(r"([A-Za-z0-9][A-Za-z0-9._-]*|\ufffc+)(\[[^\]]*\])?\s*(.*)", re.DOTALL)
_OPERATOR = lazy_regex(r"===|==|~=|!=|>=|<=|>|<|=")
_ARCHIVE = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".egg")
_RPM_VERSION = lazy_regex(r"-\d")
_CONDA = lazy_regex(
    r"(?:(?P<channel>[^:\s]+)::)?(?P<name>[A-Za-z0-9_.\ufffc-]+)(?:\[[^\]]*\])?\s*(?P<rest>.*)", re.DOTALL
)


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
        home = url[: url.rindex("@")] if ref is not None else url
        egg = re.search(r"egg=([\w.-]+)", fragment)
        name = (
            egg.group(1)
            if egg
            else (
                content[: content.find(" @")] if " @" in content[:at] else home.rstrip("/").rsplit("/", 1)[-1]
            )
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


# words of a script that goes on where it should not: an instruction behind a continued line, a compound command
_NO_NAMES = frozenset(("RUN", "COPY", "ENV", "if", "then", "else", "fi", "do", "done", "[", "]"))


def _pip_requirement(install: Install, token: Token, content: str) -> Iterator[Package]:
    if content in _NO_NAMES:
        return
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


READERS: Mapping[str, Callable[[Install, Token], Iterator[Package]]] = {
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
