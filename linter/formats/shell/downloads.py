"""What commands download, and whether anybody uses or checks what came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from linter.cel import UNKNOWN
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import Command, Token, known
from linter.formats.shell.piped import pipes_to_shell
from linter.formats.shell.pythoncode import PYTHON_DOWNLOAD, python_code
from linter.formats.shell.urls import HUB_FILE, host, is_prose
from linter.formats.shell.uses import Later, Uses
from linter.patterns import lazy_regex
from linter.text import Span

_URL = lazy_regex(r"(?:https?|ftp)://[^\s'\"|;)>]+")


_LOCAL = lazy_regex(
    r"localhost|127\.[\d.]+|0\.0\.0\.0|\[::1\]|::1|169\.254\.[\d.]+|host\.docker\.internal"
    r"|metadata(?:\.google\.internal)?"
)


_MOVING = lazy_regex(
    r"(?<!/pool)(?<!/pool/updates)/(?:latest|main|master|HEAD|nightly|trunk)(?:/|$|\.(?:tar\.gz|zip|tgz))|/(?:latest|stable)\.txt"
    r"|[-_]latest[-_.]|/refs/heads/",
    re.IGNORECASE,
)


_DATED = lazy_regex(r"(?:19|20)\d{6}|(?:19|20)\d\d-\d\d-\d\d")
_VERSION = lazy_regex(r"(?:^|[/_-])v?\d+\.\d+|[0-9a-f]{40}|/v\d+/")


_WEIGHTS = lazy_regex(
    r"(?:(?:^|[/_-])(?:model|weights?|ggml|adapter|pytorch|consolidated|checkpoint)[\w.-]{0,200}\.bin"
    r"|\.(?:safetensors|gguf|ggml|pt|pth|ckpt|onnx|engine|plan|h5|pkl|pickle|joblib|msgpack|tflite"
    r"|caffemodel|nemo))$",
    re.IGNORECASE,
)


_PICKLE = lazy_regex(r"\.(?:pkl|pickle|joblib|pt|pth|ckpt)$|pytorch_model[\w.-]{0,200}\.bin$", re.IGNORECASE)


_KEY_FILE = lazy_regex(r"keyrings?/|trusted\.gpg|\.(?:gpg|asc|pub|key)$|(?:^|/)gpg$", re.IGNORECASE)


DOWNLOADERS = frozenset(
    {"curl", "wget", "aria2c", "axel", "fetch", "http", "https", "lwp-download", "wget2", "httpie", "xh"}
)


class Download(Model):
    """One URL that a command downloads."""

    url: str = field("", "the URL, variables resolved")
    destination: str | None = field(
        None, "the file it is written to; null when it goes to a pipe or nowhere that we see"
    )

    def __init__(
        self,
        command: Command | None,
        token: Model | None,
        url: str,
        destination: str | None,
        later: Later | None = None,
        *,
        checksum: bool = False,
    ) -> None:
        self.command = command  # None for ADD
        self.checksum = checksum
        self.token = token
        self.content = url
        self.url = known(url)
        self.target = destination  # with holes
        self.destination = None if destination is None else known(destination)
        self.later = later

    @property
    def address(self) -> str:
        return self.command.address if self.command is not None else ""

    @property
    def type_key(self) -> str:
        return self.command.type_key if self.command is not None else "ADD"

    @fact
    def host(self) -> str:
        """Host of the URL, lower case."""
        found = host(self.content)
        return UNKNOWN if not found or HOLE in found else found

    @fact
    def local(self) -> bool:
        """Whether the host is this machine or a metadata service."""
        return UNKNOWN if is_unknown(self.host) else _LOCAL.fullmatch(self.host) is not None

    @fact
    def insecure(self) -> bool:
        """Whether it comes over plain HTTP or FTP from another machine."""
        return self.content.startswith(("http://", "ftp://")) and not is_unknown(self.host) and not self.local

    @fact
    def moving(self) -> bool:
        """Whether the URL names a branch, `latest` or `nightly`, so that its content changes."""
        path = self.content.partition("?")[0]
        found = _MOVING.search(path)
        if found is None or _KEY_FILE.search(path) is not None:
            return False  # what signs all releases has one address
        # a folder of nightly builds keeps each by its date
        return "nightly" not in found[0].lower() or _DATED.search(path, found.end()) is None

    @fact
    def versioned(self) -> bool:
        """Whether the URL names a version or commit."""
        return _VERSION.search(self.content.partition("://")[2].partition("/")[2]) is not None or (
            HOLE in self.content.partition("://")[2].partition("/")[2]
        )

    @fact
    def hub(self) -> bool:
        """Whether it is a file of a model hub's repository."""
        return HUB_FILE.match(self.content) is not None

    @fact
    def weights(self) -> bool:
        """Whether it is a file of model weights."""
        return _WEIGHTS.search(self._file) is not None

    @fact
    def prose(self) -> bool:
        """Whether it is a text for people: LICENSE, NOTICE, README …"""
        return is_prose(self.content)

    @fact
    def pickle(self) -> bool:
        """Whether it is a file in a format that runs code when it is loaded."""
        return _PICKLE.search(self._file) is not None

    @property
    def _file(self) -> str:
        return self.content.partition("?")[0].partition("#")[0].rsplit("/", 1)[-1]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What later commands may call the file."""
        result = [self._file]
        if self.target:
            result += [self.target, self.target.rsplit("/", 1)[-1]]
        return tuple(dict.fromkeys(name for name in result if name.strip(HOLE)))

    @fact
    def piped_to_shell(self) -> bool:
        """Whether its content is run as a script without ever being a file: `curl … | sh`, `sh -c "$(curl …)"`."""
        return self.command is not None and pipes_to_shell(self.command)

    @fact
    def piped_to_unpack(self) -> bool:
        """Whether its content goes through a pipe into an unpacking program."""
        down = self.command.downstream if self.command is not None else None
        for _ in range(5):
            if down is None:
                return False
            if down.type_key in ("tar", "unzip", "cpio", "dpkg", "rpm", "bsdtar", "zstd", "apt-key"):
                return True
            down = down.downstream
        return False

    @fact
    def verified(self) -> bool:
        """Whether a later command of the same layer checks a hash or a signature of it."""
        if self.checksum or (self.command is not None and self.command.has_flag("checksum")):
            return True
        return self.later is not None and self.later.check(self.names)

    @fact
    def used(self) -> bool:
        """Whether a later command of the same layer unpacks, installs or runs it, or it lands where programs are."""
        if _KEY_FILE.search(self.target or self._file):  # a key is what others are checked with
            return False
        if self.piped_to_unpack:
            return True
        if self.target and re.match(r"(?:/usr(?:/local)?)?/s?bin/|/opt/.*/bin/", self.target):
            return True
        return self.later is not None and self.later.use(self.names)

    def place(self) -> Place:
        if self.token is not None:
            return self.token.place()
        return self.command.place() if self.command is not None else Place(Span(0, 0), absent=True)

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "command" and self.command is not None:
            return self.command.locate(tuple(steps[1:]))
        return self.place()


def downloads(commands: Sequence[Command]) -> list[Download]:
    """The URLs that commands download, each with the commands that come after it."""
    result: list[Download] = []
    uses = Uses(commands)
    for position, command in enumerate(commands):
        tool = command.type_key
        later = Later(uses, position)
        if tool in DOWNLOADERS:
            if command.has_flag("I", "head", "spider", "V", "version") and tool in ("curl", "wget"):
                continue
            target = _destination(command)
            for token in _url_tokens(command):
                url = (
                    token.content
                    if "://" in token.content
                    else f"http://{token.content}"
                    if _bare(token.content)
                    else ""
                )
                if url:
                    result.append(Download(command, token, url, target or _implied(command, url), later))
        elif tool == "python" and (code := python_code(command)) is not None and PYTHON_DOWNLOAD.search(code):
            result += [Download(command, None, found.group(), None, later) for found in _URL.finditer(code)]
    return result


def _bare(content: str) -> bool:
    return re.match(r"(?:www\.|[a-z0-9-]+\.(?:com|org|net|io|sh|dev|ai|co)/)", content) is not None


def _url_tokens(command: Command) -> list[Token]:
    tokens = [token for token in command.operands if "://" in token.content or _bare(token.content)]
    tokens += [
        flag.value_token for flag in command.flags if flag.name == "url" and flag.value_token is not None
    ]
    return tokens


def _destination(command: Command) -> str | None:
    names = ("o", "output") if command.type_key in ("curl", "aria2c", "axel") else ("O", "output-document")
    for content in command.flag_values(*names, "out"):
        if content not in ("-", "/dev/stdout", "/dev/null", ""):
            return content
        return None
    for redirect in command.redirects:
        if redirect.writes and redirect.token is not None and redirect.token.content != "/dev/null":
            return redirect.token.content
    down = command.downstream
    if down is not None and down.type_key == "tee" and down.operands:
        return down.operands[0].content
    return None


def _implied(command: Command, url: str) -> str | None:
    """The file that a downloader names by itself after the URL."""
    tool = command.type_key
    if tool == "wget" and not command.flag_values("O", "output-document"):
        folder = (command.flag_values("P", "directory-prefix") or [""])[0].rstrip("/")
    elif tool == "curl" and command.has_flag("O", "remote-name", "J", "remote-name-all"):
        folder = (command.flag_values("output-dir") or [""])[0].rstrip("/")
    elif tool in ("aria2c", "axel"):
        folder = ""
    else:
        return None
    name = url.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return f"{folder}/{name}" if folder else name
