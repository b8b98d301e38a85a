"""A launcher with what its flags and variables ask for, and what that means in processes and devices.

Every number is an int that is known, UNKNOWN when it is written but decided elsewhere, or None when it was not written
(and the engine has no default that we may rely on).
"""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.launchers.grammar import TRAINING
from linter.formats.launchers.script import HOLE
from linter.formats.launchers.words import Origin, Word
from linter.frozen import dataclass, field
from linter.patterns import kept_regex


@dataclass(frozen=True, slots=True)
class Value:
    """A flag's or variable's value and where it was written."""

    text: str
    origin: Origin

    @property
    def known(self) -> bool:
        return HOLE not in self.text

    @property
    def number(self) -> Any:
        """The value as int; UNKNOWN when it is decided elsewhere or is a word such as `auto`."""
        return int(self.text) if kept_regex(r"-?\d{1,9}").fullmatch(self.text.strip()) else UNKNOWN


@dataclass(frozen=True, slots=True)
class Launcher:
    """One launcher of a container. `flags`: its options, no dashes, `_` as `-`; `facts`: what they mean."""

    engine: str
    role: str
    subcommand: str = ""
    flags: dict[str, Value] = field(default_factory=dict)
    facts: dict[str, Value] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    by_image: bool = False
    at: Origin | None = None
    bad: Word | None = None  # an exec-form word that holds flag and value, which the program sees as one

    def number(self, fact: str, default: Any = None) -> Any:
        value = self.facts.get(fact)
        return default if value is None else value.number

    @property
    def stated(self) -> bool:
        """Whether any parallelism was written at all."""
        names = {
            "tensor_parallel",
            "pipeline_parallel",
            "data_parallel",
            "data_parallel_local",
            "num_shard",
            "nproc",
            "world",
            "split",
            "include",
            "context_parallel",
            "gpus_per_node",
        }
        return any(name in names for name in self.facts)

    @property
    def configured(self) -> bool:
        """Whether a configuration file that is not seen here may say more."""
        return "config" in self.facts or "hostfile" in self.facts or "omni" in self.flags

    @property
    def multi_node(self) -> bool:
        """Whether the command line itself says that it is one of several nodes."""
        nodes = self.number("nnodes")
        if nodes is UNKNOWN or (nodes is not None and nodes != 1):
            return True
        return "node_rank" in self.facts or "group_address" in self.facts or "headless" in self.flags

    @property
    def by_ray(self) -> bool:
        """Whether Ray spreads the work: over a cluster where there is one, else over the devices of the pod."""
        backend = self.facts.get("backend")
        return backend is not None and backend.text != "mp"

    @property
    def world(self) -> Any:
        """Processes (or devices) over all nodes; None when that can't be said."""
        return _world(self)

    @property
    def devices(self) -> Any:
        """Devices that this one container must see; None when the engine takes what it finds."""
        return _devices(self)


def _product(*factors: Any) -> Any:
    result = 1
    for factor in factors:
        if factor is UNKNOWN:
            return UNKNOWN
        result *= factor
    return result


def _share(total: Any, nodes: Any) -> Any:
    """`total` over `nodes`; UNKNOWN when it doesn't divide, since then something else is meant."""
    if total is UNKNOWN or nodes is UNKNOWN or not nodes or total % nodes:
        return UNKNOWN
    return total // nodes


def _model_parallel(launcher: Launcher) -> Any:
    names = ("tensor_parallel", "pipeline_parallel", "context_parallel")
    return _product(*(launcher.number(name, 1) for name in names))


def _world(launcher: Launcher) -> Any:
    name = launcher.engine
    if name in ("vllm", "kserve", "lmdeploy", "lightllm", "trtllm"):
        return _product(_model_parallel(launcher), launcher.number("data_parallel", 1))
    if name == "sglang":
        data = 1 if "enable-dp-attention" in launcher.flags else launcher.number("data_parallel", 1)
        return _product(_model_parallel(launcher), data)
    if name == "nim":
        return _model_parallel(launcher) if launcher.stated else None
    if launcher.role == TRAINING:
        nproc, nodes = launcher.number("nproc"), launcher.number("nnodes", 1)
        return launcher.number("world") if nproc is None else _product(nproc, nodes)
    return launcher.number("world")


def _devices(launcher: Launcher) -> Any:
    name = launcher.engine
    if name == "vllm" or name == "kserve":
        if "data_parallel_local" in launcher.facts:
            return _product(_model_parallel(launcher), launcher.number("data_parallel_local"))
        return UNKNOWN if launcher.multi_node or launcher.by_ray else launcher.world
    if name in ("sglang", "nim", "lmdeploy", "lightllm"):
        return None if launcher.world is None else _share(launcher.world, launcher.number("nnodes", 1))
    if name == "tgi":
        return launcher.number("num_shard")
    if name == "trtllm":
        if "gpus_per_node" in launcher.facts:
            return launcher.number("gpus_per_node")
        return launcher.world if launcher.stated else None
    if name == "llama.cpp":
        split = launcher.facts.get("split")
        return None if split is None else UNKNOWN if not split.known else len(split.text.split(","))
    if launcher.role == TRAINING:
        return _processes(launcher)
    return None


def _processes(launcher: Launcher) -> Any:
    """Processes on one node that a training launcher starts."""
    include = launcher.facts.get("include")
    if include is not None:
        match = kept_regex(r"[\w.-]+:(\d+(?:,\d+)*)").fullmatch(include.text)
        return UNKNOWN if match is None else match[1].count(",") + 1
    if "nproc" in launcher.facts:
        return None if launcher.configured else launcher.number("nproc")
    if "world" in launcher.facts:
        return _share(launcher.number("world"), launcher.number("nnodes", 1))
    return None
