"""Workloads, Services, policies, budgets and settings of a scan, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.objectrecord import ObjectRecord, same_value
from linter.formats.kubernetes.part import both, either, known, same
from linter.formats.kubernetes.rights import BindingRecord
from linter.formats.kubernetes.selectors import selects
from linter.formats.model import fact, field
from linter.patterns import lazy_regex

# labels that controllers give to the pods that they make
_BY_CONTROLLER = lazy_regex(
    r"(?:ray\.io|leaderworkerset\.sigs\.k8s\.io|jobset\.sigs\.k8s\.io|training\.kubeflow\.org|trainer\.kubeflow\.org"
    r"|serving\.kserve\.io|serving\.knative\.dev|batch\.kubernetes\.io|statefulset\.kubernetes\.io|apps\.kubernetes\.io"
    r"|volcano\.sh|orchestration\.aibrix\.ai|nvidia\.com)/|(?:job-name|controller-uid|pod-template-hash)\Z"
)


_OVER_ALL = lazy_regex(r"10[1-9]%|1[1-9]\d%|[2-9]\d\d%")
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")


class AutoscalerRecord(ObjectRecord):
    """A HorizontalPodAutoscaler."""

    targetKind: str | None = field(None, "kind of what it scales")
    targetName: str | None = field(None, "name of what it scales")
    minReplicas: int = field(1, "fewest pods")

    @fact
    def targetMissing(self) -> bool:
        """Whether no object of the scan is its target."""
        return self.missing(self.project.workloads, self.targets)

    @fact
    def targetNowhere(self) -> bool:
        """Whether nothing that is scanned is its target, and no workload stands in its folder."""
        return (
            self.targetKind in _SCALED
            and known(self.targetName)
            and self.nowhere(self.project.workloads, self.targets)
        )

    def targets(self, workload: WorkloadRecord) -> Any:
        """Whether it scales that workload."""
        return both(*(
            UNKNOWN if one is UNKNOWN or two is UNKNOWN else one == two
            for one, two in ((self.targetKind, workload.kind), (self.targetName, workload.name))
        ))  # fmt: skip


class BudgetRecord(ObjectRecord):
    """A PodDisruptionBudget."""

    selector: Any = field(None, "pods that it is about")
    minAvailable: Any = field(None, "pods that must stay")
    maxUnavailable: Any = field(None, "pods that may be away")

    @fact
    def workloads(self) -> list[WorkloadRecord]:
        """Workloads beside it whose pods it is about."""
        found = [w for w in self.beside(self.project.workloads) if w.selected_by(self.selector) is True]
        # among samples of one name, the one of the same file is meant
        return [w for w in found if w.path == self.path] or found

    @fact
    def idle(self) -> bool:
        """Whether it surely selects no pod of the scan."""
        if not self.project.spend(len(self.project.workloads)):
            return UNKNOWN
        return either(*(w.selected_by(self.selector) for w in self.sharing(self.project.workloads))) is False

    @fact
    def exceedsMinimum(self) -> bool:
        """Whether it wants more pods to stay than an autoscaler of the same workload may leave."""
        low = [scaler.minReplicas for workload in self.workloads for scaler in workload.autoscalers]
        if isinstance(self.minAvailable, str):
            return bool(low) and (_OVER_ALL.fullmatch(self.minAvailable) is not None)
        return type(self.minAvailable) is int and any(known(n) and self.minAvailable > n for n in low)

    @fact
    def keepsAll(self) -> bool:
        """Whether it wants as many pods to stay as a workload has."""
        if type(self.minAvailable) is not int:
            return False
        return any(known(count) and self.minAvailable >= count for count in (w.floor for w in self.workloads))


class PolicyRecord(ObjectRecord):
    """A NetworkPolicy."""

    selector: Any = field(None, "pods that it is about; empty means all of the namespace")
    directions: list[str] = field(None, "Ingress, Egress: what it limits")
    peers: list[Any] = field(None, "selectors of the pods of its namespace that it lets through")

    @fact
    def dangling(self) -> bool:
        """Whether no pod of the scan has the labels that it selects."""
        return self.missing(self.project.workloads, lambda workload: workload.selected_by(self.selector))

    @fact
    def danglingAlone(self) -> bool:
        """Whether it selects by labels, nothing that is scanned has them, and no workload stands in its folder."""
        if self.selector is UNKNOWN or not self.selector:
            return False
        return self.nowhere(self.project.workloads, lambda workload: workload.selected_by(self.selector))

    @fact
    def peerNowhere(self) -> bool:
        """Whether it lets through pods by labels that no workload that is scanned has."""
        workloads = [w for w in self.project.workloads if self.shares_namespace(w)]
        named = [selector for selector in self.peers if selector is not UNKNOWN and selector]
        return any(all(w.selected_by(selector) is False for w in workloads) for selector in named)

    def may_hold_in(self, namespace: Any) -> bool:
        """Whether it may be about the pods of a namespace as a whole."""
        if self.kind == "CiliumClusterwideNetworkPolicy":
            return self.selector is UNKNOWN or not any(self.selector.values())
        return not known(self.namespace) or self.namespace == namespace


class NamespaceRecord(ObjectRecord):
    """A Namespace."""

    @fact
    def unpoliced(self) -> bool:
        """Whether no network policy that is scanned is, or may be, about pods in it."""
        return (
            UNKNOWN
            if not known(self.name)
            else not any(p.may_hold_in(self.name) for p in self.project.policies)
        )


class ServiceRecord(ObjectRecord):
    """A Service."""

    selector: Any = field(None, "labels of the pods behind it")
    ports: list[Any] = field(None, "numbers and names of its ports")
    headless: bool = field(False, "without an address of its own")
    external: bool = field(False, "stands for a name outside")
    labels: Any = field(None, "its own labels")

    @fact
    def selectsNothing(self) -> bool:
        """Whether it has a selector, and no pod of the scan has those labels."""
        if self.selector is UNKNOWN or not self.selector or self.external is not False:
            return False
        return self.missing(self.project.workloads, lambda workload: workload.selected_by(self.selector))

    @fact
    def selectsNowhere(self) -> bool:
        """Whether it has a selector, nothing that is scanned has those labels, and no workload stands in its folder."""
        if self.selector is UNKNOWN or not self.selector or self.external is not False:
            return False
        return self.nowhere(self.project.workloads, lambda workload: workload.selected_by(self.selector))


class WorkloadRecord(ObjectRecord):
    """An object that carries pods."""

    pods: list[Any] = field(None, "labels of its pods, by template")
    accounts: list[Any] = field(None, "accounts of its pods")
    replicas: Any = field(None, "number of pods, when it is written")
    references: list[Any] = field(None, "Secrets and ConfigMaps that it can't do without")
    service: str | None = field(None, "of a StatefulSet: its Service")
    service_lifetime: bool = field(False, "whether its pods run until told to stop")

    def selected_by(self, selector: Any) -> Any:
        """Whether a selector fits one of its pods."""
        verdict: Any = False
        for labels in self.pods:
            fits = selects(selector, _pod_label(labels)) if isinstance(labels, Mapping) else UNKNOWN
            if fits is True:
                return True
            verdict = verdict if fits is False else UNKNOWN
        return verdict

    @fact
    def autoscalers(self) -> list[AutoscalerRecord]:
        """Autoscalers beside it that scale it."""
        return [scaler for scaler in self.beside(self.project.autoscalers) if scaler.targets(self) is True]

    @property
    def floor(self) -> Any:
        """The fewest pods that it is meant to have; UNKNOWN for kinds that do not count replicas."""
        if self.autoscalers:
            return min((s.minReplicas for s in self.autoscalers if known(s.minReplicas)), default=UNKNOWN)
        if self.kind not in ("Deployment", "StatefulSet", "ReplicaSet", "DeploymentConfig"):
            return UNKNOWN
        return 1 if self.replicas is None else self.replicas

    @fact
    def staticReplicas(self) -> bool:
        """Whether it writes a number of replicas although an autoscaler sets it.

        Of several of one name in a folder, as among samples, nobody knows which one is scaled.
        """
        if not known(self.replicas) or not self.autoscalers:
            return False
        here = self.project.by_folder(self.project.workloads).get(self.folder, ())
        if not self.project.spend(len(here)):
            return UNKNOWN
        return sum(same(item.kind, self.kind) and same(item.name, self.name) for item in here) == 1

    @fact
    def unprotected(self) -> bool:
        """Whether no disruption budget selects it though there are some: one that selects nothing, or several pods."""
        budgets = self.project.budgets
        if not self.project.spend(len(budgets)):
            return UNKNOWN
        if either(*(self.selected_by(b.selector) for b in self.sharing(budgets))) is not False:
            return False
        if type(self.floor) is not int:
            return False
        here = self.project.by_folder(budgets).get(self.folder, ())
        return self.floor > 1 or any(b.idle for b in here)

    @fact
    def unisolated(self) -> bool:
        """Whether no network policy of the scan selects its pods, though there are policies beside it."""
        if self.pods and not isinstance(self.pods[0], Mapping):
            return UNKNOWN
        return self.missing(self.project.policies, lambda policy: self.selected_by(policy.selector))

    @fact
    def unisolatedAlone(self) -> bool:
        """Whether no network policy that is scanned selects its pods, and none stands in its folder."""
        if not self.pods or not isinstance(self.pods[0], Mapping):
            return UNKNOWN
        return self.nowhere(self.project.policies, lambda policy: self.selected_by(policy.selector))

    @fact
    def unisolatedByName(self) -> bool:
        """Whether no policy of exactly its namespace, written or not, surely selects its pods."""
        same_space = (p for p in self.project.policies if p.namespace == self.namespace)
        return not any(self.selected_by(policy.selector) is True for policy in same_space)

    @fact
    def openDirection(self) -> str:
        """`Ingress` or `Egress` when the policies that select its pods limit only the other; else empty."""
        found = [
            p.directions for p in self.beside(self.project.policies) if self.selected_by(p.selector) is True
        ]
        limited = {direction for directions in found for direction in directions}
        left = {"Ingress", "Egress"} - limited
        return left.pop() if len(left) == 1 and UNKNOWN not in limited else ""

    @fact
    def unprotectedAlone(self) -> bool:
        """Whether it may have several pods, no budget that is scanned selects them, and none stands in its folder."""
        if (
            self.kind not in ("Deployment", "StatefulSet")
            or self.replicas in (0, 1)
            or self.replicas is UNKNOWN
        ):
            return False
        return self.nowhere(self.project.budgets, lambda budget: self.selected_by(budget.selector))

    @fact
    def accountNowhere(self) -> str | None:
        """An account of its pods that nothing scanned defines, where no account stands in its folder."""
        for account in self.accounts:
            named = known(account) and account != "default"
            if named and self.nowhere(
                self.project.accounts, lambda a, name=account: same_value(a.name, name)
            ):
                return str(account)
        return None

    @fact
    def serviceNowhere(self) -> bool:
        """Whether it names a Service of its own that nothing that is scanned defines."""
        wanted = self.service
        if self.kind != "StatefulSet" or not known(wanted) or not wanted:
            return False
        services = self.project.services
        if not self.project.spend(len(services)):
            return UNKNOWN
        return not any(same_value(s.name, wanted) is True for s in self.sharing(services))

    @fact
    def unknownAccount(self) -> str | None:
        """An account of its pods that no object of the scan defines, though other accounts are beside it."""
        for account in self.accounts:
            if known(account) and account != "default":
                found = self.missing(self.project.accounts, lambda a, name=account: same_value(a.name, name))
                if found is True:
                    return str(account)
        return None

    @fact
    def missingReference(self) -> str | None:
        """A Secret or ConfigMap, or key in it, that it needs and the scan does not have, though others are there."""
        for kind, name, key in self.references:
            if (
                known(name)
                and self.missing(self.project.settings, lambda s, w=(kind, name, key): s.offers(*w)) is True
            ):
                return f"{kind} '{name}'" + (f" with the key '{key}'" if key else "")
        return None

    @fact
    def missingReferenceAlone(self) -> str | None:
        """A Secret or ConfigMap that it needs and nothing that is scanned defines, where its folder holds none."""
        for kind, name, _ in self.references:
            if known(name) and self.nowhere(
                self.project.settings, lambda s, w=(kind, name): s.offers(w[0], w[1], None)
            ):
                return f"{kind} '{name}'"
        return None

    @fact
    def powers(self) -> list[BindingRecord]:
        """Bindings that give an account of its pods the power to take over the cluster."""
        powerful = self.project.powerful
        if not self.project.spend(len(powerful)):
            return []
        return [b for b in powerful if any(b.is_for(account, self.namespace) for account in self.accounts)]


class SettingsRecord(ObjectRecord):
    """A Secret or ConfigMap."""

    keys: list[Any] = field(None, "keys of its data")

    def offers(self, kind: str, name: str, key: Any) -> Any:
        """Whether it is that object and has that key; an unknown key may be any."""
        if self.kind != kind:
            return False
        named = same_value(self.name, name)
        if named is not True or key is None or key is UNKNOWN:
            return named
        return True if any(k is not UNKNOWN and k == key for k in self.keys) else UNKNOWN if any(
            k is UNKNOWN for k in self.keys
        ) else False  # fmt: skip


def _pod_label(labels: Mapping[str, Any]) -> Any:
    """Look-up of a pod's label; controllers add some that no file shows."""
    return lambda key: labels[key] if key in labels else _unwritten(str(key))


@lru_cache(maxsize=1000)
def _unwritten(key: str) -> Any:
    return UNKNOWN if _BY_CONTROLLER.match(key) else None
