"""What a container's start commands do that belongs into an image: installs, clones, downloads that are run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from linter.formats.kubernetes.ai_command import commands_of, words_of
from linter.formats.kubernetes.ai_place import words_place
from linter.formats.launchers import Command, Word
from linter.formats.launchers.words import no_files
from linter.formats.model import Model, Place, field
from linter.formats.node import Step
from linter.patterns import kept_regex, lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

_INTEREST = lazy_regex(
    r"\b(?:pip3?|uv|conda|mamba|apt-get|apt|yum|dnf|apk|git|curl|wget|npm)\b|http://|no-check-certificate|--share\b"
)
_PINNED = lazy_regex(r"[\w.\[\],-]+(?:===?|@)[\w.+!*-]+|.*@[0-9a-f]{40}.*|--require-hashes|.*\.whl.*")
_COMMIT = lazy_regex(r"[0-9a-f]{7,40}")
CLUSTER_HOST = lazy_regex(
    r"https?://(?:localhost|127\.|0\.0\.0\.0|\[?::1|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|metadata(?:\.google)?\b"
    r"|[\w-]+(?:[:/]|$)"
    r"|[\w-]+\.(?!(?:com|org|net|io|ai|dev|app|cloud|co|edu|gov|info|[a-z]{2})(?:[:/]|$))[\w-]+(?:[:/]|$)"
    r"|[\w.-]+\.(?:svc(?:\.[\w.-]+)?|local|internal|test)(?:[:/]|$)|[^\s/]*[$\ufffc{<])"
)
_PROGRAM_URL = lazy_regex(r"https?://[^\s\ufffc]+\.(?:py|sh)(?:\?\S*)?$")
_FIXED_URL = lazy_regex(r"/[0-9a-f]{40}/|/v?\d+\.\d[\w.-]*/")  # a commit or a release among its folders
_HEAD = frozenset(("-I", "--head", "--spider"))  # whether it answers
_NO_RUN = frozenset(
    ("chmod", "ls", "cat", "cp", "mv", "rm", "echo", "sed", "test", "[", "chown", "sha256sum", "md5sum")
)
_URL = lazy_regex(r"http://[^\s\"'\ufffc]+")


class ScriptAct(Model):
    """One command of a start script. `kind`: pip, apt, conda, clone, pipe, program, plain-http, tls-off."""

    kind: str = field(
        "", "pip, conda, apt, npm, clone, pipe, program (downloaded and run), plain-http or tls-off"
    )
    text: str = field("", "the command's first words, or the address")
    pinned: bool = field(False, "whether what it fetches is fixed to a version, hash or commit")

    def __init__(self, container: Container, kind: str, word: Word, text: str, pinned: bool) -> None:
        self.document = container.document
        self.container = container
        self.word = word
        self.kind = kind
        self.text = kept_regex("\ufffc+").sub("…", text)
        self.pinned = pinned

    @property
    def address(self) -> str:
        return self.container.address

    def place(self) -> Place:
        return words_place(self.container, self.word.origin, self.text)

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def acts(container: Container) -> list[ScriptAct]:
    """The acts of a container's commands, in order."""
    written = [*words_of(container, "command"), *words_of(container, "args")]
    telling = _INTEREST.search("\n".join([item for item in written if isinstance(item, str)]))
    if not telling and container.ai.files is no_files:
        return []
    found: list[ScriptAct] = []
    all_commands = commands_of(container)
    for index, command in enumerate(all_commands):
        found.extend(_act(container, command, all_commands[index + 1 : index + 2]))
        if (program := _program(command, all_commands[index + 1 :])) is not None:
            found.append(ScriptAct(container, "program", command.words[0], *program))
    return found


def _program(command: Command, later: Sequence[Command]) -> tuple[str, bool] | None:
    """A script that a command downloads from outside and a later one runs: its words, and whether it is fixed."""
    texts = [word.text for word in command.words]
    if not texts or texts[0].rpartition("/")[2] not in ("curl", "wget"):
        return None
    address = next((text for text in texts[1:] if _PROGRAM_URL.match(text)), None)
    if address is None or CLUSTER_HOST.match(address):
        return None
    names = {address.partition("?")[0].rpartition("/")[2]}
    for option, value in pairwise(texts):
        if option in ("-o", "-O", "--output", "--output-document"):
            names.add(value.rpartition("/")[2])
    for following in later:
        words = [word.text.rpartition("/")[2] for word in following.words]
        if words and words[0] not in _NO_RUN and not names.isdisjoint(words):
            return f"{texts[0]} {address}", bool(_FIXED_URL.search(address))
    return None


def _act(container: Container, command: Command, following: Sequence[Command]) -> list[ScriptAct]:
    words = command.words
    if not words:
        return []
    texts = [word.text for word in words]
    name = texts[0].rpartition("/")[2]
    found = []
    kind, rest = _installer(name, texts)
    if kind:
        found.append(ScriptAct(container, kind, words[0], _installing(texts, rest), _all_pinned(rest)))
    elif name == "git" and "clone" in texts[1:4]:
        found.append(
            ScriptAct(
                container, "clone", words[texts.index("clone")], " ".join(texts[:4]), _commit_pinned(texts)
            )
        )
    elif name in ("curl", "wget"):
        shell = following[0].words[0].text.rpartition("/")[2] if following and following[0].words else ""
        if shell in ("sh", "bash") and not any(
            item in ("-o", "-O", "--output", "--output-document") for item in texts
        ):
            found.append(ScriptAct(container, "pipe", words[0], " ".join(texts[:3]), False))
        if (
            _fetches_from_outside(texts)
            and not _HEAD.intersection(texts)
            and (
                "--no-check-certificate" in texts
                or ("-k" in texts and name == "curl")
                or ("--insecure" in texts and name == "curl")
            )
        ):
            found.append(ScriptAct(container, "tls-off", words[0], " ".join(texts[:3]), False))
    found.extend(_plain_http(container, name, words))
    return found


def _fetches_from_outside(texts: Sequence[str]) -> bool:
    """Whether a download names a host beyond the cluster."""
    addresses = [text for text in texts if text.startswith("https://")]
    return any(not CLUSTER_HOST.match(address) for address in addresses)


def _installing(texts: Sequence[str], packages: Sequence[str]) -> str:
    """The first words of a command that installs, with the first package behind however many options."""
    first = next((item for item in packages if not item.startswith("-")), "")
    if not first or first in texts[:4]:
        return " ".join(texts[:4])
    verb = next(index for index, text in enumerate(texts) if text in ("install", "add"))
    return " ".join((*texts[: verb + 1], "…", first))


def _installer(name: str, texts: Sequence[str]) -> tuple[str, list[str]]:
    """Which package manager a command installs with, and what it is told to install."""
    words = list(texts)
    if kept_regex(r"python[\d.]*").fullmatch(name) and words[1:3] == ["-m", "pip"]:
        words, name = words[2:], "pip"
    if name == "uv" and words[1:2] == ["pip"]:
        words, name = words[1:], "pip"
    if kept_regex(r"pip[\d.]*").fullmatch(name) and "install" in words[1:3]:
        return "pip", words[words.index("install") + 1 :]
    if name in ("conda", "mamba", "micromamba") and "install" in words[1:2]:
        return "conda", words[2:]
    if name in ("apt", "apt-get", "yum", "dnf", "microdnf") and "install" in words[1:5]:
        return "apt", words[words.index("install") + 1 :]
    if name == "apk" and "add" in words[1:3]:
        return "apt", words[words.index("add") + 1 :]
    return "", []


def _all_pinned(words: Sequence[str]) -> bool:
    if "--require-hashes" in words:
        return True
    wanted, skip = [], False
    for word in words:
        if skip:
            skip = False
            continue
        if word.startswith("-"):
            skip = word in (
                "-r",
                "--requirement",
                "-i",
                "--index-url",
                "--extra-index-url",
                "-f",
                "--find-links",
                "-t",
                "--target",
                "-c",
                "--constraint",
            )
            if word in ("-r", "--requirement"):
                wanted.append("requirements")
            continue
        wanted.append(word)
    names = [word for word in wanted if word not in (".", "-e") and not word.startswith(("./", "/"))]
    return bool(wanted) and all(_PINNED.fullmatch(word) for word in names)


def _commit_pinned(texts: Sequence[str]) -> bool:
    for index, text in enumerate(texts[:-1]):
        if text in ("-b", "--branch", "--revision"):
            return bool(
                _COMMIT.fullmatch(texts[index + 1])
                or kept_regex(r"v?\d+(\.\d+)+\S*").fullmatch(texts[index + 1])
            )
    return False


def _plain_http(container: Container, name: str, words: Sequence[Word]) -> list[ScriptAct]:
    """Fetches over plain HTTP from beyond the cluster."""
    if any(word.text.startswith(("-d", "--data", "--json", "-X", "--request", "-F")) for word in words[1:]):
        return []  # calls an API
    if name not in ("curl", "wget", "git", "pip", "pip3", "aria2c"):
        return []
    for word in words[1:]:
        match = _URL.search(word.text)
        if match is not None and not CLUSTER_HOST.match(word.text[match.start() :]):
            return [ScriptAct(container, "plain-http", word, match[0], False)]
    return []
