"""What a container and a pod are for: serving a model, training one, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import quantity, resource
from linter.formats.data.ai_vulnerable import TOOLKIT, VULNERABLE
from linter.formats.document import Model, Place, fact, field, locate_node
from linter.formats.kubernetes import ai_setting
from linter.formats.kubernetes.ai_launcher import Launch, environment, image_of
from linter.formats.kubernetes.ai_script import ScriptAct, acts
from linter.formats.kubernetes.ai_secret import Credential, in_arguments
from linter.formats.kubernetes.ai_setting import Setting
from linter.formats.kubernetes.ai_vulnerable import known_vulnerability
from linter.formats.kubernetes.part import either, same, unsure
from linter.formats.kubernetes.volume import Volume, VolumeMount, normal_path
from linter.formats.launchers import Environment
from linter.formats.launchers.engines import BESIDE, engine_of_image
from linter.formats.launchers.grammar import AI_IMAGES, SERVER
from linter.formats.node import MAP, Node, Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

_EFA = "vpc.amazonaws.com/efa"
# network cards that take an EFA interface; AWS, "Maximize network bandwidth … with multiple network cards"
EFA_INTERFACES = {
    "p4d.24xlarge": 4,
    "p4de.24xlarge": 4,
    "p5.48xlarge": 32,
    "p5e.48xlarge": 32,
    "p5en.48xlarge": 16,
    "trn1.32xlarge": 8,
    "trn1n.32xlarge": 16,
    "trn2.48xlarge": 16,
    "g5.48xlarge": 1,
    "dl1.24xlarge": 4,
}
_AI_IMAGE = re.compile("|".join(AI_IMAGES))
_AGENT_IMAGE = re.compile(
    r"device-plugin|gpu-operator|dcgm|container-toolkit|gpu-feature-discovery|node-feature-discovery|mig-manager"
    r"|k8s-driver-manager|nvidia/driver|fabricmanager|network-operator|mofed|rdma-shared|sriov|dranet|dra-driver"
    r"|node-exporter|neuron-monitor|neuron-scheduler|efa|gpu-exporter|nccl-plugin|nccl-fastsocket|tcpx|rxdm|gib|installer|hami|vgpu"
)
_AGENT_NAME = re.compile(
    r"^(nvidia|amd|intel|gpu)-.*(validator|validation|plugin|exporter|driver|toolkit|dcgm)"
)
_CUDA_IMAGE = re.compile(
    r"nvcr\.io/nvidia/(cuda|pytorch|tensorflow|jax|tritonserver|nemo|tensorrt)|(^|/)nvidia/cuda|vllm/vllm-openai"
    r"|lmsysorg/sglang|text-generation-inference|pytorch/pytorch"
)
# clients of servers and job submitters carry a server's image or name, and hold no model
_NOT_SERVING = re.compile(
    r"(^|[-_/])(client|bench(mark)?|test|curl|router|download(er)?|loader|init|lora-?(adapter|controller)|operator|controller|exporter)([-_]|$)"
)
_HELPER = re.compile(r"exporter|proxy|logger|fluent|metrics|sidecar|istio|envoy|promtail|collector|monitor")
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
        if steps and steps[0] == "efaMismatch":
            return self.container.locate(("resources", "limits", _EFA))
        if steps and steps[0] == "misplacedResource":
            for key, holder in self._misplaced():
                return Place(holder.entry_span(key))
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

    @property
    def framework(self) -> bool:
        """Whether its image is one that trains or computes, and not what stands beside such."""
        name = self.image.rpartition("/")[2]
        return bool(self.image) and not BESIDE.search(name) and bool(_AI_IMAGE.search(self.image))

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
            and self.container.pod.ai.role
            not in ("worker", "prefill-worker")  # those follow a leader that answers
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
        if self.container.launchers or self.engine or self.framework:
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
        mounts: Any = self.container.volumeMounts
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

    @fact
    def efaOfInstance(self) -> int | None:
        """EFA interfaces of the instance type that its pod selects; null when that is not known."""
        selector = self.container.pod.nodeSelector
        return (
            None
            if selector is UNKNOWN
            else EFA_INTERFACES.get(str(selector.get("node.kubernetes.io/instance-type")))
        )

    @fact
    def efaMismatch(self) -> bool:
        """Whether it asks for other than all EFA interfaces of that instance type."""
        value = self.container.resources.entry("limits", _EFA)
        if self.efaOfInstance is None or value is None:
            return False
        amount = quantity(value)
        return UNKNOWN if amount is UNKNOWN else amount != self.efaOfInstance

    @fact
    def tlsOff(self) -> list[Setting]:
        """What turns its verification of certificates off."""
        return ai_setting.tls_off(self.container)

    @fact
    def authOff(self) -> list[Setting]:
        """What lets anyone into its user interface."""
        return ai_setting.auth_off(self.container)

    @fact
    def anonymous(self) -> list[Setting]:
        """What opens its vector database to anyone."""
        return ai_setting.anonymous(self.container)

    @fact
    def tokenless(self) -> list[Setting]:
        """Options that start its notebook server without a token or password."""
        return ai_setting.tokenless(self.container)

    @fact
    def plainHttp(self) -> list[Setting]:
        """Models and scripts that it fetches over HTTP from beyond the cluster."""
        return ai_setting.plain_http(self.container)

    @fact
    def imageMoves(self) -> bool:
        """Whether the tag of its image moves; unknown for an image without a tag that a controller may fill in."""
        reference = self.container.imageRef
        if reference.untagged is True and (self.container.open or "image" in self.container.pod.ai.fills):
            return UNKNOWN
        return reference.floating

    @fact
    def known(self) -> bool:
        """Whether its image is one of a known AI engine, framework or tool."""
        return bool(self.image) and (engine_of_image(self.image) is not None or self.framework)

    @fact
    def vulnerability(self) -> str | None:
        """Ids of the known severe vulnerabilities of its image's version; null when there is none."""
        found = known_vulnerability(self.container.imageRef, VULNERABLE)
        return found if found is None or found is UNKNOWN else found.ids

    @fact
    def vulnerableUntil(self) -> str | None:
        """The first version without them."""
        found = known_vulnerability(self.container.imageRef, VULNERABLE)
        return found if found is None or found is UNKNOWN else found.fixed

    @fact
    def toolkitVulnerability(self) -> str | None:
        """Ids of the known vulnerabilities of an NVIDIA container toolkit; null when it is none or has none."""
        found = known_vulnerability(self.container.imageRef, TOOLKIT)
        return found if found is None or found is UNKNOWN else found.ids

    @fact
    def toolkitUntil(self) -> str | None:
        """The first version of the toolkit without them."""
        found = known_vulnerability(self.container.imageRef, TOOLKIT)
        return found if found is None or found is UNKNOWN else found.fixed

    @fact
    def modelRemote(self) -> bool:
        """Whether its model comes from elsewhere than a path in the container."""
        return not self.container.launcher.written_model.startswith(("/", ".", "~"))

    @fact
    def rdmaDevice(self) -> bool:
        """Whether it asks for an RDMA card, other than an EFA interface."""
        limits: Any = self.container.resources.limits
        return UNKNOWN if limits is UNKNOWN else any(name.startswith("rdma/") for name in limits)

    @fact
    def credentials(self) -> list[Credential]:
        """Credentials of AI providers that its command line holds or refers to."""
        return in_arguments(self.container)

    @fact
    def memoryDiffers(self) -> bool:
        """Whether a memory request and a memory limit are written and differ."""
        request, limit = (self.container.resources.entry(side, "memory") for side in ("requests", "limits"))
        if request is None or limit is None:
            return False
        sizes = (quantity(request), quantity(limit))
        return UNKNOWN if unsure(*sizes) else sizes[0] != sizes[1]

    @fact
    def helper(self) -> bool:
        """Whether it stands beside the container that computes: a sidecar, exporter, proxy or logger."""
        return self.container.sidecar is True or bool(_HELPER.search(f"{self.container.name} {self.image}"))

    @fact
    def misplacedResource(self) -> str | None:
        """The accelerator key, or limits and requests with one, that stand where nothing reads them; null when none."""
        return next((key for key, _ in self._misplaced()), None)

    def _misplaced(self) -> Iterator[tuple[str, Node]]:
        node = self.container.node
        resources = node.get("resources") if node is not None else None
        if node is None or self.container.pod.template is None or self.container.pod.template.at.view:
            return  # other kinds have other levels
        if resources is not None and resources.kind == MAP:
            yield from ((key, resources) for key in resources.keys() if _is_device(key))  # noqa: SIM118 - a Node
        for holder in (node, self.container.pod.node):
            for key in holder.keys() if holder is not None else ():
                inner = holder.get(key) if holder is not None and key in ("limits", "requests") else None
                if holder is not None and (
                    _is_device(key) or (inner is not None and any(map(_is_device, inner.keys())))
                ):
                    yield key, holder


def _is_device(key: str) -> bool:
    return "/" in key and resource(key) is not None


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
        name = steps[0] if steps else ""
        holder = self.pod.template.holder if self.pod.template is not None else None
        if name == "owner" and holder is not None:
            return locate_node(holder, steps[1:])
        if name == "rayGpus" and holder is not None:
            place = locate_node(holder, ("rayStartParams", "num-gpus"))
            return place if not place.absent else locate_node(holder, ("resources", "GPU"))
        if name == "world":
            launch = self._group_launch()
            return launch.locate(("world",)) if launch is not None else self.place()
        if name == "topology":
            return self.pod.locate(("nodeSelector", _TOPOLOGY))
        if name == "acceleratorNode":
            for _, path in self._accelerator_nodes():
                return self.pod.locate(path)
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
        named = _AGENT_NAME.search(self.pod.manifest.name) is not None
        return kind == "node" or named or any(item.ai.agent for item in self._containers())

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
        return self.pod.template.role if self.pod.template is not None else ""

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
    def owner(self) -> Any:
        """The mapping that holds its template, such as a Ray worker group or a replica spec, untyped."""
        holder = self.pod.template.holder if self.pod.template is not None else None
        return holder.plain() if holder is not None else None

    @fact
    def placementMissing(self) -> bool:
        """Whether nothing says which node it may use: no selector, affinity, node name or claim."""
        pod = self.pod
        parts = (pod.nodeSelector, pod.nodeName, pod.affinity.nodeAffinity, pod.resourceClaims)
        if any(part is not UNKNOWN and part for part in parts):
            return False
        return UNKNOWN if unsure(*parts) else True

    @fact
    def tolerationMissing(self) -> bool:
        """Whether it tolerates no taint that accelerator nodes may have, and no label of GKE says that it need not."""
        selector = self.pod.nodeSelector
        if selector is not UNKNOWN and any(key.startswith("cloud.google.com/") for key in selector):
            return False
        values = self.pod.tolerations
        if values is UNKNOWN or unsure(*values, selector):
            return UNKNOWN
        return self.pod.accelerator.kind != "tpu" and all(_of_the_node(item.key) for item in values)

    @fact
    def acceleratorNode(self) -> str:
        """The node label that binds it to accelerator nodes; '' when none does."""
        return next((key for key, _ in self._accelerator_nodes()), "")

    def _accelerator_nodes(self) -> Iterator[tuple[str, tuple[Step, ...]]]:
        selector = self.pod.nodeSelector
        for key, value in ({} if selector is UNKNOWN else selector).items():
            if _NODE_LABEL.match(key) and not same(value, "false"):
                yield key, ("nodeSelector", key)

    @fact
    def rayGpus(self) -> int | None:
        """GPUs that Ray is told a pod of the group has; null when it derives them from the limits."""
        owner = self.owner
        if not isinstance(owner, dict):
            return None
        for value in (_below(owner, "rayStartParams", "num-gpus"), _below(owner, "resources", "GPU")):
            if value is not None:
                amount = quantity(value)
                return UNKNOWN if amount is UNKNOWN or amount is None else int(amount)
        return None

    @fact
    def claimNames(self) -> list[str]:
        """Names of its device claims."""
        return _names(self.pod.resourceClaims)

    @fact
    def usedClaims(self) -> list[str]:
        """Names of the device claims that its containers use."""
        found: list[Any] = []
        for container in self._containers():
            names = _names(container.resources.claims)
            if names is UNKNOWN:
                return UNKNOWN
            found += names
        return found

    @fact
    def defaultName(self) -> str | None:
        """The container name by which the training operator finds its container; null for other kinds."""
        kind = self.pod.manifest.type_key if self.pod.manifest.group == "kubeflow.org" else ""
        return _TRAINING_NAMES.get(kind)

    @fact
    def rdma(self) -> bool:
        """Whether one of its containers asks for a network device of the RDMA sort, or it uses the node's network."""
        return either(self.pod.hostNetwork, *(item.accelerator.rdma for item in self._containers()))

    @fact
    def sidecarInjected(self) -> bool:
        """Whether nothing on its template refuses the sidecar of Istio."""
        values = [
            self.pod.metadata.entry(side, "sidecar.istio.io/inject") for side in ("labels", "annotations")
        ]
        if any(same(value, "false") for value in values):
            return False
        return UNKNOWN if unsure(*values) else True

    @fact
    def distributed(self) -> bool:
        """Whether its processes wait for those of other pods."""
        group = self.pod.accelerator.group
        return group is not UNKNOWN and group > 1

    def _group_launch(self) -> Launch | None:
        """The server that spreads over a group of pods, on the pod that speaks for the group."""
        template = self.pod.template
        if template is None or template.role not in ("leader", "worker") or not template.at.group:
            return None
        if template.role == "worker" and any(other.ai.role == "leader" for other in self.pod.manifest.pods):
            return None
        found = [
            item.launcher for item in self._containers() if item.launcher.stated and item.launcher.server
        ]
        return found[0] if len(found) == 1 else None

    @fact
    def world(self) -> int | None:
        """Devices that a server over a group of pods spreads over; null when it is not told."""
        launch = self._group_launch()
        return launch.world if launch is not None else None

    @fact
    def groupDevices(self) -> int:
        """Devices of the group of pods that it belongs to."""
        pod = self.pod
        group, own = pod.accelerator.group, pod.accelerator.count
        if self.role != "leader":
            return UNKNOWN if unsure(group, own) else group * own
        worker = next((other for other in pod.manifest.pods if other.ai.role == "worker"), pod)
        each = worker.accelerator.count
        return UNKNOWN if unsure(group, own, each) else own + (group - 1) * each

    @fact
    def worldMismatch(self) -> bool:
        """Whether a server over a LeaderWorkerSet spreads over more or fewer devices than a group has."""
        if self.pod.manifest.type_key not in ("LeaderWorkerSet", "DisaggregatedSet") or self.world is None:
            return False
        if unsure(self.world, self.groupDevices):
            return UNKNOWN
        return self.groupDevices > 0 and self.world != self.groupDevices

    @fact
    def topology(self) -> str | None:
        """The TPU topology that it asks of its nodes, such as 4x4; null when it asks for none."""
        selector: Any = self.pod.nodeSelector
        return UNKNOWN if selector is UNKNOWN else selector.get(_TOPOLOGY)

    @fact
    def topologyChips(self) -> int | None:
        """Chips of that topology; null when there is none."""
        shape = self.topology
        if shape is None or shape is UNKNOWN or not re.fullmatch(r"\d+(x\d+){1,2}", shape):
            return None if shape is None else UNKNOWN
        return prod(int(side) for side in shape.split("x"))

    @fact
    def slicePods(self) -> int:
        """Pods that share the slices of its workload."""
        pods, group = self.pod.accelerator.pods, self.pod.accelerator.group
        if self.role != "leader":
            return pods
        return UNKNOWN if unsure(pods, group) else pods * group

    @fact
    def topologyMismatch(self) -> bool:
        """Whether the chips of its TPU topology are no whole number of its pods."""
        chips, each, pods = self.topologyChips, self.pod.accelerator.count, self.slicePods
        if chips is None or self.pod.accelerator.kind != "tpu":
            return False
        if unsure(chips, each, pods):
            return UNKNOWN
        return each == 0 or chips % each != 0 or pods % (chips // each) != 0

    @fact
    def interconnect(self) -> bool:
        """Whether it may need the node's network: TPU slices, RDMA devices, ranks over several pods."""
        if self.pod.accelerator.kind == "tpu" or any(
            item.accelerator.rdma is True for item in self._containers()
        ):
            return True
        group: Any = self.pod.accelerator.group
        return UNKNOWN if group is UNKNOWN else bool(group > 1)

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


_NODE_LABEL = re.compile(
    r"cloud\.google\.com/gke-(accelerator|tpu|gpu)|(nvidia|amd)\.com/(gpu|mig|cuda)|karpenter\.k8s\.aws/instance-(gpu|accelerator)"
    r"|eks\.amazonaws\.com/instance-gpu|k8s\.amazonaws\.com/accelerator|kubernetes\.azure\.com/accelerator|habana\.ai/gaudi"
)


def _of_the_node(key: Any) -> bool:
    """Whether a toleration is for a state that any node may be in, rather than for a pool."""
    return (
        key is not UNKNOWN
        and key is not None
        and key.startswith(("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"))
    )


def _below(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _names(entries: Any) -> Any:
    """The names of raw list entries; UNKNOWN when there may be others."""
    if entries is UNKNOWN or unsure(*entries):
        return UNKNOWN
    return [entry.get("name") for entry in entries if isinstance(entry, dict)]


_TRAINING_NAMES = {
    "PyTorchJob": "pytorch",
    "TFJob": "tensorflow",
    "XGBoostJob": "xgboost",
    "PaddleJob": "paddle",
    "JAXJob": "jax",
}
_TOPOLOGY = "cloud.google.com/gke-tpu-topology"
_WEIGHTS = re.compile(r"model|weights|checkpoint|huggingface|/hf")


def _holds_weights(mount: VolumeMount) -> Any:
    path = mount.mountPath
    if not isinstance(path, str) or not _WEIGHTS.search(path) or mount.readOnly is not False:
        return False
    volume = mount.volume
    return (
        same(volume.type, "persistentVolumeClaim") and volume.persistentVolumeClaim.readOnly is False
    ) or same(volume.type, "hostPath")
