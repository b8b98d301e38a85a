"""AI workloads across files: who reaches them, what scales them, what they share."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import same
from linter.formats.kubernetes.selectors import selects
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.records import Record

if TYPE_CHECKING:
    from linter.formats.kubernetes.project import KubernetesProject

T = TypeVar("T", bound="AiRecord")

OPEN_SERVERS = frozenset(("vllm", "sglang", "tgi", "llama.cpp", "lmdeploy", "lightllm", "trtllm"))
_TOOLS = frozenset(("mlflow", "tensorboard"))
# Services whose variables an engine takes for its own settings: name -> engine
_COLLISIONS = {"vllm": "vllm", "mlflow": "mlflow"}


class AiRecord(Record):
    """An object of the scan that concerns AI workloads."""

    kind: str | None = field(None, "kind of the object")
    name: str | None = field(None, "name of the object")
    namespace: str | None = field(None, "namespace, when one is written")
    title: str = field("?", "its name as written, with what a template fills in")

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def label(self) -> str:
        """Its name for messages; '?' when a template makes it."""
        return self.name if isinstance(self.name, str) else self.title

    def is_one_of(self, names: Sequence[Any]) -> bool:
        """Whether its name is surely among these."""
        return any(same(self.name, name) for name in names)

    def beside(self, others: Mapping[str, Sequence[T]]) -> Iterator[T]:
        """Those in the same folder that may be in the same namespace."""
        for other in others.get(self.folder, ()):
            mine, theirs = self.namespace, other.namespace
            if not isinstance(mine, str) or not isinstance(theirs, str) or mine == theirs:
                yield other


class AiWorkloadRecord(AiRecord):
    """A workload with an AI engine, an accelerator or a volume claim."""

    pods: list[Any] = field(None, "labels of its pods, by template")
    engines: list[Any] = field(None, "what its containers serve")
    claims: list[Any] = field(None, "volume claims that it mounts")
    replicas: Any = field(None, "number of pods, when it is written")
    accelerated: bool = field(False, "whether it asks for accelerators")
    accelerators: Any = field(None, "accelerators of all its pods")
    resource: str = field("", "name of the accelerator resource")
    links: list[Any] = field(None, "enableServiceLinks of its pods")
    proxied: bool = field(False, "whether an authenticating proxy stands beside the server")
    serves: bool = field(False, "whether it serves a model")

    def selected_by(self, selector: Any) -> bool:
        """Whether a selector surely fits one of its pods."""
        if not isinstance(selector, Mapping) or not selector:
            return False
        return any(
            isinstance(labels, Mapping) and selects(selector, labels.get) is True for labels in self.pods
        )

    def engine(self, *names: str) -> Mapping[str, Any] | None:
        """Its first engine of those names; any when none is given."""
        return next((item for item in self.engines if not names or item["name"] in names), None)

    @fact
    def engineName(self) -> str:
        """The engine that it runs; '' when it is none that we know."""
        found = self.engine()
        return str(found["name"]) if found is not None else ""


class AiServiceRecord(AiRecord):
    """A Service."""

    selector: Any = field(None, "labels of the pods behind it")
    type: str = field("ClusterIP", "ClusterIP, NodePort, LoadBalancer or ExternalName")
    exposed: bool = field(False, "whether it is reached from outside the cluster")
    headless: bool = field(False, "without an address of its own")
    ports: list[Any] = field(None, "its ports")

    @fact
    def workloads(self) -> list[AiWorkloadRecord]:
        """AI workloads beside it whose pods it selects."""
        if not isinstance(self.selector, Mapping) or not self.selector:
            return []
        key, value = next(iter(self.selector.items()))
        items = self.beside({self.folder: self.project.ai.labelled.get((self.folder, f"{key}={value}"), ())})
        return [
            item for item in items if (item.engines or item.accelerated) and item.selected_by(self.selector)
        ]


class AiRouteRecord(AiRecord):
    """An Ingress, or a route of the Gateway API."""

    backends: list[Any] = field(None, "names of the Services that it leads to")
    secure: bool = field(True, "whether it has TLS")
    locked: bool = field(False, "whether an annotation puts a login before it")
    internal: bool = field(False, "whether an annotation keeps it inside the network")

    @fact
    def services(self) -> list[AiServiceRecord]:
        """Services beside it that it leads to."""
        return [
            item for item in self.beside(self.project.ai.services_by_folder) if item.is_one_of(self.backends)
        ]


class AiAutoscalerRecord(AiRecord):
    """A HorizontalPodAutoscaler."""

    targetKind: str | None = field(None, "kind of what it scales")
    targetName: str | None = field(None, "name of what it scales")
    onlyCpu: bool = field(False, "whether CPU or memory are all that it looks at")

    @fact
    def scalesModels(self) -> bool:
        """Whether what it scales serves models on accelerators."""
        return any(
            item.accelerated
            and item.serves
            and same(item.kind, self.targetKind)
            and same(item.name, self.targetName)
            for item in self.beside(self.project.ai.workloads_by_folder)
        )


class AiClaimRecord(AiRecord):
    """A PersistentVolumeClaim."""

    modes: list[Any] = field(None, "its access modes")

    @fact
    def crowd(self) -> list[AiWorkloadRecord]:
        """Deployments of several replicas that mount it, though it can be on one node only."""
        modes = self.modes
        if (
            modes is UNKNOWN
            or not modes
            or any(mode not in ("ReadWriteOnce", "ReadWriteOncePod") for mode in modes)
        ):
            return []
        return [
            item
            for item in self.beside(self.project.ai.workloads_by_folder)
            if same(item.kind, "Deployment")
            and self.is_one_of(item.claims)
            and isinstance(item.replicas, int)
            and item.replicas > 1
        ]


class AiQuotaRecord(AiRecord):
    """A ResourceQuota."""

    limits: dict[str, Any] = field(None, "accelerators that it allows, by resource")

    @fact
    def demand(self) -> int:
        """Accelerators that the workloads of its namespace ask for together."""
        total = 0
        for item in self.users:
            if not isinstance(item.accelerators, int):
                return UNKNOWN
            total += item.accelerators
        return total

    @fact
    def limit(self) -> int | None:
        """Accelerators that it allows; null when it names none."""
        return next(iter(self.limits.values()), None)

    @fact
    def users(self) -> list[AiWorkloadRecord]:
        """Accelerator workloads of its namespace, in the whole scan."""
        if not isinstance(self.namespace, str):
            return []
        return [
            item
            for item in self.project.ai.workloads
            if item.accelerated and same(item.namespace, self.namespace) and item.resource in self.limits
        ]


class KustomizationRecord(AiRecord):
    """A kustomization."""

    resources: list[Any] = field(None, "files and folders that it takes")
    renames: bool = field(False, "whether it changes the names of its objects")


class Exposure(Model):
    """A way from outside the cluster to an AI workload. `by` says how: a type of Service, Ingress, a route."""

    by: str = field("", "LoadBalancer, NodePort, Ingress or the kind of the route")
    name: str = field("", "name of the Service, Ingress or route")
    engine: str = field("", "the engine that is reached")
    direct: bool = field(False, "whether a Service itself is the way")
    locked: bool = field(False, "whether a login stands before it")
    keyless: bool = field(False, "whether the server asks for no key")
    secure: bool = field(True, "whether the way has TLS")
    control: bool = field(False, "whether models can be loaded over the API")
    login: bool = field(False, "whether the tool has a login of its own")
    internal: bool = field(False, "whether it is kept inside the network")

    def __init__(self, door: AiRecord, how: str, workload: AiWorkloadRecord) -> None:
        self.door = door
        self.document = door.project.document_of(door.path)
        self.workload = workload
        engine = workload.engine()
        self.by = how
        self.name = door.label
        self.engine = workload.engineName
        self.direct = isinstance(door, AiServiceRecord)
        self.locked = workload.proxied or (isinstance(door, AiRouteRecord) and door.locked)
        self.keyless = engine is not None and engine["key"] is False
        self.secure = door.secure if isinstance(door, AiRouteRecord) else True
        self.internal = isinstance(door, AiRouteRecord) and door.internal
        self.control = any(item["control"] is True for item in workload.engines)
        self.login = any(item["login"] is True for item in workload.engines)

    @property
    def address(self) -> str:
        return self.door.address

    def place(self) -> Place:
        return self.door.locate(("type",) if self.direct else ("rules",))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    @fact
    def reached(self) -> str:
        """What is reached, for messages: the engine, or the workload where the engine is not known."""
        return self.engine or f"{self.workload.kind} '{self.workload.label}'"

    @fact
    def target(self) -> AiWorkloadRecord:
        """The workload that is reached."""
        return self.workload


class OpenPort(Model):
    """A port of a Service in front of an AI workload."""

    port: int = field(0, "the port")
    engine: str = field("", "the engine behind it")

    def __init__(self, service: AiServiceRecord, port: int, engine: str) -> None:
        self.service_record = service
        self.document = service.project.document_of(service.path)
        self.port = port
        self.engine = engine

    @property
    def address(self) -> str:
        return self.service_record.address

    def place(self) -> Place:
        return self.service_record.locate((f"port{self.port}",))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    @fact
    def service(self) -> AiServiceRecord:
        """The Service."""
        return self.service_record


class AiProject(Model):
    """The AI workloads of a scan and what stands around them."""

    def __init__(self, project: KubernetesProject) -> None:
        self.project = project

    def place(self) -> Place:
        return self.project.place()

    def _all(self, kind: str, model: type[T]) -> list[T]:
        return [model(data, self.project) for data in self.project.by_type.get(kind, ())]

    @fact
    def workloads(self) -> list[AiWorkloadRecord]:
        """Workloads with an AI engine, an accelerator or a volume claim."""
        return self._all("ai-workload", AiWorkloadRecord)

    @fact
    def services(self) -> list[AiServiceRecord]:
        """Services."""
        return self._all("ai-service", AiServiceRecord)

    @fact
    def autoscalers(self) -> list[AiAutoscalerRecord]:
        """Autoscalers."""
        return self._all("ai-autoscaler", AiAutoscalerRecord)

    @fact
    def claims(self) -> list[AiClaimRecord]:
        """Volume claims."""
        return self._all("ai-claim", AiClaimRecord)

    @fact
    def quotas(self) -> list[AiQuotaRecord]:
        """Quotas."""
        return self._all("ai-quota", AiQuotaRecord)

    @property
    def renamed_folders(self) -> frozenset[str]:
        """Folders whose objects some kustomization gives other names."""
        found: frozenset[str] | None = self.__dict__.get("_renamed")
        if found is None:
            names = [
                posixpath.normpath(posixpath.join(item.folder, name))
                for item in self._all("ai-kustomization", KustomizationRecord)
                if item.renames
                for name in (*item.resources, ".")
            ]
            folders = {
                posixpath.dirname(name) if name.endswith((".yaml", ".yml")) else name for name in names
            }
            found = self.__dict__["_renamed"] = frozenset(folders)
        return found

    @property
    def workloads_by_folder(self) -> Mapping[str, Sequence[AiWorkloadRecord]]:
        return self._by_folder("_workloads", self.workloads)

    @property
    def labelled(self) -> Mapping[tuple[str, str], Sequence[AiWorkloadRecord]]:
        """Workloads by their folder and each label of their pods."""
        found: dict[tuple[str, str], list[AiWorkloadRecord]] | None = self.__dict__.get("_labelled")
        if found is None:
            found = self.__dict__["_labelled"] = {}
            for item in self.workloads:
                labels = [pod for pod in item.pods if isinstance(pod, dict)]
                for pair in {f"{key}={value}" for pod in labels for key, value in pod.items()}:
                    found.setdefault((item.folder, pair), []).append(item)
        return found

    @property
    def services_by_folder(self) -> Mapping[str, Sequence[AiServiceRecord]]:
        return self._by_folder("_services", self.services)

    def _by_folder(self, name: str, items: Sequence[T]) -> Mapping[str, Sequence[T]]:
        found: dict[str, list[T]] | None = self.__dict__.get(name)
        if found is None:
            found = self.__dict__[name] = {}
            for item in items:
                found.setdefault(item.folder, []).append(item)
        return found

    @fact
    def exposures(self) -> list[Exposure]:
        """Every way from outside the cluster to an AI workload, once for each engine that it reaches."""
        found: dict[tuple[int, str, bool], Exposure] = {}
        for door, how, workload in self._ways():
            way = Exposure(door, how, workload)
            found.setdefault((id(door), way.engine, way.keyless), way)
        return list(found.values())

    def _ways(self) -> Iterator[tuple[AiRecord, str, AiWorkloadRecord]]:
        for service in self.services:
            if service.exposed is True:
                yield from ((service, service.type, workload) for workload in service.workloads)
        for route in self._all("ai-route", AiRouteRecord):
            how = route.kind if isinstance(route.kind, str) else "route"
            for service in route.services:
                yield from ((route, how, workload) for workload in service.workloads)

    @fact
    def modelServers(self) -> list[Exposure]:
        """Those ways that lead to a model server without a lock."""
        return [
            item
            for item in self.exposures
            if item.engine in OPEN_SERVERS and item.keyless and not item.locked
        ]

    @fact
    def tools(self) -> list[Exposure]:
        """Those ways that lead to a tool without a login."""
        return [
            item for item in self.exposures if item.engine in _TOOLS and not item.locked and not item.login
        ]

    @fact
    def managementPorts(self) -> list[OpenPort]:
        """Ports of TorchServe's management that a Service publishes."""
        return [
            OpenPort(service, port, "torchserve")
            for service in self.services
            if any(item.engineName == "torchserve" for item in service.workloads)
            for port in service.ports
            if port is not UNKNOWN and port in (8081, 8085)
        ]

    @fact
    def collisions(self) -> list[AiServiceRecord]:
        """Services whose variables the engine of a workload beside them takes for its own settings."""
        found = []
        for service in self.services:
            engine = _COLLISIONS.get(str(service.name).lower())
            if engine is None or service.headless is not False or service.folder in self.renamed_folders:
                continue
            for item in service.beside(self.workloads_by_folder):
                if item.engine(engine) is not None and any(link is True for link in item.links):
                    found.append(service)
                    break
        return found

    @fact
    def unprotected(self) -> list[AiWorkloadRecord]:
        """Accelerator servers of several replicas that no disruption budget of the scan selects."""
        budgets = self.project.budgets
        return [
            item
            for item in self.workloads
            if item.serves and item.accelerated and isinstance(item.replicas, int) and item.replicas > 1
            and item.kind in ("Deployment", "StatefulSet")
            and not any(item.selected_by(budget.selector) for budget in budgets)
        ]  # fmt: skip

    @fact
    def unisolated(self) -> list[AiWorkloadRecord]:
        """Model servers that no network policy of the scan selects."""
        policies = self.project.policies
        return [
            item
            for item in self.workloads
            if item.serves
            and not any(
                policy.selector == {} or item.selected_by(policy.selector)
                for policy in policies
                if policy.selector is not UNKNOWN
            )
        ]

    @fact
    def missingClaims(self) -> list[AiWorkloadRecord]:
        """Workloads that mount a volume claim which the scan does not have, though others are beside them."""
        folders: dict[str, set[Any]] = {}
        for claim in self.claims:
            folders.setdefault(claim.folder, set()).add(claim.name)
        return [
            item
            for item in self.workloads
            if item.folder in folders
            and all(isinstance(name, str) for name in folders[item.folder])
            and item.claims
            and not set(item.claims) <= folders[item.folder]
        ]

    @fact
    def missingSecrets(self) -> list[AiWorkloadRecord]:
        """AI workloads that need a Secret which the scan does not have, though it has others beside them."""
        short = {
            item.address
            for item in self.project.workloads
            if isinstance(item.missingReference, str) and item.missingReference.startswith("Secret")
        }
        return [
            item for item in self.workloads if item.address in short and (item.engines or item.accelerated)
        ]

    @fact
    def unlimited(self) -> list[AiWorkloadRecord]:
        """Accelerator workloads of a namespace without a quota of their accelerator, though the scan has quotas."""
        limited = {quota.namespace for quota in self.quotas if quota.limits}
        return [
            item
            for item in self.workloads
            if self.quotas
            and item.accelerated
            and isinstance(item.namespace, str)
            and item.namespace not in limited
        ]
