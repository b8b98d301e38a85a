"""MPI jobs: slots of a worker against its devices, ranks of mpirun against slots and hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_base import OfWorkload
from linter.formats.kubernetes.part import unsure
from linter.formats.launchers.grammar import MPI, TRAINING
from linter.formats.model import fact
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.ai_launcher import Launch
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec

# what tells a script, started once a node, how many processes to start there
_PER_NODE = lazy_regex(r"(?i)\b(GPUS_PER_NODE|NPROC_PER_NODE|NUM_GPUS_PER_NODE|nproc[_-]per[_-]node)\b")


def _launches_a_node(container: Container) -> bool:
    """Whether the words or variables of a launcher speak of processes that each rank starts on its node."""
    said = [*container.words, *(f"{name}={value}" for name, value in container.ai.environment.values.items())]
    return any(_PER_NODE.search(str(text)) for text in said)


class MpiSide(OfWorkload):
    """What a workload asks of MPI."""

    def _role(self, name: str) -> PodSpec | None:
        return next((pod for pod in self.pods() if pod.ai.role == name), None)

    def mpirun(self) -> Launch | None:
        pod = self._role("launcher")
        if pod is None:
            return None
        return next((item for c in pod.known_containers for item in c.launchers if item.role == MPI), None)

    @fact
    def slots(self) -> int:
        """MPI slots of each worker; one when none is written."""
        value = self.raw("spec", "slotsPerWorker")
        return 1 if value is None else value if type(value) is int else UNKNOWN

    @fact
    def workerDevices(self) -> int:
        """Accelerators of one MPI worker."""
        pod = self._role("worker")
        return pod.accelerator.count if pod is not None else UNKNOWN

    @fact
    def slotsMismatch(self) -> bool:
        """Whether slots and devices of an MPI worker differ, and no rank starts processes of its own."""
        devices, worker = self.workerDevices, self._role("worker")
        if devices is UNKNOWN or self.slots is UNKNOWN or worker is None:
            return UNKNOWN
        if not devices or worker.accelerator.kind not in ("gpu", "gaudi"):
            return False
        launcher = self._role("launcher")
        if launcher is None or launcher.open:
            return UNKNOWN
        for container in launcher.known_containers:
            if any(item.role == TRAINING for item in container.launchers):
                return False
            if not any(item.role == MPI for item in container.launchers):
                return UNKNOWN  # a script of its own may start anything
            if self.slots == 1 and _launches_a_node(container):
                return False
        launch = self.mpirun()
        if launch is not None and any(name in launch.launcher.facts for name in ("per_node", "hosts")):
            return False
        return bool(devices != self.slots)

    @fact
    def hosts(self) -> int:
        """Hosts that mpirun may use: the workers, and the launcher when it works too."""
        worker = self._role("worker")
        count = worker.accelerator.pods if worker is not None else UNKNOWN
        extra = self.raw("spec", "runLauncherAsWorker")
        if count is UNKNOWN or extra is UNKNOWN:
            return UNKNOWN
        return count + (1 if extra is True else 0)

    @fact
    def ranks(self) -> int | None:
        """Ranks that mpirun is told to start; null when it is not told."""
        launch = self.mpirun()
        return launch.world if launch is not None else None

    @fact
    def ranksMismatch(self) -> bool:
        """Whether mpirun starts other than hosts x slots ranks."""
        if self.ranks is None:
            return False
        if unsure(self.ranks, self.hosts, self.slots):
            return UNKNOWN
        launch = self.mpirun()
        if launch is not None and any(name in launch.launcher.facts for name in ("per_node", "hosts")):
            return False
        return bool(self.ranks != self.hosts * self.slots)

    @fact
    def launcherIdle(self) -> bool:
        """Whether the launcher of an MPIJob is no worker."""
        value = self.raw("spec", "runLauncherAsWorker")
        return UNKNOWN if value is UNKNOWN else value is not True
