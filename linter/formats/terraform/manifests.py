"""Kubernetes manifests that Terraform applies, and the values that it gives to Helm charts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.model import Raw, fact, field
from linter.formats.node import Step
from linter.formats.terraform.gpu import instance_types
from linter.formats.terraform.part import Part, blocks, dig, strings
from linter.formats.terraform.textfunctions import yamldecode
from linter.formats.terraform.values import (
    HOLE,
    FunctionError,
    PartialData,
    PartialText,
    is_unknown,
    restore_holes,
    text_of,
    too_deep,
    too_heavy,
)
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located

WHERE: dict[str, str] = {
    "kubectl_manifest": "yaml_body",
    "kubernetes_manifest": "manifest",
    "kustomization_resource": "manifest",
}
_GPU_KEYS = lazy_regex(r"instance-(gpu|accelerator)|gpu|accelerator", re.IGNORECASE)
# Only what asks for no login by itself: others, such as Grafana or Langfuse, are made to be reached
_SERVERS = lazy_regex(
    r"vllm|nim-llm|nim$|kuberay|ray-cluster|jupyterhub|jupyter|ollama|mlflow|triton|tgi|text-generation-inference|sglang|kserve"
    r"|qdrant|milvus|weaviate|chroma|tensorboard|comfyui|stable-diffusion|label-studio|langflow|flowise",
    re.IGNORECASE,
)
_NODE_AGENTS = lazy_regex(
    r"gpu-operator|network-operator|device-plugin|gpu-driver|node-problem-detector|node-feature|\b(?:ebs|efs|fsx|gcs|s3|azure|oci)?-?csi\b|csi-driver"
    r"|\bcni\b|cilium|calico|dcgm|node-exporter|fluent-?(?:bit|d)|datadog|falco|neuron|\befa\b|nvidia|longhorn|rook|kured|tetragon|health-?check",
    re.IGNORECASE,
)
_INTERNAL = (
    "aws-load-balancer-scheme",
    "aws-load-balancer-internal",
    "load-balancer-type",
    "azure-load-balancer-internal",
)
# of an ingress for which the cloud itself makes a load balancer
_CLOUD_CLASSES = ("alb", "gce", "azure")


class Manifest(Part):
    """One Kubernetes object."""

    kind: str = field("", "its kind")
    name: str = field("", "its name")
    values: Raw = field(None, "the whole object")

    def __init__(self, owner: Located, path: tuple[Step, ...], values: dict[str, Any]) -> None:
        super().__init__(owner, path)
        self.values = values
        kind, name = values.get("kind"), dig(values, "metadata", "name")
        self.kind = kind if isinstance(kind, str) else UNKNOWN
        self.name = name if isinstance(name, str) else "(unknown)"

    @fact
    def gpu_pool(self) -> bool:
        "whether a Karpenter pool selects machines with accelerators"
        if self.kind not in ("NodePool", "Provisioner"):
            return False
        spec = self.values.get("spec")
        inner = dig(spec, "template", "spec")
        unknown = isinstance(spec, Unknown)
        for item in blocks(dig(inner if inner is not None else spec, "requirements")):
            if not isinstance(item, dict):
                unknown = True
            elif self._selects_gpu(item):
                return True
        return UNKNOWN if unknown else False

    @staticmethod
    def _selects_gpu(item: dict[str, Any]) -> bool:
        key, operator, values = str(item.get("key")), item.get("operator"), strings(item.get("values"))
        if operator not in ("In", "Exists", "Gt"):
            return False
        if _GPU_KEYS.search(key.partition("/")[2] or key):
            return True
        known = [value.lower() for value in values if isinstance(value, str)]
        if key.endswith("instance-category"):
            return any(value in ("g", "p", "gr") for value in known)
        table = instance_types()
        if key.endswith("instance-family"):
            return any(any(name.startswith(value + ".") for name in table) for value in known)
        return key.endswith("instance-type") and any(value in table for value in known)


def manifests(owner: Located, type_key: str) -> list[Any]:
    """The objects of a subject; UNKNOWN for what can't be read."""
    attribute = WHERE.get(type_key)
    value = owner.values.get(attribute) if attribute is not None else None
    if attribute is None or value is None:
        return []
    found = [value] if isinstance(value, dict) else documents(value)
    return [Manifest(owner, (attribute,), item) if isinstance(item, dict) else UNKNOWN for item in found]


def documents(value: Any) -> list[Any]:
    """The YAML documents of a value."""
    if isinstance(value, PartialData):
        return [value.value]
    text = value.text if isinstance(value, PartialText) else value
    if not isinstance(text, str):
        return [UNKNOWN]
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = list(yaml.load_all(text, loader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return [UNKNOWN]
    if too_heavy(found) or too_deep(found, 60):
        return [UNKNOWN]
    return [restore_holes(item) for item in found if item is not None]


def chart_values(values: dict[str, Any]) -> Any:
    """The values of a release: `values` in order, then `set`; UNKNOWN where they are not known."""
    merged: Any = {}
    for item in strings(values.get("values")):
        if isinstance(item, Unknown) and not isinstance(item, (PartialText, PartialData)):
            return UNKNOWN
        try:
            found = yamldecode(item)
        except FunctionError:
            return UNKNOWN
        if isinstance(found, dict):
            merged = deep_merge(merged, found)
        elif isinstance(found, Unknown):
            return UNKNOWN
    for name in ("set", "set_list"):
        for entry in blocks(values.get(name)):
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                _put(merged, _path(entry["name"]), _scalar(entry.get("value")))
    return merged


def _scalar(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _path(name: str) -> list[str]:
    return [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", name)]


def _put(target: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        inner = target.get(step)
        if not isinstance(inner, dict):
            inner = target[step] = {}
        target = inner
    target[path[-1]] = value


def deep_merge(first: Any, second: Any) -> Any:
    if not isinstance(first, dict) or not isinstance(second, dict):
        return second
    return {
        **first,
        **{
            key: deep_merge(first.get(key), value) if key in first else value for key, value in second.items()
        },
    }


class Release(Part):
    """A Helm release."""

    values: Raw = field(None, "the merged chart values")
    serves: bool = field(
        False, "whether the chart serves models, notebooks or their data, and asks for no login by itself"
    )
    node_agent: bool = field(
        False, "whether the chart works on nodes: drivers, device plugins, storage, network, monitoring"
    )

    def __init__(self, owner: Located) -> None:
        super().__init__(owner, ())
        self.values = chart_values(owner.values) if owner.values.get("chart") is not None else None
        words = " ".join(text_of(owner.values.get(k)) for k in ("name", "chart", "repository"))
        self.serves = bool(_SERVERS.search(words))
        self.node_agent = bool(_NODE_AGENTS.search(words.replace("_", "-")))

    @fact
    def local(self) -> bool:
        "whether the chart is a folder or a file beside the configuration"
        chart, repository = self.owner.values.get("chart"), self.owner.values.get("repository")
        if text_of(repository).startswith((".", "/")):  # of `path.module`
            return True
        text = chart.text if isinstance(chart, PartialText) else chart
        if not isinstance(text, str):
            return UNKNOWN
        return (
            text.startswith((".", "/", HOLE))
            or text.endswith(".tgz")
            or (repository is None and "/" in text and "://" not in text)
        )

    @fact
    def public(self) -> bool:
        "whether the values open a load balancer or an ingress without saying that it is internal"
        if isinstance(self.values, Unknown):
            return UNKNOWN
        found = [_is_public(node) for node in _nodes(self.values, 0)]
        return any(is_open is True for is_open in found) or (
            UNKNOWN if any(map(is_unknown, found)) else False
        )

    @fact
    def privileged(self) -> bool:
        "whether the values set `privileged: true`, `hostPID: true` or `hostIPC: true`"
        flags = ("privileged", "hostPID", "hostIPC")
        return any(node.get(flag) is True for node in _nodes(self.values, 0) for flag in flags)


def _nodes(value: Any, depth: int) -> list[dict[str, Any]]:
    """Every map in the values."""
    if depth > 12:
        return []
    if isinstance(value, dict):
        return [value, *(node for item in value.values() for node in _nodes(item, depth + 1))]
    return [node for item in value for node in _nodes(item, depth + 1)] if isinstance(value, list) else []


def _is_public(node: dict[str, Any]) -> Any:
    service, ingress = node.get("service"), node.get("ingress")
    if isinstance(service, dict) and service.get("type") == "LoadBalancer":
        return not _protected(service)
    if not isinstance(ingress, dict) or ingress.get("enabled") is not True or _protected(ingress):
        return False
    return UNKNOWN if _by_controller(ingress) else True


def _by_controller(ingress: dict[str, Any]) -> bool:
    """Whether a program of the cluster serves an ingress, such as nginx, whose own service says who reaches it."""
    annotations = ingress.get("annotations")
    names = [ingress.get("className"), ingress.get("ingressClassName")]
    if isinstance(annotations, dict):
        names.append(annotations.get("kubernetes.io/ingress.class"))
    name = next((text_of(name) for name in names if name), "")
    return bool(name) and not name.startswith(_CLOUD_CLASSES)


def _protected(node: dict[str, Any]) -> bool:
    annotations = node.get("annotations")
    if isinstance(annotations, Unknown) or (isinstance(annotations, dict) and HOLE in annotations):
        return True
    found = annotations if isinstance(annotations, dict) else {}
    if node.get("loadBalancerSourceRanges") or any("auth-" in key or "inbound-cidrs" in key for key in found):
        return True
    return any(
        any(word in key for word in _INTERNAL)
        and text_of(value).lower() in ("internal", "true", "0.0.0.0/0", HOLE)
        for key, value in found.items()
    )
