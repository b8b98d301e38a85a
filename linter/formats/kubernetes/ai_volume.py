"""What a host path is to an AI pod: devices, driver files, or data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.model import Model, Place, fact
from linter.formats.node import Step
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.volume import Volume

_DEVICES = lazy_regex(
    r"/dev(/(nvidia|kfd|dri|infiniband|neuron|vfio|accel|davinci|xpu|habana|cambricon|hisi)[\w-]*(/.*)?)?"
)
_DRIVER = lazy_regex(r"nvidia|cuda|libcuda|/rocm\b|/neuron\b", re.IGNORECASE)
# what providers document: GPUDirect, local disks of GKE and EKS, and the driver of Ascend devices
_DOCUMENTED = lazy_regex(
    r"/mnt/(stateful_partition|k8s-disks|disks/ssd)|/local_ssd|/home/kubernetes/bin/|/usr/local/(Ascend|dcmi)|/etc/ascend|/var/lib/tcpx|/run/tcpx|/tmp$|(/tmp|/var/log)/nvidia-mps|/run/nvidia/mps|/var/lib/kubelet"
)
# the node itself, which other rules speak of
_NODE = lazy_regex(
    r"/(dev|sys|proc|run|var/run|var/lib/(docker|containerd|kubelet)|etc|boot|lib/modules|usr|lib|lib64|bin|sbin)(/|$)|/$"
)


class AiVolume(Model):
    """What a volume is to an AI pod."""

    def __init__(self, volume: Volume) -> None:
        self.document = volume.document
        self.volume = volume

    def place(self) -> Place:
        return self.volume.locate(("hostPath", "path"))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    def _path(self) -> str | None:
        path = self.volume.hostPath.normal
        return path if isinstance(path, str) else None

    @fact
    def deviceHostPath(self) -> bool:
        """Whether it is the node's device files of accelerators, or all of its device files."""
        path = self._path()
        return path is not None and _DEVICES.fullmatch(path) is not None

    @fact
    def screens(self) -> bool:
        """Whether it is the node's device files of what draws and plays films, by which nobody trains."""
        path = self._path()
        return path is not None and (path == "/dev/dri" or path.startswith("/dev/dri/"))

    @fact
    def driverHostPath(self) -> bool:
        """Whether it is driver or toolkit files of the node."""
        path = self._path()
        if path is None or path.startswith("/dev") or _DOCUMENTED.match(path):
            return False
        return _DRIVER.search(path) is not None and (
            "lib" in path or "bin" in path or "/usr/" in path or "/opt/" in path
        )

    @fact
    def dataHostPath(self) -> bool:
        """Whether it is some other path of the node, such as one with weights or data."""
        path: Any = self.volume.hostPath.normal
        if not isinstance(path, str):
            return UNKNOWN if path is UNKNOWN else False
        return not (_NODE.match(path) or _DOCUMENTED.match(path) or self.driverHostPath)
