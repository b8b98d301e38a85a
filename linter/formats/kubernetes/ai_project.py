"""AI workloads across files: who reaches them, what scales them, what they share."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_exposure import EXTERNAL, Exposure, OpenPort
from linter.formats.kubernetes.ai_peers import (
    AiAutoscalerRecord,
    AiClaimRecord,
    AiQuotaRecord,
    AiRecord,
    AiRouteRecord,
    AiServiceRecord,
    AiWorkloadRecord,
    KustomizationRecord,
)
from linter.formats.kubernetes.ai_port import leads_nowhere
from linter.formats.kubernetes.part import unsure
from linter.formats.model import Model, Place, fact

if TYPE_CHECKING:
    from linter.formats.kubernetes.project import KubernetesProject

T = TypeVar("T", bound=AiRecord)

OPEN_SERVERS = frozenset(("vllm", "sglang", "tgi", "llama.cpp", "lmdeploy", "lightllm", "trtllm"))
_TOOLS = frozenset(("mlflow", "tensorboard"))
# Services whose variables an engine takes for its own settings: name -> engine
_COLLISIONS = {"vllm": "vllm", "mlflow": "mlflow"}


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

    @fact
    def exposures(self) -> list[Exposure]:
        """Every way from outside the cluster to an AI workload, once for each engine that it reaches."""
        found: dict[tuple[int, str, bool], Exposure] = {}
        for door, how, workload in self._ways():
            key = (id(door), workload.engineName, workload.keyless)
            if key not in found and not workload.plays:
                found[key] = Exposure(door, how, workload)
        return list(found.values())

    def _ways(self) -> Iterator[tuple[AiRecord, str, AiWorkloadRecord]]:
        for service in self.services:
            if service.exposed is True or service.external is True:
                how = service.type if service.exposed is True else EXTERNAL
                yield from ((service, how, workload) for workload in service.workloads)
        for route in self._all("ai-route", AiRouteRecord):
            if route.internal:
                continue
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
    def deadPorts(self) -> list[OpenPort]:
        """Ports of Services before model servers that lead to a port on which these do not answer."""
        found = []
        for service in self.services:
            workloads = service.workloads
            if not workloads or not all(item.serves for item in workloads):
                continue
            listening = [ports for item in workloads for ports in item.listening_to(service.selector)]
            if not listening or any(ports is UNKNOWN for ports in listening):
                continue
            for port, target in service.targets:
                if not unsure(port, target) and all(leads_nowhere(target, ports) for ports in listening):
                    found.append(OpenPort(service, port, workloads[0].engineName, target))
        return found

    @fact
    def collisions(self) -> list[AiServiceRecord]:
        """Services whose variables the engine of a workload beside them takes for its own settings."""
        found = []
        for service in self.services:
            engine = _COLLISIONS.get(str(service.name).lower())
            if engine is None or service.headless is not False or service.folder in self.renamed_folders:
                continue
            for item in service.beside(self.workloads, lambda group: group.all()):
                made = item.engine(engine)
                if made is not None and not made["ported"] and any(link is True for link in item.links):
                    found.append(service)
                    break
        return found

    @fact
    def unprotected(self) -> list[AiWorkloadRecord]:
        """Accelerator servers of several replicas that no disruption budget of the scan selects."""
        budgets = self.project.group(self.project.budgets)
        return [
            item
            for item in self.workloads
            if item.serves and item.accelerated and isinstance(item.replicas, int) and item.replicas > 1
            and item.kind in ("Deployment", "StatefulSet")
            and (found := budgets.choosing(item.pods)) is not None
            and not any(item.selected_by(budget.selector) for budget in found)
        ]  # fmt: skip

    @fact
    def unisolated(self) -> list[AiWorkloadRecord]:
        """Model servers that no network policy of the scan selects."""
        policies = self.project.group(self.project.policies)
        return [
            item
            for item in self.workloads
            if item.serves
            and (found := policies.choosing(item.pods)) is not None
            and not any(
                policy.selector == {} or item.selected_by(policy.selector)
                for policy in found
                if policy.selector is not UNKNOWN
            )
        ]

    @fact
    def missingClaims(self) -> list[AiWorkloadRecord]:
        """Workloads that mount a volume claim which the scan does not have, though others are beside them."""
        folders: dict[str, set[Any]] = {}
        for claim in self.claims:
            folders.setdefault(claim.folder, set()).add(claim.name)
        sure = {folder for folder, names in folders.items() if all(isinstance(name, str) for name in names)}
        return [
            item
            for item in self.workloads
            if item.folder in sure and item.claims and not set(item.claims) <= folders[item.folder]
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
