"""Block devices of machines, however they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel import UNKNOWN
from linter.formats.model import Raw, field
from linter.formats.node import Step
from linter.formats.terraform.part import Part, blocks, dig
from linter.formats.terraform.values import number

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located


class Disk(Part):
    """One EBS volume."""

    values: Raw = field(None, "its attributes; null for a root volume that is not written")
    written: bool = field(True, "whether there is a block for it")
    places: ClassVar[dict[str, tuple[Step, ...]]] = {"encrypted": ("encrypted",)}

    def __init__(self, owner: Located, path: tuple[Step, ...], values: Any, *, written: bool = True) -> None:
        super().__init__(owner, path)
        self.values = values
        self.written = written
        self.encrypted = values.get("encrypted") if isinstance(values, dict) else None

    encrypted: Raw = field(None, "`encrypted` as written")


_BLOCKS = {
    "aws_instance": ("root_block_device", "ebs_block_device"),
    "aws_launch_configuration": ("root_block_device", "ebs_block_device"),
}


def disks(owner: Located, type_key: str) -> list[Any]:
    """The volumes of a subject; a root volume that is not written counts as one."""
    return list(_disks(owner, type_key))


def _disks(owner: Located, type_key: str) -> Iterator[Any]:
    if type_key == "aws_ebs_volume":
        yield Disk(owner, (), owner.values)
    for name in _BLOCKS.get(type_key, ()):
        found = blocks(owner.values.get(name))
        for index, values in enumerate(found):
            if not isinstance(values, dict):
                yield UNKNOWN
            elif not values.get("no_device"):
                yield Disk(owner, (name, index), values)
        if name == "root_block_device" and not found:
            yield Disk(owner, (name,), None, written=False)
    if type_key == "aws_launch_template":
        for index, mapping in enumerate(blocks(owner.values.get("block_device_mappings"))):
            for values in blocks(mapping.get("ebs") if isinstance(mapping, dict) else UNKNOWN):
                path = ("block_device_mappings", index, "ebs")
                yield Disk(owner, path, values) if isinstance(values, dict) else UNKNOWN


def root_size(type_: str, values: dict[str, Any]) -> int | None:
    """GiB of the root volume; the default of node groups; None when the image decides."""
    path = {
        "aws_eks_node_group": ("disk_size",),
        "aws_instance": ("root_block_device", "volume_size"),
    }.get(type_)
    if type_ == "aws_launch_template":
        sizes = [number(dig(m, "ebs", "volume_size")) for m in blocks(values.get("block_device_mappings"))]
        known = [int(size) for size in sizes if size is not None]
        return max(known) if known and len(known) == len(sizes) else None
    value = dig(values, *path) if path else None
    if value is None and type_ == "aws_eks_node_group":
        return 20 if dig(values, "launch_template") is None else None
    found = number(value)
    return UNKNOWN if value is UNKNOWN else int(found) if found is not None else None
