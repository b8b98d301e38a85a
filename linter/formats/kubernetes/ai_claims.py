"""What a container's device claims ask for, as far as the claims stand among the objects that are read with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats import accelerator
from linter.formats.kubernetes.part import same

if TYPE_CHECKING:
    from linter.formats.document import Document
    from linter.formats.kubernetes.container import Container

_OLD = "resourceClassName"  # of v1alpha2: a class, and a count among parameters of the vendor
_NO_DEVICES: dict[str, Any] = {"requests": []}


def devices(container: Container) -> Iterator[tuple[Any, str, str | None]]:
    """Count, vendor and kind of each device claim; kind None when the claim is not among the objects."""
    for claim, source in _entries(container):
        found = _devices_of(container.document, source) if source is not None else None
        yield (UNKNOWN, "", None) if found is None else accelerator.claimed(found, claim.get("request"))


def unresolved(container: Container) -> list[str]:
    """Names of the claims, or of their templates, that are not among the objects."""
    found = []
    for claim, source in _entries(container):
        if source is None or _devices_of(container.document, source) is None:
            name = _wanted(source) if source is not None else claim.get("name")
            found.append(name if isinstance(name, str) else "?")
    return found


def _entries(container: Container) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """Each claim of the container with the entry of its pod that says where it comes from."""
    claims = container.resources.claims
    if claims is UNKNOWN or not claims:
        return
    listed = container.pod.resourceClaims
    entries = [] if listed is UNKNOWN else [item for item in listed if isinstance(item, Mapping)]
    for claim in claims:
        if not isinstance(claim, Mapping):
            yield {}, None
            continue
        yield claim, next((item for item in entries if same(item.get("name"), claim.get("name"))), None)


def _wanted(source: Mapping[str, Any]) -> Any:
    """The name of the claim or template; before v1alpha3 it stood one level deeper."""
    inner = source.get("source")
    holder = inner if isinstance(inner, Mapping) else source
    found = holder.get("resourceClaimTemplateName")
    return found if found is not None else holder.get("resourceClaimName")


def _devices_of(document: Document, source: Mapping[str, Any]) -> Any:
    """`devices` of the claim or template that a pod's entry names; None when it is not among the objects."""
    wanted = _wanted(source)
    for manifest in document.root.manifests:
        if manifest.type_key == "ComputeDomain" and same(_channel(manifest.body), wanted):
            return _NO_DEVICES  # a channel between nodes
        if manifest.type_key not in ("ResourceClaim", "ResourceClaimTemplate"):
            continue
        if same(manifest.metadata.name, wanted):
            spec = _below(manifest.body, "spec")
            inner = _below(spec, "spec") or spec
            return _devices(inner) if isinstance(inner, Mapping) else None
    return None


def _devices(spec: Mapping[str, Any]) -> Any:
    old = spec.get(_OLD)
    if old is None:
        return spec.get("devices")
    count = 1 if spec.get("parametersRef") is None else UNKNOWN
    return {"requests": [{"deviceClassName": old, "count": count}]}


def _channel(domain: Any) -> Any:
    return _below(domain, "spec", "channel", "resourceClaimTemplate", "name")


def _below(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) or not keys or isinstance(value, str) else None
