"""Terraform values as located nodes, so that the Kubernetes model can read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.node import MAP, SCALAR, SEQ, Node, Step
from linter.formats.terraform.model import Origin
from linter.formats.terraform.providerdefaults import RESTART_POLICY, pod_that_ends
from linter.formats.terraform.values import HOLE, PartialText, number, text_of
from linter.text import Span


class TfNode(Node):
    """A value whose parts are found by their path in a Terraform block; `content` holds nodes or a scalar."""

    __slots__ = ("content", "kind", "open", "origin", "path")

    def __init__(self, origin: Origin, content: Any, path: tuple[Step, ...], *, open_: bool = False) -> None:
        self.origin = origin
        self.content = content
        self.path = path
        self.open = open_
        self.kind = MAP if isinstance(content, dict) else SEQ if isinstance(content, list) else SCALAR

    @property
    def span(self) -> Span:  # type: ignore[override]
        return self.origin.here(self.path).span

    def get(self, key: str) -> Node | None:
        return self.content.get(key) if self.kind == MAP else None

    def keys(self) -> Sequence[str]:
        return list(self.content) if self.kind == MAP else ()

    def elements(self) -> Sequence[Node]:
        return self.content if self.kind == SEQ else ()

    def scalar(self) -> Any:
        if self.kind != SCALAR:
            return UNKNOWN
        if isinstance(self.content, PartialText):
            return self.content.text
        return UNKNOWN if isinstance(self.content, Unknown) else self.content

    def string(self) -> Any:
        value = self.scalar()
        if isinstance(value, (str, Unknown)):
            return value
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    def entry_span(self, key: str) -> Span:
        child = self.content.get(key) if self.kind == MAP else None
        return child.span if isinstance(child, TfNode) else self.span

    def head_span(self) -> Span:
        return self.span


def raw_node(origin: Origin, value: Any, path: tuple[Step, ...]) -> TfNode:
    """A value as it is: a manifest that is written as an object."""
    if isinstance(value, dict):
        content = {
            key: raw_node(origin, item, (*path, key)) for key, item in value.items() if HOLE not in key
        }
        return TfNode(origin, content, path, open_=any(HOLE in key for key in value))
    if isinstance(value, list):
        known = [raw_node(origin, item, (*path, i)) for i, item in enumerate(value) if item is not UNKNOWN]
        return TfNode(origin, known, path, open_=len(known) < len(value))
    return TfNode(origin, value, path)


# Blocks that stand for the elements of a list, with the name of the list.
_LISTS = {
    "container": "containers",
    "init_container": "initContainers",
    "volume": "volumes",
    "env": "env",
    "env_from": "envFrom",
    "port": "ports",
    "volume_mount": "volumeMounts",
    "toleration": "tolerations",
    "image_pull_secrets": "imagePullSecrets",
    "host_aliases": "hostAliases",
    "topology_spread_constraint": "topologySpreadConstraints",
    "volume_device": "volumeDevices",
    "match_expressions": "matchExpressions",
    "match_fields": "matchFields",
    "items": "items",
    "sources": "sources",
    "volume_claim_template": "volumeClaimTemplates",
    "readiness_gate": "readinessGates",
    "rule": "rules",
    "subject": "subjects",
    "http_header": "httpHeaders",
    "node_selector_term": "nodeSelectorTerms",
    "sysctl": "sysctls",
    "ingress": "ingress",
    "egress": "egress",
    "from": "from",
    "to": "to",
    "ports": "ports",
    "tls": "tls",
    "path": "paths",
    "preferred_during_scheduling_ignored_during_execution": "preferredDuringSchedulingIgnoredDuringExecution",
}
# Attributes whose keys are the user's own.
_MAPS = frozenset(
    {
        "labels",
        "annotations",
        "match_labels",
        "node_selector",
        "limits",
        "requests",
        "volume_attributes",
        "parameters",
    }
)
_NUMBERS = frozenset(
    {
        "run_as_user",
        "run_as_group",
        "fs_group",
        "container_port",
        "host_port",
        "replicas",
        "port",
        "parallelism",
        "completions",
        "backoff_limit",
        "active_deadline_seconds",
        "termination_grace_period_seconds",
        "default_mode",
    }
)
# Attributes that are texts, of which Terraform makes one of whatever is written: variables, headers, kernel parameters.
_TEXTS = frozenset({"value"})


# Blocks and attributes of a resource that the API has at the top of an object, and their names there.
_TOP = {"metadata": "metadata", "spec": "spec", "rule": "rules", "subject": "subjects", "role_ref": "roleRef"}
# What these kinds have besides; their values are the user's own. Terraform encodes a secret's data itself.
_DATA = {
    "Secret": {"data": "stringData", "data_wo": "stringData", "binary_data": "data", "type": "type"},
    "ConfigMap": {"data": "data", "binary_data": "binaryData"},
}


class Convert:
    """Turns the attributes of a kubernetes_* resource into an object of the API."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin

    def resource(self, kind: tuple[str, str], values: dict[str, Any]) -> TfNode:
        content: dict[str, TfNode] = {
            "apiVersion": TfNode(self.origin, kind[0], ()),
            "kind": TfNode(self.origin, kind[1], ()),
        }
        for name, target in _TOP.items():
            if values.get(name) is not None:
                content[target] = self.value(name, values[name], (name,))
        for name, target in _DATA.get(kind[1], {}).items():
            if values.get(name) is not None:
                content[target] = raw_node(self.origin, values[name], (name,))
        found = TfNode(self.origin, content, ())
        self._complete(kind[1], found)
        return found

    def _complete(self, kind: str, found: TfNode) -> None:
        """Writes what the provider writes where the configuration leaves it out."""
        pod: Node | None = found
        for step in pod_that_ends(kind):
            pod = pod.get(step) if pod is not None else None
        if isinstance(pod, TfNode) and pod is not found and not pod.open and pod.kind == MAP:
            pod.content.setdefault("restartPolicy", TfNode(self.origin, RESTART_POLICY, pod.path))

    def value(self, name: str, value: Any, path: tuple[Step, ...]) -> TfNode:
        if isinstance(value, dict):
            users = name in _MAPS or name == "selector"  # a block of that name has match_labels in it
            return raw_node(self.origin, value, path) if users else self.mapping(value, path)
        if isinstance(value, list):
            return self.sequence(name, value, path)
        if name in _NUMBERS and isinstance(value, str):
            found = number(value)
            return TfNode(self.origin, value if found is None else int(found), path)
        if name in _TEXTS and isinstance(value, (bool, int, float)):
            return TfNode(self.origin, text_of(value), path)
        return TfNode(self.origin, value, path)

    def mapping(self, value: dict[str, Any], path: tuple[Step, ...]) -> TfNode:
        content: dict[str, TfNode] = {}
        for key, item in value.items():
            if item is None or HOLE in key or (isinstance(item, list) and not item):
                continue
            blocks = isinstance(item, list) and (not item or isinstance(item[0], (dict, Unknown)))
            one = key == "port" and path[-1:] == ("service",)  # of an ingress; a service has many
            target = _LISTS[key] if key in _LISTS and blocks and not one else camel(key)
            content[target] = self.value("" if one else key, item, (*path, key))
        return TfNode(self.origin, content, path, open_=any(HOLE in key for key in value))

    def sequence(self, name: str, value: list[Any], path: tuple[Step, ...]) -> TfNode:
        if name not in _LISTS and value and all(isinstance(item, (dict, Unknown)) for item in value):
            first = value[0]
            if isinstance(first, dict) and len(value) == 1:
                return raw_node(self.origin, first, path) if name in _MAPS else self.mapping(first, path)
            if isinstance(first, Unknown):
                return TfNode(self.origin, UNKNOWN, path)
        known = [self.value("", item, (*path, i)) for i, item in enumerate(value) if item is not UNKNOWN]
        return TfNode(self.origin, known, path, open_=len(known) < len(value))


def camel(name: str) -> str:
    """`run_as_user` -> `runAsUser`; the few names that Terraform spells in its own way included."""
    special = {
        "claim_name": "claimName",
        "host_pid": "hostPID",
        "host_ipc": "hostIPC",
        "pod_ip": "podIP",
        "cluster_ip": "clusterIP",
        "api_groups": "apiGroups",
        "non_resource_urls": "nonResourceURLs",
        "external_ips": "externalIPs",
        "load_balancer_ip": "loadBalancerIP",
        "api_group": "apiGroup",
    }
    if name in special:
        return special[name]
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
