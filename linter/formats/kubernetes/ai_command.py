"""What a container runs: its commands with scripts taken apart, its variables, the files that ConfigMaps give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.document import Problem
from linter.formats.kubernetes import ai_mount
from linter.formats.kubernetes.ai_place import word_place
from linter.formats.launchers import Command, Environment, commands
from linter.formats.launchers.words import CUT, Files, no_files
from linter.formats.node import SEQ, Node
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.env import EnvVar

_LOOKING_WORDS = (
    r"nvidia-smi|rocm-smi|rocminfo|amd-smi|hl-smi|neuron-(?:ls|top)|npu-smi|xpu-smi|clinfo|printenv|vector[aA]dd|deviceQuery"
    r"|nvbandwidth|gpu[-_]burn"
)
_LOOKING = lazy_regex(_LOOKING_WORDS)
# the variables that a device plugin or driver hands over: `env | sort`, `export;`
_SHOWING = lazy_regex(r"(?:^|[;&]\s*)(?:export|env|printenv)\s*(?:[;&|]|$)")
# `python -c "import torch; print(torch.cuda.is_available())"`
_ASKS = lazy_regex(
    r"-c (?:import \w+|from \w+ import \w+)(?:; ?| *\n)print\([^;\n]*\)(?:(?:; ?| *\n)print\([^;\n]*\))*(?:; ?| *\n)? *"
)
# one of which is in whatever only looks or sleeps, unless it is a batch job
_HINT = lazy_regex(rf"{_LOOKING_WORDS}|sleep|export|env|print\(")
_SLEEP = lazy_regex(r"(?:(?:/bin/)?(?:ba)?sh -l?e?c )?(?:/bin/)?sleep \d+[smhd]?")
_IDLING = lazy_regex(
    r"sleep|trap|wait|echo|printf|date|tail|true|exit|set|grep|head|ls|cat|hostname|uname|sort|awk|sed|ldconfig|lspci|which"
    r"|command|watch|test|\["
)


def environment(container: Container) -> Environment:
    """The container's variables in order, for `$(VAR)` and for engines that read them."""
    entries = []
    values = container.env
    for item in [] if values is UNKNOWN else values:
        if item is UNKNOWN:
            continue
        entries.append((item.name, _value_of(item)))
    given, unseen = ai_mount.variables(container)
    return Environment.of(entries, given, open_=unseen or values is UNKNOWN or container.open)


def _value_of(variable: EnvVar) -> Any:
    """A variable's literal value, or that of a ConfigMap of the same file."""
    node = variable.node
    if node is None or node.get("valueFrom") is None:
        return written(variable)
    source = variable.valueFrom.configMapKeyRef
    return ai_mount.value_in(variable.document, source.name, source.key) if source.node is not None else None


def files_of(container: Container) -> Files:
    """The files that ConfigMaps of the same file are mounted as."""
    if not ai_mount.mounts_files(container):
        return no_files

    def read(path: str) -> str | None:
        node = ai_mount.file_at(container, path)
        text = node.string() if node is not None else None
        return text if isinstance(text, str) else None

    return read


def scalar_as_written(node: Node | None) -> Any:
    """A scalar as written, holes of a template inside it kept; None when there is none."""
    if node is None:
        return None
    text = node.string()
    if text is not UNKNOWN:
        return text
    raw = getattr(getattr(node, "raw", None), "value", None)
    return raw if isinstance(raw, str) else UNKNOWN


def written(variable: EnvVar) -> Any:
    """A variable's literal value with the holes of templates in it."""
    return scalar_as_written(variable.node.get("value") if variable.node is not None else None)


def words_of(container: Container, name: str) -> list[Any]:
    """`command` or `args` as written, elements with holes included."""
    key = f"_written_{name}"  # several facts ask
    found: list[Any] | None = container.__dict__.get(key)
    if found is None:
        node = container.node.get(name) if container.node is not None else None
        listed = node.elements() if node is not None and node.kind == SEQ else ()
        found = container.__dict__[key] = [scalar_as_written(item) for item in listed]
    return found


def commands_of(container: Container) -> list[Command]:
    """The commands that the container runs, scripts taken apart."""
    found: list[Command] | None = container.__dict__.get("_commands")
    if found is None:
        env = container.ai.environment
        found = commands(words_of(container, "command"), words_of(container, "args"), env, container.ai.files)
        container.__dict__["_commands"] = found
        note_cut(container, env)
    return found


def looks_only(container: Container) -> bool:
    """Whether it lists the devices or what it is told of them, and otherwise waits; or sleeps for a while and ends."""
    batch = container.pod.lifetime == "batch"
    mounted = container.ai.files is not no_files
    if not batch and not mounted and not any(_HINT.search(text) for text in _texts(container)):
        return False
    ran = [command for command in commands_of(container) if command.words]
    programs = {_program(command) for command in ran}
    looks = {name for name in programs if _LOOKING.fullmatch(name)}
    if not programs or not all(_IDLING.fullmatch(name) for name in programs - looks):
        return False
    if batch and programs.isdisjoint(("sleep", "tail", "watch")):
        return True
    if looks or (programs == {"sleep"} and len(ran) == 1 and _ends(container)):
        return True
    return any(_SHOWING.search(word) for word in _texts(container))


def _program(command: Command) -> str:
    """Its program; that of `python -c` is `nvidia-smi` where the code only prints what there is."""
    name = command.words[0].text.rpartition("/")[2]
    if command.bare and not _LOOKING.fullmatch(name):
        return "?"  # arguments of whatever the image starts
    if name in ("python", "python3") and _ASKS.fullmatch(" ".join(word.text for word in command.words[1:])):
        return "nvidia-smi"
    return name


def _texts(container: Container) -> list[str]:
    return [
        word for name in ("command", "args") for word in words_of(container, name) if isinstance(word, str)
    ]


def _ends(container: Container) -> bool:
    """Whether what it runs is `sleep 3600`, and not a loop of that."""
    return _SLEEP.fullmatch(" ".join(_texts(container)).strip()) is not None


def note_cut(container: Container, env: Environment) -> None:
    """A limit that cut what a container runs is a problem of the document."""
    if env.room.cut is None:
        return
    span = word_place(container, env.room.cut).span
    container.document.note(Problem(CUT, span.start, span.end, limit=True))


def image_of(container: Container) -> str:
    """The image's registry and repository; '' when they are not known."""
    reference = container.imageRef
    if reference.repository is UNKNOWN or not reference.repository:
        return ""
    registry = reference.registry
    return str(reference.repository) if registry is UNKNOWN else f"{registry}/{reference.repository}"
