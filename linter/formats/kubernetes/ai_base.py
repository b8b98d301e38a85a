"""What models of a workload as a whole share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.model import Model, Place
from linter.formats.node import Step, plain_at

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Workload
    from linter.formats.kubernetes.pod import PodSpec


class OfWorkload(Model):
    """A side of a workload: its address, its pods and its manifest."""

    def __init__(self, workload: Workload) -> None:
        self.document = workload.document
        self.workload = workload

    @property
    def address(self) -> str:
        return self.workload.address

    def place(self) -> Place:
        return self.workload.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    def pods(self) -> list[PodSpec]:
        return self.workload.pods

    def raw(self, *steps: str) -> Any:
        """A value of the manifest by its keys; None when it is absent."""
        node = self.workload.node
        return plain_at(node, *steps) if node is not None else UNKNOWN
