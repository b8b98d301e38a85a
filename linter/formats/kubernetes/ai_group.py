"""A pod as one of several that work together: what their launcher spreads over, against the devices of them all."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import same, unsure
from linter.formats.model import Model, Place, fact
from linter.patterns import kept_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.ai_launcher import Launch
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

_TEAMS = frozenset(("LeaderWorkerSet", "DisaggregatedSet", "RoleBasedGroup", "RoleBasedGroupSet"))
TOPOLOGY = "cloud.google.com/gke-tpu-topology"


class GroupSide(Model):
    """What a pod asks of its group."""

    def __init__(self, pod: PodSpec) -> None:
        self.document = pod.document
        self.pod = pod

    def place(self) -> Place:
        return self.pod.place()

    def _containers(self) -> Sequence[Container]:
        return self.pod.known_containers

    @fact
    def role(self) -> str:
        """Its part in the workload, such as head or worker; '' where there is one sort of pod."""
        return self.pod.template.role if self.pod.template is not None else ""

    def _mates(self) -> list[PodSpec]:
        """The other pods of its workload."""
        return [pod for pod in self.pod.manifest.pods if pod.template is not self.pod.template]

    @fact
    def distributed(self) -> bool:
        """Whether its processes wait for those of other pods."""
        group = self.pod.accelerator.group
        return group is not UNKNOWN and group > 1

    def _group_launch(self) -> Launch | None:
        """The server that spreads over a group of pods, on the pod that speaks for the group."""
        template = self.pod.template
        if template is None or template.role not in ("leader", "worker", "role") or not template.at.group:
            return None
        if template.role == "role" and self.pod.accelerator.group == 1:
            return None
        if template.role == "worker" and any(other.ai.role == "leader" for other in self.pod.manifest.pods):
            return None
        found = [
            item.launcher for item in self._containers() if item.launcher.stated and item.launcher.server
        ]
        return found[0] if len(found) == 1 else None

    @fact
    def world(self) -> int | None:
        """Devices that a server over a group of pods spreads over; null when it is not told."""
        launch = self._group_launch()
        return launch.world if launch is not None else None

    @fact
    def groupDevices(self) -> int:
        """Devices of the group of pods that it belongs to."""
        pod = self.pod
        group, own = pod.accelerator.group, pod.accelerator.count
        if self.role != "leader":
            return UNKNOWN if unsure(group, own) else group * own
        worker = next((other for other in pod.manifest.pods if other.ai.role == "worker"), pod)
        each = worker.accelerator.count
        return UNKNOWN if unsure(group, own, each) else own + (group - 1) * each

    @fact
    def worldMismatch(self) -> bool:
        """Whether a server over a group of pods spreads over more or fewer devices than the group has."""
        manifest = self.pod.manifest
        teams = manifest.type_key in _TEAMS or same(manifest.group, "inference.llmaz.io")
        if not teams or self.world is None:
            return False
        if unsure(self.world, self.groupDevices):
            return UNKNOWN
        return self.groupDevices > 0 and self.world != self.groupDevices

    @fact
    def topology(self) -> str | None:
        """The TPU topology that it asks of its nodes, such as 4x4; null when it asks for none."""
        selector: Any = self.pod.nodeSelector
        return UNKNOWN if selector is UNKNOWN else selector.get(TOPOLOGY)

    @fact
    def topologyChips(self) -> int | None:
        """Chips of that topology; null when there is none."""
        shape = self.topology
        if shape is None or shape is UNKNOWN or not kept_regex(r"\d{1,6}(x\d{1,6}){1,2}").fullmatch(shape):
            return None if shape is None else UNKNOWN
        return prod(int(side) for side in shape.split("x"))

    @fact
    def slicePods(self) -> int:
        """Pods that share the slices of its workload."""
        pods, group = self.pod.accelerator.pods, self.pod.accelerator.group
        if self.role == "leader":
            return UNKNOWN if unsure(pods, group) else pods * group
        leader = next((pod for pod in self._mates() if pod.ai.role == "leader"), None)
        if self.role != "worker" or leader is None or leader.accelerator.requested is False:
            return pods
        led = leader.accelerator.pods
        return UNKNOWN if unsure(pods, led, leader.accelerator.requested) else pods + led

    @fact
    def topologyMismatch(self) -> bool:
        """Whether the chips of its TPU topology are no whole number of its pods."""
        chips = self.topologyChips
        if chips is None or self.pod.accelerator.kind != "tpu":
            return False
        each, pods = self.pod.accelerator.count, self.slicePods
        if unsure(chips, each, pods):
            return UNKNOWN
        return each == 0 or chips % each != 0 or pods % (chips // each) != 0
