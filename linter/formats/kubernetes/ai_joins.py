"""Which objects of a file complete others, which are completed, and which are looked up in: what the scan joins.

By name: an InferenceService names its runtime, a TrainJob its own, an LLMInferenceService its configurations. By what
it serves: an InferenceService that names no runtime gets the one that KServe would choose
(`ModelSpec.GetSupportingRuntimes`). Looked up: the ConfigMaps and device claims that pods with accelerators name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.kubernetes.ai_merge import below, text_at
from linter.formats.kubernetes.manifest import Manifest, Workload
from linter.formats.kubernetes.part import known_items
from linter.formats.node import MAP, Node
from linter.frozen import dataclass

_RUNTIMES = ("ServingRuntime", "ClusterServingRuntime")
_BASES = frozenset((*_RUNTIMES, "TrainingRuntime", "ClusterTrainingRuntime", "LLMInferenceServiceConfig"))
_LOOKED_UP = frozenset(("ConfigMap", "ResourceClaim", "ResourceClaimTemplate"))


@dataclass(frozen=True, slots=True)
class Reference:
    """An object by the kinds that it may have, best first, and its name."""

    kinds: tuple[str, ...]
    name: str


def joins(document: Document) -> list[dict[str, Any]]:
    """The objects of a document that the scan joins with others: plain data, see `linter.render.completed`."""
    found = []
    here = {
        (item.type_key, name)
        for item in document.root.manifests
        if isinstance(name := item.metadata.name, str)
    }
    for index, manifest in enumerate(document.root.manifests):
        kind, name = manifest.type_key, manifest.metadata.name
        if manifest.node is None or not isinstance(name, str):
            continue
        facts = _facts(document, manifest, here)
        if facts or kind in _BASES or kind in _LOOKED_UP:
            space = manifest.metadata.namespace
            found.append({
                "kind": kind,
                "name": name,
                "namespace": space if isinstance(space, str) else None,
                "address": manifest.address,
                "index": index,
                **facts,
            })  # fmt: skip
    return found


def _facts(document: Document, manifest: Manifest, here: Set[tuple[Any, Any]]) -> dict[str, Any]:
    """What an object wants, by name or by what it serves; of a serving runtime, what it offers."""
    kind = manifest.type_key
    assert manifest.node is not None
    if kind in _RUNTIMES:
        return {"offers": _offers(manifest.node)}
    refer = _REFERENCES.get(kind)
    if refer is not None:
        wants = [[list(item.kinds), item.name] for item in refer(manifest.node)]
        serves = _serves(manifest.node) if kind == "InferenceService" and not wants else None
        return {"wants": wants} if wants else {"serves": serves} if serves else {}
    if isinstance(manifest, Workload) and not document.root.templated:
        looks = [[list(item.kinds), item.name] for item in _lookups(document, manifest, here)]
        return {"looks": looks} if looks else {}
    return {}


def _runtime_of(manifest: Node) -> Iterator[Reference]:
    model = below(manifest, "spec", "predictor", "model")
    name = text_at(model, "runtime")
    if name:
        yield Reference(_RUNTIMES, name)


def _configurations_of(manifest: Node) -> Iterator[Reference]:
    listed = below(manifest, "spec", "baseRefs")
    for item in listed.elements() if listed is not None else ():
        name = text_at(item, "name")
        if name:
            yield Reference(("LLMInferenceServiceConfig",), name)


def _training_runtime_of(manifest: Node) -> Iterator[Reference]:
    ref = below(manifest, "spec", "runtimeRef")
    name = text_at(ref, "name")
    if name:
        yield Reference((text_at(ref, "kind") or "ClusterTrainingRuntime",), name)


_REFERENCES: Mapping[str, Callable[[Node], Iterator[Reference]]] = {
    "InferenceService": _runtime_of,
    "LLMInferenceService": _configurations_of,
    "TrainJob": _training_runtime_of,
}


# a serving runtime that is chosen


def _serves(manifest: Node) -> dict[str, Any] | None:
    """What a predictor without a runtime asks of one; None when that is not written."""
    predictor = below(manifest, "spec", "predictor")
    model = below(predictor, "model")
    form = below(model, "modelFormat")
    name = text_at(form, "name")
    if predictor is None or model is None or not name or model.get("runtime") is not None:
        return None
    return {
        "label": ":".join(filter(None, (name, text_at(form, "version")))),
        "format": name,
        "protocol": text_at(model, "protocolVersion"),
        "nodes": predictor.get("workerSpec") is not None,
    }


def _offers(manifest: Node) -> dict[str, Any]:
    """What a runtime may be chosen for: labels of formats, priority by format, protocols; none when it can't be."""
    spec = below(manifest, "spec")
    labels: list[str] = []
    priority: dict[str, int] = {}
    listed = below(spec, "supportedModelFormats")
    off = any(
        (flag := below(spec, key)) is not None and flag.scalar() is True for key in ("disabled", "multiModel")
    )
    for item in listed.elements() if listed is not None and not off else ():
        name, version = text_at(item, "name"), text_at(item, "version")
        chosen, rank = below(item, "autoSelect"), below(item, "priority")
        if rank is not None and type(rank.scalar()) is int:
            priority.setdefault(name, rank.scalar())
        if chosen is not None and chosen.scalar() is True:
            labels += [name, f"{name}:{version}"] if version else [name]
    protocols = below(spec, "protocolVersions")
    return {
        "labels": labels,
        "priority": priority,
        "protocols": [str(item.string()) for item in protocols.elements()] if protocols is not None else [],
        "nodes": below(spec, "workerSpec") is not None,
    }


# what pods look up


def _lookups(document: Document, workload: Workload, here: Set[tuple[Any, Any]]) -> Iterator[Reference]:
    """ConfigMaps and device claims of other files that the pods of a workload name, where they matter here.

    `here`: kinds and names of the objects of this one.
    """
    assert workload.node is not None
    span = workload.node.span  # of the object alone: a file may hold thousands
    text = document.text.text[span.start : span.end]
    if "onfigMap" not in text and "resourceClaims" not in text:
        return
    seen: dict[Reference, None] = {}
    for pod in workload.pods:
        claims = list(_claims(pod.resourceClaims))
        if claims or pod.accelerator.requested is True:
            seen.update(dict.fromkeys((*claims, *_config_maps(pod))))
    if not seen:
        return
    yield from (item for item in seen if (item.kinds[0], item.name) not in here)


def _claims(entries: Any) -> Iterator[Reference]:
    for entry in entries if isinstance(entries, list) else ():
        source = entry.get("source", entry) if isinstance(entry, Mapping) else None
        for kind in ("ResourceClaimTemplate", "ResourceClaim"):
            name = source.get(f"{kind[0].lower()}{kind[1:]}Name") if isinstance(source, Mapping) else None
            if isinstance(name, str) and name:
                yield Reference((kind,), name)


def _config_maps(pod: Any) -> Iterator[Reference]:
    names: list[Any] = []
    for container in pod.known_containers:
        for variable in known_items(container.env):
            source = variable.node.get("valueFrom") if variable.node is not None else None
            if source is not None and source.kind == MAP:
                names.append(variable.valueFrom.configMapKeyRef.name)
        names += [entry.configMapRef.name for entry in known_items(container.envFrom)]
    names += [volume.configMap.name for volume in known_items(pod.volumes)]
    for name in names:
        if name is not UNKNOWN and isinstance(name, str) and name:
            yield Reference(("ConfigMap",), name)
