"""A pod, with what it is for: an application, an agent of its node, a part of the cluster itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_pod import AiPod
from linter.formats.kubernetes.ai_pod_accelerators import PodAccelerators
from linter.formats.kubernetes.container import Container
from linter.formats.kubernetes.part import known, known_items, same
from linter.formats.kubernetes.pod_base import PodBase
from linter.formats.kubernetes.selectors import selects
from linter.formats.kubernetes.valuesbeside import has_sidecar
from linter.formats.kubernetes.volume import VolumeMount
from linter.formats.model import fact, remembered
from linter.formats.node import Step
from linter.patterns import lazy_regex

_OPENSHIFT = lazy_regex(
    r"^[^\S\n]*apiVersion: *[\"']?[\w.]*\.openshift\.io/|^[^\S\n]+(?:[\w-]+\.)?(?:opendatahub|openshift)\.io/[\w.-]+:"
    r"|registry\.redhat\.io/openshift4/|openshift-image-registry\.svc|\bquay\.io/openshift/origin-cli\b",
    re.MULTILINE,
)
_PLATFORM = lazy_regex(
    r"\bquay\.io/openshift(?:-release-dev)?/|registry\.redhat\.io/openshift4/|registry\.ci\.openshift\.org/"
    r"|placeholder\.url\.oc\.will\.replace\.this\.org/"
)
_OF_CLOUDS = lazy_regex(r"(?:\A|-)cloud-controller-manager\Z|\Acloud-provider-for-[\w-]+\Z")
_NODES_ETCD = lazy_regex(r"(?:\A|[\s/=,\"'])(?:127\.0\.0\.1|localhost):2379(?!\d)")
_KEEPALIVED = lazy_regex(r"(?:\A|[\s/;&])keepalived(?=\s|\Z)")
# where the node exporter finds the folders of its node
_OF_EXPORTER = frozenset(("path.procfs", "path.sysfs", "path.rootfs"))
_READERS = frozenset(("nfd-worker",))  # it tells what its node has, by files that it only reads
# they look for intruders in what comes through a node's interfaces
_WATCHES = frozenset(("suricata", "zeek", "snort", "snort3", "arkime"))
_BY_SSH = lazy_regex(r"(?:^|[/_.-])(?:forgejo|gitea|gogs|gitlab|gitolite|soft-serve|sftp\w*)(?:[/:@_.-]|\Z)")
_REGISTRAR = "driver-registrar"
_VARIABLE = lazy_regex(r"\$\((\w+)\)")
# a folder of its own below the kubelet's, which is not where the pods' volumes are
_OF_KUBELET = lazy_regex(r"(/(?:[\w.-]+/){0,8}kubelet/(?!pods/)[\w.-]+/[\w.-]+)/[\w.-]+")
# `winnode`, `windowsNode`, `node-windows`, as charts call what is for the Windows nodes of a cluster
_WORD = lazy_regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WINDOWS = lazy_regex(r"win(?:dows)?(?:nodes?|agents?|daemonset)?")


def _is_of_windows(steps: Sequence[Step]) -> bool:
    """Whether keys of values lead to what is for Windows."""
    words = (word.lower() for step in steps if isinstance(step, str) for word in _WORD.findall(step))
    return any(_WINDOWS.fullmatch(word) is not None for word in words)


def _runs(container: Container, program: str) -> bool:
    """Whether its name says that it runs a program and its image says nothing else: a name alone is soon given."""
    image = container.imageRef.name
    return container.name == program and (image is UNKNOWN or program in str(image))


def _runs_kind(container: Container, program: str) -> bool:
    """Whether its image, or its name where the image is not known, says that it runs one of several such programs."""
    image = container.imageRef.name
    return program in str(container.name if image is UNKNOWN else image)


def _reads_node(container: Container) -> bool:
    """Whether its flags are those of Prometheus' node exporter, and its image is left to whoever installs it."""
    flags = container.flags
    unknown = container.imageRef.name is UNKNOWN or not container.imageRef.name
    return unknown and flags is not UNKNOWN and not _OF_EXPORTER.isdisjoint(flags)


def _program(container: Container) -> str:
    """The program that it starts, by its command; empty where that is not known."""
    words = container.words
    first = words[0] if words is not UNKNOWN and words else ""
    return first.rpartition("/")[2] if isinstance(first, str) else ""


def _registered_socket(container: Container) -> str:
    """The socket that it makes known to the kubelet, by node-driver-registrar's flag; empty where there is none."""
    flags = container.flags
    value = flags.get("kubelet-registration-path", "") if flags is not UNKNOWN else ""
    variable = _VARIABLE.fullmatch(value) if isinstance(value, str) else None
    if variable is None:
        return value if isinstance(value, str) else ""
    given = [item.value for item in known_items(container.env) if same(item.name, variable[1]) is True]
    return given[0] if given and isinstance(given[0], str) else ""


def _asks_etcd(container: Container) -> bool:
    """Whether its command or environment names etcd at the loopback."""
    words = container.words if container.words is not UNKNOWN else ()
    given = (*words, *(item.value for item in known_items(container.env)))
    return any(isinstance(text, str) and _NODES_ETCD.search(text) is not None for text in given)


def _sets_network(container: Container) -> bool:
    added = known_items(container.securityContext.capabilities.add)
    return any(isinstance(one, str) and one.upper().removeprefix("CAP_") == "NET_ADMIN" for one in added)


def _announces(container: Container) -> bool:
    """Whether it starts keepalived, which announces addresses by the node's network."""
    words = container.words if container.words is not UNKNOWN else ()
    return any(isinstance(word, str) and _KEEPALIVED.search(word) is not None for word in words)


class PodSpec(PodBase):
    """A pod: what a kind's template asks the kubelet to run."""

    @remembered
    def mounts(self) -> dict[Any, list[VolumeMount]]:
        """What its containers mount, by the names of volumes. Raises UnknownTruth where one of these is not known."""
        found: dict[Any, list[VolumeMount]] = {}
        for container in self.known_containers:
            for mount in known_items(container.volumeMounts):
                if mount.name is not None and bool(mount.name):
                    found.setdefault(mount.name, []).append(mount)
        return found

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
    def asksEtcd(self) -> bool:
        """Whether it asks etcd on the loopback of its node, as what saves or defragments it does."""
        containers = self.known_containers
        served = {port.containerPort for one in containers for port in known_items(one.ports)}
        return 2379 not in served and any(map(_asks_etcd, containers))

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

    @remembered
    def socketFolders(self) -> frozenset[str]:
        """The folders of the kubelet where it finds the sockets of the pod's drivers, as their registrars tell it."""
        if not self.registersPlugin:
            return frozenset()
        sockets = (_registered_socket(container) for container in self.known_containers)
        return frozenset(
            match[1] for socket in sockets if (match := _OF_KUBELET.fullmatch(socket)) is not None
        )

    @fact(at="containers")
    def ofHostProcesses(self) -> bool:
        """Whether its containers are processes of a Windows node, which have to have its network: of all that run there
        only those may have it. Values of a chart may say so by the name of the component alone."""
        system = self.nodeSelector.get("kubernetes.io/os") if isinstance(self.nodeSelector, dict) else None
        template = self.template
        values = template is not None and template.at.role == "values" and system is None
        if system == "windows" or (values and template is not None and _is_of_windows(template.steps)):
            return True
        containers = self.known_containers
        return bool(containers) and all(one.effective.hostProcess is True for one in containers)

    @fact(at="containers")
    def storageDriver(self) -> bool:
        """Whether it is what a storage driver has on each node, by the sidecar that makes it known to the kubelet."""
        template = self.template
        if template is not None and template.at.role == "values":
            return has_sidecar(self.manifest.node, template.steps, _REGISTRAR)
        if self.lifetime != "node" or not self.registersPlugin:
            return False
        return any(_runs_kind(container, _REGISTRAR) for container in self.known_containers)

    @fact(at="volumes")
    def filtersPackets(self) -> bool:
        """Whether it has the kernel's BPF programs, or looks for intruders in the traffic, and runs on each node."""
        if self.lifetime != "node":
            return False
        if any(container.imageRef.name in _WATCHES for container in self.known_containers):
            return True
        return any("/sys/fs/bpf" in str(volume.hostPath.label) for volume in known_items(self.volumes))

    @fact(at="containers")
    def setsNode(self) -> bool:
        """Whether it runs on each node to set its network, by the right to (`NET_ADMIN`)."""
        return self.lifetime == "node" and any(map(_sets_network, self.known_containers))

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
        not known, by its name or flags, or kube-bench, or node-feature-discovery's worker."""
        return any(
            container.imageRef.ofNodeExporter
            or container.imageRef.ofAudit
            or _runs(container, "node-exporter")
            or _program(container) in _READERS
            or _reads_node(container)
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
    def accelerator(self) -> PodAccelerators:
        """The accelerators of its containers together."""
        return PodAccelerators(self)

    @fact
    def ai(self) -> AiPod:
        """What it is for, if it is an AI pod."""
        return AiPod(self)
