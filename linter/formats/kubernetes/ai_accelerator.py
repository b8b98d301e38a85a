"""The accelerators that a container and a pod ask for: extended resources, device claims, annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats import accelerator
from linter.formats.kubernetes import ai_claims
from linter.formats.kubernetes.part import unsure
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

_SIDES = ("limits", "requests")


class AcceleratorRequest(Model):
    """One accelerator resource of a container, with what its limit and its request say."""

    name: str = field("", "resource name, such as nvidia.com/gpu")
    vendor: str = field("", "who makes the device")
    kind: str = field(
        "", "gpu, tpu, neuron, gaudi, npu, mig, vgpu, shared, or part (memory or cores of a shared device)"
    )
    meant: str | None = field(None, "the resource that an unknown name is a slip of; null for a known name")

    def __init__(
        self, container: Container, name: str, resource: accelerator.Resource | None, meant: str | None
    ) -> None:
        self.document = container.document
        self.container = container
        self.name = name
        self.resource = resource
        self.vendor = resource.vendor if resource is not None else ""
        self.kind = resource.kind if resource is not None else ""
        self.meant = meant

    @property
    def address(self) -> str:
        return f"{self.container.address}/resources/{self.name}"

    def side(self, name: str) -> Any:
        return self.container.resources.entry(name, self.name)

    @fact
    def limit(self) -> str | None:
        """The limit as written; null when none is."""
        return self.side("limits")

    @fact
    def request(self) -> str | None:
        """The request as written; null when none is."""
        return self.side("requests")

    @fact
    def mismatch(self) -> bool:
        """Whether limit and request are both written and differ."""
        written = self._written()
        if len(written) < 2:
            return False
        if unsure(*written):
            return UNKNOWN
        if "" in written:  # a key without a value
            return written[0] != written[1]
        limit, request = accelerator.quantity(self.limit), accelerator.quantity(self.request)
        return UNKNOWN if limit is UNKNOWN or request is UNKNOWN else bool(limit != request)

    def _written(self) -> list[Any]:
        """The sides where the key stands, whatever its value."""
        found = []
        for name in _SIDES:
            values = getattr(self.container.resources, name)
            if values is not UNKNOWN and self.name in values:
                found.append(values[self.name])
        return found

    @fact
    def limitMissing(self) -> bool:
        """Whether a request is written and no limit."""
        if self.request is None or self.limit is UNKNOWN:
            return False if self.request is None else UNKNOWN
        limits = self.container.resources.limits
        return self.limit is None and not (limits is not UNKNOWN and self.name in limits)

    @fact
    def fractional(self) -> bool:
        """Whether a quantity is no whole number."""
        values = [accelerator.quantity(value) for value in (self.limit, self.request) if not _empty(value)]
        if any(value is not UNKNOWN and (value is None or value.denominator != 1) for value in values):
            return True
        return UNKNOWN if unsure(*values) else False

    @fact
    def count(self) -> int:
        """Units asked for; unknown when it is no number."""
        value = self.limit if self.limit is not None else self.request
        amount = accelerator.quantity(value)
        return (
            int(amount)
            if amount is not None and amount is not UNKNOWN and amount.denominator == 1
            else UNKNOWN
        )

    def place(self) -> Place:
        for name in _SIDES:
            place = self._side_place(name)
            if not place.absent:
                return place
        return self.container.locate(("resources",))

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] in ("limit", "request"):
            place = self._side_place(f"{steps[0]}s")
            return place if not place.absent else self.place()
        return self.place()

    def _side_place(self, name: str) -> Place:
        return self.container.locate(("resources", name, self.name))


def _empty(value: Any) -> bool:
    return value is not UNKNOWN and not value


def requests_of(container: Container) -> list[AcceleratorRequest]:
    """Every resource of a container that is an accelerator, or a slip of the name of one."""
    names: dict[str, None] = {}
    for side in _SIDES:
        values = getattr(container.resources, side)
        if values is not UNKNOWN:
            names.update(dict.fromkeys(name for name in values if isinstance(name, str)))
    found = []
    for name in names:
        if name in ("cpu", "memory", "ephemeral-storage"):
            continue
        resource = accelerator.accelerator(name)
        meant = accelerator.misspelt(name) if resource is None else None
        if resource is not None or meant is not None:
            found.append(AcceleratorRequest(container, name, resource, meant))
    return found


class Accelerators(Model):
    """All accelerators of one container together."""

    def __init__(self, container: Container) -> None:
        self.document = container.document
        self.container = container
        self.known = [item for item in container.accelerators if item.resource is not None]

    def place(self) -> Place:
        return self.known[0].place() if self.known else self.container.locate(("resources",))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    @fact
    def requested(self) -> bool:
        """Whether it asks for an accelerator at all: a resource above zero, or a device claim."""
        if any(item.count is UNKNOWN or item.count > 0 for item in self.known):
            return True
        kinds = [kind for _, _, kind in self._claims()]
        if any(kinds):
            return True
        resources = self.container.resources
        if unsure(resources.limits, resources.requests, resources.claims):
            return UNKNOWN
        unresolved = any(kind is None for kind in kinds)
        return UNKNOWN if resources.open or unresolved else False

    @fact
    def named(self) -> bool:
        """Whether an accelerator resource is written, even at zero."""
        return bool(self.known)

    @fact
    def zero(self) -> bool:
        """Whether every accelerator resource that is written is zero."""
        return bool(self.known) and all(item.count is not UNKNOWN and item.count == 0 for item in self.known)

    @fact
    def count(self) -> int:
        """Devices or slices that it gets; unknown when that is decided elsewhere."""
        total = 0
        for item in self._devices():
            if item.count is UNKNOWN:
                return UNKNOWN
            total += item.count
        for count, _, kind in self._claims():
            if kind is None or (kind and count is UNKNOWN):
                return UNKNOWN
            total += count if kind else 0
        parts_only = any(item.kind == "part" for item in self.known) and total == 0
        resources = self.container.resources
        unseen = unsure(resources.limits, resources.claims) or resources.open
        hidden = resources.limits is UNKNOWN or (unseen and not self.known)
        return UNKNOWN if parts_only or hidden else total

    def _devices(self) -> list[AcceleratorRequest]:
        return [item for item in self.known if item.resource is not None and item.resource.counts_devices]

    @fact
    def name(self) -> str:
        """The resource name of the first device, or that it comes by claim; '' when it has none."""
        own = next((item.name for item in self.known if item.count is UNKNOWN or item.count), "")
        return own or next((f"{kind} by claim" for _, _, kind in self._claims() if kind), "")

    @fact
    def kind(self) -> str:
        """Kind of the first device: gpu, tpu, neuron, gaudi, npu, mig, vgpu, shared; '' when it has none."""
        own = next((item.kind for item in self._devices() if item.count is UNKNOWN or item.count), "")
        return own or next((kind for _, _, kind in self._claims() if kind), "")

    @fact
    def vendor(self) -> str:
        """Vendor of the first device; '' when it has none."""
        own = next((item.vendor for item in self._devices() if item.count is UNKNOWN or item.count), "")
        return own or next((vendor for _, vendor, kind in self._claims() if kind), "")

    @fact
    def mixed(self) -> bool:
        """Whether it asks for two sorts of device."""
        if len({item.name for item in self._devices() if item.count is UNKNOWN or item.count}) < 2:
            return False
        document = self.container.document
        return UNKNOWN if getattr(document.root, "templated", False) else True  # they may exclude each other

    @fact
    def sliced(self) -> bool:
        """Whether a unit is a slice of a device, or a turn on one."""
        return any(item.kind in accelerator.SLICE_KINDS for item in self.known) or self.kind == "mig"

    @fact
    def slots(self) -> list[int]:
        """How many processes may share the devices: one each, more where a device has several cores."""
        if self.count is UNKNOWN or self.mixed is not False:
            return UNKNOWN
        ranks = [item.resource.ranks for item in self._devices() if item.resource is not None and item.count]
        ranks += [accelerator.CLAIMED_RANKS.get(kind, (1,)) for _, _, kind in self._claims() if kind]
        per_unit = sorted({rank for group in ranks for rank in group} or {1})
        return [self.count * rank for rank in per_unit]

    @fact
    def most(self) -> int:
        """The largest number of processes that may share the devices."""
        slots: Any = self.slots
        return UNKNOWN if slots is UNKNOWN else int(max(slots))

    @fact
    def rdma(self) -> bool:
        """Whether it asks for a network device of the RDMA sort (EFA included)."""
        names: set[str] = set()
        for side in _SIDES:
            values = getattr(self.container.resources, side)
            if values is UNKNOWN:
                return UNKNOWN
            names.update(name for name in values if isinstance(name, str))
        found = any(
            (resource := accelerator.resource(name)) is not None and resource.kind == "nic" for name in names
        )
        return True if found else UNKNOWN if self.container.resources.open else False

    def _claims(self) -> list[tuple[Any, str, str | None]]:
        """Count, vendor and kind of each device claim; kind None when the claim is not in this file."""
        cached = self.__dict__.get("_claimed")
        if cached is None:
            cached = self.__dict__["_claimed"] = list(ai_claims.devices(self.container))
        return cached
