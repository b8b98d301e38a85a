"""What an AI workload as a whole asks for: MPI slots and ranks, Ray versions and doors, life-cycle of GPU jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_mpi import MpiSide
from linter.formats.kubernetes.ai_ray import RaySide
from linter.formats.kubernetes.part import same, unsure
from linter.formats.model import Place, fact
from linter.formats.node import Step
from linter.formats.nodemodel import locate_node
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.pod import PodSpec

_QUEUE_LABELS = ("kueue.x-k8s.io/queue-name", "kueue.x-k8s.io/pod-group-name", "scheduling.x-k8s.io/pod-group",
                 "pod-group.scheduling.sigs.k8s.io", "kai.scheduler/queue", "runai/queue", "volcano.sh/queue-name",
                 "yunikorn.apache.org/task-groups", "yunikorn.apache.org/app-id", "applicationId", "queue",
                 "ray.io/scheduler-name", "ray.io/gang-scheduling-enabled")  # fmt: skip
_GANG_SCHEDULERS = lazy_regex(
    r"volcano|kai-scheduler|yunikorn|coscheduling|runai|scheduler-plugins|koord|godel|kube-batch|gang"
)
_KEEP = (
    "karpenter.sh/do-not-disrupt",
    "karpenter.sh/do-not-evict",
    "cluster-autoscaler.kubernetes.io/safe-to-evict",
)
_SPOT = lazy_regex(r"spot|preemptible", re.IGNORECASE)
_CHECKPOINT = lazy_regex(r"checkpoint|ckpt|resume|restore|save_(dir|steps)|output_dir", re.IGNORECASE)


class AiWorkload(MpiSide, RaySide):
    """What an AI workload asks for as a whole."""

    def locate(self, steps: Sequence[Step]) -> Place:
        name = str(steps[0]) if steps else ""
        if name in ("slots", "slotsMismatch") and self.workload.node is not None:
            return locate_node(self.workload.node, ("spec", "slotsPerWorker"))
        if name == "serve":
            return self.serve.place()
        if name == "ranks":
            launch = self.mpirun()
            return launch.locate(("world",)) if launch is not None else self.place()
        if name in ("rayVersionMismatch", "rayVersions", "rayAuthMissing") and self.workload.node is not None:
            return locate_node(self.workload.node, (*self.ray_path(), "rayVersion"))
        if name == "accelerator":
            pod = next(iter(self._gpu_pods()), None)
            return pod.accelerator.place() if pod is not None else self.place()
        if name in ("headService", "rayIngress") and self.workload.node is not None:
            key = "serviceType" if name == "headService" else "enableIngress"
            return locate_node(self.workload.node, (*self.ray_path(), "headGroupSpec", key))
        return self.place()

    def _gpu_pods(self) -> Iterator[PodSpec]:
        return (pod for pod in self.pods() if pod.accelerator.requested is True)

    @fact
    def accelerated(self) -> bool:
        """Whether any of its pods asks for an accelerator."""
        verdicts = [pod.accelerator.requested for pod in self.pods()]
        return True if any(item is True for item in verdicts) else UNKNOWN if unsure(*verdicts) else False

    @fact
    def shares(self) -> bool:
        """Whether all that its pods ask for are parts of devices, such as gigabytes of a GPU's memory, or turns on
        them."""
        kinds = {
            "shared" if container.ai.takesTurns else item.kind
            for pod in self.pods()
            for container in pod.known_containers
            for item in container.accelerator.known
            if item.count is UNKNOWN or item.count
        }
        return bool(kinds) and kinds <= {"part", "shared"}

    @fact
    def trial(self) -> bool:
        """Whether what asks for accelerators only shows or tests them, or sleeps until somebody comes in."""
        asking = [
            container
            for pod in self.pods()
            for container in pod.known_containers
            if container.accelerator.requested is True
        ]
        return bool(asking) and all(container.ai.trial or container.idles is True for container in asking)

    @fact
    def acceleratorPods(self) -> int:
        """How many pods with accelerators run at a time."""
        counts = [pod.accelerator.pods for pod in self._gpu_pods()]
        return UNKNOWN if unsure(*counts) else sum(counts)

    @fact
    def server(self) -> bool:
        """Whether a pod of it holds a model server."""
        return any(pod.ai.server for pod in self.pods())

    @fact
    def training(self) -> bool:
        """Whether it runs to completion, on accelerators."""
        return self.accelerated is True and any(pod.lifetime == "batch" for pod in self.pods())

    @fact
    def gangMissing(self) -> bool:
        """Whether several accelerator pods must start together and nothing schedules them together."""
        count: Any = self.acceleratorPods
        if count is UNKNOWN:
            return UNKNOWN
        pods = list(self._gpu_pods())
        if (
            count < 2
            or not any(pod.ai.distributed for pod in pods)
            or any("gang" in pod.ai.fills for pod in pods)
        ):
            return False
        if self._queued(self.workload.metadata) or any(self._queued(pod.metadata) for pod in pods):
            return False
        if any(
            isinstance(pod.schedulerName, str) and _GANG_SCHEDULERS.search(pod.schedulerName) for pod in pods
        ):
            return False
        policies = (
            self.raw("spec", "runPolicy", "schedulingPolicy"), self.raw("spec", "podGroupPolicy"),
            self.raw("spec", "schedulingPolicy"), self.raw("spec", "suspend"),
        )  # fmt: skip
        return UNKNOWN if unsure(*policies) else not any(policies)

    @staticmethod
    def _queued(metadata: Any) -> bool:
        for name in ("labels", "annotations"):
            values = getattr(metadata, name)
            if values is UNKNOWN or any(
                key in values or key.startswith("kueue.x-k8s.io/") for key in _QUEUE_LABELS if values
            ):
                return True
            if any(
                key.startswith(("kueue.x-k8s.io/", "kai.scheduler/", "scheduling.volcano.sh/"))
                for key in values
            ):
                return True
        return False

    def _job(self, key: str) -> Any:
        """A setting of a job, wherever its kind keeps it."""
        kind = self.workload.type_key
        if kind == "CronJob":
            return self.raw("spec", "jobTemplate", "spec", key)
        for path in (("spec", key), ("spec", "runPolicy", key)):
            value = self.raw(*path)
            if value is not None:
                return value
        return None

    @fact
    def deadlineMissing(self) -> bool:
        """Whether an accelerator job may run for ever."""
        values = [self._job("activeDeadlineSeconds"), *(pod.activeDeadlineSeconds for pod in self.pods())]
        if any(value is not None and value is not UNKNOWN for value in values):
            return False
        return UNKNOWN if unsure(*values) else self.training

    @fact
    def ttlMissing(self) -> bool:
        """Whether a finished accelerator job stays until someone deletes it."""
        value = self._job("ttlSecondsAfterFinished")
        return UNKNOWN if value is UNKNOWN else self.training and value is None

    @fact
    def evictable(self) -> bool:
        """Whether an autoscaler may take the node of a running accelerator job away."""
        for pod in self._gpu_pods():
            values = [pod.metadata.entry("annotations", key) for key in _KEEP]
            if unsure(*values):
                return UNKNOWN
            if values[0] != "true" and values[1] != "true" and values[2] != "false":
                return self.training
        return False

    @fact
    def spotWithoutCheckpoint(self) -> bool:
        """Whether a training pod is bound to capacity that may be reclaimed, and nothing speaks of checkpoints."""
        if not self.training:
            return False
        for pod in self._gpu_pods():
            selector = pod.nodeSelector
            if selector is UNKNOWN or not any(
                _SPOT.search(f"{key}={value}") and not same(value, "false") for key, value in selector.items()
            ):
                continue
            return not _CHECKPOINT.search(_words(pod))
        return False

    @fact
    def gangTooSmall(self) -> bool:
        """Whether a Volcano Job may start with fewer pods than its tasks have."""
        least, tasks = self.raw("spec", "minAvailable"), self.raw("spec", "tasks")
        if least is None or not isinstance(least, int) or not isinstance(tasks, list):
            return UNKNOWN if unsure(least, tasks) else False
        replicas = [task.get("replicas", 1) if isinstance(task, dict) else UNKNOWN for task in tasks]
        if any(type(count) is not int for count in replicas):
            return UNKNOWN
        return self.accelerated is True and least < sum(replicas)


def _words(pod: PodSpec) -> str:
    """Everything that a pod's containers are told, for a search by words."""
    parts: list[str] = []
    for container in pod.known_containers:
        parts += [item for item in container.words if isinstance(item, str)]
        parts += [f"{name}={value}" for name, value in container.ai.environment.values.items()]
        mounts = [] if container.volumeMounts is UNKNOWN else container.volumeMounts
        parts += [
            mount.mountPath for mount in mounts if mount is not UNKNOWN and isinstance(mount.mountPath, str)
        ]
    return " ".join(parts)
