"""The pod spec, wherever a kind keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.kubernetes.ai_pod import AiPod
from linter.formats.kubernetes.ai_pod_accelerators import PodAccelerators
from linter.formats.kubernetes.container import Container
from linter.formats.kubernetes.kinds import Template
from linter.formats.kubernetes.nodepaths import LOGS_OF_CONTAINERS
from linter.formats.kubernetes.part import Metadata, Part, known, known_items, same, unsure
from linter.formats.kubernetes.resources import Resources
from linter.formats.kubernetes.scheduling import Affinity, Toleration
from linter.formats.kubernetes.security import PodSecurityContext
from linter.formats.kubernetes.selectors import selects
from linter.formats.kubernetes.volume import Volume
from linter.formats.model import Place, fact, field, remembered
from linter.formats.node import Node, Step
from linter.formats.nodemodel import NodeModel, locate_node
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest

_OPENSHIFT = lazy_regex(
    r"^[^\S\n]*apiVersion: *[\"']?[\w.]*\.openshift\.io/|^[^\S\n]+(?:[\w-]+\.)?(?:opendatahub|openshift)\.io/[\w.-]+:"
    r"|registry\.redhat\.io/openshift4/|openshift-image-registry\.svc",
    re.MULTILINE,
)
_PLATFORM = lazy_regex(
    r"\bquay\.io/openshift(?:-release-dev)?/|registry\.redhat\.io/openshift4/|registry\.ci\.openshift\.org/"
)
_OF_CLOUDS = lazy_regex(r"(?:\A|-)cloud-controller-manager\Z|\Acloud-provider-for-[\w-]+\Z")
_KEEPALIVED = lazy_regex(r"(?:\A|[\s/;&])keepalived(?=\s|\Z)")
_BY_SSH = lazy_regex(r"(?:^|[/_.-])(?:forgejo|gitea|gogs|gitlab|gitolite|soft-serve|sftp\w*)(?:[/:@_.-]|\Z)")
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


def _runs(container: Container, program: str) -> bool:
    """Whether its name says that it runs a program and its image says nothing else: a name alone is soon given."""
    image = container.imageRef.name
    return container.name == program and (image is UNKNOWN or program in str(image))


_WATCHES = frozenset(
    ("suricata", "zeek", "snort", "snort3", "arkime")
)  # by what comes through a node's interfaces


def _runs_kind(container: Container, program: str) -> bool:
    """Whether its image, or its name where the image is not known, says that it runs one of several such programs."""
    image = container.imageRef.name
    return program in str(container.name if image is UNKNOWN else image)


def _program(container: Container) -> str:
    """The program that it starts, by its command; empty where that is not known."""
    words = container.words
    first = words[0] if words is not UNKNOWN and words else ""
    return first.rpartition("/")[2] if isinstance(first, str) else ""


def _announces(container: Container) -> bool:
    """Whether it starts keepalived, which announces addresses by the node's network."""
    words = container.words if container.words is not UNKNOWN else ()
    return any(isinstance(word, str) and _KEEPALIVED.search(word) is not None for word in words)


class PodSpec(Part):
    """A pod: what a kind's template asks the kubelet to run."""

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

    @fact
    def openshift(self) -> bool:
        """Whether it, or what stands in its file, is for OpenShift, which gives each container a user of its own."""
        text = self.document.text.text
        if "openshift" in self.document.path.rpartition("/")[0]:
            return True
        return ("openshift" in text or "opendatahub" in text) and _OPENSHIFT.search(text) is not None

    @fact(at="containers")
    def ofOpenshift(self) -> bool:
        """Whether it is a component of OpenShift itself, which sets no limits by its conventions."""
        return any(
            _PLATFORM.search(container.imageRef.label) is not None for container in self.known_containers
        )

    @fact(at="containers")
    def controlPlane(self) -> bool:
        """Whether it is a component of the control plane, or the controller of a cloud, which comes before networks."""
        return any(
            (known(container.component) and container.component not in ("kubelet", "kube-proxy"))
            or _runs_kind(container, "cloud-controller-manager")
            or _OF_CLOUDS.search(_program(container)) is not None
            for container in self.known_containers
        )

    @fact(at="containers")
    def gitServer(self) -> bool:
        """Whether it is a server of repositories or files that people ask by SSH, by its images, name or folder."""
        words = [
            self.manifest.name,
            self.document.path.lower(),
            *(c.imageRef.label for c in self.known_containers),
        ]
        return any(_BY_SSH.search(word) is not None for word in words)

    @remembered
    def registersPlugin(self) -> bool:
        """Whether it has the folder where plug-ins of the kubelet register themselves; each of its volumes asks."""
        return any("plugins_registry" in str(item.hostPath.label) for item in known_items(self.volumes))

    @fact(at="containers")
    def storageDriver(self) -> bool:
        """Whether it is what a storage driver has on each node, by the sidecar that makes it known to the kubelet."""
        if self.lifetime != "node" or not self.registersPlugin:
            return False
        return any(_runs_kind(container, "driver-registrar") for container in self.known_containers)

    @fact(at="volumes")
    def filtersPackets(self) -> bool:
        """Whether it has the kernel's BPF programs, or looks for intruders in the traffic, and runs on each node."""
        if self.lifetime != "node":
            return False
        if any(container.imageRef.name in _WATCHES for container in self.known_containers):
            return True
        return any("/sys/fs/bpf" in str(volume.hostPath.label) for volume in known_items(self.volumes))

    @fact(at="volumes")
    def servesDevices(self) -> bool:
        """Whether it is a device plug-in, or a storage driver, which mounts volumes for the node to see them."""
        if any("/device-plugins" in str(volume.hostPath.label) for volume in known_items(self.volumes)):
            return True
        mounts = (mount for one in self.known_containers for mount in known_items(one.volumeMounts))
        return any(mount.mountPropagation == "Bidirectional" for mount in mounts)

    @remembered
    def programs(self) -> frozenset[str]:
        """What it is called and what it runs, by the names of its object and its images."""
        images = (container.imageRef.label for container in self.known_containers)
        names = (image.partition("@")[0].rpartition("/")[2].partition(":")[0] for image in images)
        return frozenset((self.manifest.name, *names))

    @fact(at="containers")
    def nodeExporter(self) -> bool:
        """Whether it has what shows the state of its node: Prometheus' node exporter, by its image or, where that is
        not known, by its name, or kube-bench."""
        return any(
            container.imageRef.ofNodeExporter
            or container.imageRef.ofAudit
            or _runs(container, "node-exporter")
            for container in self.known_containers
        )

    @fact(at="volumes")
    def networkAgent(self) -> bool:
        """Whether it is the agent that gives the pods of its node their network, or announces their addresses."""
        plugins = any(volume.hostPath.ofNetworks is True for volume in known_items(self.volumes))
        return (plugins and self.lifetime == "node") or any(
            container.imageRef.ofNetworks or _runs(container, "kube-proxy") or _announces(container)
            for container in self.known_containers
        )

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
    def tokenOptOut(self) -> bool:
        """Whether the account of the pod, defined in the same file, keeps its token out of pods."""
        from linter.formats.kubernetes.objects import ServiceAccount

        for manifest in self.document.root.manifests:
            if isinstance(manifest, ServiceAccount) and manifest.metadata.name == self.account:
                return manifest.automountServiceAccountToken is False
        return False

    @fact
    def accountBound(self) -> bool:
        """Whether a binding in the same file gives its account rights, so that it needs its token."""
        from linter.formats.kubernetes.bindings import Binding

        return any(
            known(grantee.name) and grantee.name == self.account and self.account != "default"
            for manifest in self.document.root.manifests
            if isinstance(manifest, Binding)
            for grantee in known_items(manifest.subjects)
        )

    @fact
    def served(self) -> bool:
        """Whether a Service in the same file sends traffic to it, and not only monitoring."""
        from linter.formats.kubernetes.network import Service

        services = (m for m in self.document.root.manifests if isinstance(m, Service))
        return any(
            same(service.metadata.namespace, self.manifest.metadata.namespace)
            and service.spec.selector is not UNKNOWN
            and bool(service.spec.selector)
            and not service.measures
            and selects(service.spec.selector, lambda key: self.metadata.entry("labels", key)) is True
            for service in services
        )

    @fact
    def completed(self) -> bool:
        """Whether a controller fills in fields such as probes, so that their absence says nothing."""
        return self.template is not None and self.template.kind.completed

    @fact
    def accelerator(self) -> PodAccelerators:
        """The accelerators of its containers together."""
        return PodAccelerators(self)

    @fact
    def ai(self) -> AiPod:
        """What it is for, if it is an AI pod."""
        return AiPod(self)

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

    def annotated_seccomp(self, container: Container) -> Any:
        return self._annotated(_SECCOMP_CONTAINER + str(container.name), _SECCOMP_POD)

    def annotated_apparmor(self, container: Container) -> Any:
        return self._annotated(_APPARMOR_CONTAINER + str(container.name))

    def _annotated(self, *keys: str) -> Any:
        for key in keys:
            value = self.metadata.entry("annotations", key)
            if value is not None:
                if value is UNKNOWN or value.startswith("localhost/"):
                    return value if value is UNKNOWN else "Localhost"
                return _PROFILES.get(value, value)
        return None

    def place(self) -> Place:
        manifest = self.manifest.node
        if self.template is None or manifest is None:
            return super().place()
        return locate_node(manifest, self.template.steps)
