"""Accelerators of machines: instance types looked up in a table, and the machines of each resource type."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.terraform.part import blocks, dig, strings
from linter.formats.terraform.values import Reference, number
from linter.frozen import dataclass

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located

_EFA = (
    "p4d",
    "p4de",
    "p5",
    "p5e",
    "p5en",
    "p6-b200",
    "p6-b300",
    "p6e-gb200",
    "trn1",
    "trn1n",
    "trn2",
    "trn2u",
)
_OLD = frozenset({"p2", "p3", "p3dn", "g2", "g3", "g3s", "inf1"})
_FIXED_GOOGLE = ("a2-", "a3-", "a4-", "a4x-", "g2-", "g4-")
_N1_ONLY = (
    "nvidia-tesla-t4",
    "nvidia-tesla-v100",
    "nvidia-tesla-p4",
    "nvidia-tesla-p100",
    "nvidia-tesla-k80",
)
_NO_MIG = (
    "nvidia-tesla-t4",
    "nvidia-l4",
    "nvidia-tesla-v100",
    "nvidia-tesla-p100",
    "nvidia-tesla-p4",
    "nvidia-tesla-k80",
)


@dataclass(frozen=True, slots=True)
class InstanceType:
    """One row of the table. `count` devices of `memory_gb` each; fractions count as one."""

    name: str
    vendor: str
    accelerator: str
    count: int
    memory_gb: str


@cache
def instance_types() -> dict[str, InstanceType]:
    """The table by lower-case name."""
    text = Path(__file__).with_name("data").joinpath("instances.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["type"]: InstanceType(
            row["type"],
            row["vendor"],
            row["accelerator"],
            max(1, int(float(row["count"] or 1))),
            row["memory_gb"],
        )
        for row in rows
    }


@cache
def lookup(name: str) -> InstanceType | None:
    """The accelerators of an instance type; of a size that we don't know, those of its family's smallest."""
    lower = name.lower().removeprefix("db.")
    found = instance_types().get(lower)
    if found is not None or "." not in lower:
        return found
    family = lower.rpartition(".")[0] + "."
    return next((row for key, row in instance_types().items() if key.startswith(family)), None)


class Machine(Model):
    """The accelerators of the machines that a resource asks for."""

    type: str = field("", "the first instance type with an accelerator, else the first one")
    accelerated: bool = field(False, "whether any of the instance types has an accelerator")
    nvidia: bool = field(False, "whether the accelerators are NVIDIA's")
    neuron: bool = field(False, "whether the accelerators are AWS Trainium or Inferentia")
    accelerator: str = field("", "name of the accelerator")
    count: int = field(0, "accelerators of one machine")

    def __init__(self, owner: Located, types: Any) -> None:
        self.owner = owner
        self.document = owner.document
        self.types = [t for t in types if isinstance(t, str)]
        rows = [row for row in map(lookup, self.types) if row is not None]
        self.rows = rows
        known = not any(isinstance(t, Unknown) for t in types)
        self.type = rows[0].name if rows else (self.types[0] if self.types else "")
        self.accelerated = True if rows else (False if known else UNKNOWN)
        self.nvidia = any(row.vendor == "nvidia" for row in rows) or (False if known else UNKNOWN)
        self.neuron = any(row.vendor == "aws" for row in rows) or (False if known else UNKNOWN)
        self.accelerator = rows[0].accelerator if rows else ""
        self.count = max((row.count for row in rows), default=0)

    @fact
    def efa(self) -> bool:
        "whether it is a type that trains over EFA"
        return any(self._family(row.name) in _EFA for row in self.rows)

    @fact
    def retiring(self) -> bool:
        "whether it is of an accelerator family that is being retired"
        return any(self._family(name) in _OLD for name in self.types)

    @staticmethod
    def _family(name: str) -> str:
        return name.lower().removeprefix("ml.").partition(".")[0]

    def place(self) -> Place:
        return self.owner.place()


def machine(owner: Located, value: Any) -> Machine:
    return Machine(owner, strings(value) if not isinstance(value, Unknown) else [UNKNOWN])


class Guest(Model):
    """The accelerators that a Google machine or node pool asks for."""

    type: str = field("", "accelerator type such as nvidia-l4; of a fixed machine type, what it has")
    machine_type: str = field("", "machine type")
    present: bool = field(False, "whether an accelerator is attached, by block or by machine type")
    written: bool = field(False, "whether a `guest_accelerator` block with a count is written")
    partitioned: bool = field(False, "whether `gpu_partition_size` is set")

    def __init__(self, owner: Located, config: Any) -> None:
        self.owner = owner
        self.document = owner.document
        self.config = config
        accelerators = blocks(dig(config, "guest_accelerator"))
        self.entries = [
            entry for entry in accelerators if isinstance(entry, dict) and entry.get("count") != 0
        ]
        kind = dig(config, "machine_type")
        self.machine_type = kind if isinstance(kind, str) else (UNKNOWN if isinstance(kind, Unknown) else "")
        self.row = lookup(kind) if isinstance(kind, str) else None
        first = self.entries[0].get("type") if self.entries else None
        self.type = first if isinstance(first, str) else (self.row.accelerator if self.row else "")
        self.written = bool(self.entries)
        hidden = isinstance(kind, Unknown) or any(isinstance(entry, Unknown) for entry in accelerators)
        self.present = True if self.entries or self.row else (UNKNOWN if hidden else False)
        self.partitioned = any(
            isinstance(e.get("gpu_partition_size"), str) and e["gpu_partition_size"] for e in self.entries
        )

    @fact
    def count(self) -> int:
        "accelerators of one machine; unknown when it is not written"
        if self.entries:
            found = number(self.entries[0].get("count"))
            return int(found) if found is not None else UNKNOWN
        return self.row.count if self.row else 0

    @fact
    def mismatch(self) -> bool:
        "whether the block says another type or count than the machine type has"
        row = self.row
        if row is None or not self.entries or not str(self.machine_type).startswith(_FIXED_GOOGLE):
            return False
        kind, count = self.entries[0].get("type"), number(self.entries[0].get("count"))
        expected = row.accelerator
        wrong_type = (
            isinstance(kind, str)
            and expected.startswith("nvidia-")
            and kind != expected
            and "(" not in expected
        )
        return wrong_type or (count is not None and "(" not in expected and count != row.count)

    @fact
    def wrong_family(self) -> bool:
        "whether the accelerator only fits N1 machines and the machine is another"
        machine_type = self.machine_type
        if not self.entries or not isinstance(machine_type, str) or not machine_type:
            return False
        kind = self.entries[0].get("type")
        return isinstance(kind, str) and kind in _N1_ONLY and not machine_type.startswith(("n1-", "custom-"))

    @fact
    def partition_conflict(self) -> bool:
        "whether a partition size is asked of an accelerator without MIG"
        return self.partitioned and self.type in _NO_MIG

    def place(self) -> Place:
        return self.owner.place()


# Where each resource type says what machines it wants.
MACHINES: dict[str, tuple[str, ...]] = {
    "aws_eks_node_group": ("instance_types",),
    "aws_instance": ("instance_type",),
    "aws_launch_template": ("instance_type",),
    "aws_launch_configuration": ("instance_type",),
    "aws_batch_compute_environment": ("compute_resources", "instance_type"),
    "aws_sagemaker_notebook_instance": ("instance_type",),
    "azurerm_kubernetes_cluster": ("default_node_pool", "vm_size"),
    "azurerm_kubernetes_cluster_node_pool": ("vm_size",),
    "azurerm_linux_virtual_machine": ("size",),
    "azurerm_linux_virtual_machine_scale_set": ("sku",),
    "azurerm_machine_learning_compute_cluster": ("vm_size",),
    "azurerm_machine_learning_compute_instance": ("virtual_machine_size",),
    "google_container_node_pool": ("node_config", "machine_type"),
    "google_container_cluster": ("node_config", "machine_type"),
    "google_compute_instance": ("machine_type",),
    "google_compute_instance_template": ("machine_type",),
}


def wanted_types(type_: str, values: dict[str, Any], templates: Iterable[dict[str, Any]]) -> list[Any]:
    """The instance types of a resource; of a node group without any those of its launch template."""
    path = MACHINES.get(type_)
    if path is None:
        return []
    value = dig(values, *path)
    if value is None and type_ == "aws_eks_node_group":
        found = [template.get("instance_type") for template in templates]
        unresolved = dig(values, "launch_template") is not None and not found
        return [t for t in found if t is not None] or ([UNKNOWN] if unresolved else [])
    if isinstance(value, Reference):
        return [UNKNOWN]
    return [UNKNOWN] if isinstance(value, Unknown) else strings(value)
