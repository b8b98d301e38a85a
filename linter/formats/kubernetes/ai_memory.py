"""Volumes of a pod that are kept in memory, against the memory of the containers that mount them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.formats.accelerator import quantity
from linter.formats.kubernetes.part import known_items, same
from linter.formats.kubernetes.volume import Volume, normal_path
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.pod import PodSpec

_MOST_CONTAINERS = 200  # of a pod whose mounts are looked at for each volume


class MemoryVolume(Model):
    """An emptyDir in memory."""

    name: str = field("", "name of the volume")

    def __init__(self, pod: PodSpec, volume: Volume) -> None:
        self.document = pod.document
        self.pod = pod
        self.volume = volume
        self.name = volume.name if isinstance(volume.name, str) else "?"

    @property
    def address(self) -> str:
        return self.volume.address

    def place(self) -> Place:
        return self.volume.locate(("emptyDir", "medium"))

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] in ("sizeLimit", "tooLarge"):
            place = self.volume.locate(("emptyDir", "sizeLimit"))
            return place if not place.absent else self.place()
        return self.place()

    @fact
    def shared(self) -> bool:
        """Whether it is mounted as shared memory, at /dev/shm."""
        return any(
            same(mount.name, self.name) and same(normal_path(mount.mountPath), "/dev/shm")  # noqa: S108 - a path to look for
            for container in self.pod.known_containers[:_MOST_CONTAINERS]
            for mount in known_items(container.volumeMounts)
        )

    @fact
    def sizeLimit(self) -> str | None:
        """Its largest size as written; null when it has none."""
        return self.volume.emptyDir.sizeLimit

    @fact
    def memoryLimit(self) -> str | None:
        """The largest memory limit of the containers that mount it; null when one of them has none."""
        best, written = None, None
        if len(self.pod.known_containers) > _MOST_CONTAINERS:
            return UNKNOWN
        for container in self.pod.known_containers:
            if not any(same(mount.name, self.name) for mount in known_items(container.volumeMounts)):
                continue
            limit = container.resources.entry("limits", "memory")
            amount = quantity(limit)
            if amount is UNKNOWN or amount is None:
                return UNKNOWN if amount is UNKNOWN else None
            if best is None or amount > best:
                best, written = amount, limit
        return written

    @fact
    def tooLarge(self) -> bool:
        """Whether its size leaves the containers that mount it less than a tenth of their memory limit."""
        size, limit = quantity(self.sizeLimit), quantity(self.memoryLimit)
        if size is UNKNOWN or limit is UNKNOWN:
            return UNKNOWN
        return size is not None and limit is not None and size * 10 >= limit * 9
