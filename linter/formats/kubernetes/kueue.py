"""Kueue across files: workloads, the queues that they name, and what those queues may give out.

A queue is judged only when it is surely the one that is meant: one object of the name, whose namespace fits. What is
said to be missing must be missing from the whole scan, while its folder holds others of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import accelerator, quantity
from linter.formats.kubernetes.objectrecord import ObjectRecord
from linter.formats.kubernetes.part import same
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest, Workload
    from linter.formats.kubernetes.project import KubernetesProject

Described = tuple[str, dict[str, Any], Mapping[str, Sequence[Step]]]
GROUP = "kueue.x-k8s.io"
QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
_DEFAULT_QUEUE = "default"  # Kueue gives it to workloads of its namespace that name none
# kinds that Kueue manages when they name a queue
_MANAGED = frozenset(
    ("Job", "JobSet", "PyTorchJob", "TFJob", "XGBoostJob", "PaddleJob", "JAXJob", "MPIJob", "TrainJob", "RayJob",
     "RayCluster", "RayService", "LeaderWorkerSet", "AppWrapper")
)  # fmt: skip


class QueuedRecord(ObjectRecord):
    """A workload that names a queue, or could."""

    queue: Any = field(None, "name of its LocalQueue; null when it names none")
    demand: dict[str, Any] = field(None, "accelerators that it asks for together, by resource")

    @fact
    def queueMissing(self) -> bool:
        """Whether it asks for accelerators and names no queue, in a namespace that has queues and no default one."""
        if self.queue is not None or not self.demand or not isinstance(self.namespace, str):
            return False
        return self.folder in self.project.kueue.strict.get(self.namespace, ())

    @property
    def queues(self) -> list[LocalQueueRecord]:
        """LocalQueues of the scan that may be meant, those of its folder before others."""
        queues = self.project.group(self.project.kueue.localQueues).having("name", self.queue)
        if queues is None:
            return []
        named = [item for item in self.sharing(queues) if same(item.name, self.queue)]
        return [item for item in named if item.folder == self.folder] or named

    @cached_property
    def cluster_queue(self) -> ClusterQueueRecord | None:
        """The ClusterQueue behind its queue; None when it is not surely known."""
        found = {id(target): target for queue in self.queues for target in queue.targets}
        return next(iter(found.values())) if len(found) == 1 else None

    @fact
    def uncovered(self) -> str | None:
        """An accelerator that it asks for and its ClusterQueue does not give out; null when there is none."""
        cluster = self.cluster_queue
        if cluster is None or not isinstance(cluster.quotas, Mapping) or not cluster.quotas:
            return None
        return next((name for name in self.demand if name not in cluster.quotas), None)

    @fact
    def excess(self) -> str | None:
        """The accelerator of which it asks for more than its ClusterQueue ever has; null when there is none."""
        cluster = self.cluster_queue
        if cluster is None or cluster.borrows is not False:
            return None
        for name, wanted in self.demand.items():
            limit = cluster.quotas.get(name)
            if isinstance(wanted, int) and isinstance(limit, int) and wanted > limit:
                return name
        return None

    @fact
    def limit(self) -> int:
        """What its ClusterQueue has of that accelerator."""
        cluster, name = self.cluster_queue, self.excess
        return cluster.quotas[name] if cluster is not None and isinstance(name, str) else 0

    @fact
    def wanted(self) -> int:
        """How much it asks for of that accelerator."""
        return self.demand[self.excess] if isinstance(self.excess, str) else 0

    @fact
    def quota(self) -> Model:
        """The ClusterQueue behind its queue."""
        return self.cluster_queue or self


class LocalQueueRecord(ObjectRecord):
    """A LocalQueue."""

    clusterQueue: Any = field(None, "name of its ClusterQueue")

    @property
    def targets(self) -> list[ClusterQueueRecord]:
        queues = self.project.group(self.project.kueue.clusterQueues).having("name", self.clusterQueue)
        if queues is None:
            return []
        named = [item for item in queues if same(item.name, self.clusterQueue)]
        return [item for item in named if item.folder == self.folder] or named


class ClusterQueueRecord(ObjectRecord):
    """A ClusterQueue."""

    quotas: dict[str, Any] = field(None, "what it gives out, by resource, over all flavors")
    flavors: list[Any] = field(None, "names of its flavors")
    borrows: bool = field(False, "whether it may borrow from others of a cohort")


class FlavorRecord(ObjectRecord):
    """A ResourceFlavor."""


class Dangling(Model):
    """A name of an object of Kueue that the scan does not have."""

    what: str = field("", "the kind and name of what is missing")
    by: str = field("", "who names it")

    def __init__(self, record: ObjectRecord, step: str, what: str) -> None:
        self.record = record
        self.document = record.project.document_of(record.path)
        self.step = step
        self.what = what
        self.by = f"{record.kind} '{record.name if isinstance(record.name, str) else '?'}'"

    @property
    def address(self) -> str:
        return self.record.address

    def place(self) -> Place:
        return self.record.locate((self.step,))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


class Kueue(Model):
    """The queues of a scan, and the workloads that name them."""

    def __init__(self, project: KubernetesProject) -> None:
        self.project = project

    def place(self) -> Place:
        return self.project.place()

    @fact
    def workloads(self) -> list[QueuedRecord]:
        """Workloads that name a queue, or could."""
        return self.project.all_of("kueue-workload", QueuedRecord)

    @fact
    def localQueues(self) -> list[LocalQueueRecord]:
        """LocalQueues."""
        return self.project.all_of("kueue-local", LocalQueueRecord)

    @fact
    def clusterQueues(self) -> list[ClusterQueueRecord]:
        """ClusterQueues."""
        return self.project.all_of("kueue-cluster", ClusterQueueRecord)

    @fact
    def flavors(self) -> list[FlavorRecord]:
        """ResourceFlavors."""
        return self.project.all_of("kueue-flavor", FlavorRecord)

    @cached_property
    def strict(self) -> Mapping[str, set[str]]:
        """Namespaces whose LocalQueues are surely none by default, and the folders that these stand in."""
        folders: dict[str, set[str]] = {}
        lenient = set()
        for queue in self.localQueues:
            if isinstance(queue.namespace, str):
                folders.setdefault(queue.namespace, set()).add(queue.folder)
                if not isinstance(queue.name, str) or queue.name == _DEFAULT_QUEUE:
                    lenient.add(queue.namespace)
        return {namespace: found for namespace, found in folders.items() if namespace not in lenient}

    @fact
    def dangling(self) -> list[Dangling]:
        """Names of queues and flavors that the scan does not have, though their folder has others."""
        return list(self._dangling())

    def _dangling(self) -> Iterator[Dangling]:
        for workload in self.workloads:
            if _missing(workload, self.localQueues, workload.queue):
                yield Dangling(workload, "queue", f"LocalQueue '{workload.queue}'")
        for queue in self.localQueues:
            if _missing(queue, self.clusterQueues, queue.clusterQueue, everywhere=True):
                yield Dangling(queue, "clusterQueue", f"ClusterQueue '{queue.clusterQueue}'")
        for cluster in self.clusterQueues:
            for name in cluster.flavors:
                if _missing(cluster, self.flavors, name, everywhere=True):
                    yield Dangling(cluster, f"flavor {name}", f"ResourceFlavor '{name}'")


def _missing(record: ObjectRecord, others: Sequence[Any], name: Any, *, everywhere: bool = False) -> bool:
    """Whether no object has the name, though some of its kind stand in the folder of who names it.

    `everywhere`: objects of that kind have no namespace.
    """
    if not isinstance(name, str) or not name:
        return False
    group = record.project.group(others)
    beside = group.at(record.folder)
    if not (beside.items if everywhere else beside.reaches(record.namespace)):
        return False
    found = group.having("name", name)  # also those whose name is not known
    return found is not None and not (found if everywhere else record.sharing(found))


def describe_queue(manifest: Manifest) -> Iterator[Described]:
    """The record of an object of Kueue."""
    body = manifest.body if isinstance(manifest.body, dict) else {}
    spec = body.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    kind = manifest.type_key
    if kind == "LocalQueue":
        place = ("body", "spec", "clusterQueue")
        yield "kueue-local", {"clusterQueue": spec.get("clusterQueue")}, {"clusterQueue": place}
    elif kind == "ResourceFlavor":
        yield "kueue-flavor", {}, {}
    elif kind == "ClusterQueue":
        quotas, flavors, places = _groups(spec.get("resourceGroups"))
        borrows = spec.get("cohort") or spec.get("cohortName")
        fields = {
            "quotas": quotas,
            "flavors": flavors,
            "borrows": UNKNOWN if borrows is UNKNOWN else bool(borrows),
        }
        yield "kueue-cluster", fields, places


def _groups(groups: Any) -> tuple[Any, list[Any], dict[str, Sequence[Step]]]:
    """Sum of each resource over all flavors, the flavors, and where they stand."""
    quotas: dict[str, Any] = {}
    flavors: list[Any] = []
    places: dict[str, Sequence[Step]] = {}
    if not isinstance(groups, list) or any(not isinstance(group, dict) for group in groups):
        return UNKNOWN if groups is UNKNOWN or groups else {}, flavors, places
    for number, group in enumerate(groups):
        listed = group.get("flavors")
        for index, flavor in enumerate(listed if isinstance(listed, list) else []):
            if not isinstance(flavor, dict):
                return UNKNOWN, flavors, places
            name = flavor.get("name")
            flavors.append(name)
            steps = ("body", "spec", "resourceGroups", number, "flavors", index, "name")
            places.setdefault(f"flavor {name}", steps)
            for item in flavor.get("resources") or []:
                if isinstance(item, dict) and isinstance(item.get("name"), str):
                    quotas[item["name"]] = _plus(quotas.get(item["name"], 0), item.get("nominalQuota"))
    return quotas, flavors, places


def _plus(total: Any, value: Any) -> Any:
    amount = quantity(value)
    if total is UNKNOWN or amount is UNKNOWN or amount is None:
        return UNKNOWN
    return total + int(amount)


def describe_workload(manifest: Workload) -> Iterator[Described]:
    """The record of a workload that names a queue, or could."""
    queue = manifest.metadata.entry("labels", QUEUE_LABEL)
    if queue is UNKNOWN or (queue is None and not _could(manifest)):
        return
    demand: dict[str, Any] = {}
    for pod in manifest.pods:
        for container in pod.known_containers:
            for request in container.accelerators:
                device = accelerator(request.name)
                # memory and cores of shared devices are counted under other names (resource transformations)
                if device is not None and device.counts_devices and container.role == "app":
                    pods = pod.accelerator.pods
                    known = request.count is not UNKNOWN and pods is not UNKNOWN
                    before = demand.get(request.name, 0)
                    demand[request.name] = (
                        before + request.count * pods if known and before is not UNKNOWN else UNKNOWN
                    )
    if queue is None and not demand:
        return
    asked = {name: count for name, count in demand.items() if count is UNKNOWN or count > 0}
    yield "kueue-workload", {"queue": queue, "demand": asked}, {"queue": ("metadata", "labels", QUEUE_LABEL)}


def _could(manifest: Workload) -> bool:
    """Whether it is of a kind that Kueue manages, and nothing says that something else schedules it."""
    if manifest.type_key not in _MANAGED or manifest.metadata.labels is UNKNOWN:
        return False
    labels = manifest.metadata.labels
    return not any(key.startswith(("kueue.x-k8s.io/", "ray.io/scheduler-name")) for key in labels)
