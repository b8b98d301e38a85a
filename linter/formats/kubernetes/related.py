"""Workloads, Services, policies, budgets and settings of a scan, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.image import ImageRef
from linter.formats.kubernetes.doors import left_out
from linter.formats.kubernetes.lookup import BY_CONTROLLER, Group
from linter.formats.kubernetes.objectrecord import EVERYWHERE, ObjectRecord, of_name, same_value
from linter.formats.kubernetes.part import both, either, known, negate, same, unsure
from linter.formats.kubernetes.rights import BindingRecord, token_of_bound
from linter.formats.kubernetes.selectors import selects
from linter.formats.model import fact, field
from linter.patterns import lazy_regex

SCALER = "k8s-scaler"  # the type of the record of what scales workloads and is no HorizontalPodAutoscaler
_OVER_ALL = lazy_regex(r"10[1-9]%|1[1-9]\d%|[2-9]\d\d%")
# Services by which a monitoring system finds the pods that it asks for their figures, each by its own address
_OF_METRICS = lazy_regex(r"(?:.*[-_.])?metrics(?:[-_.](?:svc|service|headless))?")
# kinds of which nobody but who writes them makes a Service
_WITHOUT_SERVICES = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_COUNTED = ("Deployment", "StatefulSet", "ReplicaSet", "DeploymentConfig")
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")


class AutoscalerRecord(ObjectRecord):
    """A HorizontalPodAutoscaler."""

    targetKind: str | None = field(None, "kind of what it scales")
    targetName: str | None = field(None, "name of what it scales")
    minReplicas: int = field(1, "fewest pods")

    @fact
    def targetMissing(self) -> bool:
        """Whether no object of the scan is its target."""
        return self.missing(self.project.workloads, self.targets, self._named)

    @fact
    def targetNowhere(self) -> bool:
        """Whether nothing that is scanned is its target, and no workload stands in its folder."""
        return (
            self.targetKind in _SCALED
            and known(self.targetName)
            and self.nowhere(self.project.workloads, self.targets, self._named)
        )

    def _named(self, workloads: Group[WorkloadRecord]) -> Sequence[WorkloadRecord] | None:
        return workloads.having("name", self.targetName)

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
        beside = self.beside(self.project.workloads, lambda group: group.fitting(self.selector))
        found = [w for w in beside if w.selected_by(self.selector) is True]
        # among samples of one name, the one of the same file is meant
        return [w for w in found if w.path == self.path] or found

    @fact
    def idle(self) -> bool:
        """Whether it surely selects no pod of the scan."""
        found = self.project.group(self.project.workloads).fitting(self.selector)
        if found is None:
            return UNKNOWN
        return either(*(w.selected_by(self.selector) for w in self.sharing(found))) is False

    @fact
    def exceedsMinimum(self) -> bool:
        """Whether it wants more pods to stay than an autoscaler of the same workload may leave."""
        low = [scaler.minReplicas for workload in self.workloads for scaler in workload.autoscalers]
        if isinstance(self.minAvailable, str):
            return bool(low) and (_OVER_ALL.fullmatch(self.minAvailable) is not None)
        return type(self.minAvailable) is int and any(known(n) and self.minAvailable > n for n in low)

    @fact
    def keepsAll(self) -> bool:
        """Whether it wants as many pods to stay as a workload has; none, of one without replicas, keeps nobody."""
        if type(self.minAvailable) is not int or self.minAvailable <= 0:
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
        return self.missing(*self._selected)

    @fact
    def danglingAlone(self) -> bool:
        """Whether it selects by labels, nothing that is scanned has them, and no workload stands in its folder."""
        if self.selector is UNKNOWN or not self.selector:
            return False
        return self.nowhere(*self._selected)

    @property
    def _selected(self) -> tuple[Sequence[WorkloadRecord], Any, Any]:
        return selected(self.project, self.selector)

    @fact
    def peerNowhere(self) -> bool:
        """Whether it lets through pods by labels that no workload that is scanned has."""
        for selector in self.peers:
            if selector is UNKNOWN or not selector:
                continue
            found = self.project.group(self.project.workloads).fitting(selector)
            if found is None:
                return UNKNOWN
            if all(w.selected_by(selector) is False for w in self.sharing(found)):
                return True
        return False

    @property
    def reach(self) -> str | None:
        """The namespace that it may be about as a whole; EVERYWHERE for any, None for none."""
        if self.kind == "CiliumClusterwideNetworkPolicy":
            return EVERYWHERE if self.selector is UNKNOWN or not any(self.selector.values()) else None
        return str(self.namespace) if known(self.namespace) else EVERYWHERE


class NamespaceRecord(ObjectRecord):
    """A Namespace."""

    enforced: bool = field(False, "whether it enforces a Pod Security Standard")
    ofManager: bool = field(False, "whether kubebuilder's label says that its operator is in it")

    @fact
    def scaffold(self) -> bool:
        """Whether it is what kubebuilder wrote for `make deploy`, while others get the operator as a chart.

        A bundle that is scanned, such as dist/install.yaml, has the namespace for those who install that.
        """
        if not self._in_config or not self.project.operator_charts:
            return False
        return all(other._in_config for other in self.project.namespaces if other.ofManager is True)

    @property
    def _in_config(self) -> bool:
        return self.ofManager is True and "config" in self.folder.split("/")

    @fact
    def unpoliced(self) -> bool:
        """Whether no network policy that is scanned is, or may be, about pods in it."""
        if not known(self.name):
            return UNKNOWN
        policed = self.project.policed
        return policed is not None and self.name not in policed


class ServiceRecord(ObjectRecord):
    """A Service."""

    selector: Any = field(None, "labels of the pods behind it")
    ports: list[Any] = field(None, "numbers and names of its ports")
    targets: list[Any] = field(None, "numbers and names of the ports of pods that it sends requests to")
    headless: bool = field(False, "without an address of its own")
    external: bool = field(False, "stands for a name outside")
    labels: Any = field(None, "its own labels")

    @fact
    def selectsNothing(self) -> bool:
        """Whether it has a selector, and no pod of the scan has those labels."""
        if self.selector is UNKNOWN or not self.selector or self.external is not False:
            return False
        return self.missing(*selected(self.project, self.selector))

    @fact
    def selectsNowhere(self) -> bool:
        """Whether it has a selector, nothing that is scanned has those labels, and no workload stands in its folder."""
        if self.selector is UNKNOWN or not self.selector or self.external is not False:
            return False
        return self.nowhere(*selected(self.project, self.selector))


class PoolRecord(ObjectRecord):
    """An InferencePool: a gateway sends requests to the pods that it selects, without a Service."""

    selector: Any = field(None, "labels of its pods")


class WorkloadRecord(ObjectRecord):
    """An object that carries pods."""

    pods: list[Any] = field(None, "labels of its pods, by template")
    accounts: list[Any] = field(None, "accounts of its pods")
    tokens: list[Any] = field(None, "of its pods: whether they say that they get the token of their account")
    replicas: Any = field(None, "number of pods, when it is written")
    suspended: Any = field(None, "whether its schedule starts nothing for now, when it is written")
    references: list[Any] = field(None, "Secrets and ConfigMaps that it can't do without")
    service: str | None = field(None, "of a StatefulSet: its Service")
    doors: list[Any] = field(None, "of its pods with several containers: ports of each, see `doors`")
    service_lifetime: bool = field(False, "whether its pods run until told to stop")
    images: dict[str, Any] = field(None, "images of its containers as written, by the container's name")
    shown: list[str] = field(None, "containers that only show that something runs")
    started: list[str] = field(None, "containers with a startup probe")
    restarted: list[str] = field(None, "containers whose liveness probe asks what the startup probe does")
    in_vain: list[str] = field(None, "parts of its pods that add nothing to a container with the whole node")
    entered: list[str] = field(
        None, "its pods whose node a privileged container enters, while no other works"
    )
    api_gone: bool = field(False, "whether no maintained release of Kubernetes has its API version")
    for_node: list[str] = field(
        None, "containers that the API asks to be privileged, as they mount for their node"
    )

    def selected_by(self, selector: Any) -> Any:
        """Whether a selector fits one of its pods."""
        verdict: Any = False
        for labels in self.pods:
            fits = selects(selector, _pod_label(labels)) if isinstance(labels, dict) else UNKNOWN
            if fits is True:
                return True
            verdict = verdict if fits is False else UNKNOWN
        return verdict

    @fact
    def autoscalers(self) -> list[AutoscalerRecord]:
        """Autoscalers beside it that scale it."""
        beside = self.beside(self.project.autoscalers, lambda group: group.having("targetName", self.name))
        return [scaler for scaler in beside if scaler.targets(self) is True]

    def _selecting(self, group: Group[Any]) -> Sequence[Any] | None:
        return group.choosing(self.pods)

    @property
    def floor(self) -> Any:
        """The fewest pods that it is meant to have; UNKNOWN for kinds that do not count replicas."""
        if self.autoscalers:
            return min((s.minReplicas for s in self.autoscalers if known(s.minReplicas)), default=UNKNOWN)
        if self.kind not in _COUNTED:
            return UNKNOWN
        return 1 if self.replicas is None else self.replicas

    @fact
    def staticReplicas(self) -> bool:
        """Whether it writes a number of replicas although an autoscaler sets it.

        Of several of one name in a folder, as among samples, nobody knows which one is scaled.
        """
        if not known(self.replicas) or not self.autoscalers:
            return False
        here = self.project.group(self.project.workloads).at(self.folder).having("name", self.name)
        if here is None:
            return UNKNOWN
        return sum(same(item.kind, self.kind) and same(item.name, self.name) for item in here) == 1

    @fact
    def unprotected(self) -> bool:
        """Whether no disruption budget selects it though there are some: one that selects nothing, or several pods."""
        budgets = self.project.group(self.project.budgets)
        found = self._selecting(budgets)
        if found is None:
            return UNKNOWN
        if either(*(self.selected_by(b.selector) for b in self.sharing(found))) is not False:
            return False
        if type(self.floor) is not int:
            return False
        return self.floor > 1 or any(b.idle for b in budgets.at(self.folder).items)

    @fact
    def unisolated(self) -> bool:
        """Whether no network policy of the scan selects its pods, though there are policies beside it."""
        if self.pods and not isinstance(self.pods[0], Mapping):
            return UNKNOWN
        return self.missing(self.project.policies, self._is_selected, self._selecting)

    def _is_selected(self, chooser: PolicyRecord | BudgetRecord | ServiceRecord | PoolRecord) -> Any:
        return self.selected_by(chooser.selector)

    @fact
    def unisolatedAlone(self) -> bool:
        """Whether no network policy that is scanned selects its pods, and none stands in its folder."""
        if not self.pods or not isinstance(self.pods[0], Mapping):
            return UNKNOWN
        return self.nowhere(self.project.policies, self._is_selected, self._selecting)

    @fact
    def unisolatedByName(self) -> bool:
        """Whether no policy of exactly its namespace, `default` where none is written, surely selects its pods."""
        found = self._selecting(self.project.group(self.project.policies))
        if found is None:
            return UNKNOWN
        mine = self.namespace or "default"
        near = (
            p
            for p in found
            if (p.namespace or "default") == mine or p.kind == "CiliumClusterwideNetworkPolicy"
        )
        return negate(either(*(self.selected_by(policy.selector) for policy in near)))

    @fact
    def openDirection(self) -> str:
        """`Ingress` or `Egress` when the policies that select its pods limit only the other; else empty."""
        found = [
            p.directions
            for p in self.beside(self.project.policies, self._selecting)
            if self.selected_by(p.selector) is True
        ]
        limited = {direction for directions in found for direction in directions}
        left = {"Ingress", "Egress"} - limited
        return left.pop() if len(left) == 1 and UNKNOWN not in limited else ""

    @fact
    def unasked(self) -> bool:
        """Whether no Service that is scanned sends requests to its pods, though the project has Services.

        Of a chart all of its templates are there. What a controller may make Services for is asked.
        """
        if self.kind not in _WITHOUT_SERVICES or self.service is not None or not self.pods:
            return False
        if not all(isinstance(labels, Mapping) for labels in self.pods):
            return UNKNOWN
        if not self.project.services and "/templates/" not in self.path:
            return False  # they may all lie elsewhere
        for choosers in (self.project.services, self.project.pools):
            found = self._selecting(self.project.group(choosers))
            if found is None:
                return UNKNOWN
            if either(*(self._is_selected(chooser) for chooser in self._meant(found))) is not False:
                return False
        return True

    @property
    def scaled_down(self) -> bool:
        """Whether it has no pods, or its schedule starts none, and nothing that is scanned says otherwise: what scales
        it, or the patch of one of its overlays."""
        if self.suspended is not True:
            scalers = self.project.by_type.get(SCALER) or self.autoscalers
            if not known(self.replicas) or self.replicas != 0 or scalers:
                return False
        if not known(self.name):
            return True
        alike = self.project.group(self.project.workloads).having("name", self.name)
        return alike is not None and not any(self._is_started_by(one) for one in self.sharing(alike))

    def _is_started_by(self, patch: WorkloadRecord) -> bool:
        """Whether another is a patch of it, without containers, that gives it pods."""
        if patch.type_key != self.type_key or not known(patch.name) or patch.name != self.name:
            return False
        if not unsure(patch.images) and patch.images:
            return False
        return patch.suspended is False or (known(patch.replicas) and patch.replicas != 0)

    @property
    def demo(self) -> bool:
        """Whether all that it runs is known to show something and to do nothing else."""
        images, shown = self.images or {}, self.shown or ()
        return bool(images) and all(
            name in shown or (isinstance(image, str) and ImageRef(image).demo)
            for name, image in images.items()
        )

    @property
    def single(self) -> bool:
        """Whether it has one pod, and nothing that is scanned scales it."""
        scalers = self.project.by_type.get(SCALER) or self.autoscalers
        return (
            self.kind in _COUNTED and not unsure(self.replicas) and self.replicas in (None, 1) and not scalers
        )

    def moot(self, word: str, part: str) -> Any:
        name = part.rpartition("/")[2]
        image = (self.images or {}).get(name)
        if word == "own_user":
            return self.project.built.has_own_user(image)
        if word == "built_here":
            return self.project.built.is_local(image)
        if word == "started":
            return name in (self.restarted or ()) or (self.single and name in (self.started or ()))
        if word == "whole_node":
            return part in (self.in_vain or ())
        if word == "entered":
            return part in (self.entered or ())
        if word == "for_node":
            return part in (self.for_node or ())
        return super().moot(word, part) is True or (word == "unasked" and self._leaves_out(name))

    def _leaves_out(self, container: str) -> bool:
        """Whether Services send requests to its pods, and none to one of their containers."""
        if self.kind not in _WITHOUT_SERVICES or self.service is not None or len(self.doors) != 1:
            return False
        services, pools = (
            self._selecting(self.project.group(choosers))
            for choosers in (self.project.services, self.project.pools)
        )
        if services is None or pools is None:
            return False
        chart = self.path.partition("/templates/")[0] if "/templates/" in self.path else None
        asking = [
            one
            for one in self._meant(services)
            if self._is_selected(one) is not False
            and (chart is None or one.path.startswith(f"{chart}/templates/"))
        ]
        # who has the address of a pod from a Service without one of its own may ask at any port
        if not asking or any(one.headless is not False or unsure(one.targets) for one in asking):
            return False
        if any(self._is_selected(pool) is not False for pool in self.sharing(pools)):
            return False
        return left_out(self.doors[0], container, [target for one in asking for target in one.targets])

    def _meant(self, choosers: Sequence[Any]) -> list[Any]:
        """Those in its namespace that send it requests, and not only let its figures be read. One without a selector
        may get it from a kustomization, as its neighbours do; of a chart it has none."""
        return [
            one
            for one in self.sharing(choosers)
            if one.selector is UNKNOWN
            or one.selector
            or (one.folder == self.folder and "/templates/" not in one.path)
            if not (isinstance(one.name, str) and _OF_METRICS.fullmatch(one.name))
        ]

    @fact
    def unprotectedAlone(self) -> bool:
        """Whether it may have several pods, no budget that is scanned selects them, and none stands in its folder."""
        if (
            self.kind not in ("Deployment", "StatefulSet")
            or self.replicas in (0, 1)
            or self.replicas is UNKNOWN
        ):
            return False
        return self.nowhere(self.project.budgets, self._is_selected, self._selecting)

    @fact
    def accountNowhere(self) -> str | None:
        """An account of its pods that nothing scanned defines, where no account stands in its folder."""
        for account in self.accounts:
            named = known(account) and account != "default"
            if named and self.nowhere(*of_name(self.project.accounts, account)):
                return str(account)
        return None

    @fact
    def serviceNowhere(self) -> bool:
        """Whether it names a Service of its own that nothing that is scanned defines."""
        wanted = self.service
        if self.kind != "StatefulSet" or not known(wanted) or not wanted:
            return False
        services = self.project.group(self.project.services).having("name", wanted)
        if services is None:
            return UNKNOWN
        return not any(same_value(s.name, wanted) is True for s in self.sharing(services))

    @fact
    def unknownAccount(self) -> str | None:
        """An account of its pods that no object of the scan defines, though other accounts are beside it."""
        for account in self.accounts:
            named = known(account) and account != "default"
            if named and self.missing(*of_name(self.project.accounts, account)) is True:
                return str(account)
        return None

    @fact
    def missingReference(self) -> str | None:
        """A Secret or ConfigMap, or key in it, that it needs and the scan does not have, though others are there."""
        for kind, name, key in self.references:
            if known(name) and self.missing(*self._settings(kind, name, key)) is True:
                return f"{kind} '{name}'" + (f" with the key '{key}'" if key else "")
        return None

    @fact
    def missingReferenceAlone(self) -> str | None:
        """A Secret or ConfigMap that it needs and nothing that is scanned defines, where its folder holds none."""
        for kind, name, _ in self.references:
            if known(name) and self.nowhere(*self._settings(kind, name, None)):
                return f"{kind} '{name}'"
        return None

    def _settings(self, kind: str, name: str, key: Any) -> tuple[Sequence[SettingsRecord], Any, Any]:
        return (
            self.project.settings,
            lambda setting: setting.offers(kind, name, key),
            lambda group: group.having("name", name),
        )

    @fact
    def boundToken(self) -> str | None:
        """An account with rights whose token its pods get."""
        return token_of_bound(self)

    @fact
    def powers(self) -> list[BindingRecord]:
        """Bindings that give an account of its pods the power to take over the cluster."""
        by_name = self.project.binding_accounts
        found = {
            number: b for account in self.accounts if known(account) for number, b in by_name.get(account, ())
        }
        if not self.project.spend(len(found)):
            return []
        return [
            b
            for _, b in sorted(found.items())
            if any(b.is_for(account, self.namespace) for account in self.accounts)
        ]


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


def selected(project: Any, selector: Any) -> tuple[Sequence[WorkloadRecord], Any, Any]:
    """Workloads, what says of one whether a selector fits it, and what leaves out those that it surely does not."""
    return (
        project.workloads,
        lambda workload: workload.selected_by(selector),
        lambda group: group.fitting(selector),
    )


def _pod_label(labels: Mapping[str, Any]) -> Any:
    """Look-up of a pod's label; controllers add some that no file shows."""
    return lambda key: labels[key] if key in labels else _unwritten(str(key))


@lru_cache(maxsize=1000)
def _unwritten(key: str) -> Any:
    return UNKNOWN if BY_CONTROLLER.match(key) else None
