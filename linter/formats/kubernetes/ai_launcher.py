"""What a container's launcher is told, held against what the container gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.document import Problem
from linter.formats.kubernetes import ai_mount
from linter.formats.kubernetes.ai_place import word_place
from linter.formats.launchers import Command, Environment, Launcher, Value, commands, launchers
from linter.formats.launchers.engines import WORKER, engine_of_image
from linter.formats.launchers.grammar import CLUSTER, MPI, SERVER, TOOL, TRAINING
from linter.formats.launchers.script import HOLE
from linter.formats.launchers.words import CUT, Files, no_files
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import SEQ, Node, Step
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.env import EnvVar

_DEVICE_LISTS = frozenset(
    ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HABANA_VISIBLE_DEVICES")
)
_RANK = {SERVER: 4, TRAINING: 3, MPI: 2, CLUSTER: 1, TOOL: 0}
_HUB_MODEL = lazy_regex(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_COMMIT = lazy_regex(r"[0-9a-f]{40}")
_TRUE = frozenset(("1", "true", "yes", "on", "y", "t"))
_API_KEY_FLAGS = ("api-key", "api-keys", "api-key-file", "admin-api-key")
_API_KEY_VARIABLES = ("VLLM_API_KEY", "SGLANG_API_KEY", "LLAMA_API_KEY", "API_KEY", "LMDEPLOY_API_KEY")
_TRUST_VARIABLES = ("TRUST_REMOTE_CODE", "NIM_FORCE_TRUST_REMOTE_CODE", "HF_TRUST_REMOTE_CODE")
_MODEL_FLAGS = ("model", "model-path", "model-id", "model-name-or-path")
_TP_ENGINES = frozenset(("vllm", "sglang", "trtllm", "lmdeploy", "lightllm", "nim", "kserve", "llama.cpp"))
_ALONE_ENGINES = frozenset(("vllm", "sglang"))


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


def _raw(node: Node | None) -> Any:
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
    return _raw(variable.node.get("value") if variable.node is not None else None)


def words_of(container: Container, name: str) -> list[Any]:
    """`command` or `args` as written, elements with holes included."""
    node = container.node.get(name) if container.node is not None else None
    if node is None or node.kind != SEQ:
        return []
    return [_raw(item) for item in node.elements()]


def commands_of(container: Container) -> list[Command]:
    """The commands that the container runs, scripts taken apart."""
    env = container.ai.environment
    found = commands(words_of(container, "command"), words_of(container, "args"), env, files_of(container))
    _note_cut(container, env)
    return found


_LOOKING = frozenset(("nvidia-smi", "rocm-smi", "amd-smi", "hl-smi", "neuron-ls", "neuron-top", "npu-smi"))
_IDLING = frozenset(
    ("sleep", "trap", "wait", "echo", "date", "tail", "true", "exit", "set", "grep", "head", "ls")
)


def looks_only(container: Container) -> bool:
    """Whether it lists the devices, and otherwise waits."""
    programs = {
        "?" if command.bare else command.words[0].text.rpartition("/")[2]
        for command in commands_of(container)
        if command.words
    }
    return bool(programs & _LOOKING) and programs <= _LOOKING | _IDLING


def _note_cut(container: Container, env: Environment) -> None:
    """That a limit cut what a container runs is a problem of the document."""
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


def device_list_wrong(container: Container, variable: EnvVar) -> Any:
    """Whether a variable lists device indexes that don't fit the devices of its container."""
    name, value = variable.name, variable.value
    if name is UNKNOWN or name not in _DEVICE_LISTS or value is None:
        return False
    if value is UNKNOWN:
        return UNKNOWN
    if not re.fullmatch(r"\d{1,3}(,\d{1,3})*", value.replace(" ", "")):
        return False  # empty, a UUID, or something that a launcher interprets
    count = container.accelerator.count
    if container.accelerator.requested is not True or count is UNKNOWN or not count:
        return UNKNOWN if container.accelerator.requested is not False else False
    indexes = [int(part) for part in value.replace(" ", "").split(",")]
    return len(indexes) != count or max(indexes) >= count


def launches(container: Container) -> list[Launch]:
    """The launchers that a container starts, in order."""
    command, args = words_of(container, "command"), words_of(container, "args")
    image = image_of(container)
    if not command and not args and (not image or engine_of_image(image) is None):
        return []
    env = container.ai.environment
    found = launchers(command, args, env, image, files_of(container))
    _note_cut(container, env)
    return [Launch(container, item) for item in found]


def main_launch(container: Container) -> Launch:
    """The launcher that matters most: server, trainer, what starts them; an empty one when there is none."""
    found: list[Launch] = container.launchers
    best = max(found, key=lambda item: (_RANK[item.launcher.role], item.launcher.stated), default=None)
    return best or Launch(container, Launcher("", ""))


class Launch(Model):
    """A launcher, such as vLLM or torchrun, and what it is told."""

    engine: str = field(
        "",
        "vllm, sglang, tgi, trtllm, triton, nim, torchrun, deepspeed, mpirun, ray …; '' when there is none",
    )
    role: str = field("", "server, training, mpi, cluster or tool")

    def __init__(self, container: Container, launcher: Launcher) -> None:
        self.document = container.document
        self.container = container
        self.launcher = launcher
        self.engine = launcher.engine
        self.role = launcher.role

    @property
    def address(self) -> str:
        return self.container.address

    def place(self) -> Place:
        return word_place(self.container, self.launcher.at)

    def locate(self, steps: Sequence[Step]) -> Place:
        value = self._value(steps)
        if steps and steps[0] == "broken" and self.launcher.bad is not None:
            return word_place(self.container, self.launcher.bad.origin)
        if value is None and steps and steps[0] == "processes" and self.processes is not None:
            path = _PROCESSES.get(self.container.pod.manifest.type_key, ())
            return self.container.pod.manifest.locate(("body", *path))
        if value is None:
            return self.place() if self.launcher.at is not None else self.container.locate(("image",))
        return word_place(self.container, value.origin, value.text if value.known else "")

    def _value(self, steps: Sequence[Step]) -> Value | None:
        """The flag or variable that a fact comes from."""
        facts, flags = self.launcher.facts, self.launcher.flags
        name = str(steps[0]) if steps else ""
        if name == "flags" and len(steps) > 1:
            return flags.get(str(steps[1]))
        order = _SOURCES.get(name, ())
        found = next((facts[key] for key in order if key in facts), None)
        if name == "trustRemoteCode":
            return flags.get("trust-remote-code") or self._variable(_TRUST_VARIABLES)
        if name == "model":
            return next((flags[key] for key in _MODEL_FLAGS if key in flags), None)
        return found or flags.get(name)

    def _variable(self, names: Sequence[str]) -> Value | None:
        env = self.container.ai.environment
        return next((Value(env.values[name], env.origin(name)) for name in names if name in env.values), None)

    @fact
    def flags(self) -> dict[str, str]:
        """All options without leading dashes, `_` as `-`; '' for a switch."""
        return {name: value.text if value.known else UNKNOWN for name, value in self.launcher.flags.items()}

    @fact
    def tensorParallel(self) -> int | None:
        """Tensor parallel size as written; null when it is not."""
        return self.launcher.number("tensor_parallel")

    @fact
    def pipelineParallel(self) -> int | None:
        """Pipeline parallel size as written; null when it is not."""
        return self.launcher.number("pipeline_parallel")

    @fact
    def processes(self) -> int | None:
        """Processes that a training launcher starts on each node; null when that is not written."""
        own = self.launcher.devices if self.launcher.role == TRAINING else None
        return self._operator_processes() if own is None else own

    def _operator_processes(self) -> Any:
        """Processes per node that the kind itself sets, for the container that trains."""
        path = _PROCESSES.get(self.container.pod.manifest.type_key)
        if path is None or self.launcher.role not in ("", TRAINING) or self.container.role != "app":
            return None
        value: Any = self.container.pod.manifest.body
        for step in path:
            value = value.get(step) if isinstance(value, dict) else value if value is UNKNOWN else None
        if value is None or value is UNKNOWN:
            return value
        return int(value) if str(value).isdigit() else UNKNOWN

    @fact
    def nodes(self) -> int | None:
        """Number of nodes as written; null when it is not."""
        return self.launcher.number("nnodes")

    @fact
    def devices(self) -> int | None:
        """Accelerators that this container must see; null when the engine takes what it finds."""
        return self.launcher.devices

    @fact
    def world(self) -> int | None:
        """Processes over all nodes; null when that can't be said."""
        return self.launcher.world

    @fact
    def stated(self) -> bool:
        """Whether any parallelism is written."""
        return self.launcher.stated

    @fact
    def server(self) -> bool:
        """Whether it answers inference requests."""
        return self.launcher.role == SERVER

    @fact
    def behind(self) -> bool:
        """Whether callers reach it only through a program in front of it that finds it by itself."""
        return self.launcher.subcommand == WORKER

    @fact
    def training(self) -> bool:
        """Whether it starts training processes."""
        return self.launcher.role in (TRAINING, MPI)

    @fact
    def alone(self) -> bool:
        """Whether it works within this one pod, by its own words and by the workload's kind."""
        if self.launcher.multi_node or any(
            item.role in (CLUSTER, MPI) and item is not self for item in self.container.launchers
        ):
            return False
        group: Any = self.container.pod.accelerator.group
        return UNKNOWN if group is UNKNOWN else bool(group == 1)

    @fact
    def needsMore(self) -> bool:
        """Whether a server that works alone wants more devices than its container gets."""
        need = self._need()
        return (
            need
            if isinstance(need, bool) or need is UNKNOWN
            else bool(need > self.container.accelerator.most)
        )

    @fact
    def usesFewer(self) -> bool:
        """Whether a server that works alone leaves devices of its container idle."""
        need = self._need()
        return (
            need
            if isinstance(need, bool) or need is UNKNOWN
            else bool(0 < need < min(self.container.accelerator.slots))
        )

    def _need(self) -> Any:
        """Devices that the server wants, when they can be compared; False when there is nothing to compare."""
        if self.engine not in _TP_ENGINES or not self.stated or self.launcher.configured:
            return False
        accelerators = self.container.accelerator
        if accelerators.requested is not True or accelerators.sliced or accelerators.mixed:
            return False if accelerators.requested is not UNKNOWN else UNKNOWN
        if self.alone is not True:
            return False if self.alone is False else UNKNOWN
        need = self.devices
        if need is None:
            return False
        if need is UNKNOWN or accelerators.slots is UNKNOWN or self._rivalled(accelerators.slots):
            return UNKNOWN
        return need

    def _rivalled(self, slots: list[int]) -> bool:
        """Whether the script starts another of its sort, in another branch or step, that fits or is not known."""
        others = [
            item.devices for item in self.container.launchers if item is not self and item.role == self.role
        ]
        return any(need is UNKNOWN or (need is not None and need in slots) for need in others)

    @fact
    def idle(self) -> bool:
        """Whether an engine that uses one device unless told otherwise gets several and is told nothing."""
        if (
            self.engine not in _ALONE_ENGINES
            or self.stated
            or self.launcher.configured
            or self.container.open
        ):
            return False
        return False if "ranks" in self.container.pod.ai.fills else self._several()

    def _several(self) -> Any:
        if any(not word.known for word in self.launcher.words):
            return UNKNOWN
        env = self.container.ai.environment
        if env.open or self.alone is not True or self.container.accelerator.sliced:
            return UNKNOWN if env.open else False
        count = self.container.accelerator.count
        return UNKNOWN if count is UNKNOWN else count >= 2

    @fact
    def processGap(self) -> bool:
        """Whether a training launcher starts more or fewer processes on a node than its devices hold."""
        accelerators = self.container.accelerator
        count: Any = self.processes
        slots: Any = accelerators.slots
        if count is None or accelerators.requested is not True or accelerators.mixed:
            return False if accelerators.requested is not UNKNOWN else UNKNOWN
        if count is UNKNOWN or slots is UNKNOWN:
            return UNKNOWN
        if count in slots or count <= 0:
            return False
        return UNKNOWN if self._rivalled(slots) else True

    @fact
    def shards(self) -> int | None:
        """Shards of a text-generation-inference server as written; null when they are not."""
        return self.launcher.number("num_shard")

    @fact
    def sharded(self) -> bool:
        """Whether a text-generation-inference server is told to shard."""
        value = self.launcher.facts.get("sharded")
        return False if value is None else UNKNOWN if not value.known else value.text.lower() in _TRUE

    @property
    def written_model(self) -> str:
        """The model as written, holes included; '' when it is not."""
        found = self._model()
        return "" if found is None else found.text

    def _model(self) -> Value | None:
        found = next((self.launcher.flags[key] for key in _MODEL_FLAGS if key in self.launcher.flags), None)
        return found or self._positional() or self._variable(("MODEL_ID", "MODEL_NAME", "HF_MODEL_ID"))

    @fact
    def model(self) -> str | None:
        """The model that a server loads as written; null when it is not."""
        found = self._model()
        return None if found is None else found.text if found.known else UNKNOWN

    def _positional(self) -> Value | None:
        words = self.launcher.words
        if self.launcher.subcommand != "serve" or not words or words[0].text.startswith("-"):
            return None
        return Value(words[0].text, words[0].origin)

    @fact
    def hubModel(self) -> bool:
        """Whether the model is named as organisation/name on a model hub."""
        name = self.model
        if name is None or name is UNKNOWN:
            return False if name is None else UNKNOWN
        return _HUB_MODEL.fullmatch(name) is not None

    @fact
    def pinned(self) -> bool:
        """Whether a revision of the model is given."""
        value = self.launcher.flags.get("revision") or self._variable(("REVISION", "MODEL_REVISION"))
        return (
            False
            if value is None
            else UNKNOWN
            if not value.known
            else value.text not in ("", "main", "master")
        )

    @fact
    def codePinned(self) -> bool:
        """Whether the code that comes with the model is fixed to a commit: a revision of the model, or of its code."""
        flags = self.launcher.flags
        values = [flags[name] for name in ("revision", "code-revision") if name in flags]
        if any(_COMMIT.fullmatch(value.text) for value in values):
            return True
        return UNKNOWN if any(not value.known for value in values) else False

    @fact
    def trustRemoteCode(self) -> bool:
        """Whether it runs Python code from the model's repository."""
        value = self.launcher.flags.get("trust-remote-code")
        if value is None:
            value = self._variable(_TRUST_VARIABLES)
            return False if value is None else UNKNOWN if not value.known else value.text.lower() in _TRUE
        return value.text.lower() in ("", *_TRUE) if value.known else UNKNOWN

    @fact
    def apiKey(self) -> bool:
        """Whether callers must show a key."""
        if (
            any(name in self.launcher.flags for name in _API_KEY_FLAGS)
            or self._variable(_API_KEY_VARIABLES) is not None
        ):
            return True
        open_words = any(HOLE in word.text for word in self.launcher.words)
        unseen = (
            self.container.ai.environment.open
            or open_words
            or self.launcher.configured
            or self.container.open
        )
        return UNKNOWN if unseen else False

    @fact
    def broken(self) -> str | None:
        """A word that holds a flag and its value with a space between, which no program takes apart; null when none."""
        if self.launcher.bad is None or self.role not in (SERVER, TRAINING):
            return None
        return self.launcher.bad.text.replace(HOLE, "…")


# where training kinds set the processes of each node
_PROCESSES: dict[str, tuple[str, ...]] = {
    "PyTorchJob": ("spec", "nprocPerNode"),
    "HyperPodPyTorchJob": ("spec", "nprocPerNode"),
    "TrainJob": ("spec", "trainer", "numProcPerNode"),
}
_SOURCES: dict[str, tuple[str, ...]] = {
    "tensorParallel": ("tensor_parallel",),
    "pipelineParallel": ("pipeline_parallel",),
    "devices": (
        "tensor_parallel",
        "num_shard",
        "split",
        "pipeline_parallel",
        "data_parallel_local",
        "data_parallel",
        "nproc",
        "world",
    ),
    "needsMore": ("tensor_parallel", "split", "pipeline_parallel", "data_parallel_local", "data_parallel"),
    "usesFewer": ("tensor_parallel", "split", "pipeline_parallel", "data_parallel_local", "data_parallel"),
    "processes": ("nproc", "world", "include"),
    "processGap": ("nproc", "world", "include"),
    "world": ("world", "tensor_parallel", "pipeline_parallel", "data_parallel", "nproc"),
    "nodes": ("nnodes",),
    "shards": ("num_shard",),
    "sharded": ("sharded",),
}
