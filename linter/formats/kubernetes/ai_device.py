"""Objects that set accelerators up: device-plugin configurations and device claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import device_class
from linter.formats.model import Model, Place, field
from linter.formats.node import Step
from linter.formats.nodemodel import locate_node
from linter.formats.yamlcompose import plain_value
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest


class Sharing(Model):
    """How a device-plugin configuration shares devices."""

    mode: str = field("", "timeSlicing or mps")
    failsOnMultiple: bool = field(False, "whether a request for several replicas is refused")
    renamed: bool = field(False, "whether shared devices are offered under a name of their own")

    def __init__(self, manifest: Manifest, key: str, mode: str, settings: Mapping[str, Any]) -> None:
        self.document = manifest.document
        self.manifest = manifest
        self.key = key
        self.mode = mode
        self.failsOnMultiple = settings.get("failRequestsGreaterThanOne") is True
        names = settings.get("resources")
        own = (
            isinstance(names, list)
            and bool(names)
            and all(isinstance(item, Mapping) and item.get("rename") for item in names)
        )
        self.renamed = settings.get("renameByDefault") is True or own

    @property
    def address(self) -> str:
        return f"{self.manifest.address}#/data/{self.key}"

    def place(self) -> Place:
        data = self.manifest.node.get("data") if self.manifest.node is not None else None
        child = data.get(self.key) if data is not None else None
        if child is None or data is None:
            return self.manifest.place()
        found = self.document.text.text.find(f"{self.mode}:", child.span.start, child.span.end)
        if found < 0:
            return Place(data.entry_span(self.key))
        return Place(Span(found, found + len(self.mode) + 1))

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def sharing(manifest: Manifest) -> list[Sharing]:
    """The sharing settings of every device-plugin configuration in a ConfigMap."""
    node = manifest.node.get("data") if manifest.node is not None else None
    found = []
    for key in node.keys() if node is not None else ():
        child = node.get(key) if node is not None else None
        text = child.string() if child is not None else None
        if isinstance(text, str) and "sharing:" in text and ("timeSlicing" in text or "mps" in text):
            found += [Sharing(manifest, key, mode, settings) for mode, settings in _modes(text)]
    return found


def _modes(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    value = plain_value(text)
    plan = value.get("sharing") if isinstance(value, Mapping) else None
    for mode in ("timeSlicing", "mps"):
        settings = plan.get(mode) if isinstance(plan, Mapping) else None
        if isinstance(settings, Mapping) and _shares(settings):
            yield mode, settings


def _shares(settings: Mapping[str, Any]) -> bool:
    """Whether a resource has more than one replica; so it is while that is not known."""
    names = settings.get("resources")
    counts = (
        [item.get("replicas") for item in names if isinstance(item, Mapping)]
        if isinstance(names, list)
        else []
    )
    return not counts or any(not isinstance(count, int) or count > 1 for count in counts)


class DeviceRequest(Model):
    """One request of a ResourceClaim or ResourceClaimTemplate."""

    name: str = field("", "its name")
    deviceClass: str = field("", "class of the devices")
    adminAccess: bool = field(False, "whether it may use devices that are allocated to others")
    all: bool = field(False, "whether it takes every device of a node")
    accelerator: bool = field(False, "whether the class is one of accelerators")

    def __init__(
        self, manifest: Manifest, path: tuple[Step, ...], request: Mapping[str, Any], exact: Mapping[str, Any]
    ) -> None:
        self.document = manifest.document
        self.manifest = manifest
        self.path = path
        self.name = str(request.get("name") or "?")
        self.deviceClass = str(exact.get("deviceClassName") or "")
        admin: Any = exact.get("adminAccess")
        mode: Any = exact.get("allocationMode")
        self.adminAccess = UNKNOWN if admin is UNKNOWN else admin is True
        self.all = UNKNOWN if mode is UNKNOWN else mode == "All"
        self.accelerator = device_class(exact.get("deviceClassName")) is not None

    @property
    def address(self) -> str:
        return f"{self.manifest.address}#/{'/'.join(map(str, self.path))}"

    def place(self) -> Place:
        return self.locate(())

    def locate(self, steps: Sequence[Step]) -> Place:
        if self.manifest.node is None:
            return self.manifest.place()
        key = {"all": "allocationMode", "adminAccess": "adminAccess"}.get(str(steps[0]) if steps else "")
        return locate_node(self.manifest.node, (*self.path, key) if key else self.path)


def device_requests(manifest: Manifest) -> list[DeviceRequest]:
    """The requests of a device claim, of any version of its API; empty for other kinds."""
    if manifest.type_key not in ("ResourceClaim", "ResourceClaimTemplate") or not isinstance(
        manifest.body, dict
    ):
        return []
    base: tuple[Step, ...] = ("spec",) if manifest.type_key == "ResourceClaim" else ("spec", "spec")
    value: Any = manifest.body
    for step in (*base, "devices", "requests"):
        value = value.get(step) if isinstance(value, dict) else None
    found = []
    for index, request in enumerate(value if isinstance(value, list) else []):
        if not isinstance(request, dict):
            continue
        path = (*base, "devices", "requests", index)
        exact = request.get("exactly")
        if isinstance(exact, dict):
            found.append(DeviceRequest(manifest, (*path, "exactly"), request, exact))
        else:
            found.append(DeviceRequest(manifest, path, request, request))
    return found
