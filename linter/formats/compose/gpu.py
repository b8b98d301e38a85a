"""Accelerators of a service: device reservations, `gpus:`, and the older runtime with its variables."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.model import fact, field
from linter.formats.nodemodel import ListSlot, NodeModel

# runtime of a vendor -> the variable that says which devices it shows
VISIBLE_DEVICES = {
    "nvidia": "NVIDIA_VISIBLE_DEVICES",
    "habana": "HABANA_VISIBLE_DEVICES",
    "amd": "AMD_VISIBLE_DEVICES",
}


class Device(NodeModel):
    """A reservation of devices. Source: docs.docker.com/reference/compose-file/deploy/#devices."""

    driver: str | None = field(None, "nvidia, cdi or another driver")
    count: Any = field(None, "number of devices, or `all`; unset without device_ids means all")
    device_ids: list[str] = field(None, "devices by index or UUID")
    capabilities: list[str] = field(None, "what the devices must be able to do; required")
    options: Any = field(None, "options of the driver")

    @property
    def address(self) -> str:
        return f"{self._service_address()}/devices/{self.step}"

    def _service_address(self) -> str:
        model: NodeModel | None = self.parent
        while model is not None and not model.address:
            model = model.owner if isinstance(model, ListSlot) else model.parent
        return model.address if model is not None else ""

    @fact
    def gpu(self) -> bool:
        """Whether it is a GPU or another accelerator."""
        capabilities: Any = self.capabilities
        if capabilities is UNKNOWN or any(name is UNKNOWN for name in capabilities):
            return UNKNOWN
        accelerators = {"gpu", "tpu", "npu"}
        return self.driver == "nvidia" or any(name in accelerators for name in capabilities)

    @fact
    def takesAll(self) -> bool:
        """Whether it takes every device of the host."""
        count, ids = self.count, self.device_ids  # type: Any, Any
        if count is UNKNOWN or ids is UNKNOWN:
            return UNKNOWN
        return not ids and count in (None, "all", -1)

    @fact
    def incomplete(self) -> bool:
        """Whether Compose refuses it: no capabilities, or both a count and device ids."""
        capabilities, ids = self.capabilities, self.device_ids  # type: Any, Any
        if capabilities is UNKNOWN or ids is UNKNOWN:
            return UNKNOWN
        return not capabilities or (self.count is not None and bool(ids))


class Reservations(NodeModel):
    """What a service is sure to get."""

    devices: list[Device] = field(None, "reserved devices")
    memory: str | None = field(None, "reserved memory")
    cpus: Any = field(None, "reserved processors")


class Limits(NodeModel):
    """What a service may use at most."""

    memory: str | None = field(None, "most memory")
    cpus: Any = field(None, "most processors")
    pids: Any = field(None, "most processes")


class Resources(NodeModel):
    """Limits and reservations."""

    limits: Limits = field(None, "most that it may use")
    reservations: Reservations = field(None, "what it is sure to get")


class Deploy(NodeModel):
    """How a service is deployed."""

    replicas: Any = field(None, "number of containers")
    resources: Resources = field(None, "limits and reservations")
    restart_policy: Any = field(None, "when to start a container again")
