"""What a pod is for, where it may run, and how it works with other pods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import quantity
from linter.formats.kubernetes.ai_group import TOPOLOGY, GroupSide
from linter.formats.kubernetes.ai_memory import MemoryVolume
from linter.formats.kubernetes.part import either, known_items, same, unsure
from linter.formats.kubernetes.volume import VolumeMount
from linter.formats.model import Place, fact
from linter.formats.node import Step, plain_at
from linter.formats.nodemodel import locate_node
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    import re

    from linter.formats.kubernetes.pod import PodSpec

_AGENT_NAME = lazy_regex(
    r"^(nvidia|amd|intel|gpu)-.*(validator|validation|plugin|exporter|driver|toolkit|dcgm)"
)
_PROXIES = lazy_regex(
    r"oauth2?-proxy|nginx|envoy|litellm|authorino|pomerium|kube-rbac-proxy|traefik|istio|open-webui|caddy"
)
_NODE_LABEL = lazy_regex(
    r"cloud\.google\.com/gke-(accelerator|tpu|gpu)|(nvidia|amd)\.com/(gpu|mig|cuda)|karpenter\.k8s\.aws/instance-(gpu|accelerator)"
    r"|eks\.amazonaws\.com/instance-gpu|k8s\.amazonaws\.com/accelerator|kubernetes\.azure\.com/accelerator|habana\.ai/gaudi"
)
_TRAINING_NAMES = {
    "PyTorchJob": "pytorch",
    "TFJob": "tensorflow",
    "XGBoostJob": "xgboost",
    "PaddleJob": "paddle",
    "JAXJob": "jax",
}
# buffers of a sidecar that GKE injects and limits by itself
_INJECTED_BUFFERS = "gke-gcsfuse-"
_RDMA_VARIABLE = lazy_regex(
    r"NCCL_IB_(?:HCA|GID|TC|SL|QPS|TIMEOUT)|UCX_NET_DEVICES|NVSHMEM_(?:HCA|IB)|FI_PROVIDER$"
)
_NETWORKS = (
    "k8s.v1.cni.cncf.io/networks",
    "networking.gke.io/interfaces",
)  # cards beside the cluster's network
_MPS = lazy_regex(r"nvidia-?mps|nvidia/mps\b|/mps(?:[:@]|$)|CUDA_MPS_")
_SSHD = lazy_regex(r"(?:\A|[\s;&|/])sshd(?:[\s;&|]|\Z)")
_MPI = lazy_regex(r"(?:\A|[\s;&|/])(?:mpirun|mpiexec|horovodrun)(?:[\s;&|]|\Z)")
_WEIGHTS = lazy_regex(r"model|weights|checkpoint|huggingface|/hf")

# they convert films and pictures by the video engine of an accelerator


class AiPod(GroupSide):
    """What an AI pod is for."""

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
            return self.pod.locate(("nodeSelector", TOPOLOGY))
        if name == "acceleratorNode":
            for _, path in self._accelerator_nodes():
                return self.pod.locate(path)
        return self.place()

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
    def plays(self) -> bool:
        """Whether one of its images is a server of films or photographs, which uses the video engine of a device."""
        return any(item.ai.plays for item in self._containers())

    @fact
    def server(self) -> bool:
        """Whether it holds a model server."""
        return any(item.ai.server for item in self._containers())

    @fact
    def fills(self) -> list[str]:
        """What a controller adds to it by itself: shm, probes, command, image, ranks, gang."""
        return sorted(self.pod.template.kind.fills) if self.pod.template is not None else []

    @fact
    def guessed(self) -> bool:
        """Whether its kind is unknown and only its shape says that it is a pod."""
        return self.pod.template is not None and self.pod.template.kind.guessed

    @fact
    def memoryVolumes(self) -> list[MemoryVolume]:
        """Its emptyDir volumes in memory."""
        return [
            MemoryVolume(self.pod, item)
            for item in known_items(self.pod.volumes)
            if same(item.emptyDir.medium, "Memory") and not str(item.name).startswith(_INJECTED_BUFFERS)
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
    def dumped(self) -> bool:
        """Whether it is what a cluster told of it, with what the scheduler filled in."""
        node = self.pod.manifest.node
        return node is not None and bool(plain_at(node, "status"))

    @fact
    def mps(self) -> bool:
        """Whether it is a client or the server of NVIDIA's Multi-Process Service, which works over the node's IPC."""
        for volume in known_items(self.pod.volumes):
            path: Any = volume.hostPath.normal
            if isinstance(path, str) and _MPS.search(path):
                return True
        return any(
            _MPS.search(f"{item.image} {' '.join(item.ai.environment.values)}") for item in self._containers()
        )

    @fact
    def inspects(self) -> bool:
        """Whether all that it does is to show or set up the devices of its node."""
        containers = [item for item in self._containers() if item.role == "app"]
        return bool(containers) and all(item.ai.trial for item in containers)

    @fact
    def beside(self) -> bool:
        """Whether it leads or follows pods of its workload that ask for accelerators, on the same nodes."""
        if self.role not in ("leader", "worker"):
            return False
        return either(*(pod.accelerator.requested for pod in self._mates()))

    @fact
    def acceleratorNode(self) -> str:
        """The node label that binds it to accelerator nodes; '' when none does."""
        return next((key for key, _ in self._accelerator_nodes()), "")

    @fact
    def pastScheduler(self) -> bool:
        """Whether the container toolkit gives it devices that it does not ask for: by its runtime class, or by
        NVIDIA_VISIBLE_DEVICES."""
        runtime = self.pod.runtimeClassName
        if isinstance(runtime, str) and "nvidia" in runtime:
            return True
        shown = (item.ai.visibleDevices for item in self._containers())
        verdicts = (UNKNOWN if unsure(value) else value not in (None, "", "void", "none") for value in shown)
        return either(UNKNOWN if unsure(runtime) else False, *verdicts)

    def _accelerator_nodes(self) -> Iterator[tuple[str, tuple[Step, ...]]]:
        selector = self.pod.nodeSelector
        for key, value in ({} if selector is UNKNOWN else selector).items():
            if _NODE_LABEL.match(key) and not same(value, "false"):
                yield key, ("nodeSelector", key)

    @fact
    def rayGpus(self) -> int | None:
        """GPUs that Ray is told a pod of the group has; null when it derives them from the limits."""
        holder = self.pod.template.holder if self.pod.template is not None else None
        if holder is None:
            return None
        for value in (plain_at(holder, "rayStartParams", "num-gpus"), plain_at(holder, "resources", "GPU")):
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
        found = either(self.pod.hostNetwork, *(item.accelerator.rdma for item in self._containers()))
        return UNKNOWN if found is False and self._may_have_rdma() else found

    def _may_have_rdma(self) -> bool:
        """Whether it claims devices, has more networks or sets a variable for RDMA cards, which hooks may add."""
        if unsure(self.pod.resourceClaims) or self.pod.resourceClaims:
            return True
        if any(self.pod.metadata.entry("annotations", key) is not None for key in _NETWORKS):
            return True
        return any(
            _RDMA_VARIABLE.match(name) for item in self._containers() for name in item.ai.environment.values
        )

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
            for mount in known_items(item.volumeMounts)
            if _holds_weights(mount)
        ]

    @fact
    def ranksBySsh(self) -> bool:
        """Whether MPI starts processes in it over SSH: it has a server for it, and a pod of its object calls MPI."""
        return _starts(self.pod, _SSHD) and any(_starts(pod, _MPI) for pod in self.pod.manifest.pods)

    @fact
    def proxied(self) -> bool:
        """Whether a container beside the server is an authenticating proxy."""
        return any(bool(_PROXIES.search(item.ai.image)) for item in self._containers())


def _starts(pod: PodSpec, program: re.Pattern[str]) -> bool:
    """Whether a container of a pod starts a program, by its command."""
    return any(
        isinstance(word, str) and program.search(word) is not None
        for container in pod.known_containers
        if container.words is not UNKNOWN
        for word in container.words
    )


def _of_the_node(key: Any) -> bool:
    """Whether a toleration is for a state that any node may be in, rather than for a pool."""
    return (
        key is not UNKNOWN
        and key is not None
        and key.startswith(("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"))
    )


def _names(entries: Any) -> Any:
    """The names of raw list entries; UNKNOWN when there may be others."""
    if entries is UNKNOWN or unsure(*entries):
        return UNKNOWN
    return [entry.get("name") for entry in entries if isinstance(entry, dict)]


def _holds_weights(mount: VolumeMount) -> Any:
    path = mount.mountPath
    if not isinstance(path, str) or not _WEIGHTS.search(path) or mount.readOnly is not False:
        return False
    volume = mount.volume
    return (
        same(volume.type, "persistentVolumeClaim") and volume.persistentVolumeClaim.readOnly is False
    ) or same(volume.type, "hostPath")
