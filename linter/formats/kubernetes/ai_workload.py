"""What an AI workload as a whole asks for: MPI slots and ranks, Ray versions and doors, life-cycle of GPU jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_serve import ServePlan
from linter.formats.kubernetes.part import same, unsure
from linter.formats.launchers.grammar import MPI, TRAINING
from linter.formats.model import Model, Place, fact
from linter.formats.node import Step
from linter.formats.nodemodel import locate_node
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.ai_launcher import Launch
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.manifest import Workload
    from linter.formats.kubernetes.pod import PodSpec

_RAY_SPEC = {
    "RayCluster": ("spec",),
    "RayJob": ("spec", "rayClusterSpec"),
    "RayService": ("spec", "rayClusterConfig"),
    "RayCronJob": ("spec", "jobTemplate", "rayClusterSpec"),
}
_RAY_TAG = lazy_regex(r"(\d+\.\d+\.\d+)(?:[.-]|$)")
_RAY_IMAGE = lazy_regex(r"(^|/)(rayproject|anyscale)/ray(-ml|-llm)?$")
AUTH_DEFAULT_SINCE = (2, 61)  # Ray's documentation: token authentication is on by default from 2.61
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


class AiWorkload(Model):
    """What an AI workload asks for as a whole."""

    def __init__(self, workload: Workload) -> None:
        self.document = workload.document
        self.workload = workload

    @property
    def address(self) -> str:
        return self.workload.address

    def place(self) -> Place:
        return self.workload.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        name = str(steps[0]) if steps else ""
        if name in ("slots", "slotsMismatch") and self.workload.node is not None:
            return locate_node(self.workload.node, ("spec", "slotsPerWorker"))
        if name == "serve":
            return self.serve.place()
        if name == "ranks":
            launch = self._mpirun()
            return launch.locate(("world",)) if launch is not None else self.place()
        if name in ("rayVersionMismatch", "rayVersions", "rayAuthMissing") and self.workload.node is not None:
            return locate_node(self.workload.node, (*self._ray_path(), "rayVersion"))
        if name == "accelerator":
            pod = next(iter(self._gpu_pods()), None)
            return pod.accelerator.place() if pod is not None else self.place()
        if name in ("headService", "rayIngress") and self.workload.node is not None:
            key = "serviceType" if name == "headService" else "enableIngress"
            return locate_node(self.workload.node, (*self._ray_path(), "headGroupSpec", key))
        return self.place()

    def _pods(self) -> list[PodSpec]:
        return self.workload.pods

    def _gpu_pods(self) -> Iterator[PodSpec]:
        return (pod for pod in self._pods() if pod.accelerator.requested is True)

    def raw(self, *steps: str) -> Any:
        """A value of the manifest by its keys; None when it is absent."""
        value = self.workload.body
        for step in steps:
            if value is UNKNOWN:
                return UNKNOWN
            value = value.get(step) if isinstance(value, dict) else None
        return value

    @fact
    def accelerated(self) -> bool:
        """Whether any of its pods asks for an accelerator."""
        verdicts = [pod.accelerator.requested for pod in self._pods()]
        return True if any(item is True for item in verdicts) else UNKNOWN if unsure(*verdicts) else False

    @fact
    def acceleratorPods(self) -> int:
        """How many pods with accelerators run at a time."""
        counts = [pod.accelerator.pods for pod in self._gpu_pods()]
        return UNKNOWN if unsure(*counts) else sum(counts)

    @fact
    def server(self) -> bool:
        """Whether a pod of it holds a model server."""
        return any(pod.ai.server for pod in self._pods())

    @fact
    def training(self) -> bool:
        """Whether it runs to completion, on accelerators."""
        return self.accelerated is True and any(pod.lifetime == "batch" for pod in self._pods())

    # MPI

    def _role(self, name: str) -> PodSpec | None:
        return next((pod for pod in self._pods() if pod.ai.role == name), None)

    def _mpirun(self) -> Launch | None:
        pod = self._role("launcher")
        if pod is None:
            return None
        return next(
            (item for c in pod.iterate_containers() for item in c.launchers if item.role == MPI), None
        )

    @fact
    def slots(self) -> int:
        """MPI slots of each worker; one when none is written."""
        value = self.raw("spec", "slotsPerWorker")
        return 1 if value is None else value if type(value) is int else UNKNOWN

    @fact
    def workerDevices(self) -> int:
        """Accelerators of one MPI worker."""
        pod = self._role("worker")
        return pod.accelerator.count if pod is not None else UNKNOWN

    @fact
    def slotsMismatch(self) -> bool:
        """Whether slots and devices of an MPI worker differ, and no rank starts processes of its own."""
        devices, worker = self.workerDevices, self._role("worker")
        if devices is UNKNOWN or self.slots is UNKNOWN or worker is None:
            return UNKNOWN
        if not devices or worker.accelerator.kind not in ("gpu", "gaudi"):
            return False
        launcher = self._role("launcher")
        if launcher is None or launcher.open:
            return UNKNOWN
        for container in launcher.iterate_containers():
            if any(item.role == TRAINING for item in container.launchers):
                return False
            if not any(item.role == MPI for item in container.launchers):
                return UNKNOWN  # a script of its own may start anything
        launch = self._mpirun()
        if launch is not None and any(name in launch.launcher.facts for name in ("per_node", "hosts")):
            return False
        return bool(devices != self.slots)

    @fact
    def hosts(self) -> int:
        """Hosts that mpirun may use: the workers, and the launcher when it works too."""
        worker = self._role("worker")
        count = worker.accelerator.pods if worker is not None else UNKNOWN
        extra = self.raw("spec", "runLauncherAsWorker")
        if count is UNKNOWN or extra is UNKNOWN:
            return UNKNOWN
        return count + (1 if extra is True else 0)

    @fact
    def ranks(self) -> int | None:
        """Ranks that mpirun is told to start; null when it is not told."""
        launch = self._mpirun()
        return launch.world if launch is not None else None

    @fact
    def ranksMismatch(self) -> bool:
        """Whether mpirun starts other than hosts x slots ranks."""
        if self.ranks is None:
            return False
        if unsure(self.ranks, self.hosts, self.slots):
            return UNKNOWN
        launch = self._mpirun()
        if launch is not None and any(name in launch.launcher.facts for name in ("per_node", "hosts")):
            return False
        return bool(self.ranks != self.hosts * self.slots)

    @fact
    def launcherIdle(self) -> bool:
        """Whether the launcher of an MPIJob is no worker."""
        value = self.raw("spec", "runLauncherAsWorker")
        return UNKNOWN if value is UNKNOWN else value is not True

    # Ray

    def _ray_path(self) -> tuple[str, ...]:
        return _RAY_SPEC.get(self.workload.type_key, ("spec",))

    def ray(self, *steps: str) -> Any:
        """A value of the Ray cluster's spec, wherever the kind keeps it."""
        return self.raw(*self._ray_path(), *steps)

    @fact
    def rayWorkers(self) -> bool:
        """Whether the cluster has worker groups."""
        groups = self.ray("workerGroupSpecs")
        return UNKNOWN if groups is UNKNOWN else bool(groups)

    @fact
    def rayVersions(self) -> list[str]:
        """The Ray versions that rayVersion and the tags of Ray's own images name, without repetitions."""
        found: dict[str, None] = {}
        stated = self.ray("rayVersion")
        if isinstance(stated, str) and _RAY_TAG.match(stated):
            found[_RAY_TAG.match(stated)[1]] = None  # type: ignore[index]
        for pod in self._pods():
            first = pod.containers[0] if pod.containers is not UNKNOWN and pod.containers else None
            if pod.ai.role in ("head", "worker") and first is not None and first is not UNKNOWN:
                tag = _ray_tag(first)
                if tag:
                    found[tag] = None
        return list(found)

    @fact
    def rayVersionMismatch(self) -> bool:
        """Whether those versions differ."""
        return len(self.rayVersions) > 1

    @fact
    def rayAuthMissing(self) -> bool:
        """Whether the cluster runs without token authentication: not set up, and its version has it off by default."""
        if self.ray("headGroupSpec") is None:
            return False  # a job that runs on a cluster elsewhere
        mode = self.ray("authOptions", "mode")
        if mode is not None or self.ray("authOptions") is not None:
            return UNKNOWN if unsure(mode, self.ray("authOptions")) else mode == "disabled"
        spec: Any = self.workload.node
        for step in self._ray_path():
            spec = spec.get(step) if spec is not None else None
        if self.ray("rayVersion") is UNKNOWN or (spec is not None and spec.open):
            return UNKNOWN  # a template may add what is looked for
        versions = self.rayVersions
        if versions and all(tuple(map(int, item.split(".")[:2])) >= AUTH_DEFAULT_SINCE for item in versions):
            return False
        return not self._auth_by_env()

    def _auth_by_env(self) -> bool:
        for pod in self._pods():
            if pod.ai.role == "head":
                for container in pod.iterate_containers():
                    if same(container.ai.environment.get("RAY_AUTH_MODE"), "token"):
                        return True
        return False

    @fact
    def rayService(self) -> str | None:
        """Type of the head's Service as written; null when none is."""
        return self.ray("headGroupSpec", "serviceType")

    @fact
    def rayIngress(self) -> bool:
        """Whether the operator makes an Ingress to the head."""
        value = self.ray("headGroupSpec", "enableIngress")
        return UNKNOWN if value is UNKNOWN else value is True

    @fact
    def serve(self) -> ServePlan:
        """Of a RayService: what its applications ask of the cluster."""
        return ServePlan(self.workload)

    # jobs

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
        values = [self._job("activeDeadlineSeconds"), *(pod.activeDeadlineSeconds for pod in self._pods())]
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


def _ray_tag(container: Container) -> str:
    """The Ray version in the tag of one of Ray's own images; '' for other images."""
    reference = container.imageRef
    if reference.tag is UNKNOWN or reference.repository is UNKNOWN or not reference.tag:
        return ""
    if not _RAY_IMAGE.search(str(reference.repository)):
        return ""
    match = _RAY_TAG.match(str(reference.tag))
    return match[1] if match else ""


def _words(pod: PodSpec) -> str:
    """Everything that a pod's containers are told, for a search by words."""
    parts: list[str] = []
    for container in pod.iterate_containers():
        parts += [item for item in container.words if isinstance(item, str)]
        parts += [f"{name}={value}" for name, value in container.ai.environment.values.items()]
        mounts = [] if container.volumeMounts is UNKNOWN else container.volumeMounts
        parts += [
            mount.mountPath for mount in mounts if mount is not UNKNOWN and isinstance(mount.mountPath, str)
        ]
    return " ".join(parts)
