"""Ways from outside the cluster to an AI workload, and ports that a Service opens before one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.formats.kubernetes.ai_peers import AiRecord, AiRouteRecord, AiServiceRecord, AiWorkloadRecord
from linter.formats.kubernetes.network import leads_to_code
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step

EXTERNAL = "externalIPs"


class Exposure(Model):
    """A way from outside the cluster to an AI workload. `by` says how: a type of Service, Ingress, a route."""

    by: str = field("", "LoadBalancer, NodePort, externalIPs, Ingress or the kind of the route")
    name: str = field("", "name of the Service, Ingress or route")
    engine: str = field("", "the engine that is reached")
    direct: bool = field(False, "whether a Service itself is the way")
    locked: bool = field(False, "whether a login stands before it")
    keyless: bool = field(False, "whether the server asks for no key")
    secure: bool = field(True, "whether the way has TLS")
    control: bool = field(False, "whether models can be loaded over the API")
    login: bool = field(False, "whether the tool has a login of its own")

    def __init__(self, door: AiRecord, how: str, workload: AiWorkloadRecord) -> None:
        self.door = door
        self.document = door.project.document_of(door.path)
        self.workload = workload
        self.by = how
        self.name = door.label
        self.engine = workload.engineName
        self.direct = isinstance(door, AiServiceRecord)
        self.locked = workload.proxied or (isinstance(door, AiRouteRecord) and door.locked)
        self.keyless = workload.keyless
        self.secure = door.secure if isinstance(door, AiRouteRecord) else True
        self.control = any(item["control"] is True for item in workload.engines)
        self.login = any(item["login"] is True for item in workload.engines)

    @property
    def address(self) -> str:
        return self.door.address

    def place(self) -> Place:
        return self.door.locate(
            ("externalIPs" if self.by == EXTERNAL else "type" if self.direct else "rules",)
        )

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    @fact
    def reached(self) -> str:
        """What is reached, for messages: the engine, or the workload where the engine is not known."""
        return self.engine or f"{self.workload.kind} '{self.workload.label}'"

    @fact
    def ofNotebook(self) -> bool:
        """Whether a Service that is named for it leads to a notebook, which has a login, and to no accelerator."""
        door = self.door
        return (
            isinstance(door, AiServiceRecord)
            and self.engine == "jupyter"
            and not self.workload.accelerated
            and leads_to_code(door.name, door.selector)
        )

    @fact
    def target(self) -> AiWorkloadRecord:
        """The workload that is reached."""
        return self.workload


class OpenPort(Model):
    """A port of a Service in front of an AI workload."""

    port: int = field(0, "the port")
    engine: str = field("", "the engine behind it")

    target: Any = field(None, "the port of the pods that it leads to")

    def __init__(self, service: AiServiceRecord, port: int, engine: str, target: Any = None) -> None:
        self.service_record = service
        self.document = service.project.document_of(service.path)
        self.port = port
        self.engine = engine
        self.target = target

    @property
    def address(self) -> str:
        return self.service_record.address

    def place(self) -> Place:
        return self.service_record.locate((f"port{self.port}",))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()

    @fact
    def service(self) -> AiServiceRecord:
        """The Service."""
        return self.service_record
