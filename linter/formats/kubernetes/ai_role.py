"""What a container and a pod are for: serving a model, training one, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import quantity
from linter.formats.document import Model, Place, fact, field
from linter.formats.kubernetes.ai_launcher import environment, image_of
from linter.formats.kubernetes.ai_script import ScriptAct, acts
from linter.formats.kubernetes.part import either, same, unsure
from linter.formats.kubernetes.volume import Volume, VolumeMount, normal_path
from linter.formats.launchers import Environment
from linter.formats.launchers.engines import engine_of_image
from linter.formats.launchers.grammar import AI_IMAGES, SERVER
from linter.formats.node import Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

_AI_IMAGE = re.compile("|".join(AI_IMAGES))
_AGENT_IMAGE = re.compile(
    r"device-plugin|gpu-operator|dcgm|container-toolkit|gpu-feature-discovery|node-feature-discovery|mig-manager"
    r"|k8s-driver-manager|nvidia/driver|fabricmanager|network-operator|mofed|rdma-shared|sriov|dranet|dra-driver"
    r"|node-exporter|neuron-monitor|neuron-scheduler|efa|gpu-exporter|nccl-plugin|nccl-fastsocket|tcpx|rxdm|gib|installer|hami|vgpu"
)
_CUDA_IMAGE = re.compile(
    r"nvcr\.io/nvidia/(cuda|pytorch|tensorflow|jax|tritonserver|nemo|tensorrt)|(^|/)nvidia/cuda|vllm/vllm-openai"
    r"|lmsysorg/sglang|text-generation-inference|pytorch/pytorch"
)
# clients of servers and job submitters carry a server's image or name, and hold no model
_NOT_SERVING = re.compile(
    r"(^|[-_/])(client|bench(mark)?|test|curl|router|download(er)?|loader|init|lora-?(adapter|controller)|operator|controller|exporter)([-_]|$)"
)
_PROXIES = re.compile(
    r"oauth2?-proxy|nginx|envoy|litellm|authorino|pomerium|kube-rbac-proxy|traefik|istio|open-webui|caddy"
)


def _known(values: Any) -> Iterator[Any]:
    """The elements of a list field that are known."""
    return iter([] if values is UNKNOWN else [item for item in values if item is not UNKNOWN])


class AiContainer(Model):
    """What an AI container is for."""

    def __init__(self, container: Container) -> None:
        self.document = container.document
        self.container = container

    def place(self) -> Place:
        return self.container.locate(("image",))

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "shmMounted":
            return self.container.locate(("volumeMounts",))
        return self.place()

    @property
    def environment(self) -> Environment:
        found = self.__dict__.get("_environment")
        if found is None:
            found = self.__dict__["_environment"] = environment(self.container)
        return found

    @property
    def image(self) -> str:
        found = self.__dict__.get("_image")
        if found is None:
            found = self.__dict__["_image"] = image_of(self.container).lower()
        return found

    @fact
    def engine(self) -> str:
        """The engine that it starts, or that its image is for; '' when neither is known."""
        if self.container.launcher.engine:
            return self.container.launcher.engine
        found = engine_of_image(self.image) if self.image else None
        return found.name if found is not None else ""

    @fact
    def server(self) -> bool:
        """Whether it is a model server that runs as long as its pod."""
        return (
            self.container.launcher.role == SERVER
            and self.container.role == "app"
            and self.container.pod.lifetime == "service"
        )

    @fact
    def gpuServer(self) -> bool:
        """Whether it is a model server that asks for an accelerator."""
        if not self.server:
            return False
        return self.container.accelerator.requested

    @fact
    def workload(self) -> bool:
        """Whether it runs AI software: a launcher, an AI image, or an accelerator that it asks for."""
        if self.container.launchers or self.engine or (self.image and _AI_IMAGE.search(self.image)):
            return True
        return self.container.accelerator.requested

    @fact
    def cudaImage(self) -> bool:
        """Whether its image is known to set NVIDIA_VISIBLE_DEVICES=all."""
        return bool(_CUDA_IMAGE.search(self.image))

    @fact
    def agent(self) -> bool:
        """Whether it is software that manages the accelerators of a node."""
        return bool(_AGENT_IMAGE.search(self.image))

    @fact
    def shmMounted(self) -> bool:
        """Whether a volume is mounted at /dev/shm."""
        mounts = self.container.volumeMounts
        if mounts is UNKNOWN:
            return UNKNOWN
        if any(same(normal_path(mount.mountPath), "/dev/shm") for mount in _known(mounts)):  # noqa: S108 - a path to look for
            return True
        return UNKNOWN if unsure(*mounts) or self.container.open else False

    @fact
    def visibleDevices(self) -> str | None:
        """NVIDIA_VISIBLE_DEVICES as set by hand; null when it is not."""
        value = self.environment.values.get("NVIDIA_VISIBLE_DEVICES")
        return None if value is None else UNKNOWN if "\ufffc" in value else value

    @fact
    def acts(self) -> list[ScriptAct]:
        """What its commands do at start that a build should have done: install packages, clone, pipe a download."""
        return acts(self.container)

    @fact
    def secondsToLive(self) -> int | None:
        """Seconds that the liveness probe leaves before it kills a container that does not answer; null without one."""
        probe = self.container.livenessProbe
        if probe.node is None:
            return None
        parts = (probe.initialDelaySeconds, probe.periodSeconds, probe.failureThreshold)
        if any(part is UNKNOWN for part in parts):
            return UNKNOWN
        delay, period, failures = (part or 0 for part in parts)
        return delay + period * failures


class MemoryVolume(Model):
    """An emptyDir in memory."""

    name: str = field("", "name of the volume")

    def __init__(self, pod: PodSpec, volume: Volume) -> None:
        self.document = pod.document
        self.pod = pod
        self.volume = volume
        self.name = volume.name if isinstance(volume.name, str) else "?"

    @property
    def address(self) -> str:
        return self.volume.address

    def place(self) -> Place:
        return self.volume.locate(("emptyDir", "medium"))

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] in ("sizeLimit", "tooLarge"):
            place = self.volume.locate(("emptyDir", "sizeLimit"))
            return place if not place.absent else self.place()
        return self.place()

    @fact
    def sizeLimit(self) -> str | None:
        """Its largest size as written; null when it has none."""
        return self.volume.emptyDir.sizeLimit

    @fact
    def memoryLimit(self) -> str | None:
        """The largest memory limit of the containers that mount it; null when one of them has none."""
        best, written = None, None
        for container in self.pod.iterate_containers():
            if not any(same(mount.name, self.name) for mount in _known(container.volumeMounts)):
                continue
            limit = container.resources.entry("limits", "memory")
            amount = quantity(limit)
            if amount is UNKNOWN or amount is None:
                return UNKNOWN if amount is UNKNOWN else None
            if best is None or amount > best:
                best, written = amount, limit
        return written

    @fact
    def tooLarge(self) -> bool:
        """Whether its size leaves the containers that mount it less than a tenth of their memory limit."""
        size, limit = quantity(self.sizeLimit), quantity(self.memoryLimit)
        if size is UNKNOWN or limit is UNKNOWN:
            return UNKNOWN
        return size is not None and limit is not None and size * 10 >= limit * 9


class AiPod(Model):
    """What an AI pod is for."""

    def __init__(self, pod: PodSpec) -> None:
        self.document = pod.document
        self.pod = pod

    def place(self) -> Place:
        return self.pod.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    def _containers(self) -> Iterator[Container]:
        return self.pod.iterate_containers()

    @fact
    def workload(self) -> bool:
        """Whether one of its containers runs AI software, and it is no agent of the node."""
        if self.agent:
            return False
        verdicts = [item.ai.workload for item in self._containers()]
        return either(*verdicts)

    @fact
    def agent(self) -> bool:
        """Whether it manages the nodes: a DaemonSet, or the software of a device plugin or driver."""
        kind = self.pod.template.kind.lifetime if self.pod.template is not None else "service"
        return kind == "node" or any(item.ai.agent for item in self._containers())

    @fact
    def server(self) -> bool:
        """Whether it holds a model server."""
        return any(item.ai.server for item in self._containers())

    @fact
    def fills(self) -> list[str]:
        """What a controller adds to it by itself: shm, probes, command, image, ranks, gang."""
        return sorted(self.pod.template.kind.fills) if self.pod.template is not None else []

    @fact
    def role(self) -> str:
        """Its part in the workload, such as head or worker; '' where there is one sort of pod."""
        return self.pod.template.at.role if self.pod.template is not None else ""

    @fact
    def guessed(self) -> bool:
        """Whether its kind is unknown and only its shape says that it is a pod."""
        return self.pod.template is not None and self.pod.template.kind.guessed

    @fact
    def memoryVolumes(self) -> list[MemoryVolume]:
        """Its emptyDir volumes in memory."""
        return [
            MemoryVolume(self.pod, item)
            for item in _known(self.pod.volumes)
            if same(item.emptyDir.medium, "Memory")
        ]

    @fact
    def interconnect(self) -> bool:
        """Whether it may need the node's network: TPU slices, RDMA devices, ranks over several pods."""
        if self.pod.accelerator.kind == "tpu" or any(
            item.accelerator.rdma is True for item in self._containers()
        ):
            return True
        group = self.pod.accelerator.group
        return UNKNOWN if group is UNKNOWN else group > 1

    @fact
    def modelMounts(self) -> list[VolumeMount]:
        """Mounts of a model server's weights from a claim or the node that it may write to."""
        return [
            mount
            for item in self._containers()
            if item.ai.server
            for mount in _known(item.volumeMounts)
            if _holds_weights(mount)
        ]

    @fact
    def proxied(self) -> bool:
        """Whether a container beside the server is an authenticating proxy."""
        return any(bool(_PROXIES.search(item.ai.image)) for item in self._containers())


_WEIGHTS = re.compile(r"model|weights|checkpoint|huggingface|/hf")


def _holds_weights(mount: VolumeMount) -> Any:
    path = mount.mountPath
    if not isinstance(path, str) or not _WEIGHTS.search(path) or mount.readOnly is not False:
        return False
    volume = mount.volume
    return (
        same(volume.type, "persistentVolumeClaim") and volume.persistentVolumeClaim.readOnly is False
    ) or same(volume.type, "hostPath")
