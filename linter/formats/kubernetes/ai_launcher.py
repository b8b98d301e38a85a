"""What a container's launcher is told, held against what the container gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_command import commands_of, image_of, note_cut, words_of
from linter.formats.kubernetes.ai_place import word_place
from linter.formats.kubernetes.ai_served import TRUE, TRUST_VARIABLES, Served
from linter.formats.launchers import Launcher, Value, launchers
from linter.formats.launchers.engines import WORKER, engine_of_image
from linter.formats.launchers.grammar import CLUSTER, MPI, SERVER, TOOL, TRAINING
from linter.formats.launchers.script import HOLE
from linter.formats.model import Place, fact, field
from linter.formats.node import Step, plain_at
from linter.formats.scalars import whole
from linter.patterns import kept_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.env import EnvVar

_DEVICE_LISTS = frozenset(
    ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HABANA_VISIBLE_DEVICES")
)
_RANK = {SERVER: 4, TRAINING: 3, MPI: 2, CLUSTER: 1, TOOL: 0}
_TP_ENGINES = frozenset(("vllm", "sglang", "trtllm", "lmdeploy", "lightllm", "nim", "kserve", "llama.cpp"))
_ALONE_ENGINES = frozenset(("vllm", "sglang"))


def device_list_wrong(container: Container, variable: EnvVar) -> Any:
    """Whether a variable lists device indexes that don't fit the devices of its container."""
    name, value = variable.name, variable.value
    if name is UNKNOWN or name not in _DEVICE_LISTS or value is None:
        return False
    if value is UNKNOWN:
        return UNKNOWN
    if name == "CUDA_VISIBLE_DEVICES" and value.strip().lower() == "all":
        return container.accelerator.requested  # no index: CUDA shows the devices before it, which are none
    if not kept_regex(r"\d{1,3}(,\d{1,3})*").fullmatch(value.replace(" ", "")):
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
    found = launchers(command, args, env, image, container.ai.files, lambda: commands_of(container))
    note_cut(container, env)
    return [Launch(container, item) for item in found]


def main_launch(container: Container) -> Launch:
    """The launcher that matters most: server, trainer, what starts them; an empty one when there is none."""
    found: list[Launch] = container.launchers
    best = max(found, key=lambda item: (_RANK[item.launcher.role], item.launcher.stated), default=None)
    return best or Launch(container, Launcher("", ""))


class Launch(Served):
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
            return flags.get("trust-remote-code") or self._variable(TRUST_VARIABLES)
        if name == "model":
            return self._model()
        return found or flags.get(name)

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
        node = self.container.pod.manifest.node
        value = plain_at(node, *path) if node is not None else UNKNOWN
        if value is None or value is UNKNOWN:
            return value
        number = whole(str(value))
        return UNKNOWN if number is None else number

    @fact
    def nodes(self) -> int | None:
        """Number of nodes as written; null when it is not."""
        return self.launcher.number("nnodes")

    @fact
    def nodesMismatch(self) -> bool:
        """Whether a training launcher waits for other than all pods of its workload."""
        pod = self.container.pod
        nodes: Any = self.nodes
        if self.engine not in _COUNTS_NODES or nodes is None or self.container.role != "app":
            return False
        group: Any = pod.accelerator.group
        if nodes is UNKNOWN or group is UNKNOWN:
            return UNKNOWN
        kind = pod.manifest.type_key
        told = kind in _WHOLE_GROUPS or (kind in _SINGLE_GROUPS and len(pod.manifest.pods) == 1)
        return bool(told and group > 1 and nodes != group)

    @fact
    def devices(self) -> int | None:
        """Accelerators that this container must see; null when the engine takes what it finds."""
        found = self.launcher.devices
        return (
            self.launcher.world if found is UNKNOWN and self.launcher.by_ray and self.alone is True else found
        )

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
        if self.launcher.by_ray and self._joins_ray():
            return False
        group: Any = self.container.pod.accelerator.group
        return UNKNOWN if group is UNKNOWN else bool(group == 1)

    def _joins_ray(self) -> bool:
        """Whether a Ray cluster beyond the pod may be there: of another kind, by address, or unseen."""
        container, pod = self.container, self.container.pod
        env = container.ai.environment
        native = pod.manifest.group in ("", "apps", "batch") and not pod.ai.fills
        return not native or container.open or env.open or "RAY_ADDRESS" in env.values

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
        if accelerators.requested is not True or accelerators.sliced or accelerators.mixed is not False:
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
        if count is None or accelerators.requested is not True or accelerators.mixed is not False:
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
        return False if value is None else UNKNOWN if not value.known else value.text.lower() in TRUE

    @fact
    def broken(self) -> str | None:
        """A word that holds a flag and its value with a space between, which no program takes apart; null when none."""
        if self.launcher.bad is None or self.role not in (SERVER, TRAINING):
            return None
        return self.launcher.bad.text.replace(HOLE, "…")


# kinds whose launchers run in every pod of the workload; those where they do when there is one sort of pod
_COUNTS_NODES = frozenset(("torchrun", "accelerate"))
_WHOLE_GROUPS = frozenset(("PyTorchJob", "HyperPodPyTorchJob", "PaddleJob", "LeaderWorkerSet"))
_SINGLE_GROUPS = frozenset(("Job", "JobSet", "TrainJob"))
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
