"""Kubernetes inside Terraform: manifests and kubernetes_* workloads become one document of their own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from linter.formats.classify import is_template
from linter.formats.document import Document
from linter.formats.node import Node
from linter.formats.terraform import syntax as s
from linter.formats.terraform.evaluate import Scope, evaluate, pieces
from linter.formats.terraform.heredocs import unindented
from linter.formats.terraform.manifests import WHERE, documents
from linter.formats.terraform.mentions import children
from linter.formats.terraform.module import Module
from linter.formats.terraform.resource import Resource
from linter.formats.terraform.source import SourceOrigin
from linter.formats.terraform.tfnode import Convert, raw_node
from linter.formats.terraform.values import HOLE

# kubernetes_TYPE -> API version and kind; a `_v1` at the end changes nothing.
KINDS: dict[str, tuple[str, str]] = {
    "kubernetes_deployment": ("apps/v1", "Deployment"),
    "kubernetes_stateful_set": ("apps/v1", "StatefulSet"),
    "kubernetes_daemonset": ("apps/v1", "DaemonSet"),
    "kubernetes_daemon_set": ("apps/v1", "DaemonSet"),
    "kubernetes_job": ("batch/v1", "Job"),
    "kubernetes_cron_job": ("batch/v1", "CronJob"),
    "kubernetes_pod": ("v1", "Pod"),
    "kubernetes_replication_controller": ("v1", "ReplicationController"),
    "kubernetes_service": ("v1", "Service"),
    "kubernetes_namespace": ("v1", "Namespace"),
    "kubernetes_secret": ("v1", "Secret"),
    "kubernetes_config_map": ("v1", "ConfigMap"),
    "kubernetes_network_policy": ("networking.k8s.io/v1", "NetworkPolicy"),
    "kubernetes_role": ("rbac.authorization.k8s.io/v1", "Role"),
    "kubernetes_cluster_role": ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    "kubernetes_role_binding": ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    "kubernetes_cluster_role_binding": ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
}

MAX_LOCALS = 4  # that are named in a row


def attach(document: Document) -> None:
    """Add what a Terraform document holds of Kubernetes to its embedded documents."""
    found: dict[str, list[Node]] = {}
    for subject in document.root:
        if isinstance(subject, Resource):
            nodes = list(_nodes(subject))
            if nodes:
                found.setdefault(written_in(subject), []).extend(nodes)
    if not found:
        return
    from linter.formats.kubernetes.read import manifests_of

    for path, nodes in found.items():
        embedded = Document(document.text, "kubernetes", manifests_of(document.text, nodes), written_in=path)
        for manifest in embedded.root.manifests:
            manifest.document = embedded
        embedded.sensitive = document.sensitive
        document.embedded.append(embedded)


_INGRESS = {  # two APIs, with other names in them
    "kubernetes_ingress": "extensions/v1beta1",
    "kubernetes_ingress_v1": "networking.k8s.io/v1",
}


def written_in(resource: Resource) -> str:
    """The YAML file that a manifest is read from with `file` or `templatefile`; empty for other manifests."""
    origin, attribute = resource.origin, WHERE.get(resource.type)
    expr = (
        origin.expression((attribute,))
        if attribute is not None and isinstance(origin, SourceOrigin)
        else None
    )
    if expr is None or not isinstance(origin, SourceOrigin) or origin.module.folder is None:
        return ""
    found = set(_files(expr, resource.scope or origin.module.scope, origin.module, MAX_LOCALS))
    return found.pop() if len(found) == 1 else ""


def _files(expr: Any, scope: Scope, module: Module, depth: int) -> Iterator[str]:
    """The YAML files that an expression reads, shown as findings show them."""
    if isinstance(expr, s.Call) and expr.name in ("file", "templatefile") and expr.args:
        name = evaluate(expr.args[0], scope)
        path = module.folder.inside(name) if module.folder is not None and isinstance(name, str) else None
        if path is not None and module.folder is not None and _is_yaml(path.name):
            yield path.relative_to(module.folder.root).as_posix()
        return
    if (
        isinstance(expr, s.Traversal)
        and isinstance(expr.base, s.Name)
        and expr.base.name == "local"
        and depth
    ):
        attribute = module.locals.get(str(expr.steps[0]))
        if attribute is not None:
            yield from _files(attribute.expr, module.scope, module, depth - 1)
    for inner in children(expr):
        yield from _files(inner, scope, module, depth)


def _is_yaml(name: str) -> bool:
    """Whether a file of this name is judged by itself: YAML, or a template of it such as `pod.yaml.tftpl`."""
    return name.endswith((".yaml", ".yml")) or is_template(name)


def _nodes(resource: Resource) -> Iterator[Node]:
    attribute = WHERE.get(resource.type)
    if resource.mode == "data" or resource.borrowed or resource.action in ("delete", "forget"):
        return
    if attribute is not None:
        yield from _manifests(resource, attribute)
        return
    kind = _kind(resource.type)
    if kind is not None:
        yield Convert(resource.origin).resource(kind, resource.values)


def _kind(type_: str) -> tuple[str, str] | None:
    """The API version and kind of a resource type."""
    if type_ in _INGRESS:
        return (_INGRESS[type_], "Ingress")
    return KINDS.get(type_.removesuffix("_v1").removesuffix("_v1beta1"))


def _manifests(resource: Resource, attribute: str) -> Iterator[Node]:
    value = resource.values.get(attribute)
    exact = _exact(resource, attribute)
    if exact is not None:
        yield from exact
        return
    for item in [value] if isinstance(value, dict) else documents(value) if value is not None else ():
        if isinstance(item, dict):
            yield raw_node(resource.origin, item, (attribute,))


def _exact(resource: Resource, attribute: str) -> list[Node] | None:
    """The objects of a heredoc, each value where it is written; None when the text is made in another way."""
    origin = resource.origin
    expr = origin.expression((attribute,)) if isinstance(origin, SourceOrigin) else None
    if not isinstance(expr, s.Template) or not isinstance(origin, SourceOrigin):
        return None
    text, offset = located_text(expr, resource.scope or origin.module.scope)
    if text.strip() == HOLE:
        return None
    from linter.formats.yamltree import parse_embedded

    stream = parse_embedded(text, offset)
    return list(stream.documents) if not stream.problems else None


def located_text(expr: s.Template, scope: Scope) -> tuple[str, Callable[[int], int]]:
    """The text of a template, and where each of its characters stands in the file."""
    parts: list[str] = []
    starts: list[int] = []  # offset of each piece in the text
    places: list[tuple[int, bool]] = []  # where it stands, and whether it is written there letter by letter
    size = 0
    for part in expr.parts:
        text = part.text if isinstance(part, s.Text) else "".join(pieces((part,), scope))
        starts.append(size)
        if isinstance(part, s.Text):
            places.append((part.start, True))
        else:
            places.append((getattr(part, "start", expr.start), False))
        parts.append(text)
        size += len(text)

    def place(offset: int) -> int:
        index = max(0, bisect_right(starts, offset) - 1)
        if not places:
            return expr.start
        start, literal = places[index]
        return start + (offset - starts[index] if literal else 0)

    whole = "".join(parts)
    if not expr.unindent:
        return whole, place
    shorter, lines = unindented(whole)
    return shorter, lambda offset: place(offset + lines(offset))
