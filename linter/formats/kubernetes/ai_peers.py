"""Objects of a scan that concern AI workloads, from the records that each file left."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from linter.cel import UNKNOWN
from linter.formats.kubernetes.lookup import Narrow
from linter.formats.kubernetes.part import same
from linter.formats.kubernetes.selectors import selects
from linter.formats.model import fact, field
from linter.formats.records import Record

T = TypeVar("T", bound="AiRecord")


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

    def beside(self, others: Sequence[T], narrow: Narrow) -> Iterator[T]:
        """Those in the same folder that may be in the same namespace; none when there are too many.

        `narrow` leaves out what surely is not looked for.
        """
        here = narrow(self.project.group(others).at(self.folder))
        mine = self.namespace
        for other in here or ():
            theirs = other.namespace
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
    plays: bool = field(False, "whether it converts films by its accelerator, and no AI is known of it")
    listening: list[Any] = field(None, "ports that its pods answer on, by template, where that is sure")

    def selected_by(self, selector: Any) -> bool:
        """Whether a selector surely fits one of its pods."""
        if not isinstance(selector, Mapping) or not selector:
            return False
        return any(
            isinstance(labels, Mapping) and selects(selector, labels.get) is True for labels in self.pods
        )

    def listening_to(self, selector: Mapping[str, Any]) -> list[Any]:
        """The ports of each template that a selector fits; UNKNOWN for one that may answer on others."""
        return [
            ports
            for labels, ports in zip(self.pods, self.listening, strict=True)
            if isinstance(labels, Mapping) and selects(selector, labels.get) is True
        ]

    def engine(self, *names: str) -> Mapping[str, Any] | None:
        """Its first engine of those names; any when none is given."""
        return next((item for item in self.engines if not names or item["name"] in names), None)

    @fact
    def engineName(self) -> str:
        """The engine that it runs; '' when it is none that we know."""
        found = self.engine()
        return str(found["name"]) if found is not None else ""

    @property
    def keyless(self) -> bool:
        """Whether its server asks for no key."""
        found = self.engine()
        return found is not None and found["key"] is False


class AiServiceRecord(AiRecord):
    """A Service."""

    selector: Any = field(None, "labels of the pods behind it")
    type: str = field("ClusterIP", "ClusterIP, NodePort, LoadBalancer or ExternalName")
    exposed: bool = field(False, "whether it is reached from outside the cluster")
    external: bool = field(False, "whether it answers on addresses that nodes are given from outside")
    headless: bool = field(False, "without an address of its own")
    ports: list[Any] = field(None, "its ports")
    targets: list[Any] = field(None, "its ports with the ports of the pods that they lead to")

    @fact
    def workloads(self) -> list[AiWorkloadRecord]:
        """AI workloads beside it whose pods it selects."""
        if not isinstance(self.selector, Mapping) or not self.selector:
            return []
        items = self.beside(self.project.ai.workloads, lambda group: group.fitting(self.selector))
        return [
            item for item in items if (item.engines or item.accelerated) and item.selected_by(self.selector)
        ]


class AiRouteRecord(AiRecord):
    """An Ingress, or a route of the Gateway API."""

    backends: list[Any] = field(None, "names of the Services that it leads to")
    secure: bool = field(True, "whether it has TLS")
    locked: bool = field(False, "whether an annotation puts a login before it")
    internal: bool = field(
        False, "whether an annotation, its class, gateway or hosts keep it inside the network"
    )

    @fact
    def services(self) -> list[AiServiceRecord]:
        """Services beside it that it leads to."""
        beside = self.beside(self.project.ai.services, lambda group: group.having("name", *self.backends))
        return [item for item in beside if item.is_one_of(self.backends)]


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
            for item in self.beside(
                self.project.ai.workloads, lambda group: group.having("name", self.targetName)
            )
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
            for item in self.beside(
                self.project.ai.workloads, lambda group: group.having("claims", self.name)
            )
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
        found = self.project.group(self.project.ai.workloads).having("namespace", self.namespace)
        if found is None:
            return []
        return [
            item
            for item in found
            if item.accelerated and same(item.namespace, self.namespace) and item.resource in self.limits
        ]


class KustomizationRecord(AiRecord):
    """A kustomization."""

    resources: list[Any] = field(None, "files and folders that it takes")
    renames: bool = field(False, "whether it changes the names of its objects")
