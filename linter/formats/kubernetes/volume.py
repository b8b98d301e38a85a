"""Volumes of a pod and where containers mount them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, cast

from linter.cel import UNKNOWN
from linter.formats.image import ImageRef
from linter.formats.kubernetes.ai_volume import AiVolume
from linter.formats.kubernetes.nodepaths import (
    FILLED,
    HARMLESS,
    KERNELS,
    KUBELET,
    NODE_FACTS,
    OF_A_PROGRAM,
    OF_ADMINISTRATORS,
    OF_PROVIDERS,
    OF_ROOTS_HOME,
    PLUGINS,
    SENSITIVE,
    SENSITIVE_EXACT,
    are_settings_of,
    is_named_after,
)
from linter.formats.kubernetes.part import Part, unsure, written, written_name
from linter.formats.model import fact, field
from linter.formats.shell.writing import only_fills
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

RESTRICTED_TYPES = frozenset(
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ]
)
_SOCKETS = tuple(
    f"/run/{name}"
    for name in [
        "docker.sock",
        "docker/containerd/containerd.sock",
        "containerd/containerd.sock",
        "crio/crio.sock",
        "dockershim.sock",
        "podman/podman.sock",
        "buildkit/buildkitd.sock",
        "k3s/containerd/containerd.sock",
        "cri-dockerd.sock",
    ]
)
_SOCKET_NAME = lazy_regex(r"/(?:docker|containerd|crio|dockershim|podman|buildkitd|cri-dockerd)\.sock\Z")
_CLOUD_CREDENTIALS = lazy_regex(
    r"/etc/kubernetes/(?:azure|cloud-config|cloud)(?:\.json|\.conf)?\Z|/\.aws(?:/|\Z)|/\.azure(?:/|\Z)"
    r"|/\.config/gcloud(?:/|\Z)|/gcloud(?:/|\Z)|/\.kube(?:/|\Z)|/\.gcp(?:/|\Z)|/\.oci(?:/|\Z)"
    r"|/etc/kubernetes/cloud(?!-controller-manager\.(?:conf|kubeconfig|yaml)\Z)|/etc/gce\.conf|/etc/kubernetes/aws|application_default_credentials\.json\Z"
)


_PIPES = "\\\\.\\pipe\\"  # sockets of Windows: \\.\pipe\csi-proxy-volume-v1


def normal_path(path: Any) -> Any:
    """An absolute path without trailing slashes, `.` and `..`; UNKNOWN and null pass through."""
    if not isinstance(path, str):
        return path
    normal = posixpath.normpath(path) if path else ""
    return "/" + normal.lstrip("/") if normal.startswith("/") else normal


def below(path: str, parent: str) -> bool:
    """Whether `path` is `parent` or lies beneath it."""
    return path == parent or path.startswith(parent.rstrip("/") + "/")


def _for_plugins(path: str) -> bool:
    if _PLUGIN_SETTING.search(path):
        return True
    if path[1:3] == ":\\":  # of a node with Windows
        path = path[2:].replace("\\", "/").rstrip("/")
    if OF_PROVIDERS.match(path) is not None:
        return True
    return any(below(KUBELET.sub("/var/lib/kubelet", path), parent) for parent in PLUGINS)


# settings of charts for drivers, whose values are the folders of the kubelet and of the Multi-Process Service
_PLUGIN_SETTING = lazy_regex(
    r"(?i)\{\{[^{}]*(?:kubelet\w*(?:dir|path|root)|kubelet(?:plugin)?\.\w*(?:dir|path|root)\w*|mps\.root)\b"
)


_PODS_SETTING = lazy_regex(
    r"(?i)\{\{[^{}]{0,500}kubelet\w{0,50}(?:dir|path|root)\w{0,50}[^{}]{0,500}\}\}(?:/pods)?/?\Z"
)
_FLEXVOLUMES = (
    "/usr/libexec/kubernetes/kubelet-plugins/volume/exec"  # where drivers of old install themselves
)
_SHOWN = ("/sys", "/var/lib/docker/containers", "/etc/ssl", "/etc/pki")
_PROGRAMS = ("/usr", "/lib", "/lib64")
_CERTIFICATES = lazy_regex(r"(?i)\{\{[^{}]{0,500}ca[-_]?cert\w{0,50}(?:dir|path|folder)?\b")
_NETWORKS = lazy_regex(
    r"(?:/opt|/etc|/libexec|/var/lib|/run)/cni(?:/|\Z)|\{\{[^{}]*\.cni\.(?:bin|conf)"
    r"|/run/openvswitch(?:/|\Z)|^/etc/systemd/network(?:/|\Z)|^/etc/NetworkManager(?:/|\Z)"
)
# of pods, into which an agent of the network goes, and those of the node's own processes; what it sets of the kernel
_NAMESPACES = lazy_regex(r"/run/(?:docker/)?netns\Z|\A/proc(?:/sys/net)?\Z")
# text files that the node exporter passes on
_TEXTFILES = lazy_regex(
    r"(?i)/node[-_]exporter[^/]*(?:/|\Z)|/textfile[-_]?(?:collectors?|exporters?)?(?:/|\Z)"
)


class HostPath(Part):
    """A path of the node's file system."""

    path: str | None = field(None, "path on the node")
    type: str = field("", "what must be there")

    @fact(at="path")
    def normal(self) -> str | None:
        """The path without trailing slashes, `.` and `..`."""
        return normal_path(self.path)

    @fact(at="path")
    def label(self) -> str:
        """The path for messages; the template's own words where a template gives it."""
        return written(self, "path")

    @fact(at="path")
    def plugin(self) -> bool:
        """Whether the path is where device plugins and storage drivers meet the kubelet."""
        path: Any = self.normal
        return UNKNOWN if path is UNKNOWN else isinstance(path, str) and _for_plugins(path)

    @fact(at="path")
    def ofNetworks(self) -> bool:
        """Whether the path is where the plug-ins that give pods their network are, or their configuration."""
        return (
            _NETWORKS.search(str(normal_path(self.label if self.path is UNKNOWN else self.path))) is not None
        )

    @fact(at="path")
    def ofNamespaces(self) -> bool:
        """Whether the path is where the network namespaces of the node's pods are, or those of all its processes, or
        where the kernel's settings of the network are."""
        path: Any = self.normal
        if not isinstance(path, str):
            return UNKNOWN if path is UNKNOWN else False
        return _NAMESPACES.search(path) is not None

    @fact(at="path")
    def device(self) -> bool:
        """Whether the path is a device, a folder of devices or a socket, where a read-only mount changes nothing, or
        one of the kernel's own file systems for those who trace or tune it, which is there to be written to."""
        path: Any = self.normal
        shared = ("/dev/shm", "/dev/mqueue", "/dev/hugepages")  # noqa: S108 - paths of nodes
        if path is UNKNOWN:
            return UNKNOWN
        if not isinstance(path, str):
            return False
        if path.endswith(".sock") or path.startswith(_PIPES) or any(below(path, p) for p in KERNELS):
            return True
        return path.startswith("/dev/") and not any(below(path, p) for p in shared)

    @fact(at="path")
    def harmless(self) -> bool:
        """Whether the path holds the time, name, figures or driver of the node and no more, or is for plug-ins."""
        path = normal_path(self.label if self.path is UNKNOWN else self.path)
        if not isinstance(path, str):
            return False
        return (
            _for_plugins(path)
            or any(below(path, parent) for parent in NODE_FACTS)
            or _TEXTFILES.search(path) is not None
            or _CERTIFICATES.search(path) is not None
        )

    @fact(at="path")
    def sensitive(self) -> bool:
        """Whether the path is the node's root, or system configuration, state or devices as a whole."""
        path = self.normal
        if not isinstance(path, str):
            return UNKNOWN if unsure(path) else False
        if path in SENSITIVE_EXACT or OF_ROOTS_HOME.match(path) is not None:
            return True
        if any(below(path, harmless) for harmless in HARMLESS):
            return False
        if OF_ADMINISTRATORS.match(path) is not None:
            return False
        if OF_A_PROGRAM.match(path) is not None or OF_PROVIDERS.match(path) is not None:
            return False
        return any(below(path, root) for root in SENSITIVE)

    @fact(at="path")
    def ofProgram(self) -> bool:
        """Whether the path is what a program keeps for itself under /run, or a collector of logs."""
        path = self.normal
        if not isinstance(path, str):
            return UNKNOWN if unsure(path) else False
        return OF_A_PROGRAM.match(path) is not None

    @fact(at="path")
    def runtimeSocket(self) -> bool:
        """Whether the path is a container runtime's socket or a directory that holds one."""
        path = self.normal
        if not isinstance(path, str):
            return UNKNOWN if unsure(path) else False
        path = path.removeprefix("/var") if below(path, "/var/run") else path
        if _SOCKET_NAME.search(path):
            return True
        return any(below(socket, path) for socket in _SOCKETS) and path not in ("/", "/var")

    @fact(at="path")
    def cloudCredentials(self) -> bool:
        """Whether the path is where cloud credentials are kept."""
        path = self.normal
        if not isinstance(path, str):
            return UNKNOWN if unsure(path) else False
        return _CLOUD_CREDENTIALS.search(path) is not None


class EmptyDir(Part):
    """A directory that lives as long as the pod."""

    medium: str = field("", "Memory for a tmpfs")
    sizeLimit: str | None = field(None, "largest size, a quantity")


class ClaimSource(Part):
    """A reference to a PersistentVolumeClaim."""

    claimName: str | None = field(None, "name of the claim")
    readOnly: bool = field(False, "mount read-only")


class SecretSource(Part):
    """Files from a Secret."""

    secretName: str | None = field(None, "name of the Secret")
    optional: bool = field(False, "start without it")
    defaultMode: int | None = field(None, "file mode bits")


class ConfigMapSource(Part):
    """Files from a ConfigMap."""

    name: str | None = field(None, "name of the ConfigMap")
    optional: bool = field(False, "start without it")
    defaultMode: int | None = field(None, "file mode bits")


class ImageSource(Part):
    """Files from an OCI image."""

    reference: str | None = field(None, "image reference")
    pullPolicy: str | None = field(None, "when to pull")


def _may_mount_more(mounts: Any) -> bool:
    """Whether it is not known of some mounts which volumes they are of."""
    return mounts is UNKNOWN or any(
        mount is UNKNOWN or unsure(mount.name) or "$" in str(mount.name) for mount in mounts
    )


class Volume(Part):
    """A volume of a pod."""

    name: str | None = field(None, "name that mounts refer to")
    hostPath: HostPath = field(None, "a path of the node")
    emptyDir: EmptyDir = field(None, "a directory that lives as long as the pod")
    persistentVolumeClaim: ClaimSource = field(None, "a claim")
    secret: SecretSource = field(None, "files from a Secret")
    configMap: ConfigMapSource = field(None, "files from a ConfigMap")
    image: ImageSource = field(None, "files from an image")
    csi: Any = field(None, "an inline CSI volume")
    nfs: Any = field(None, "an NFS export")
    projected: Any = field(None, "several sources in one directory")

    @fact(at="name")
    def title(self) -> str:
        """Its name for messages; the template's own words where a template gives it."""
        return written_name(self, "name")

    @fact(at="name")
    def verb(self) -> str:
        """For messages: it `mounts` its source, or only `names` it where surely no container mounts it."""
        return "names, without a container that mounts it," if self._is_surely_idle() else "mounts"

    def _is_surely_idle(self) -> bool:
        pod = cast("PodSpec", self.owner)
        open_ended = pod.open or self.document.root.templated or pod.manifest.type_key == "HelmValues"
        containers = pod.everyContainer
        if open_ended or not containers or not isinstance(self.name, str) or self._mounts():
            return False
        return not any(one is UNKNOWN or _may_mount_more(one.volumeMounts) for one in containers)

    @fact
    def showsDevices(self) -> bool:
        """Whether it is only read: a part of the node's /sys, as all may read of their own, the containers' logs, or
        the programs and libraries that everybody with the same system has."""
        path = self.hostPath.normal
        pod = cast("PodSpec", self.owner)
        exporter = pod.nodeExporter
        shown = (*_SHOWN, *_PROGRAMS, "/proc", "/boot") if exporter else (*_SHOWN, *_PROGRAMS)
        audit = exporter and any(container.imageRef.ofAudit for container in pod.known_containers)
        if not isinstance(path, str) or not (
            audit or any(below(path, folder) for folder in shown) or (exporter and path == "/")
        ):
            return False
        mounts = self._mounts()
        return bool(mounts) and all(mount.readOnly is True for mount in mounts)

    @fact
    def written(self) -> bool:
        """Whether a container can write to it."""
        return any(mount.readOnly is False for mount in self._mounts())

    @fact
    def filled(self) -> bool:
        """Whether all that is done with it is that containers put files there, which is all that they visibly do."""
        mounts = self._mounts()
        return bool(mounts) and all(mount.filled for mount in mounts)

    @fact
    def freelyRead(self) -> bool:
        """Whether it is what may be read of any node, and a container can write to it: that is all there is to tell."""
        path = self.hostPath.normal
        shown = isinstance(path, str) and any(below(path, folder) for folder in _SHOWN)
        return shown and self.hostPath.device is False and self.written

    @fact
    def ofItsAgent(self) -> bool:
        """Whether it is one of the kernel's file systems, or a folder or settings named after it, in an agent of each
        node."""
        pod, path = cast("PodSpec", self.owner), self.hostPath.normal
        if not isinstance(path, str) or pod.lifetime != "node":
            return False
        if any(below(path, kernel) for kernel in KERNELS):
            return True
        if self.hostPath.sensitive is False:
            return is_named_after(path, pod.programs)
        return are_settings_of(path, pod.programs)

    def _mounts(self) -> list[VolumeMount]:
        mounts = cast("PodSpec", self.owner).mounts
        return mounts.get(self.name, []) if mounts and self.name else []

    @fact
    def ofStorage(self) -> bool:
        """Whether it is where a storage driver mounts the volumes of the node's pods, for the node to see them, or has
        its devices and data."""
        path = self.hostPath.normal
        kubelet = ("/var/lib/kubelet", "/var/lib/kubelet/pods")
        known = isinstance(path, str) and KUBELET.sub("/var/lib/kubelet", path) in kubelet
        if known or _PODS_SETTING.search(self.hostPath.label) is not None:
            return any(mount.mountPropagation == "Bidirectional" for mount in self._mounts())
        pod = cast("PodSpec", self.owner)
        if isinstance(path, str) and (below(path, _FLEXVOLUMES) or path in pod.socketFolders):
            return True
        own = isinstance(path, str) and (
            path == "/dev" or below(path, "/sys") or self.hostPath.sensitive is False
        )
        return own and (pod.registersPlugin or (path == "/dev" and pod.servesDevices))

    @fact
    def type(self) -> str | None:
        """The key of its source, such as hostPath; null when it has none."""
        if self.node is None:
            return UNKNOWN
        keys = self.node.keys()
        sources = [key for key in keys if key != "name"]
        if sources:
            return sources[0]
        return UNKNOWN if self.open else None

    @fact
    def restrictedType(self) -> bool:
        """Whether the type is one that the restricted Pod Security Standard allows."""
        if self.type is UNKNOWN or self.type is None:
            return UNKNOWN if unsure(self.type) else True
        return self.type in RESTRICTED_TYPES

    @fact
    def ai(self) -> AiVolume:
        """What it is to an AI pod."""
        return AiVolume(self)

    @fact(at="image.reference")
    def imageRef(self) -> ImageRef:
        """The image reference of an image volume, taken apart."""
        return ImageRef(self.image.reference, self, ("image", "reference"))


class VolumeMount(Part):
    """Where a container sees a volume."""

    name: str | None = field(None, "name of the volume")
    mountPath: str | None = field(None, "path in the container")
    readOnly: bool = field(False, "mount read-only")
    subPath: str | None = field(None, "path within the volume")
    mountPropagation: str | None = field(None, "None, HostToContainer or Bidirectional")

    @property
    def container(self) -> Container:
        return self.owner  # type: ignore[return-value]

    @fact(at="name")
    def volume(self) -> Volume:
        """The volume that it mounts; one without anything set when the pod has none of that name."""
        found = self.container.pod.volume_named.get(self.name) if isinstance(self.name, str) else None
        return found or Volume(self.document, None, self, None, open_=True)

    @fact(at="mountPath")
    def givenAnyway(self) -> bool:
        """Whether its container is privileged and the path is of the node's /sys, which it can write to anyway,
        or it is an agent of each node, which privileged-container tells as such."""
        if self.container.securityContext.privileged is not True:
            return False
        path = self.volume.hostPath.normal
        return self.container.pod.lifetime == "node" or (isinstance(path, str) and below(path, "/sys"))

    @fact(at="mountPath")
    def ofRoot(self) -> bool:
        """Whether the path holds what the node tells everybody, such as the time, which root alone writes, and its
        container is not root."""
        path = self.volume.hostPath.normal
        told = isinstance(path, str) and any(below(path, parent) for parent in NODE_FACTS)
        return told and self.container.runsAsRoot is False

    @fact(at="mountPath")
    def filled(self) -> bool:
        """Whether all that its container visibly does is to put files there that the node's programs read as data."""
        container, path = self.container, self.volume.hostPath.normal
        if not isinstance(path, str) or not any(below(path, folder) for folder in FILLED):
            return False
        alone = not unsure(container.words, container.ports) and not container.ports
        return alone and isinstance(self.mountPath, str) and only_fills(container.scripts, self.mountPath)

    def _label(self) -> str:
        return self.mountPath if isinstance(self.mountPath, str) else str(self.step)
