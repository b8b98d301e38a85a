"""Passages: places of an instruction or stage that mean something for themselves.

Some facts come about in several ways (a command, a flag, a file that is written, a heredoc). Each way gives a
passage with its own place, so that one rule covers them all.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.formats import secrets
from linter.formats.dockerfile.bases import cuda_versions
from linter.formats.dockerfile.instructions import Copy, Instruction, Part, Variable, parts
from linter.formats.dockerfile.lines import Comment
from linter.formats.dockerfile.run import Launch, Run
from linter.formats.document import Document, field
from linter.formats.image import HOLE, ImageRef
from linter.formats.shell.command import Command, known
from linter.formats.shell.fetches import DOWNLOADERS, pipes_to_shell, runs_download, runs_later
from linter.formats.shell.text import MappedText
from linter.patterns import lazy_regex
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

_WEIGHTS = lazy_regex(
    r"\.(?:safetensors|gguf|ggml|pt|pth|ckpt|onnx|engine|plan|h5|pkl|pickle|joblib|nemo|tflite)$|(?:^"
    r"|/)(?:pytorch_model|model|weights)[\w.-]*\.bin$",
    re.IGNORECASE,
)
_PICKLE = lazy_regex(r"\.(?:pkl|pickle|joblib|pt|pth|ckpt)$|pytorch_model[\w.-]*\.bin$", re.IGNORECASE)
_TORCH_LOAD = lazy_regex(r"torch\.load\([^\n]*weights_only\s*=\s*False")
_JUPYTER_OPEN = lazy_regex(
    r"--(?:NotebookApp|ServerApp|IdentityProvider|LabApp|JupyterApp)?\.?(?:token|password)=(?:''|\"\"|\\\"\\\""
    r"|(?=[\s\"',\]&;]|$))"
    r"|c\.(?:NotebookApp|ServerApp|IdentityProvider|PasswordIdentityProvider|LabApp)\.(?:token|password"
    r"|hashed_password)\s*=\s*u?(?:''|\"\"|\\\"\\\")"
    r"|--(?:NotebookApp|ServerApp|IdentityProvider|PasswordIdentityProvider)\.(?:token|password"
    r"|hashed_password)(?:\s+|[\"'],\s*)(?:''|\"\")"
    r"|--(?:NotebookApp|ServerApp)\.allow_unauthenticated_access=True|JUPYTER_TOKEN=(?:''|\"\")"
)
_JUPYTER_CROSS = lazy_regex(r"allow_origin\s*=\s*\\?['\"]?\*")
_JUPYTER_XSRF = lazy_regex(r"disable_check_xsrf\s*=\s*True")
_JUPYTER_ROOT = lazy_regex(r"--allow-root\b|\.allow_root\s*=\s*True")
_JUPYTER = lazy_regex(r"jupyter|notebook|ServerApp|NotebookApp", re.IGNORECASE)
_REMOTE_CODE = lazy_regex(
    r"--trust[-_]remote[-_]code(?![-_\w])(?!\s*[= ]\s*[\"']?(?:false|False|0)\b)|trust_remote_code\s*=\s*True"
)
_COMMIT_REVISIONS = (
    re.compile(r"--revision[= ]+[\"']?[0-9a-f]{40}"),
    re.compile(r"--code-revision[= ]+[\"']?[0-9a-f]{40}"),
)
_NOPASSWD = lazy_regex(r"NOPASSWD\s*:?\s*(?:SETENV\s*:\s*)?ALL\b")
_SUDO_GROUPS = frozenset({"sudo", "wheel", "docker", "admin"})
_DRIVER = lazy_regex(
    r"nvidia-driver-.*|cuda-drivers.*|libnvidia-compute-.*|libcuda1(?:-.*)?|nvidia-dkms-.*|nvidia-utils-.*"
    r"|nvidia-kernel-.*|amdgpu-dkms.*"
    r"|nvidia-headless-.*|kmod-nvidia.*|nvidia-open.*"
)
_RUNFILE = lazy_regex(r"(?:NVIDIA-Linux-[\w.-]+|cuda_[\w.-]+_linux[\w.-]*)\.run$")
_ARCHIVE = lazy_regex(r"\.(?:tar|gz|bz2|xz|zst|zip|tgz|tbz2?|tlz|txz|tzst|Z|lz|lzma|7z)$", re.IGNORECASE)
_MOST_EARLIER = 500  # steps that are looked at; keeps hostile files linear
_SSH_SERVERS = ("openssh-server", "dropbear", "openssh-sftp-server")
_UNPACKERS = frozenset(
    {"tar", "unzip", "gunzip", "bunzip2", "unlzma", "unxz", "zgz", "uncompress", "zcat", "gzcat", "7z"}
)
_REFERENCE = lazy_regex(r"\$(?:\{([A-Za-z_]\w*)[^}\n]{0,200}\}|([A-Za-z_]\w*))")
_URL_CREDENTIALS = lazy_regex(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://([^\s:/@'\"]*):([^\s/@'\"]+)@[^\s'\"]", re.IGNORECASE
)


class Passage(Part):
    """A place that means something."""

    kind: str = field("", "jupyter-open, pipe-to-shell, weights …: what a rule's `types` selects")
    name: str = field("", "what it is about: a variable, a file, a package")
    value: str = field("", "what is said of it")
    pickle: bool = field(False, "of model files: whether loading it can run code")

    def __init__(
        self, owner: Part, span: Span, kind: str, name: str, value: str = "", *, pickle: bool = False
    ) -> None:
        super().__init__(owner.document, span)
        self.owner = owner
        self.kind = kind
        self.name = known(name)
        self.value = known(value)
        self.pickle = pickle

    @property
    def address(self) -> str:
        return self.owner.address

    @property
    def type_key(self) -> str:
        return self.kind


class Reference(Part):
    """A stage that COPY --from or a mount names."""

    name: str = field("", "what is named")
    kind: str = field("", "stage, index, self, later, image, unknown")

    def __init__(self, owner: Part, span: Span, name: Any, kind: Any) -> None:
        super().__init__(owner.document, span)
        self.owner = owner
        self.name = name
        self.kind = kind

    @property
    def address(self) -> str:
        return self.owner.address


class Remark(Part):
    """A comment."""

    text: str = field("", "the comment without its mark")

    def __init__(self, document: Document, comment: Comment) -> None:
        super().__init__(document, comment.span)
        self.text = comment.text


class Mode(Part):
    """Permissions that are set, by chmod, --chmod, install, or capabilities by setcap."""

    value: str = field("", "the mode as given to chmod; empty for setcap")
    capability: str = field("", "the capabilities as given to setcap")
    temporary: bool = field(False, "whether only directories for temporary files get it")
    program: bool = field(False, "whether it is set on a file where programs are")

    def __init__(self, owner: Part, span: Span, value: str, targets: list[str], capability: str = "") -> None:
        super().__init__(owner.document, span)
        self.owner = owner
        self.value = known(value)
        self.capability = known(capability)
        self.temporary = bool(targets) and all(
            re.match(r"(?:/var)?/tmp(?:/|$)|/dev/shm", target) for target in targets
        )
        self.program = any(re.search(r"/s?bin/", target) for target in targets)

    @property
    def address(self) -> str:
        return self.owner.address


def _texts(one: Instruction) -> list[MappedText]:
    """The texts of an instruction: its value and its here-documents."""
    found: list[MappedText] | None = one.__dict__.get("_texts")
    if found is None:
        joined = one.line.joined
        found = [joined.slice(one.value_at, len(joined.text))]
        if one.keyword in ("RUN", "COPY", "ADD"):
            found += [heredoc.body for heredoc in one.line.heredocs]
        one.__dict__["_texts"] = found
    return found


def _mentions(one: Instruction, *words: str) -> bool:
    """Whether a word stands in an instruction at all: far cheaper than the patterns that follow."""
    return any(word in text.text for text in _texts(one) for word in words)


def _found(
    one: Instruction, kind: str, pattern: re.Pattern[str], needs: re.Pattern[str] | None = None
) -> Iterator[Passage]:
    for text in _texts(one):
        if needs is None or needs.search(text.text):
            for found in pattern.finditer(text.text):
                yield Passage(
                    one, text.span(found.start(), found.end()), kind, found.group().replace(HOLE, "?")
                )


def jupyter_open(one: Instruction) -> list[Passage]:
    """Where Jupyter's token or password is switched off."""
    if one.keyword not in ("RUN", "CMD", "ENTRYPOINT", "COPY", "ADD", "ENV"):
        return []
    if not _mentions(one, "token", "TOKEN", "password", "allow_"):
        return []
    result = list(_found(one, "jupyter-open", _JUPYTER_OPEN, _JUPYTER if one.keyword != "ENV" else None))
    if not result and any(_JUPYTER_XSRF.search(text.text) for text in _texts(one)):
        result = list(_found(one, "jupyter-open", _JUPYTER_CROSS, _JUPYTER))
    return result


def jupyter_root(one: Instruction) -> list[Passage]:
    """Where Jupyter is allowed to run as root."""
    if one.keyword not in ("RUN", "CMD", "ENTRYPOINT", "COPY") or not _mentions(one, "root"):
        return []
    return list(_found(one, "jupyter-root", _JUPYTER_ROOT, _JUPYTER))


def remote_code(one: Instruction) -> list[Passage]:
    """Where code of a model repository is allowed to run."""
    if one.keyword == "ENV":
        return [
            Passage(one, variable.span, "remote-code", str(variable.name))
            for variable in parts(one)
            if isinstance(variable, Variable)
            and "TRUST_REMOTE_CODE" in str(variable.name)
            and variable.truthy is True
        ]
    if one.keyword not in ("RUN", "CMD", "ENTRYPOINT", "COPY") or not _mentions(one, "trust"):
        return []
    text = re.sub(r"\"\s*,\s*\"", " ", one.raw)
    if all(pattern.search(text) for pattern in _COMMIT_REVISIONS):
        return []
    return list(_found(one, "remote-code", _REMOTE_CODE))


def modes(one: Instruction) -> list[Mode]:
    """Permissions that an instruction sets."""
    if isinstance(one, Copy):
        if not isinstance(one.chmod, str):
            return []
        return [Mode(one, one.spans["chmod"], one.chmod, [one.target] if isinstance(one.target, str) else [])]
    if not isinstance(one, Run):
        return []
    result = []
    for command in one.commands:
        operands = command.operands
        if command.type_key == "chmod":
            words = [
                token for token in command.words[1:] if not re.match(r"-[a-zA-Z]*[RvcfHLP]|--", token.content)
            ]
            if len(words) > 1:
                targets = [token.content for token in words[1:]]
                result.append(Mode(one, command.place().span, words[0].content, targets))
        elif command.type_key in ("install", "mkdir") and (given := command.flag_values("m", "mode")):
            result.append(Mode(one, command.place().span, given[0], [token.content for token in operands]))
        elif command.type_key == "setcap" and operands:
            result.append(
                Mode(
                    one,
                    command.place().span,
                    "",
                    [token.content for token in operands[1:]],
                    operands[0].content,
                )
            )
    return result


def sudo_grants(one: Instruction) -> list[Passage]:
    """Where a user gets root without a password, or a group that is as good."""
    result = []
    if isinstance(one, (Run, Copy)):
        for write in one.writes:
            if "sudoers" in write.target and _NOPASSWD.search(write.content):
                result.append(Passage(one, write.line_span(_NOPASSWD.pattern), "sudo-grant", "sudoers"))  # noqa: PERF401
    if isinstance(one, Run):
        for command in one.commands:
            group = _granted_group(command)
            if group:
                result.append(Passage(one, command.place().span, "sudo-grant", group))
    return result


def _granted_group(command: Command) -> str:
    tool = command.type_key
    words = [token.content for token in command.operands]
    if tool in ("usermod", "useradd"):
        for content in command.flag_values("G", "groups"):
            for group in content.split(","):
                if group in _SUDO_GROUPS:
                    return group
        if tool == "usermod" and "aG" in "".join(command.options):
            return next((word for word in words if word in _SUDO_GROUPS), "")
    if tool in ("adduser", "addgroup") and len(words) == 2 and words[1] in _SUDO_GROUPS:
        return words[1]
    if tool == "gpasswd" and command.has_flag("a") and words and words[-1] in _SUDO_GROUPS:
        return words[-1]
    return ""


def driver_installs(run: Run) -> list[Passage]:
    """GPU drivers that are installed."""
    result = [
        Passage(run, package.place().span, "gpu-driver", package.name)
        for package in run.packages
        if package.manager in ("apt", "yum", "dnf", "zypper")
        and isinstance(package.name, str)
        and _DRIVER.fullmatch(package.name)
    ]
    for command in run.commands:
        program = command.words[0].content if command.words else ""
        if _RUNFILE.search(program) and (
            command.has_flag("driver") or not command.has_flag("toolkit", "toolkitpath", "extract", "x")
        ):
            result.append(Passage(run, command.place().span, "gpu-driver", program.rsplit("/", 1)[-1]))
    return result


def secret_arguments(run: Run) -> list[Passage]:
    """Uses of build arguments that hold secrets and are not mounted as such."""
    mounted = set(run.secret_ids) | {name.upper() for name in run.secret_ids}
    declared = run.stage.secret_arguments
    if not declared:
        return []
    result = []
    seen: set[str] = set()
    for text in _texts(run):
        for found in _REFERENCE.finditer(text.text):
            name = found.group(1) or found.group(2)
            if name in declared and name not in mounted and name not in seen:
                seen.add(name)
                result.append(Passage(run, text.span(found.start(), found.end()), "secret-argument", name))
    return result


def persisted_secrets(run: Run) -> list[Passage]:
    """Commands that keep a mounted secret in the layer."""
    paths, names = set(), set()
    for mount in run.mounts:
        if mount.type == "secret":
            if isinstance(mount.target, str) and mount.target:
                paths.add(mount.target)
            elif isinstance(mount.id, str) and mount.id:
                paths.add(f"/run/secrets/{mount.id}")
            if isinstance(mount.env, str):
                names.add(mount.env)
    if not paths and not names:
        return []
    for item in run.script.assignments:
        if any(path in item.token.text for path in paths):
            names.add(item.name)
    return [
        Passage(run, command.place().span, "persisted-secret", command.type_key)
        for command in run.commands
        if _persists(command, paths, names)
    ]


def _persists(command: Command, paths: set[str], names: set[str]) -> bool:
    words = [token.content for token in command.words]
    texts = [token.text for token in command.words] + [item.token.text for item in command.assignments]
    uses = (
        any(path in word for path in paths for word in words)
        or any(path in text for path in paths for text in texts)
        or any(re.search(rf"\$\{{?{re.escape(name)}\b", text) for name in names for text in texts)
    )
    fed = any(
        redirect.operator == "<" and redirect.token is not None and redirect.token.content in paths
        for redirect in command.redirects
    )
    if not uses and not fed:
        return False
    for redirect in command.redirects:
        if redirect.writes and redirect.token is not None and not _transient(redirect.token.content, paths):
            return True
    tool = command.type_key
    operands = [token.content for token in command.operands]
    if tool in ("cp", "install", "mv", "rsync"):
        return bool(operands) and not _transient(operands[-1], paths)
    if tool == "tee" or (command.downstream is not None and command.downstream.type_key == "tee"):
        target = (
            operands
            if tool == "tee"
            else [token.content for token in command.downstream.operands]
            if command.downstream
            else []
        )
        return any(not _transient(path, paths) for path in target)
    if tool == "git" and operands[:1] == ["config"]:
        return True
    return tool in ("pip", "npm", "conda") and operands[:2] in (["config", "set"], ["set"])


def _transient(path: str, paths: set[str]) -> bool:
    return (
        path in ("/dev/null", "/dev/stdout", "/dev/stderr", "1", "2")
        or path in paths
        or path.startswith(("/run/secrets/", "/dev/shm/", "&"))  # noqa: S108
    )


def artefacts(stage: Stage) -> list[Passage]:
    """Model files that the layers of a stage keep."""
    result: list[Passage] = []
    for one in stage.all:
        if isinstance(one, Copy):
            result.extend(_copied_weights(one))
        elif isinstance(one, Run):
            result.extend(_fetched_weights(one))
            for passage in _found(one, "weights", _TORCH_LOAD):
                passage.value, passage.pickle = "loaded", True
                result.append(passage)
    return result


def _copied_weights(one: Copy) -> Iterator[Passage]:
    for source in one.sources:
        if _WEIGHTS.search(source.content):
            pickle = _PICKLE.search(source.content) is not None
            yield Passage(one, source.span, "weights", source.content, "copied", pickle=pickle)


def _fetched_weights(one: Run) -> Iterator[Passage]:
    for download in one.downloads:
        kept = download.destination is not None and not (
            isinstance(download.target, str) and one.caches(download.target)
        )
        if download.weights and kept:
            place = download.place().span
            yield Passage(one, place, "weights", download.content, "downloaded", pickle=download.pickle)
    for fetch in one.model_fetches:
        if isinstance(fetch.local_dir, str) and not one.caches(fetch.local_dir):
            name = fetch.name if isinstance(fetch.name, str) else "a model"
            yield Passage(one, fetch.span, "weights", name, "downloaded")


def sshd(stage: Stage) -> list[Passage]:
    """Where an SSH server comes into a stage or is started by it."""
    result: list[Passage] = []
    for one in stage.all:
        if isinstance(one, Run):
            result += [
                Passage(one, package.place().span, "sshd", package.name)
                for package in one.packages
                if isinstance(package.name, str) and package.name in _SSH_SERVERS
            ]
        elif isinstance(one, Launch) and one.keyword != "HEALTHCHECK":
            result += [
                Passage(one, command.place().span, "sshd", command.type_key)
                for command in one.commands
                if command.type_key in ("sshd", "dropbear")
                or (command.type_key == "service" and command.subcommand == "ssh")
            ]
    return result


def ray_exposures(stage: Stage) -> list[Passage]:
    """Where Ray's dashboard or client port is opened without its token authentication."""
    mode = stage.effective.env.get("RAY_AUTH_MODE")
    if mode is not None and (not isinstance(mode, str) or mode.lower() == "token"):
        return []
    named = (
        "ray" in stage.start_line
        or "ray" in str(stage.base.written)
        or any(package.name == "ray" for package in stage.packages if isinstance(package.name, str))
    )
    result = [
        Passage(port, port.span, "ray-open", str(port.first))
        for port in stage.ports
        if isinstance(port.first, int) and port.first in (8265, 10001) and named
    ]
    for command in stage.start:
        if (command.type_key == "ray" and command.subcommand == "start") or any(
            flag.name == "dashboard-host" and flag.content in ("0.0.0.0", "::", "[::]")  # noqa: S104 - what is looked for
            for flag in command.flags
        ):
            owner = command.owner if isinstance(command.owner, Part) else stage
            result.append(Passage(owner, command.place().span, "ray-open", "ray"))
    return result[:1]


def recopies(run: Run) -> list[Passage]:
    """Recursive chown and chmod over files of earlier layers, which copies them all once more."""
    if not any(one.type_key in ("chown", "chmod") for one in run.commands):
        return []
    earlier = [target for at, target in run.stage.copied if at < run.span.start][-_MOST_EARLIER:]
    for command in run.commands:
        if command.type_key not in ("chown", "chmod") or not command.has_flag("R", "recursive"):
            continue
        for token in command.operands[1:]:
            path = posixpath.normpath(_absolute(token.content, run))
            if any(target == path or target.startswith(path.rstrip("/") + "/") for target in earlier):
                return [Passage(run, command.place().span, "recopy", token.content)]  # one layer, one copy
    return []


def _absolute(path: str, run: Run) -> str:
    if path.startswith("/") or HOLE in path:
        return path
    return posixpath.join(run.workdir or "/", path)


def credential_urls(one: Instruction) -> list[Passage]:
    """URLs with a password: literal ones, and build arguments (`value` is `literal` or `argument`)."""
    result: list[Passage] = []
    if not _mentions(one, "://"):
        return result
    arguments = one.stage.arguments
    for text in _texts(one):
        if "@" not in text.text or "://" not in text.text:
            continue
        for found in _URL_CREDENTIALS.finditer(text.text):
            password = found.group(2)
            variable = re.fullmatch(r"\$\{?([A-Za-z_]\w*)[^}]*\}?", password)
            span = text.span(found.start(), found.end() - 1)
            if variable is not None:
                if variable.group(1) in arguments:
                    result.append(Passage(one, span, "credential-url", variable.group(1), "argument"))
            elif (
                "$" not in password
                and HOLE not in password
                and "<" not in password
                and not secrets.is_placeholder(password)
            ):
                result.append(Passage(one, span, "credential-url", "password", "literal"))
    return result


def directory_changes(run: Run) -> list[Passage]:
    """The first command that changes the directory of a step."""
    return [
        Passage(run, command.place().span, "directory-change", command.operands[0].content)
        for command in run.commands
        if command.type_key == "cd" and command.operands
    ][:1]


def piped_scripts(run: Run) -> list[Passage]:
    """Downloads whose output is run as a script."""
    result = []
    for command in run.commands:
        tool = command.type_key
        if (tool in DOWNLOADERS and (pipes_to_shell(command) or runs_later(command, run.commands))) or (
            tool == "python" and runs_download(command)
        ):
            result.append(Passage(run, command.place().span, "pipe-to-shell", tool))
    return result


def held(stage: Stage) -> bool:
    """Whether packages are held at their versions in a stage."""
    return any(command.type_key == "apt-mark" and command.subcommand == "hold" for command in stage.commands)


def gpu_upgrades(stage: Stage) -> list[Passage]:
    """Upgrades of all packages on an accelerator base that holds none of them back."""
    if stage.index < 0 or stage.gpu_base is not True or held(stage):
        return []
    return [
        Passage(run, command.place().span, "gpu-upgrade", command.type_key)
        for run in stage.runs
        for command in run.commands
        if command.type_key in ("apt-get", "apt")
        and command.subcommand in ("upgrade", "dist-upgrade", "full-upgrade")
    ]


def cuda_mismatches(stage: Stage) -> list[Passage]:
    """What was made for another CUDA version than the base image, or than what came before it."""
    found = list(cuda_versions(stage))
    if not found:
        return []
    first = found[0][0]
    return [
        Passage(stage, model.place().span, "cuda-mismatch", version, first)
        for version, model in found[1:]
        if version.split(".")[0] != first.split(".")[0]
        or tuple(map(int, version.split("."))) > tuple(map(int, first.split(".")))
    ]


def second_downloaders(stage: Stage) -> list[Passage]:
    """Downloads by the other of wget and curl than the one that the stage has used already."""
    result = []
    seen: set[str] = set()
    for run in stage.runs:
        found = [command for command in run.commands if command.type_key in ("wget", "curl")]
        seen |= {command.type_key for command in found}
        if found and len(seen) == 2:
            result.append(Passage(run, found[0].place().span, "second-downloader", found[0].type_key))
    return result


def copied_archives(stage: Stage) -> list[Passage]:
    """Archives that COPY brings in and a later RUN unpacks."""
    result = []
    unpacking = [
        (index, command)
        for index, one in enumerate(stage.all)
        if isinstance(one, Run)
        for command in one.commands
        if command.type_key in _UNPACKERS
    ]
    for index, one in enumerate(stage.all if unpacking else ()):
        if not isinstance(one, Copy) or one.keyword != "COPY" or one.from_ is not None:
            continue
        for source in one.sources:
            names = [
                re.split(r"[/\\]", path.strip("\"'"))[-1] for path in (source.content, str(one.destination))
            ]
            names = [name for name in names if _ARCHIVE.search(name)]
            if any(
                at > index and any(name in command.line for name in names)
                for at, command in unpacking[:_MOST_EARLIER]
            ):
                result.append(Passage(one, source.span, "copied-archive", names[0]))
    return result


_PER_INSTRUCTION = (jupyter_open, jupyter_root, remote_code, sudo_grants, credential_urls)
_PER_RUN = (
    driver_installs,
    secret_arguments,
    persisted_secrets,
    recopies,
    piped_scripts,
    directory_changes,
)
_PER_STAGE = (artefacts, sshd, gpu_upgrades, copied_archives, second_downloaders)


def passages(stage: Stage) -> Iterator[tuple[Passage, Instruction | None]]:
    """Every passage of a stage, with the instruction that it stands in."""
    for one in stage.all:
        for function in _PER_INSTRUCTION:
            for passage in function(one):
                yield passage, one
        if isinstance(one, Run):
            for of_run in _PER_RUN:
                for passage in of_run(one):
                    yield passage, one
    for of_stage in _PER_STAGE if stage.index >= 0 or stage.final else ():
        for passage in of_stage(stage):
            yield passage, None
    if stage.final and stage.index >= 0:
        for passage in [*ray_exposures(stage), *cuda_mismatches(stage)]:
            yield passage, None


def images(stage: Stage) -> Iterator[ImageRef]:
    """Images that FROM, COPY --from and mounts name."""
    if stage.index >= 0 and stage.from_.external:
        yield stage.from_.image
    for reference in references(stage):
        if reference.kind == "image" and isinstance(reference.name, str):
            yield ImageRef(reference.name, reference)


def references(stage: Stage) -> Iterator[Reference]:
    """Stages and images that COPY --from and mounts name."""
    for one in stage.all:
        if isinstance(one, Copy) and one.from_ is not None:
            yield Reference(one, one.spans["from"], one.from_, one.from_kind)
        elif isinstance(one, Run):
            for mount in one.mounts:
                if mount.from_ is not None:
                    yield Reference(one, mount.span, mount.from_, mount.from_kind)
