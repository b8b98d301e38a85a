"""What commands fetch: files, repositories, models; and whether anybody checks what came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Model, Place, fact, field
from linter.formats.image import HOLE, is_unknown
from linter.formats.node import Step
from linter.formats.shell.command import Command, Token, known
from linter.formats.shell.text import MappedText
from linter.formats.shell.tools import INTERPRETERS, SHELLS
from linter.patterns import lazy_regex
from linter.text import Span

_URL = lazy_regex(r"(?:https?|ftp)://[^\s'\"|;)>]+")
_HOST = lazy_regex(r"^[a-z]+://(?:[^@/]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)
_LOCAL = lazy_regex(
    r"localhost|127\.[\d.]+|0\.0\.0\.0|\[::1\]|::1|169\.254\.[\d.]+|host\.docker\.internal"
    r"|metadata(?:\.google\.internal)?"
)
_MOVING = lazy_regex(
    r"/(?:latest|main|master|HEAD|nightly|trunk)(?:/|$|\.(?:tar\.gz|zip|tgz))|/(?:latest|stable)\.txt"
    r"|[-_]latest[-_.]|/refs/heads/",
    re.IGNORECASE,
)
_VERSION = lazy_regex(r"(?:^|[/_-])v?\d+\.\d+|[0-9a-f]{40}|/v\d+/")
_WEIGHTS = lazy_regex(
    r"\.(?:safetensors|gguf|ggml|bin|pt|pth|ckpt|onnx|engine|plan|h5|pkl|pickle|joblib|msgpack|tflite"
    r"|caffemodel|nemo)$",
    re.IGNORECASE,
)
_PICKLE = lazy_regex(r"\.(?:pkl|pickle|joblib|pt|pth|ckpt)$|pytorch_model[\w.-]*\.bin$", re.IGNORECASE)
_EXECUTABLE = lazy_regex(
    r"\.(?:sh|bash|run|bin|tar(?:\.\w+)?|tgz|tbz2?|txz|zip|gz|xz|bz2|zst|deb|rpm|apk|whl|jar|py|pl|exe|msi"
    r"|AppImage|so(?:\.\d+)*)$",
    re.IGNORECASE,
)
_KEY_FILE = lazy_regex(r"keyrings?/|trusted\.gpg|\.(?:gpg|asc|pub|key)$|(?:^|/)gpg$", re.IGNORECASE)
_MAKES_EXECUTABLE = lazy_regex(r"\+[rwst]*x|\s0?[0-7]*[1357][0-7]{0,2}\s|=[rwst]*x")
_VERIFIERS = lazy_regex(r"(?:sha\d+sum|shasum|md5sum|b2sum)")
_COMMIT = lazy_regex(r"[0-9a-f]{7,40}")
_FULL_COMMIT = lazy_regex(r"[0-9a-f]{40}")
_HUB_FILE = lazy_regex(
    r"https?://(?:huggingface\.co|hf\.co|hf-mirror\.com)/(\S+?)/(?:resolve|raw)/([^/\s'\"]+)/"
)
_PYTHON_FETCH = lazy_regex(
    r"(snapshot_download|hf_hub_download|(?:Auto\w+|[A-Z]\w+)\.from_pretrained|load_dataset"
    r"|SentenceTransformer|cached_download"
    r"|pipeline)\s*\("
)
_PYTHON_REVISION = lazy_regex(r"\brevision\s*=\s*(?:f?[\"']([^\"']*)[\"']|([\w.\[\]()\"' ]+))")
DOWNLOADERS = frozenset(
    {"curl", "wget", "aria2c", "axel", "fetch", "http", "https", "lwp-download", "wget2", "httpie", "xh"}
)
_PYTHON_DOWNLOAD = lazy_regex(r"urlretrieve|urlopen|requests\.get|httpx\.get|wget\.download|urllib\.request")
_PYTHON_RUN = lazy_regex(r"\b(?:exec|eval|system|popen|run|call|check_call|check_output|Popen)\s*\(")
_WINDOW = 300  # commands after a download that may use or check it; keeps hostile scripts linear
_CHECKING_FLAGS = ("c", "check", "checksum")


def host(url: str) -> str:
    """The host of a URL, lower case."""
    found = _HOST.match(url)
    return found.group(1).lower() if found else ""


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
        later: Sequence[Command] = (),
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
        return _MOVING.search(self.content.partition("?")[0]) is not None

    @fact
    def versioned(self) -> bool:
        """Whether the URL names a version or commit."""
        return _VERSION.search(self.content.partition("://")[2].partition("/")[2]) is not None or (
            HOLE in self.content.partition("://")[2].partition("/")[2]
        )

    @fact
    def hub(self) -> bool:
        """Whether it is a file of a model hub's repository."""
        return _HUB_FILE.match(self.content) is not None

    @fact
    def weights(self) -> bool:
        """Whether it is a file of model weights."""
        return _WEIGHTS.search(self._file) is not None

    @fact
    def pickle(self) -> bool:
        """Whether it is a file in a format that runs code when it is loaded."""
        return _PICKLE.search(self._file) is not None

    @property
    def _file(self) -> str:
        return self.content.partition("?")[0].partition("#")[0].rsplit("/", 1)[-1]

    @property
    def names(self) -> set[str]:
        """What later commands may call the file."""
        result = {self._file}
        if self.target:
            result |= {self.target, self.target.rsplit("/", 1)[-1]}
        return {name for name in result if name and name.strip(HOLE)}

    def _mentions(self, command: Command) -> bool:
        line = " ".join(token.content for token in command.words[1:])
        if any(name in line for name in self.names):
            return True
        return any(
            "*" in token.content and any(_matches(token.content, name) for name in self.names)
            for token in command.words
        )

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
        return any(
            _verifies(command) and (self._mentions(command) or _reads_sums(command)) for command in self.later
        )

    @fact
    def used(self) -> bool:
        """Whether a later command of the same layer unpacks, installs or runs it, or it lands where programs are."""
        if self.piped_to_unpack:
            return True
        if _KEY_FILE.search(self.target or self._file):  # a key is what others are checked with
            return False
        if self.target and re.match(r"(?:/usr(?:/local)?)?/s?bin/|/opt/.*/bin/", self.target):
            return True
        return any(self._runs(command) for command in self.later)

    def _runs(self, command: Command) -> bool:
        tool = command.type_key
        name = command.words[0].content if command.words else ""
        if tool == "chmod" and not _MAKES_EXECUTABLE.search(command.line):
            return False
        if any(name.lstrip("./") == one.lstrip("./") for one in self.names):
            return True
        wanted = tool in INTERPRETERS or tool in (
            "tar", "unzip", "dpkg", "rpm", "apt", "apt-get", "pip", "dnf", "yum", "chmod", "install", "gunzip", "xz",
            "7z",
            "java", "bzip2", "zstd", "cpio", "apk", "source", ".", "alien", "gzip", "gdebi", "uv", "conda", "mv",
        )  # fmt: skip
        if tool == "mv":
            return (
                self._mentions(command) and re.search(r"/s?bin(?:/|$)", command.words[-1].content) is not None
            )
        return wanted and self._mentions(command)

    def place(self) -> Place:
        if self.token is not None:
            return self.token.place()
        return self.command.place() if self.command is not None else Place(Span(0, 0), absent=True)

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "command" and self.command is not None:
            return self.command.locate(tuple(steps[1:]))
        return self.place()


def _matches(pattern: str, name: str) -> bool:
    expression = "".join(
        ".*" if char == "*" else "." if char == "?" else re.escape(char)
        for char in pattern.rsplit("/", 1)[-1]
    )
    return pattern.strip("*./") != "" and re.fullmatch(expression, name.rsplit("/", 1)[-1]) is not None


def _verifies(command: Command) -> bool:
    tool = command.type_key
    if _VERIFIERS.fullmatch(tool):
        return command.has_flag(*_CHECKING_FLAGS)
    if tool in ("gpg", "gpgv"):
        return tool == "gpgv" or command.has_flag("verify", "verify-files")
    if tool == "openssl":
        return command.subcommand == "dgst" and command.has_flag("verify")
    if tool in ("cosign", "slsa-verifier", "minisign", "signify", "rekor-cli"):
        return True
    if tool == "rpm":
        return command.has_flag("K", "checksig")
    if tool in ("[", "test"):
        return "sum" in command.line
    return tool == "grep" and "sha" in command.line


def _reads_sums(command: Command) -> bool:
    """Whether a check takes its list from a pipe or a file of sums: then what it names is not in its words."""
    return (
        command.upstream is not None
        or any(redirect.body is not None for redirect in command.redirects)
        or any(
            re.search(r"sums?|sha\d|\.asc|\.sig", token.content, re.IGNORECASE) for token in command.operands
        )
        or any(redirect.operator == "<" for redirect in command.redirects)
    )


_TO_SHELL = lazy_regex(r">\(\s*(?:sudo\s+)?(?:\S*/)?(?:ba|z|da|k|a)?sh\b")


def runs_later(command: Command, commands: Sequence[Command]) -> bool:
    """Whether a command's output is run by others: as a variable's value, or line by line in a loop."""
    name = command.assigned
    commands = commands[command.position : command.position + _WINDOW]
    if name:
        use = re.compile(rf"\$\{{?{re.escape(name)}\b")
        return any(
            _runs_words(one, use)
            for one in commands
            if use.search(" ".join(token.text for token in one.words))
        )
    return any(
        one.upstream is command and (one.type_key in ("eval", "source", ".") or _reads_script(one))
        for one in commands
    )


def _runs_words(command: Command, use: re.Pattern[str]) -> bool:
    tool = command.type_key
    if tool in ("eval", "source", ".") or (command.words and use.match(command.words[0].text.strip("\"'"))):
        return True
    if tool in SHELLS and command.has_flag("c") and command.operands and use.search(command.operands[0].text):
        return True
    return tool in ("echo", "printf") and pipes_to_shell(command)


def pipes_to_shell(command: Command) -> bool:
    """Whether the output of a command is run as a script."""
    if any(
        one.writes and one.token is not None and _TO_SHELL.match(one.token.text) for one in command.redirects
    ):
        return True
    down, hops = command.downstream, 0
    while down is not None and hops < 8:
        if _runs_input(down):
            return True
        down, hops = down.downstream, hops + 1
    outer = command.substitutes
    while outer is not None and hops < 8:
        tool = outer.type_key
        if tool in ("eval", "source", ".") or _runs_substitution(outer):
            return True
        if not tool and outer.words and "(" in outer.words[0].text[:3]:  # the output is the command itself
            return True
        if outer.words and outer.words[0].text.startswith("`"):
            return True
        if any(wrapper in SHELLS or wrapper == "eval" for wrapper in outer.wrappers) and not tool:
            return True
        if outer.downstream is not None and pipes_to_shell(outer):
            return True
        outer, hops = outer.substitutes, hops + 1
    return False


def _runs_substitution(command: Command) -> bool:
    """Whether an interpreter takes another command's output for its program: `-c "$(…)"`, `<(…)`, `<<< "$(…)"`."""
    tool = command.type_key
    if tool not in INTERPRETERS:
        return False
    if any(
        redirect.operator == "<<<" and HOLE in redirect.token.content
        for redirect in command.redirects
        if redirect.token
    ):
        return True
    if tool not in SHELLS and any(HOLE in content for content in command.flag_values("c", "e")):
        return True
    if any(
        one.operator == "<" and one.token is not None and one.token.text.startswith("<(")
        for one in command.redirects
    ):
        return not command.operands
    if not command.operands:
        return False
    first = command.operands[0]
    return first.text.startswith("<(") or (tool in SHELLS and command.has_flag("c") and HOLE in first.content)


def _runs_input(command: Command, depth: int = 0) -> bool:
    """Whether a command, or what it wraps, runs what comes on its standard input."""
    return _reads_script(command) or (
        depth < 6 and any(_runs_input(inner, depth + 1) for inner in command.inner[:50])
    )


def _reads_script(command: Command) -> bool:
    """Whether a command runs what comes on its standard input."""
    tool = command.type_key
    if tool in ("source", "."):
        return True
    if tool not in INTERPRETERS:
        return False
    if tool in SHELLS:
        if command.has_flag("c") and "xargs" in command.wrappers:
            return not command.operands or command.operands[0].content in ("{}", "%", "@")
        if command.has_flag("c"):
            return any("/dev/stdin" in token.content for token in command.words)
        return (
            command.has_flag("s")
            or not command.operands
            or command.operands[0].content in ("-", "/dev/stdin", "/dev/fd/0")
        )
    if command.has_flag("c", "m", "e"):
        return False
    return not command.operands or command.operands[0].content in ("-", "/dev/stdin")


def runs_download(command: Command) -> bool:
    """Whether Python text of a command fetches something and runs it."""
    code = _python_code(command)
    return code is not None and bool(_PYTHON_RUN.search(code) and _PYTHON_DOWNLOAD.search(code))


def downloads(commands: Sequence[Command]) -> list[Download]:
    """The URLs that commands download, each with the commands that come after it."""
    result: list[Download] = []
    for position, command in enumerate(commands):
        tool = command.type_key
        later = commands[position + 1 : position + 1 + _WINDOW]
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
        elif (
            tool == "python" and (code := _python_code(command)) is not None and _PYTHON_DOWNLOAD.search(code)
        ):
            result += [Download(command, None, found.group(), None, later) for found in _URL.finditer(code)]
    return result


def _bare(content: str) -> bool:
    return re.match(r"(?:www\.|[a-z0-9-]+\.(?:com|org|net|io|sh|dev|ai|co)/)", content) is not None


def _python_code(command: Command) -> str | None:
    values = command.flag_values("c")
    if values:
        return values[0]
    return next((redirect.body.text for redirect in command.redirects if redirect.body is not None), None)


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


class Clone(Model):
    """One `git clone`."""

    url: str = field("", "the repository")
    ref: str | None = field(None, "branch, tag or commit that is asked for; null without")
    directory: str = field("", "where it is cloned to")
    command: Command = field(None, "the command")

    def __init__(self, command: Command, token: Token, later: Sequence[Command]) -> None:
        self.command = command
        self.token = token
        self.content = token.content
        self.url = known(token.content)
        operands = command.operands
        index = operands.index(token)
        content = token.content.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
        self.folder = operands[index + 1].content if index + 1 < len(operands) else content
        self.directory = known(self.folder)
        self.written_ref = next(iter(command.flag_values("b", "branch", "revision")), None)
        self.checkout = _later_checkout(self.folder, later)
        ref = self.checkout or self.written_ref
        self.ref = None if ref is None else known(ref)

    @property
    def address(self) -> str:
        return self.command.address

    @fact
    def commit(self) -> bool:
        """Whether it is fixed to a commit."""
        if self.ref is None:
            return False
        return UNKNOWN if is_unknown(self.ref) else _COMMIT.fullmatch(self.ref) is not None

    @fact
    def moving(self) -> bool:
        """Whether no ref is asked for, or one that names a branch which moves: main, master, dev …"""
        if self.ref is None:
            return True
        if is_unknown(self.ref):
            return False
        return self.ref in ("main", "master", "dev", "develop", "nightly", "trunk", "HEAD", "latest")

    @fact
    def model_hub(self) -> bool:
        """Whether it clones from a model hub."""
        return host(self.content) in ("huggingface.co", "hf.co", "www.modelscope.cn", "modelscope.cn")

    @fact
    def insecure(self) -> bool:
        """Whether it comes over plain HTTP or the git protocol."""
        return self.content.startswith(("http://", "git://"))

    def place(self) -> Place:
        return self.token.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.command.locate(tuple(steps[1:])) if steps and steps[0] == "command" else self.place()


def _later_checkout(folder: str, later: Sequence[Command]) -> str | None:
    for command in later:
        if command.type_key != "git":
            continue
        words = [token.content for token in command.operands]
        if words[:1] == ["clone"]:
            return None
        if words[:1] in (["checkout"], ["switch"]) and len(words) > 1:
            return words[1]
        if words[:1] == ["reset"] and len(words) > 1:
            return words[-1]
        if words[:1] == ["fetch"] and len(words) > 2 and _COMMIT.fullmatch(words[2]):
            return words[2]
    return None


def clones(commands: Sequence[Command], after: Sequence[Command] = ()) -> list[Clone]:
    """The repositories that commands clone; `after` are commands of later layers, which may check a commit out."""
    result = []
    for position, command in enumerate(commands):
        if command.type_key != "git":
            continue
        operands, later = command.operands, [*commands[position + 1 : position + 1 + _WINDOW], *after]
        if operands and operands[0].content == "clone" and len(operands) > 1:
            result.append(Clone(command, operands[1], later))
        elif (
            operands and operands[0].content == "lfs" and len(operands) > 2 and operands[1].content == "clone"
        ):
            result.append(Clone(command, operands[2], later))
    return result


class ModelFetch(Model):
    """A model or data set that is fetched from a hub while the image is built."""

    hub: str = field("", "huggingface, ollama, ngc, modelscope, kaggle, torch")
    name: str = field("", "the model")
    revision: str | None = field(None, "revision that is asked for; null without")
    local_dir: str | None = field(None, "directory that it is written to, when said")

    def __init__(
        self,
        command: Command | None,
        span: Span,
        hub: str,
        name: str,
        revision: str | None,
        local_dir: str | None = None,
    ) -> None:
        self.command = command
        self.span = span
        self.hub = hub
        self.name = known(name)
        self.revision = None if revision is None else known(revision)
        self.local_dir = None if local_dir is None else known(local_dir)

    @property
    def address(self) -> str:
        return self.command.address if self.command is not None else ""

    @property
    def type_key(self) -> str:
        return self.hub

    @fact
    def pinned(self) -> bool:
        """Whether the revision is a commit or digest that can't move."""
        if self.revision is None:
            return False
        if is_unknown(self.revision):
            return UNKNOWN
        if self.hub in ("ngc", "kaggle"):
            return True
        return _FULL_COMMIT.fullmatch(self.revision) is not None or self.revision.startswith("sha256:")

    def place(self) -> Place:
        return Place(self.span)

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def model_fetches(commands: Sequence[Command], script: MappedText | None = None) -> list[ModelFetch]:
    """What is fetched from model hubs, by their programs, by URL, by clone or by Python."""
    result: list[ModelFetch] = []
    for command in commands:
        result.extend(_by_program(command))
    for download in downloads(commands):
        found = _HUB_FILE.match(download.content)
        if found:
            result.append(
                ModelFetch(
                    download.command, download.place().span, "huggingface", found.group(1), found.group(2)
                )
            )
    for clone in clones(commands):
        if clone.model_hub:
            ref = UNKNOWN if is_unknown(clone.ref) else clone.ref
            fetch = ModelFetch(clone.command, clone.place().span, "huggingface", clone.content, None)
            fetch.revision = ref
            result.append(fetch)
    result.extend(_by_python(commands))
    _ = script
    return result


def _by_program(command: Command) -> list[ModelFetch]:
    tool = command.type_key
    words = [token.content for token in command.operands]
    span = command.place().span
    if tool == "huggingface-cli" and words[:1] == ["download"] and len(words) > 1:
        revision = next(iter(command.flag_values("revision")), None)
        folder = next(iter(command.flag_values("local-dir")), None)
        return [ModelFetch(command, span, "huggingface", words[1], revision, folder)]
    if tool == "ollama" and words[:1] in (["pull"], ["run"]) and len(words) > 1:
        _, mark, digest = words[1].partition("@")
        return [ModelFetch(command, span, "ollama", words[1], digest if mark else None)]
    if tool == "ngc" and "download-version" in words:
        name = words[-1]
        return [ModelFetch(command, span, "ngc", name, name.partition(":")[2] or None)]
    if tool == "modelscope" and words[:1] == ["download"]:
        return [
            ModelFetch(
                command,
                span,
                "modelscope",
                "".join(words[1:2]),
                next(iter(command.flag_values("revision")), None),
            )
        ]
    return []


def _by_python(commands: Sequence[Command]) -> list[ModelFetch]:
    result = []
    for command in commands:
        if command.type_key != "python":
            continue
        place: Any = None
        for flag in command.flags:
            if flag.name == "c" and flag.value_token is not None:
                place = flag.value_token.script()
        if place is None:
            place = next((redirect.body for redirect in command.redirects if redirect.body is not None), None)
        if place is not None:
            result.extend(python_fetches(command, place))
    return result


def python_fetches(command: Command | None, code: MappedText) -> list[ModelFetch]:
    """Calls in Python text that fetch from a hub."""
    result = []
    for found in _PYTHON_FETCH.finditer(code.text):
        arguments = code.text[found.end() : _call_end(code.text, found.end())]
        first = re.match(
            r"\s*(?:(?:repo_id|model|path|model_name_or_path"
            r"|pretrained_model_name_or_path)\s*=\s*)?[\"']([^\"']+)[\"']",
            arguments,
        )
        if found.group(1) == "pipeline":
            first = re.search(r"model\s*=\s*[\"']([^\"']+)[\"']", arguments)
        if first is None or first.group(1).startswith((".", "/")) or "local_files_only=True" in arguments:
            continue
        revision = _PYTHON_REVISION.search(arguments)
        given = None if revision is None else revision.group(1) if revision.group(1) is not None else HOLE
        result.append(
            ModelFetch(
                command,
                code.span(found.start(), found.end() + len(first.group())),
                "huggingface",
                first.group(1),
                given,
            )
        )
    return result


def _call_end(text: str, at: int) -> int:
    depth = 1
    for index in range(at, min(len(text), at + 2000)):
        if text[index] == "(":
            depth += 1
        elif text[index] == ")":
            depth -= 1
            if depth == 0:
                return index
    return min(len(text), at + 2000)
