"""All manifests that are scanned together: the one subject of rules across files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar

from linter.formats.built import SOURCES, Built
from linter.formats.document import Document
from linter.formats.kubernetes.admission import SecurityPolicyRecord, WebhookRecord
from linter.formats.kubernetes.ai_project import AiProject
from linter.formats.kubernetes.kueue import Kueue
from linter.formats.kubernetes.limitranges import LimitRangeRecord
from linter.formats.kubernetes.lookup import Group
from linter.formats.kubernetes.objectrecord import EVERYWHERE, ObjectRecord, may_be_one
from linter.formats.kubernetes.related import (
    AutoscalerRecord,
    BudgetRecord,
    NamespaceRecord,
    PolicyRecord,
    PoolRecord,
    ServiceRecord,
    SettingsRecord,
    WorkloadRecord,
)
from linter.formats.kubernetes.rights import AccountRecord, BindingRecord, RoleRecord, chart_of
from linter.formats.kubernetes.routes import ControllerRecord, MonitorRecord, RouteRecord
from linter.formats.model import fact
from linter.formats.records import Data, Project, ProjectContext
from linter.text import SourceText

T = TypeVar("T", bound=ObjectRecord)
# what other files may say of an object, which is a fact of that name, and where such objects are
_OF_WORKLOADS = (
    "unasked",
    "own_user",
    "built_here",
    "scaled_down",
    "demo",
    "started",
    "whole_node",
    "entered",
    "for_node",
    "memory_given",
    "api_gone",
)
_OF_ROLES = dict.fromkeys(("unbound", "had_anyway", "of_own_secrets", "bound_within"), "roles")
_MOOT = (
    _OF_ROLES | {"scaffold": "namespaces", "sent_on": "ingresses"} | dict.fromkeys(_OF_WORKLOADS, "workloads")
)
MAX_PAIRS = 1_000_000  # of objects that are compared in one scan, after look-ups: some two seconds


class KubernetesProject(Project):
    """All manifests of a scan."""

    def __init__(self, found: Sequence[Data], context: ProjectContext) -> None:
        super().__init__(found, context, "kubernetes")
        self._groups: dict[int, Group[Any]] = {}
        self._places: dict[str, dict[str, list[ObjectRecord]]] = {}
        self._addresses: dict[str, dict[tuple[str, str], list[ObjectRecord]]] = {}
        self._templates: dict[str, dict[tuple[str, str], list[ObjectRecord]]] = {}
        self._pairs = 0  # of objects that were compared

    @fact
    def workloads(self) -> list[WorkloadRecord]:
        """Objects that carry pods."""
        return self.all_of("k8s-workload", WorkloadRecord)

    @fact
    def ai(self) -> AiProject:
        """AI workloads and what stands around them."""
        return AiProject(self)

    @fact
    def kueue(self) -> Kueue:
        """Queues of Kueue, and the workloads that name them."""
        return Kueue(self)

    @fact
    def services(self) -> list[ServiceRecord]:
        """Services."""
        return self.all_of("k8s-service", ServiceRecord)

    @fact
    def pools(self) -> list[PoolRecord]:
        """Pools of model servers that a gateway chooses from."""
        return self.all_of("k8s-pool", PoolRecord)

    @fact
    def policies(self) -> list[PolicyRecord]:
        """Network policies."""
        return self.all_of("k8s-policy", PolicyRecord)

    @fact
    def budgets(self) -> list[BudgetRecord]:
        """Disruption budgets."""
        return self.all_of("k8s-budget", BudgetRecord)

    @fact
    def autoscalers(self) -> list[AutoscalerRecord]:
        """Autoscalers."""
        return self.all_of("k8s-autoscaler", AutoscalerRecord)

    @fact
    def ingresses(self) -> list[RouteRecord]:
        """Ingresses."""
        return self.all_of("k8s-ingress", RouteRecord)

    @cached_property
    def controllers_of(self) -> dict[Any, list[ControllerRecord]]:
        """Releases of controllers of Ingresses by the class that they serve; EVERYWHERE: that may be any."""
        found: dict[Any, list[ControllerRecord]] = {}
        for one in self.all_of("k8s-ingress-controller", ControllerRecord):
            found.setdefault(one.serves if isinstance(one.serves, str) else EVERYWHERE, []).append(one)
        return found

    @fact
    def routes(self) -> list[RouteRecord]:
        """Routes of the Gateway API."""
        return self.all_of("k8s-route", RouteRecord)

    @fact
    def monitors(self) -> list[MonitorRecord]:
        """ServiceMonitors."""
        return self.all_of("k8s-monitor", MonitorRecord)

    @fact
    def accounts(self) -> list[AccountRecord]:
        """Service accounts."""
        return self.all_of("k8s-account", AccountRecord)

    @fact
    def roles(self) -> list[RoleRecord]:
        """Roles and cluster roles."""
        return self.all_of("k8s-role", RoleRecord)

    @fact
    def bindings(self) -> list[BindingRecord]:
        """Bindings of roles."""
        return self.all_of("k8s-binding", BindingRecord)

    @cached_property
    def roles_named(self) -> dict[Any, dict[Any, list[RoleRecord]]]:
        """Roles by their names, where these are known, and their kinds."""
        found: dict[Any, dict[Any, list[RoleRecord]]] = {}
        for role in self.roles:
            if isinstance(role.name, str):
                found.setdefault(role.name, {}).setdefault(role.kind, []).append(role)
        return found

    @cached_property
    def given(self) -> frozenset[str]:
        """Names of roles that bindings give, as far as they are known."""
        return frozenset(str(b.roleName) for b in self.bindings if b.names_role)

    @cached_property
    def _written(self) -> frozenset[tuple[str, str]]:
        """Names of ClusterRoles as the templates of a chart write them, with the chart."""
        return frozenset((chart_of(role), role.nameWritten) for role in self.roles if role.nameWritten)

    def is_written(self, chart: str, name: str) -> bool:
        """Whether a template of a chart writes a name of a ClusterRole so."""
        return (chart, name) in self._written

    @cached_property
    def giving_any(self) -> frozenset[str]:
        """Folders of which a binding may give any role; EVERYWHERE for that of the whole tree.

        One of a chart gives the chart's own, and one of a module of Terraform that of its folder.
        """
        found = [b for b in self.bindings if not b.names_role and "/templates/" not in b.path]
        return frozenset(b.folder if b.path.endswith(".tf") else EVERYWHERE for b in found)

    @cached_property
    def sums(self) -> bool:
        """Whether a role takes its rules from others."""
        return any(role.sums is not False for role in self.roles)

    @cached_property
    def policed(self) -> frozenset[Any] | None:
        """Namespaces that network policies may be about as a whole; None where one may be about any."""
        found = {policy.reach for policy in self.policies}
        return None if EVERYWHERE in found else frozenset(found)

    @cached_property
    def binding_accounts(self) -> dict[Any, list[tuple[int, BindingRecord]]]:
        """Powerful bindings with their numbers, by the names of the accounts that they are for."""
        found: dict[Any, list[tuple[int, BindingRecord]]] = {}
        for number, binding in enumerate(self.powerful):
            for name in {name for _, name in binding.accounts if isinstance(name, str)}:
                found.setdefault(name, []).append((number, binding))
        return found

    @fact
    def powerful(self) -> list[BindingRecord]:
        """Those that give the power to take over the cluster."""
        return [binding for binding in self.bindings if binding.powerful]

    @fact
    def namespaces(self) -> list[NamespaceRecord]:
        """Namespaces."""
        return self.all_of("k8s-namespace", NamespaceRecord)

    @fact
    def securityPolicies(self) -> list[SecurityPolicyRecord]:
        """PodSecurityPolicies of old clusters."""
        return self.all_of("k8s-psp", SecurityPolicyRecord)

    @fact
    def webhooks(self) -> list[WebhookRecord]:
        """Configurations of admission webhooks."""
        return self.all_of("k8s-webhook", WebhookRecord)

    @fact
    def settings(self) -> list[SettingsRecord]:
        """Secrets and ConfigMaps."""
        return self.all_of("k8s-settings", SettingsRecord)

    @cached_property
    def operator_charts(self) -> frozenset[str]:
        """Folders of charts that run a program and give it rights of its own."""
        running, ruling = (
            {record.path.partition("/templates/")[0] for record in records if "/templates/" in record.path}
            for records in (self.workloads, self.roles)
        )
        return frozenset(running & ruling)

    def _of_file(self, kind: str, path: str) -> Sequence[ObjectRecord]:
        """Objects of one of the lists that are in a file."""
        found = self._places.get(kind)
        if found is None:
            found = self._places[kind] = {}
            for item in getattr(self, kind):
                found.setdefault(item.path, []).append(item)
        return found.get(path, ())

    def _by_address(self, kind: str) -> dict[tuple[str, str], list[Any]]:
        """The objects of one of the lists by their file and address."""
        found = self._addresses.get(kind)
        if found is None:
            found = self._addresses[kind] = {}
            for item in getattr(self, kind):
                found.setdefault((item.path, item.address), []).append(item)
        return found

    def _of_templates(self, kind: str) -> dict[tuple[str, str], list[Any]]:
        """The objects of one of the lists that charts make, by the folder of their templates and their address."""
        found = self._templates.get(kind)
        if found is None:
            found = self._templates[kind] = {}
            for item in getattr(self, kind):
                if templates := _templates_of(item.path):
                    found.setdefault((templates, item.address), []).append(item)
        return found

    def is_moot(self, word: str, path: str, subject: str) -> bool:
        """`unasked`: no Service sends requests to the pods of the object, or to the container. `unbound`: nobody has
        the role. `had_anyway`: those who have it have the same by a ClusterRole. `of_own_secrets`: it reads Secrets of
        a namespace that is there for them. `bound_within`: RoleBindings alone give it. `scaffold`: a namespace is for
        developers alone. `own_user`: the project builds the image of a container for one. `built_here`: it builds it
        without a name for others. `scaled_down`: a workload has no pods, or its schedule is suspended. `demo`: it runs
        what shows something. `started`: pods which a startup probe keeps from requests, and that are the only one of
        their workload, or whose liveness probe asks the same. `whole_node`: of containers that have their node anyway.
        `entered`: of pods whose node one of their containers enters. `for_node`: of drivers and agents that the API
        asks to be privileged. `memory_given`: of containers to which a LimitRange of their namespace gives a limit of
        memory. `sent_on`: the controller sends all that an Ingress gets on to TLS. `api_gone`: the API refuses the
        object."""
        if word not in _MOOT:
            return False
        address, _, part = subject.partition("#")
        kind = _MOOT[word]
        # a kustomization that is not the only one of a file gave it another name; of a chart a named template in
        # another file may have written the part
        found = (
            self._by_address(kind).get((path, address))
            or [item for item in self._of_file(kind, path) if _named_like(item.address, address)]
            or self._of_templates(kind).get((_templates_of(path), address), [])
        )
        if word == "memory_given":
            namespace = address.split("/")[0] if address.count("/") > 1 else ""
            return bool(found) and all(self._is_given("memory", item, namespace) for item in found)
        return bool(found) and all(item.moot(word, part) is True for item in found)

    def _is_given(self, resource: str, workload: ObjectRecord, namespace: str) -> bool:
        """Whether a LimitRange gives a limit to what a workload runs in a namespace, also that of its kustomization."""
        ranges = self._limits_in.get(namespace, ()) if namespace else ()
        return self.spend(len(ranges)) and any(
            found.limits(resource, workload, namespace) for found in ranges
        )

    @cached_property
    def inhabited(self) -> frozenset[Any]:
        """Namespaces in which workloads are, as far as these are known."""
        return frozenset(one.namespace for one in self.workloads if isinstance(one.namespace, str))

    @cached_property
    def _limits_in(self) -> dict[Any, list[LimitRangeRecord]]:
        """LimitRanges by their namespaces, as far as these are known."""
        found: dict[Any, list[LimitRangeRecord]] = {}
        for one in self.all_of("k8s-limits", LimitRangeRecord):
            if isinstance(one.namespace, str):
                found.setdefault(one.namespace, []).append(one)
        return found

    @cached_property
    def is_program(self) -> bool:
        """Whether the tree has the source of a program at its top: others install what lies in it."""
        return any(self._has(name) for name in SOURCES)

    def _has(self, path: str) -> bool:
        try:
            self.context.text(path)
        except (OSError, KeyError):
            return False
        return True

    @cached_property
    def built(self) -> Built:
        """The images that Dockerfiles of the project are built to."""
        return Built(self)

    def group(self, objects: Sequence[Any]) -> Group[Any]:
        """One of the lists, with what its objects are found by."""
        found = self._groups.get(id(objects))  # the lists are facts: they live as long as the project
        if found is None:
            found = self._groups[id(objects)] = Group(objects, self.spend)
        return found

    def spend(self, count: int) -> bool:
        """Whether so many more pairs of objects may be compared: what belongs together grows with their square."""
        self._pairs += count
        if self._pairs <= MAX_PAIRS:
            return True
        if not self.limits:
            self.limits.append(
                "too many objects to say of each what belongs to it: rules across files are silent on some"
            )
        return False

    def all_of(self, kind: str, model: type[T]) -> list[T]:
        """The records of one type."""
        return [model(data, self) for data in self.by_type.get(kind, ())]


def _templates_of(path: str) -> str:
    """The folder of a chart's templates that a file is in; empty: it is in none."""
    above, templates, _ = f"/{path}".rpartition("/templates/")
    return above + templates


def _named_like(one: str, two: str) -> bool:
    """Whether two addresses are of one kind, and their names may be one."""
    kind, _, name = one.rpartition("/")
    other_kind, _, other_name = two.rpartition("/")
    return kind.rpartition("/")[2] == other_kind.rpartition("/")[2] and may_be_one(name, other_name)


def project(found: Sequence[Data], context: ProjectContext) -> Document:
    """Join the records of all manifests."""
    return Document(SourceText("", ""), "kubernetes", KubernetesProject(found, context))


def projects(document: Document) -> Iterator[tuple[KubernetesProject]]:
    """The one subject of rules across files."""
    yield (document.root,)
