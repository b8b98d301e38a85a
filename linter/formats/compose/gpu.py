"""Accelerators of a service: device reservations, `gpus:`, and the older runtime with its variables."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import NodeModel, fact, field

_ALL_VARIABLES = {
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
        owner = self.parent
        return f"{owner.owner.address if hasattr(owner, 'owner') else ''}/devices/{self.step}"

    @fact
    def gpu(self) -> bool:
        """Whether it is a GPU or another accelerator."""
        capabilities = self.capabilities
        if capabilities is UNKNOWN or UNKNOWN in capabilities:
            return UNKNOWN
        return self.driver == "nvidia" or any(name in ("gpu", "tpu", "npu") for name in capabilities)

    @fact
    def takesAll(self) -> bool:
        """Whether it takes every device of the host."""
        if self.count is UNKNOWN or self.device_ids is UNKNOWN:
            return UNKNOWN
        return not self.device_ids and self.count in (None, "all", -1)

    @fact
    def incomplete(self) -> bool:
        """Whether Compose refuses it: no capabilities, or both a count and device ids."""
        if self.capabilities is UNKNOWN or self.device_ids is UNKNOWN:
            return UNKNOWN
        return not self.capabilities or (self.count is not None and bool(self.device_ids))


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


def visible_all(runtime: Any, variable: Any) -> Any:
    """Whether the runtime of a vendor is told to show every device. `variable` reads one of the service's."""
    if runtime is UNKNOWN:
        return UNKNOWN
    name = _ALL_VARIABLES.get(str(runtime).lower())
    return name is not None and variable(name) == "all"
