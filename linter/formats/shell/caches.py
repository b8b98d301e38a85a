"""Package indexes and caches that a layer keeps, and index updates that install nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice

from linter.formats.model import Model, Place, field
from linter.formats.node import Step
from linter.formats.shell.command import Command
from linter.formats.shell.littlecaches import keeps_little
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_APT = ("apt-get", "apt", "aptitude")
_UPDATES = {
    "apt": (_APT, ("update",)),
    "apk": (("apk",), ("update",)),
    "yum": (("yum",), ("check-update", "makecache")),
    "dnf": (("dnf", "microdnf", "tdnf"), ("check-update", "makecache")),
    "zypper": (("zypper",), ("refresh", "ref")),
}
# `yum update` and `dnf update` upgrade packages; only `-y update` with nothing after it counts as the peers count it
_UPGRADING = {"yum": "yum", "dnf": "dnf", "microdnf": "dnf", "tdnf": "dnf", "zypper": "zypper"}
_INSTALLS = frozenset(
    {
        "install",
        "add",
        "upgrade",
        "reinstall",
        "groupinstall",
        "localinstall",
        "in",
        "dist-upgrade",
        "full-upgrade",
        "build-dep",
    }
    | {"source", "download", "builddep", "swap", "safe-upgrade", "satisfy", "module", "group", "fix"}
)
_MOUNTS = {
    "apt": ("/var/lib/apt", "/var/lib/apt/lists"),
    "apk": ("/var/cache/apk", "/etc/apk/cache"),
    "yum": ("/var/cache/yum", "/var/cache/dnf"),
    "dnf": ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/var/cache/microdnf"),
    "zypper": ("/var/cache/zypp",),
}


_INSTALLER = lazy_regex(r"(?:^|/)[\w.-]{0,200}(?:install|setup|bootstrap)[\w.-]{0,200}\.(?:sh|run|bash|py)$")
_PIP_PURGE = lazy_regex(
    r"\bpip[\d.]*\s+cache\s+purge|^(?=([^\n]*?\brm\s))\1[^\n]*\.cache\b|^(?=([^\n]*?pip[\d.]*\s+config\s))\2[^\n]*no-cache-dir",
    re.MULTILINE,
)
_UV_PURGE = lazy_regex(r"\buv\s+cache\s+(?:clean|prune)|^(?=([^\n]*?\brm\s))\1[^\n]*\.cache", re.MULTILINE)
_APK_PURGE = lazy_regex(r"^(?=([^\n]*?rm\s))\1[^\n]*/(?:var/cache|etc)/apk", re.MULTILINE)
_APT_LISTS = lazy_regex(
    # from the first such word of a line, and from no other: a line of nothing else would take the square of its length
    r"^(?=([^\n]*?\b(?:rm|find)\s))\1[^\n]*/var/lib/(?:apt(?:/lists|/\*|/\{[^}\s]*\blists\b|/?(?:\s|$))|\{[^}\s]*\bapt\b)",
    re.MULTILINE,
)
_LISTS_OPTION = lazy_regex(r"(?i)Dir::State(?:::Lists)?=(/.*)")
_WINDOW = 500  # commands that are looked at after an update; keeps hostile scripts linear
_RPM_CACHE = lazy_regex(r"/var/cache/(?:yum|dnf|libdnf5|\*|\s|$)|/var/cache/?(?:\s|$)")


class Caches:
    """The paths under cache and tmpfs mounts."""

    def __init__(self, targets: Sequence[str]) -> None:
        self.targets = targets

    def __call__(self, *paths: str) -> bool:
        """Whether one of the paths lies under a mount."""
        return any(
            f"{path}/".startswith(target.rstrip("/") + "/") for target in self.targets for path in paths
        )

    def named(self, part: str) -> bool:
        """Whether a mount's own path holds `part`."""
        return any(part in target for target in self.targets)


class Leftover(Model):
    """A package index or cache that stays in the layer."""

    manager: str = field("", "apt apk dnf yum zypper pip uv yarn")
    command: Command = field(None, "the command that leaves it")
    little: bool = field(
        False,
        "of pip and uv: whether it takes no room to speak of, or is one file on the disk with what is installed",
    )

    def __init__(self, command: Command, manager: str, *, little: bool = False) -> None:
        self.command = command
        self.manager = manager
        self.little = little

    @property
    def address(self) -> str:
        return self.command.address

    @property
    def type_key(self) -> str:
        return self.manager

    def place(self) -> Place:
        return self.command.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


class Update(Model):
    """An update of a package index."""

    manager: str = field("", "apt apk dnf yum zypper")
    alone: bool = field(
        False, "whether nothing is installed or upgraded by the same manager later in the instruction"
    )
    upgrades: bool = field(False, "whether it upgrades what is installed, as `update` of yum and dnf does")

    def __init__(self, command: Command, manager: str, *, alone: bool, upgrades: bool = False) -> None:
        self.command = command
        self.manager = manager
        self.alone = alone
        self.upgrades = upgrades

    @property
    def address(self) -> str:
        return self.command.address

    @property
    def type_key(self) -> str:
        return self.manager

    def place(self) -> Place:
        return self.command.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def updates(commands: Sequence[Command]) -> list[Update]:
    """The index updates among commands."""
    result = []
    for position, command in enumerate(commands):
        for manager, (tools, words) in _UPDATES.items():
            if command.type_key not in tools:
                continue
            name = command.subcommand
            plain = (
                _UPGRADING.get(command.type_key) and name in ("update", "up") and len(command.operands) == 1
            )
            if name in words or plain:
                later = islice(commands, position + 1, position + _WINDOW)
                installs = any(
                    (one.type_key in tools and _installing(one)) or _runs_installer(one) for one in later
                )
                result.append(Update(command, manager, alone=not installs, upgrades=bool(plain)))
    return result


def _installing(command: Command) -> bool:
    """Whether a command installs packages, or runs a script that does by its name."""
    return any(token.content in _INSTALLS for token in command.operands[:1])


def _runs_installer(command: Command) -> bool:
    return any(_INSTALLER.search(token.content) for token in command.words[:2])


def leftovers(
    commands: Sequence[Command], mounts: Sequence[str], environment: Callable[[str], str | None]
) -> Iterator[Leftover]:
    """What stays, given the paths of cache mounts and what ENV has set."""
    caches = Caches(mounts)
    text = "\n".join(command.line for command in commands)
    yield from _apt(commands, text, caches)
    yield from _rpm(commands, caches)
    for position, command in enumerate(commands):
        check = _CHECKS.get(command.type_key)
        if check is not None and command.subcommand in check.actions:
            later = partial(islice, commands, position + 1, None)
            if not check.clean(Look(command, later, text, caches, environment)):
                little = check.little is not None and check.little(command, environment)
                yield Leftover(command, command.type_key, little=little)


@dataclass(frozen=True, slots=True)
class Look:
    """What decides whether a command leaves its cache behind."""

    command: Command
    later: Callable[[], Iterator[Command]]
    text: str  # the whole script
    caches: Caches
    environment: Callable[[str], str | None]


def _apk_clean(look: Look) -> bool:
    if look.command.has_flag("no-cache") or look.caches(*_MOUNTS["apk"]):
        return True
    return _APK_PURGE.search(look.text) is not None


def _zypper_clean(look: Look) -> bool:
    cleaned = any(one.type_key == "zypper" and one.subcommand in ("clean", "cc") for one in look.later())
    return cleaned or look.caches(*_MOUNTS["zypper"])


def _yarn_clean(look: Look) -> bool:
    cleaned = any(one.type_key == "yarn" and one.line.endswith("cache clean") for one in look.later())
    return cleaned or look.caches("/usr/local/share/.cache/yarn", "/root/.cache/yarn", "/root/.cache")


def _pip_clean(look: Look) -> bool:
    return _pip_cached(look.command, look.text, look.caches, look.environment)


def _uv_clean(look: Look) -> bool:
    if [one.content for one in look.command.operands[:2]] != ["pip", "install"]:
        return True
    return _uv_cached(look.command, look.text, look.caches, look.environment)


@dataclass(frozen=True, slots=True)
class _Check:
    """The subcommands of a tool that fill its cache, and whether one of them leaves it clean."""

    actions: tuple[str, ...]
    clean: Callable[[Look], bool]
    little: Callable[[Command, Callable[[str], str | None]], bool] | None = None


_CHECKS = {
    "apk": _Check(("add",), _apk_clean),
    "zypper": _Check(("install", "in", "remove", "rm", "patch", "update", "up"), _zypper_clean),
    "yarn": _Check(("install",), _yarn_clean),
    "pip": _Check(("install",), _pip_clean, keeps_little),
    "uv": _Check(("pip",), _uv_clean, keeps_little),
}


def switched_on(value: str | None) -> bool:
    """Whether a variable switches something on by its words: set, and none of 0, false, no and off."""
    return value is not None and value.strip("\"' ").lower() not in ("", "0", "false", "no", "off")


def keeps_no_pip_cache(value: str | None) -> bool:
    """Whether a value of PIP_NO_CACHE_DIR makes pip keep none: for that any that pip can read will do, also `off`."""
    return switched_on(value) or (value or "").strip("\"' ").lower() in ("0", "f", "false", "n", "no", "off")


def _variable(command: Command, environment: Callable[[str], str | None], name: str) -> str | None:
    for item in command.assignments:
        if item.name == name:
            return item.content
    return environment(name)


@lru_cache(maxsize=4)
def _purges_pip(text: str) -> bool:
    """Whether a script empties pip's cache itself, or tells pip to keep none."""
    return _PIP_PURGE.search(text) is not None


@lru_cache(maxsize=4)
def _purges_uv(text: str) -> bool:
    return _UV_PURGE.search(text) is not None


def _pip_cached(
    command: Command, text: str, caches: Caches, environment: Callable[[str], str | None]
) -> bool:
    if command.has_flag("no-cache-dir", "no-cache") or any(
        name.startswith("no-cache") for name in command.options
    ):
        return True
    if keeps_no_pip_cache(_variable(command, environment, "PIP_NO_CACHE_DIR")):
        return True
    if _purges_pip(text):
        return True
    if (_variable(command, environment, "PIP_CACHE_DIR") or "").startswith("/tmp") and caches("/tmp"):  # noqa: S108
        return True
    folder = _variable(command, environment, "PIP_CACHE_DIR")
    return caches(
        "/root/.cache/pip", "/root/.cache", "~/.cache/pip", *([folder] if folder else [])
    ) or caches.named(".cache/pip")


def _uv_cached(command: Command, text: str, caches: Caches, environment: Callable[[str], str | None]) -> bool:
    if command.has_flag("no-cache", "n", "no-cache-dir") or switched_on(
        _variable(command, environment, "UV_NO_CACHE")
    ):
        return True
    if _purges_uv(text):
        return True
    folder = _variable(command, environment, "UV_CACHE_DIR")
    return caches("/root/.cache/uv", "/root/.cache", *([folder] if folder else [])) or caches.named("uv")


def _apt(commands: Sequence[Command], text: str, caches: Caches) -> Iterator[Leftover]:
    if _APT_LISTS.search(text) or caches(*_MOUNTS["apt"]):
        return
    for command in commands:
        if command.type_key in _APT and command.subcommand == "update":
            told = [_LISTS_OPTION.fullmatch(value) for value in command.flag_values("o", "option")]
            if not caches(*(found[1] for found in told if found)):
                yield Leftover(command, "apt")
            return


_DNF_INSTALLS = (
    "install",
    "in",
    "upgrade",
    "up",
    "upgrade-minimal",
    "up-min",
    "reinstall",
    "rei",
    "localinstall",
)
_RPM_TOOLS = (
    ("yum", "yum", ("install", "localinstall", "reinstall")),
    ("dnf", "dnf", _DNF_INSTALLS),
    ("microdnf", "dnf", _DNF_INSTALLS),
)


def _cache_folders(installs: Sequence[Command]) -> list[str]:
    """Where commands are told to keep what they fetch: --setopt=cachedir=…"""
    told = [value for one in installs for value in one.flag_values("setopt")]
    return [value.partition("=")[2] for value in told if value.startswith("cachedir=")]


def _rpm(commands: Sequence[Command], caches: Caches) -> Iterator[Leftover]:
    for tool, manager, actions in _RPM_TOOLS:
        installs = [one for one in commands if one.type_key == tool and one.subcommand in actions]
        if not installs or caches(*_MOUNTS[manager], *_cache_folders(installs)):
            continue
        after = commands[commands.index(installs[-1]) :]
        cleaned = any(
            one.type_key == tool and one.subcommand == "clean" and "metadata" not in one.line for one in after
        )
        removed = any(one.type_key in ("rm", "find") and _RPM_CACHE.search(one.line) for one in after)
        if not cleaned and not removed:
            yield Leftover(installs[0], manager)
