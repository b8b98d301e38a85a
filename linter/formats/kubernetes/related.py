"""Objects of a scan as rules across files see them: records that know what belongs to them.

Two objects belong together when nothing says otherwise: namespaces that are both written must be equal. What is
found to be in conflict must also stand in the same folder, since repositories of examples use the same names over
and over. What is said to be missing must be missing from the whole scan, and its folder must hold objects of the
kind that was looked for, so that a chart or an overlay of which only a part is here stays quiet.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import both, either, known, same
from linter.formats.kubernetes.selectors import selects
from linter.formats.model import fact, field
from linter.formats.records import Record
from linter.patterns import lazy_regex

# labels that controllers give to the pods that they make
_BY_CONTROLLER = lazy_regex(
    r"(?:ray\.io|leaderworkerset\.sigs\.k8s\.io|jobset\.sigs\.k8s\.io|training\.kubeflow\.org|trainer\.kubeflow\.org"
    r"|serving\.kserve\.io|serving\.knative\.dev|batch\.kubernetes\.io|statefulset\.kubernetes\.io|apps\.kubernetes\.io"
    r"|volcano\.sh|orchestration\.aibrix\.ai|nvidia\.com)/|(?:job-name|controller-uid|pod-template-hash)\Z"
)
T = TypeVar("T", bound="ObjectRecord")


class ObjectRecord(Record):
    """An object of the scan."""

    kind: str | None = field(None, "kind of the object")
    name: str | None = field(None, "name of the object")
    namespace: str | None = field(None, "namespace, when one is written")

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def type_key(self) -> str:
        return self.kind if isinstance(self.kind, str) else ""

    def shares_namespace(self, other: ObjectRecord) -> bool:
        """Whether both may be in one namespace."""
        mine, theirs = self.namespace, other.namespace
        return not known(mine) or not known(theirs) or mine == theirs

    def beside(self, others: Sequence[T]) -> list[T]:
        """Those that stand in the same folder and may be in the same namespace."""
        here = self.project.by_folder(others).get(self.folder, ())
        return [other for other in here if self.shares_namespace(other)]

    def missing(self, others: Sequence[T], fits: Any) -> Any:
        """Whether none of `others` fits, though the folder holds some of their sort: True, False or UNKNOWN."""
        beside = self.beside(others)
        if not beside:  # the other half is not here, or is here and in another namespace
            return any(fits(other) is True for other in self.project.by_folder(others).get(self.folder, ()))
        if any(fits(other) is True for other in others if self.shares_namespace(other)):
            return False
        # what is not known elsewhere, such as the labels of a chart in another folder, is no excuse
        verdict = either(*(fits(other) for other in beside))
        return UNKNOWN if verdict is UNKNOWN else not verdict


class AutoscalerRecord(ObjectRecord):
    """A HorizontalPodAutoscaler."""

    targetKind: str | None = field(None, "kind of what it scales")
    targetName: str | None = field(None, "name of what it scales")
    minReplicas: int = field(1, "fewest pods")

    @fact
    def targetMissing(self) -> bool:
        """Whether no object of the scan is its target."""
        return self.missing(self.project.workloads, self.targets)

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
        return [w for w in self.beside(self.project.workloads) if w.selected_by(self.selector) is True]

    @fact
    def idle(self) -> bool:
        """Whether it surely selects no pod of the scan."""
        known_pods = (
            w.shares_namespace(self) and w.selected_by(self.selector) for w in self.project.workloads
        )
        return either(*known_pods) is False

    @fact
    def exceedsMinimum(self) -> bool:
        """Whether it wants more pods to stay than an autoscaler of the same workload may leave."""
        low = [scaler.minReplicas for workload in self.workloads for scaler in workload.autoscalers]
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

    @fact
    def dangling(self) -> bool:
        """Whether no pod of the scan has the labels that it selects."""
        return self.missing(self.project.workloads, lambda workload: workload.selected_by(self.selector))


class ServiceRecord(ObjectRecord):
    """A Service."""

    selector: Any = field(None, "labels of the pods behind it")
    headless: bool = field(False, "without an address of its own")
    external: bool = field(False, "stands for a name outside")
    labels: Any = field(None, "its own labels")

    @fact
    def selectsNothing(self) -> bool:
        """Whether it has a selector, and no pod of the scan has those labels."""
        if self.selector is UNKNOWN or not self.selector or self.external is not False:
            return False
        return self.missing(self.project.workloads, lambda workload: workload.selected_by(self.selector))


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
        verdicts = [
            selects(selector, _pod_label(labels)) if isinstance(labels, Mapping) else UNKNOWN
            for labels in self.pods
        ]
        return either(*verdicts)

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
        return sum(same(item.kind, self.kind) and same(item.name, self.name) for item in here) == 1

    @fact
    def unprotected(self) -> bool:
        """Whether no disruption budget selects it though there are some: one that selects nothing, or several pods."""
        budgets = self.project.budgets
        if either(*(b.shares_namespace(self) and self.selected_by(b.selector) for b in budgets)) is not False:
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
    def unknownAccount(self) -> str | None:
        """An account of its pods that no object of the scan defines, though other accounts are beside it."""
        for account in self.accounts:
            if known(account) and account != "default":
                found = self.missing(self.project.accounts, lambda a, name=account: _same(a.name, name))
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
    def powers(self) -> list[BindingRecord]:
        """Bindings that give an account of its pods the power to take over the cluster."""
        return [
            binding
            for binding in self.project.bindings
            if binding.powerful and any(binding.is_for(account, self.namespace) for account in self.accounts)
        ]


class AccountRecord(ObjectRecord):
    """A ServiceAccount."""


class RoleRecord(ObjectRecord):
    """A Role or ClusterRole."""

    powers: list[Any] = field(None, "rights that lead to the whole cluster")


class BindingRecord(ObjectRecord):
    """A RoleBinding or ClusterRoleBinding."""

    accounts: list[Any] = field(None, "accounts that it is for: namespace and name")
    roleKind: str | None = field(None, "kind of its role")
    roleName: str | None = field(None, "name of its role")

    @fact
    def powerful(self) -> bool:
        """Whether its role, cluster-wide, leads to the whole cluster."""
        if self.kind != "ClusterRoleBinding":
            return False
        if self.roleName == "cluster-admin":
            return True
        return any(
            r.kind == self.roleKind and _same(r.name, self.roleName) is True and r.powers
            for r in self.project.roles
        )

    def is_for(self, account: Any, namespace: Any) -> bool:
        """Whether it names an account of a namespace."""
        return any(
            known(account) and name == account and (not known(namespace) or space in (None, namespace))
            for space, name in self.accounts
            if space is not UNKNOWN and name is not UNKNOWN
        )


class RouteRecord(ObjectRecord):
    """An Ingress or a route of the Gateway API."""

    backends: list[Any] = field(None, "names of the Services that it leads to")

    @fact
    def deadEnd(self) -> str | None:
        """The name of a Service that the scan does not have, though it has others beside it."""
        for name in self.backends:
            found = self.missing(self.project.services, lambda service, want=name: _same(service.name, want))
            if known(name) and found is True:
                return str(name)
        return None


class MonitorRecord(ObjectRecord):
    """A ServiceMonitor."""

    selector: Any = field(None, "labels of the Services that it reads")

    @fact
    def dangling(self) -> bool:
        """Whether no Service of the scan has the labels that it selects."""
        return self.missing(
            self.project.services, lambda service: selects(self.selector, _look(service.labels))
        )


class SettingsRecord(ObjectRecord):
    """A Secret or ConfigMap."""

    keys: list[Any] = field(None, "keys of its data")

    def offers(self, kind: str, name: str, key: Any) -> Any:
        """Whether it is that object and has that key; an unknown key may be any."""
        if self.kind != kind:
            return False
        named = _same(self.name, name)
        if named is not True or key is None or key is UNKNOWN:
            return named
        return True if any(k is not UNKNOWN and k == key for k in self.keys) else UNKNOWN if any(
            k is UNKNOWN for k in self.keys
        ) else False  # fmt: skip


def _same(one: Any, two: Any) -> Any:
    return UNKNOWN if one is UNKNOWN or two is UNKNOWN else one == two


def _pod_label(labels: Mapping[str, Any]) -> Any:
    """Look-up of a pod's label; controllers add some that no file shows."""
    return lambda key: labels.get(key, UNKNOWN if _BY_CONTROLLER.match(str(key)) else None)


def _look(labels: Any) -> Any:
    return labels.get if isinstance(labels, Mapping) else (lambda _: UNKNOWN)
