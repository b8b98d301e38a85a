"""Files of a node as a collector saw them: who owns them, and who may read and write them.

One row of the table says where the collectors have the files of one role: Aqua's `NodeInfo` has lists of modes and
owners, the objects of Kubescape's host scanner have each file with its path, its mode as a number and its owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.formats.kubernetes.part import mapping_at
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.frozen import dataclass

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest

KINDS = ("NodeInfo", "ControlPlaneInfo", "KubeletInfo", "KubeProxyInfo", "CNIInfo")
_ROOT = ("root:root",)
_OWNER, _OTHERS = 0o700, 0o077  # bits of a mode; setuid and the like are no matter of the benchmark


@dataclass(frozen=True, slots=True)
class _Where:
    """Where collectors have the files of a role, and what the benchmark allows them."""

    modes: str  # key in `info` of a NodeInfo
    owners: str
    kind: str  # of the host scanner's objects
    path: str  # in their `data`
    ending: str = ""  # of the names of those that are meant, among others of a list
    mode: int = 0o600
    owned: tuple[str, ...] = _ROOT


_CONTROL, _KUBELET = "ControlPlaneInfo", "KubeletInfo"
_FILES: dict[str, _Where] = {
    "apiserver-spec": _Where(
        "kubeAPIServerSpecFilePermission",
        "kubeAPIServerSpecFileOwnership",
        _CONTROL,
        "APIServerInfo.specsFile",
    ),
    "controller-manager-spec": _Where(
        "kubeControllerManagerSpecFilePermission",
        "kubeControllerManagerSpecFileOwnership",
        _CONTROL,
        "controllerManagerInfo.specsFile",
    ),
    "scheduler-spec": _Where(
        "kubeSchedulerSpecFilePermission",
        "kubeSchedulerSpecFileOwnership",
        _CONTROL,
        "schedulerInfo.specsFile",
    ),
    "etcd-spec": _Where(
        "kubeEtcdSpecFilePermission", "kubeEtcdSpecFileOwnership", _CONTROL, "etcdConfigFile"
    ),
    "cni-config": _Where(
        "containerNetworkInterfaceFilePermissions",
        "containerNetworkInterfaceFileOwnership",
        "CNIInfo",
        "CNIConfigFiles",
    ),
    "etcd-data": _Where(
        "etcdDataDirectoryPermissions",
        "etcdDataDirectoryOwnership",
        _CONTROL,
        "etcdDataDir",
        mode=0o700,
        owned=("etcd:etcd",),
    ),
    "admin-config": _Where("adminConfFilePermissions", "adminConfFileOwnership", _CONTROL, "adminConfigFile"),
    "scheduler-config": _Where(
        "schedulerConfFilePermissions", "schedulerConfFileOwnership", _CONTROL, "schedulerInfo.configFile"
    ),
    "controller-manager-config": _Where(
        "controllerManagerConfFilePermissions",
        "controllerManagerConfFileOwnership",
        _CONTROL,
        "controllerManagerInfo.configFile",
    ),
    "pki": _Where("", "kubePKIDirectoryFileOwnership", _CONTROL, "PKIFiles"),
    "pki-folder": _Where("", "", _CONTROL, "PKIDir"),
    "pki-certificate": _Where("kubernetesPKICertificateFilePermissions", "", _CONTROL, "PKIFiles", ".crt"),
    "pki-key": _Where("kubePKIKeyFilePermissions", "", _CONTROL, "PKIFiles", ".key"),
    "kubelet-service": _Where(
        "kubeletServiceFilePermissions", "kubeletServiceFileOwnership", _KUBELET, "serviceFiles"
    ),
    "proxy-config": _Where(
        "kubeconfigFileExistsPermissions", "kubeconfigFileExistsOwnership", "KubeProxyInfo", "kubeConfigFile"
    ),
    "kubelet-kubeconfig": _Where(
        "kubeletConfFilePermissions", "kubeletConfFileOwnership", _KUBELET, "kubeConfigFile"
    ),
    "client-ca": _Where(
        "certificateAuthoritiesFilePermissions",
        "certificateAuthoritiesFileOwnership",
        _KUBELET,
        "clientCAFile",
    ),
    "kubelet-config": _Where(
        "kubeletConfigYamlConfigurationFilePermission",
        "kubeletConfigYamlConfigurationFileOwnership",
        _KUBELET,
        "configFile",
    ),
}


class NodeFile(Model):
    """A file of a node: of a NodeInfo, which has them apart, its mode or its owner only."""

    role: str = field("", "what it is for, such as apiserver-spec")
    path: str | None = field(None, "its path, where the collector kept it")
    mode: str | None = field(None, "its permissions, octal")
    owner: str | None = field(None, "its user and group, such as root:root")

    def __init__(self, manifest: Manifest, role: str, steps: Sequence[Step], entry: dict[str, Any]) -> None:
        self.document = manifest.document
        self._manifest, self._steps = manifest, steps
        self.role = role
        self.path, self.owner = entry.get("path"), entry.get("owner")
        self._bits: int | None = entry.get("bits")
        self.mode = f"{self._bits:o}" if self._bits is not None else None

    @fact
    def loose(self) -> bool:
        """Whether its mode allows others anything, or its owner more, than the CIS benchmark does."""
        allowed = _FILES[self.role].mode
        if self._bits is None:
            return False
        return bool(self._bits & ~allowed & _OTHERS) or (self._bits & _OWNER) > (allowed & _OWNER)

    @fact
    def foreign(self) -> bool:
        """Whether others than the CIS benchmark says own it."""
        owned = _FILES[self.role].owned
        if self._manifest.type_key != "NodeInfo":
            owned = (*owned, *_ROOT)  # kubeadm's etcd runs as root
        return self.owner is not None and self.owner not in owned

    @property
    def address(self) -> str:
        return self._manifest.address

    def place(self) -> Place:
        return self._manifest.locate(("body", *self._steps))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def node_files(manifest: Manifest) -> list[NodeFile]:
    """The files that a collector saw; none for objects of other kinds."""
    if manifest.type_key not in KINDS:
        return []
    body = manifest.body if isinstance(manifest.body, dict) else {}
    found = _measured(body) if manifest.type_key == "NodeInfo" else _scanned(body, manifest.type_key)
    return [NodeFile(manifest, role, steps, entry) for role, steps, entry in found]


Found = Iterator[tuple[str, tuple[Step, ...], dict[str, Any]]]


def _measured(body: dict[str, Any]) -> Found:
    info = mapping_at(body, "info")
    for role, where in _FILES.items():
        for value in _values(info.get(where.modes)):
            if (bits := _octal(value)) is not None:
                yield role, ("info", where.modes), {"bits": bits}
        for value in _values(info.get(where.owners)):
            if isinstance(value, str) and value:
                yield role, ("info", where.owners), {"owner": value}


def _values(found: Any) -> list[Any]:
    values = found.get("values") if isinstance(found, dict) else found
    return values if isinstance(values, list) else []


def _octal(value: Any) -> int | None:
    """The bits of a mode that is written as `644`, number or text."""
    try:
        return int(str(value), 8) if isinstance(value, (int, str)) else None
    except ValueError:
        return None


def _scanned(body: dict[str, Any], kind: str) -> Found:
    for role, where in _FILES.items():
        if where.kind != kind:
            continue
        steps = ("data", *where.path.split("."))
        found = mapping_at(body, *steps[:-1]).get(steps[-1])
        for at, file in enumerate(found) if isinstance(found, list) else [(None, found)]:
            if isinstance(file, dict) and str(file.get("path", "")).endswith(where.ending):
                yield role, steps if at is None else (*steps, at), _entry(file)


def _entry(file: dict[str, Any]) -> dict[str, Any]:
    bits, ownership = file.get("permissions"), mapping_at(file, "ownership")
    names = (ownership.get("username"), ownership.get("groupname"))
    failed = ownership.get("error") or ownership.get("err")
    owner = f"{names[0]}:{names[1]}" if not failed and all(isinstance(name, str) for name in names) else None
    path = file.get("path")
    return {
        "bits": bits if type(bits) is int else None,
        "owner": owner,
        "path": path if isinstance(path, str) else None,
    }
