"""The accelerators of a pod as the scheduler counts them: its containers together, and annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import unsure
from linter.formats.model import Model, Place, fact
from linter.formats.node import Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

_FRACTION_ANNOTATIONS = ("gpu-fraction", "gpu-memory", "gpu-fraction-num-devices")


class PodAccelerators(Model):
    """The accelerators of a pod as the scheduler counts them."""

    def __init__(self, pod: PodSpec) -> None:
        self.document = pod.document
        self.pod = pod

    def _requesting(self) -> list[Container]:
        return [item for item in self.pod.known_containers if item.accelerator.requested is True]

    def place(self) -> Place:
        found = self._requesting()
        return found[0].accelerator.place() if found else self.pod.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    @fact
    def requested(self) -> bool:
        """Whether any container asks for an accelerator, or an annotation does."""
        if self._requesting() or self.fraction is True:
            return True
        verdicts = [item.accelerator.requested for item in self.pod.known_containers]
        return UNKNOWN if unsure(*verdicts, self.pod.containers, self.fraction) else False

    @fact
    def fraction(self) -> bool:
        """Whether an annotation of Run:ai or KAI asks for a part of a device."""
        values = [self.pod.metadata.entry("annotations", key) for key in _FRACTION_ANNOTATIONS]
        if any(value is not None and value is not UNKNOWN for value in values):
            return True
        return UNKNOWN if unsure(*values) else False

    @fact
    def count(self) -> int:
        """Devices of the pod: the larger of its app containers' sum and its largest init container."""
        running, first = 0, 0
        for container in self.pod.known_containers:
            count = container.accelerator.count
            if count is UNKNOWN:
                return UNKNOWN
            if container.runs is True:
                running += count
            else:
                first = max(first, count)
        return max(running, first)

    @fact
    def running(self) -> int:
        """Devices of the app containers and sidecars together."""
        counts = [item.accelerator.count for item in self.pod.known_containers if item.runs is True]
        return UNKNOWN if unsure(*counts) else sum(counts)

    @fact
    def containers(self) -> int:
        """How many containers that keep running ask for an accelerator."""
        return sum(1 for item in self._requesting() if item.runs is True)

    @fact
    def kind(self) -> str:
        """Kind of the first device; '' when there is none."""
        return next((item.accelerator.kind for item in self._requesting()), "")

    @fact
    def vendor(self) -> str:
        """Vendor of the first device; '' when there is none."""
        return next((item.accelerator.vendor for item in self._requesting()), "")

    @fact
    def name(self) -> str:
        """Resource name of the first device; '' when there is none."""
        return next((item.accelerator.name for item in self._requesting()), "")

    @fact
    def pods(self) -> int:
        """How many such pods the workload runs at a time."""
        return self.pod.template.count() if self.pod.template is not None else 1

    @fact
    def group(self) -> int:
        """How many pods work as one."""
        return self.pod.template.group() if self.pod.template is not None else 1
