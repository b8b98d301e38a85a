"""The fields of a pod spec, wherever a kind keeps it, and what they say by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.kubernetes.container import Container
from linter.formats.kubernetes.kinds import Template
from linter.formats.kubernetes.nodepaths import LOGS_OF_CONTAINERS
from linter.formats.kubernetes.part import Metadata, Part, known_items, unsure
from linter.formats.kubernetes.resources import Resources
from linter.formats.kubernetes.scheduling import Affinity, Toleration
from linter.formats.kubernetes.security import PodSecurityContext
from linter.formats.kubernetes.selectors import selects
from linter.formats.kubernetes.volume import Volume
from linter.formats.model import Place, fact, field, remembered
from linter.formats.node import Node, Step
from linter.formats.nodemodel import NodeModel, locate_node

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest

_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_APPARMOR_CONTAINER = "container.apparmor.security.beta.kubernetes.io/"
_PROFILES = {
    "unconfined": "Unconfined",
    "runtime/default": "RuntimeDefault",
    "docker/default": "RuntimeDefault",
}


_ALWAYS_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")


class PodOS(Part):
    """The operating system of a pod."""

    name: str | None = field(None, "linux or windows")


class DnsConfig(Part):
    """Resolver settings."""

    nameservers: list[str] = field(None, "addresses of name servers")
    searches: list[str] = field(None, "search domains")
    options: list[Any] = field(None, "resolver options")


class PodBase(Part):
    """A pod's fields, and where it stands."""

    containers: list[Container] = field(None, "app containers")
    initContainers: list[Container] = field(None, "containers that run before, and sidecars")
    ephemeralContainers: list[Container] = field(None, "debugging containers added to a running pod")
    volumes: list[Volume] = field(None, "volumes that containers can mount")
    securityContext: PodSecurityContext = field(None, "security settings of all containers")
    hostNetwork: bool = field(False, "use the node's network")
    hostPID: bool = field(False, "see the node's processes")
    hostIPC: bool = field(False, "use the node's IPC namespace")
    hostUsers: bool | None = field(None, "false runs the pod in a user namespace of its own")
    shareProcessNamespace: bool = field(False, "containers see each other's processes")
    serviceAccountName: str | None = field(None, "account that the pod acts as")
    serviceAccount: str | None = field(None, "deprecated alias of serviceAccountName")
    automountServiceAccountToken: bool | None = field(
        None, "mount the account's token; unset asks the account"
    )
    restartPolicy: str = field("Always", "Always, OnFailure or Never")
    terminationGracePeriodSeconds: int = field(30, "seconds between the stop signal and the kill")
    activeDeadlineSeconds: int | None = field(None, "seconds until the pod is ended")
    nodeName: str | None = field(None, "node, set by hand")
    nodeSelector: dict[str, str] = field(None, "labels that the node must have")
    tolerations: list[Toleration] = field(None, "taints that the pod puts up with")
    affinity: Affinity = field(None, "where to put the pod")
    topologySpreadConstraints: list[Any] = field(None, "how to spread the pods")
    priorityClassName: str | None = field(None, "priority class")
    runtimeClassName: str | None = field(None, "runtime class, such as gvisor, kata or nvidia")
    schedulerName: str | None = field(None, "scheduler")
    imagePullSecrets: list[Any] = field(None, "credentials for the registries")
    hostAliases: list[Any] = field(None, "entries of /etc/hosts")
    dnsPolicy: str = field("ClusterFirst", "how names are resolved")
    dnsConfig: DnsConfig = field(None, "resolver settings")
    enableServiceLinks: bool = field(True, "put Services into the environment")
    resources: Resources = field(None, "resources of the pod as a whole")
    resourceClaims: list[Any] = field(None, "device claims")
    os: PodOS = field(None, "operating system")

    def __init__(
        self, document: Document, node: Node | None, parent: NodeModel | None = None, step: Step | None = None,
        *, open_: bool = False, template: Template | None = None,
    ) -> None:  # fmt: skip
        super().__init__(document, node, parent, step, open_=open_)
        self.template = template

    @remembered
    def manifest(self) -> Manifest:
        found: Any = self.parent
        return found

    @remembered
    def address(self) -> str:
        steps = self.template.steps if self.template is not None else ("spec",)
        return f"{self.manifest.address}#{''.join(f'/{step}' for step in steps)}"

    @property
    def doubtful(self) -> bool:
        return self.template is not None and self.template.kind.guessed

    @fact
    def metadata(self) -> Metadata:
        """Metadata of the pod's template; of the Pod itself when it is one."""
        node = self.template.metadata if self.template is not None else None
        return Metadata(self.document, node, self, "metadata", open_=self.open)

    @fact
    def title(self) -> str:
        """What to call it in a message: `Pod 'x'`, or `The pod of Deployment 'x'`."""
        manifest = self.manifest
        if self.template is not None and self.template.at.role == "values":
            return f"The pod that '{'.'.join(map(str, self.template.steps)) or 'values'}' describes"
        named = f"{manifest.type_key} '{manifest.name}'"
        return named if manifest.type_key == "Pod" else f"The pod of {named}"

    @fact
    def labels(self) -> dict[str, str]:
        """Labels of the pods."""
        return self.metadata.labels

    @fact(at="affinity")
    def avoidsOnlyOthers(self) -> bool:
        """Whether it has an anti-affinity, and none of its selectors fits the pod itself."""
        if unsure(self.metadata.labels) or self.affinity.podAntiAffinity is UNKNOWN:
            return UNKNOWN
        fits = [selects(s, lambda key: self.metadata.entry("labels", key)) for s in self.affinity.avoided()]
        if any(verdict is True for verdict in fits) or not fits:
            return False
        return UNKNOWN if any(verdict is UNKNOWN for verdict in fits) else True

    @fact(at="os.name")
    def windows(self) -> bool:
        """Whether it runs on Windows, by spec.os, by its node selector or by a required node affinity."""
        if unsure(self.os.name):
            return UNKNOWN
        selector = self.nodeSelector
        if self.os.name == "windows" or selector is UNKNOWN:
            return self.os.name == "windows"
        return "windows" in (selector.get("kubernetes.io/os"), selector.get("beta.kubernetes.io/os")) or (
            self.affinity.node is not None and self.affinity.windowsOnly
        )

    @fact(at="serviceAccountName")
    def account(self) -> str:
        """The account that the pod acts as; `default` when none is named."""
        for name in (self.serviceAccountName, self.serviceAccount):
            if name is UNKNOWN or name:
                return name
        return "default"

    @fact
    def everyContainer(self) -> list[Container]:
        """App, init and ephemeral containers in one list."""
        result: list[Any] = []
        for values in (self.initContainers, self.containers, self.ephemeralContainers):
            result += [UNKNOWN] if values is UNKNOWN else values
        return result

    @fact
    def lifetime(self) -> str:
        """`service` (runs until told to stop), `batch` (runs to completion) or `node` (one on each node)."""
        kind = self.template.kind.lifetime if self.template is not None else "service"
        ends = self.restartPolicy is not UNKNOWN and self.restartPolicy in ("Never", "OnFailure")
        if kind == "service" and self.manifest.type_key == "HelmValues" and self._collects_logs():
            return "node"  # values don't say of which kind their pod is
        return "batch" if kind == "service" and ends else kind

    def _collects_logs(self) -> bool:
        paths = {volume.hostPath.normal for volume in known_items(self.volumes) if volume.hostPath}
        return not paths.isdisjoint(LOGS_OF_CONTAINERS)

    @fact(at="restartPolicy")
    def restartPolicyInvalid(self) -> bool:
        """Whether the API server refuses its restart policy for its kind."""
        workload = self.manifest
        policy = self.restartPolicy
        if unsure(policy) or unsure(workload.group):
            return UNKNOWN
        if workload.group == "batch":
            return policy == "Always"
        return (
            workload.type_key in _ALWAYS_KINDS
            and workload.group in ("apps", "", "extensions")
            and policy != "Always"
        )

    @fact
    def completed(self) -> bool:
        """Whether a controller fills in fields such as probes, so that their absence says nothing."""
        return self.template is not None and self.template.kind.completed

    @remembered
    def volume_named(self) -> Mapping[Any, Volume]:
        """The volumes by name; the first of several of one name."""
        found: dict[Any, Volume] = {}
        for volume in known_items(self.volumes):
            if isinstance(volume.name, str):
                found.setdefault(volume.name, volume)
        return found

    @remembered
    def known_containers(self) -> Sequence[Container]:
        """Its containers, those that are known."""
        return list(known_items(self.everyContainer))

    def annotated(self, fact: str, container: Container) -> Any:
        """What annotations say of a profile before there were fields for it, by the name of the fact that has it."""
        for key in _profile_keys(fact, container):
            value = self.metadata.entry("annotations", key)
            if value is not None:
                if value is UNKNOWN or value.startswith("localhost/"):
                    return value if value is UNKNOWN else "Localhost"
                return _PROFILES.get(value, value)
        return None

    def place_of_annotation(self, fact: str, container: Container) -> Place | None:
        """Where they say it; None: nowhere."""
        keys = _profile_keys(fact, container)
        places = (self.metadata.locate(("annotations", key)) for key in keys)
        return next((place for place in places if not place.absent), None)

    def place(self) -> Place:
        manifest = self.manifest.node
        if self.template is None or manifest is None:
            return super().place()
        return locate_node(manifest, self.template.steps)


def _profile_keys(fact: str, container: Container) -> tuple[str, ...]:
    """The annotations that say of a container what a fact has, the first that is there counts."""
    if fact == "seccompType":
        return f"{_SECCOMP_CONTAINER}{container.name}", _SECCOMP_POD
    return (f"{_APPARMOR_CONTAINER}{container.name}",) if fact == "appArmorType" else ()
