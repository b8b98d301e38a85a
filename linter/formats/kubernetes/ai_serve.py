"""What the applications of a RayService ask of its cluster: devices of their replicas, against those of its groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_base import OfWorkload
from linter.formats.kubernetes.part import unsure
from linter.formats.model import Place, fact
from linter.formats.node import Node
from linter.formats.yamlcompose import plain_value
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.kubernetes.pod import PodSpec

_WORDS = ("tensor_parallel_size", "num_gpus")


class ServePlan(OfWorkload):
    """The GPUs that the applications of a RayService ask for, and those that its cluster may have."""

    def _config(self) -> Node | None:
        spec = self.workload.node.get("spec") if self.workload.node is not None else None
        return spec.get("serveConfigV2") if spec is not None else None

    def place(self) -> Place:
        """The first line of the configuration that asks for GPUs."""
        node = self._config()
        if node is None:
            return self.workload.place()
        text, span = self.document.text.text, node.span
        found = [at for word in _WORDS if (at := text.find(f"{word}:", span.start, span.end)) >= 0]
        if not found:
            return Place(node.head_span())
        end = text.find("\n", min(found))
        return Place(Span(min(found), end if end >= 0 else span.end))

    @fact
    def demand(self) -> int:
        """GPUs that the fewest replicas of all deployments need together, rounded down."""
        if self.workload.type_key != "RayService":
            return 0
        node = self._config()
        text = node.string() if node is not None else ""
        if not isinstance(text, str):
            return UNKNOWN
        return int(sum(_demands(plain_value(text))))

    @fact
    def supply(self) -> int:
        """GPUs that the cluster has at most: the head's, and those of every group at its largest."""
        total = 0
        for pod in self.workload.pods:
            count, pods = pod.accelerator.count, self._most(pod)
            if unsure(count, pods):
                return UNKNOWN
            total += count * pods
        return total

    def _most(self, pod: PodSpec) -> Any:
        if pod.ai.role != "worker" or not isinstance(pod.ai.owner, dict):
            return 1
        group = pod.ai.owner
        counts = [group.get("replicas", 1), group.get("maxReplicas", 0)]
        hosts = group.get("numOfHosts", 1)
        if any(type(value) is not int for value in (*counts, hosts)):
            return UNKNOWN
        return max(counts) * hosts

    @fact
    def short(self) -> bool:
        """Whether the applications ask for more GPUs than the cluster ever has."""
        if not self.demand:
            return False
        kinds = {pod.accelerator.kind for pod in self.workload.pods if pod.accelerator.requested is True}
        if kinds != {"gpu"}:
            return UNKNOWN  # other devices have names of their own in Ray
        supply: Any = self.supply
        return UNKNOWN if supply is UNKNOWN else bool(self.demand > supply)


def _demands(config: Any) -> Iterator[float]:
    applications = config.get("applications") if isinstance(config, dict) else None
    for application in applications if isinstance(applications, list) else ():
        if not isinstance(application, dict):
            continue
        arguments = application.get("args")
        engines = arguments.get("llm_configs") if isinstance(arguments, dict) else None
        for engine in engines if isinstance(engines, list) else ():
            if isinstance(engine, dict):
                yield _parallel(engine.get("engine_kwargs")) * _replicas(engine.get("deployment_config"))
        for deployment in application.get("deployments") or ():
            options = deployment.get("ray_actor_options") if isinstance(deployment, dict) else None
            if isinstance(options, dict):
                yield _number(options.get("num_gpus")) * _replicas(deployment)


def _parallel(settings: Any) -> float:
    """Devices of one replica of an engine; none where it says nothing."""
    if not isinstance(settings, dict) or "tensor_parallel_size" not in settings:
        return 0
    return _number(settings["tensor_parallel_size"]) * (
        _number(settings.get("pipeline_parallel_size", 1)) or 1
    )


def _replicas(deployment: Any) -> float:
    """The fewest replicas of a deployment."""
    if not isinstance(deployment, dict):
        return 1
    scaling = deployment.get("autoscaling_config")
    if isinstance(scaling, dict):
        return _number(scaling.get("min_replicas", 1))
    count = deployment.get("num_replicas", 1)
    return _number(count) if isinstance(count, (int, float)) else 1


def _number(value: Any) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0
