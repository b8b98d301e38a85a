"""What the applications of a RayService ask of its cluster: devices of their replicas, against those of its groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_base import OfWorkload
from linter.formats.kubernetes.ai_served import COMMIT, HUB_MODEL
from linter.formats.kubernetes.ai_setting import Setting
from linter.formats.kubernetes.part import unsure
from linter.formats.model import Place, fact
from linter.formats.node import Node
from linter.formats.yamlcompose import plain_value
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.kubernetes.pod import PodSpec

_MANY = 1_000_000_000  # devices and replicas; no number beyond means anything
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

    def _applications(self) -> Any:
        """What serveConfigV2 says; None when that is not known or there is none."""
        node = self._config() if self.workload.type_key == "RayService" else None
        text = node.string() if node is not None else None
        return plain_value(text) if isinstance(text, str) else None

    @fact
    def foreignCode(self) -> list[Setting]:
        """Models of a hub whose own code is run, and not fixed to a commit."""
        found = []
        for index, (model, settings) in enumerate(_models(self._applications(), "trust_remote_code")):
            pins = (settings.get("revision"), settings.get("code_revision"))
            fixed = any(isinstance(pin, str) and COMMIT.fullmatch(pin) for pin in pins)
            if settings["trust_remote_code"] is True and HUB_MODEL.fullmatch(model) and not fixed:
                found.append(self._setting("trust_remote_code", model, index))
        return found

    def _setting(self, key: str, model: str, index: int) -> Setting:
        """The line that has the key for the index-th time."""
        node = self._config()
        assert node is not None
        text, span = self.document.text.text, node.span
        at = span.start - 1
        for _ in range(index + 1):
            at = text.find(f"{key}:", at + 1, span.end)
        if at < 0:  # written as JSON, or with an anchor
            return Setting(self, key, model, Place(node.head_span()))
        end = text.find("\n", at)
        return Setting(self, key, model, Place(Span(at, end if end >= 0 else span.end)))

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


def _parts(config: Any) -> Iterator[dict[str, Any]]:
    applications = config.get("applications") if isinstance(config, dict) else None
    for application in applications if isinstance(applications, list) else ():
        if isinstance(application, dict):
            yield application


def _engines(application: dict[str, Any]) -> Iterator[dict[str, Any]]:
    arguments = application.get("args")
    engines = arguments.get("llm_configs") if isinstance(arguments, dict) else None
    for engine in engines if isinstance(engines, list) else ():
        if isinstance(engine, dict):
            yield engine


def _models(config: Any, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Model and settings of each engine that has a setting."""
    for application in _parts(config):
        for engine in _engines(application):
            settings, loading = engine.get("engine_kwargs"), engine.get("model_loading_config")
            if not isinstance(settings, dict) or key not in settings:
                continue
            names = loading if isinstance(loading, dict) else {}
            yield str(names.get("model_source") or names.get("model_id") or ""), settings


def _demands(config: Any) -> Iterator[float]:
    for application in _parts(config):
        for engine in _engines(application):
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
    """A number that is one; none for anything else."""
    return (
        value if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MANY else 0
    )
