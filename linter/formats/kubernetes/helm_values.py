"""Values of a Helm chart: what in them has the form of a container, seen as one.

A chart's template decides what becomes of a value, so nothing is said of what is absent, and every finding is of low
confidence. What a value says by itself is judged: a fraction of a GPU, a limit that differs from its request, a tag
that moves, a credential. In the chart's own `values.yaml`, a block of `resources` that asks for an accelerator is taken
as whole: charts write it into the container as it stands.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import resource
from linter.formats.document import Document
from linter.formats.image import DOCKER_HUB, HOLE
from linter.formats.kubernetes.composed_image import ComposedImage
from linter.formats.kubernetes.kinds import UNNAMED, Template
from linter.formats.kubernetes.kinds_table import Kind, PodAt
from linter.formats.kubernetes.manifest import Workload
from linter.formats.kubernetes.overlay import Elements, Overlay
from linter.formats.node import MAP, SCALAR, SEQ, Node, Step, ValueNode

_KIND = Kind((), guessed=True)
_MAX_DEPTH = 8
_MAX_VIEWS = 400  # of one file
# keys of a component that are those of a pod in every chart that has them
_OF_THE_POD = ("nodeSelector", "tolerations", "affinity", "priorityClassName", "runtimeClassName", "schedulerName",
               "hostNetwork", "hostPID", "hostIPC", "volumes")  # fmt: skip
_OF_THE_CONTAINER = ("command", "securityContext", "volumeMounts")
_ARGUMENTS = ("args", "extraArgs")
_VARIABLES = ("env", "envVars", "extraEnv", "extraEnvVars", "environment")
_TAGS = ("tag", "version", "digest")


# kinds that hand values to a chart -> the paths to them, below `spec` or one of its sources
RELEASES = {
    "HelmRelease": (("values",),),  # of Flux
    "Application": (("source", "helm", "valuesObject"), ("helm", "valuesObject")),  # of Argo CD
    "HelmChart": (("values",),),  # of k3s, where it is no text
}


class HelmValues(Workload):
    """The values of a chart as an object that runs pods."""

    release = ""  # the name of the object that hands them to the chart; empty: they are a file of their own

    @property
    def type_key(self) -> str:
        return "HelmValues"

    @property
    def address(self) -> str:
        return f"HelmValues/{posixpath.basename(self.document.path).rpartition('.')[0]}"


def read_values(document: Document, root: Node) -> HelmValues | None:
    """The values in a document; None when nothing in them has the form of a container."""
    whole = posixpath.basename(document.path) in ("values.yaml", "values.yml")
    templates = list(_templates(root, (), whole=whole))[:_MAX_VIEWS]
    if not templates:
        return None
    found = HelmValues(document, root)
    found.templates = templates
    return found


def released(document: Document, node: Node) -> list[HelmValues]:
    """The values that an object hands to a chart; empty where it names none, or only as text."""
    spec = node.get("spec")
    holders = [spec] if spec is not None else []
    if spec is not None and (sources := spec.get("sources")) is not None:
        holders += sources.elements()
    found = []
    for holder in holders:
        for path in RELEASES[_text(node, "kind")]:
            values: Node | None = holder
            for key in path:
                values = values.get(key) if values is not None else None
            model = read_values(document, values) if values is not None else None
            if model is not None:
                model.release = _release(node)
                found.append(model)
    return found


def _release(node: Node) -> str:
    metadata = node.get("metadata")
    return _text(metadata, "name") if metadata is not None and metadata.kind == MAP else ""


# keys below which no component is described; the pods of `helm test` are nobody's
_NO_PODS = frozenset(
    {"resources", "env", "image", "test", "tests", "testFramework", "helmTest", "helmTests"}
    | {"helmTestJob", "helmTestJobs", "testPod", "testConnection", "chartTest", "chartTests"}
)


def _templates(node: Node, steps: tuple[Step, ...], *, whole: bool) -> Iterator[Template]:
    if len(steps) > _MAX_DEPTH:
        return
    if node.kind == SEQ:
        for index, item in enumerate(node.elements()):
            yield from _templates(item, (*steps, index), whole=whole)
        return
    if node.kind != MAP:
        return
    if (container := _container(node, steps)) is not None:
        extra = {key: found for key in _OF_THE_POD if (found := node.get(key)) is not None}
        resources = container.extra.get("resources")
        own = whole and "image" in container.extra  # without one it may be for a chart within the chart
        if resources is not None and not (own and _accelerated(resources)):
            container.extra["resources"] = Overlay(resources, open_=True)
        elif resources is not None:
            extra["resources"] = ValueNode({}, node.head_span())  # nor does the pod as a whole have any
        extra["containers"] = Elements([container])
        pod = Overlay(node, extra, hidden=tuple(node.keys()), open_=True)
        yield Template(steps, pod, None, _KIND, PodAt("", "values"))
    for key in node.keys():  # noqa: SIM118 - a Node is no dict
        child = node.get(key)
        if child is not None and child.kind != SCALAR and key not in _NO_PODS:
            yield from _templates(child, (*steps, key), whole=whole)


def _accelerated(resources: Node) -> bool:
    """Whether a block of resources asks for an accelerator."""
    sides = [found for key in ("limits", "requests") if (found := resources.get(key)) is not None]
    return any(resource(key) is not None for side in sides for key in side.keys())  # noqa: SIM118 - a Node


def _container(node: Node, steps: tuple[Step, ...]) -> Overlay | None:
    """The mapping as a container; None when it has neither an image nor resources nor variables of one."""
    resources, image = node.get("resources"), _image(node)
    variables = next(filter(None, (_variables(node.get(key)) for key in _VARIABLES)), None)
    limited = resources is not None and (
        resources.get("limits") is not None or resources.get("requests") is not None
    )
    if image is None and variables is None and not limited:
        return None
    extra: dict[str, Node] = {"name": ValueNode(_name(node, steps), node.head_span())}
    if image is not None:
        extra["image"] = image
    if variables is not None:
        extra["env"] = variables
    if resources is not None and limited:
        extra["resources"] = resources
    for key in _OF_THE_CONTAINER:
        found = node.get(key)
        if found is not None:
            extra[key] = found
    policy = _policy(node)
    if policy is not None:
        extra["imagePullPolicy"] = policy
    lists = [found for key in _ARGUMENTS if (found := node.get(key)) is not None and found.kind == SEQ]
    if lists:
        extra["args"] = Elements([item for found in lists for item in found.elements()], open_=True)
    return Overlay(node, extra, hidden=tuple(node.keys()), open_=True)


def _name(node: Node, steps: tuple[Step, ...]) -> str:
    """Its own name, else the key that leads to it."""
    own = node.get("name")
    text = own.string() if own is not None else None
    if isinstance(text, str) and text:
        return text
    return next((str(step) for step in reversed(steps) if isinstance(step, str)), UNNAMED)


def _image(node: Node) -> Node | None:
    """The image that a component names, as far as it is known; the chart may add a registry or a tag."""
    image = node.get("image")
    if image is None:
        return None
    if image.kind == SCALAR:
        text = image.string()
        if not isinstance(text, str) or ("/" not in text and ":" not in text):
            return None
        known = "@" in text or ":" in text.rpartition("/")[2]
        return ValueNode(text if known else f"{text}:{HOLE}", node.entry_span("image"))
    if image.kind != MAP:
        return None
    repository = _text(image, "repository") or _text(image, "name")
    if not repository:
        return None
    registry = _text(image, "registry")
    path = f"{registry}/{repository}" if registry else repository
    source = image.entry_span(_source_key(image, registry))
    digest, key = (
        _text(image, "digest") or _text(image, "sha"),
        next((k for k in _TAGS if _text(image, k)), ""),
    )
    if digest.startswith("sha256:"):
        return ComposedImage(f"{path}@{digest}", source, source)
    if not key or key == "digest":
        return ComposedImage(f"{path}:{HOLE}", image.head_span(), source)
    return ComposedImage(f"{path}:{_text(image, key)}", image.entry_span(key), source)


def _source_key(image: Node, registry: str) -> str:
    """The key that says where an image comes from: its registry where that is another than Docker Hub."""
    if registry and registry not in DOCKER_HUB:
        return "registry"
    return "repository" if _text(image, "repository") else "name"


def _policy(node: Node) -> Node | None:
    """The pull policy of a component where it says that no node ever pulls the image."""
    image = node.get("image")
    for holder, key in ((image, "pullPolicy"), (image, "imagePullPolicy"), (node, "imagePullPolicy")):
        if holder is not None and holder.kind == MAP and _text(holder, key) == "Never":
            return holder.get(key)
    return None


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    value = found.string() if found is not None and found.kind == SCALAR else ""
    return value if value is not UNKNOWN and isinstance(value, str) else ""


def _variables(node: Node | None) -> Node | None:
    """Variables, written as a list of names and values or as a mapping; None when they are neither."""
    if node is None:
        return None
    if node.kind == SEQ:
        items = node.elements()
        named = bool(items) and all(item.kind == MAP and item.get("name") is not None for item in items)
        return node if named else None
    if node.kind != MAP:
        return None
    found = [entry for key in node.keys() if (entry := _variable(node, key)) is not None]  # noqa: SIM118 - a Node
    return Elements(found, open_=True) if found else None


def _variable(node: Node, key: str) -> Node | None:
    value = node.get(key)
    text: Any = value.string() if value is not None and value.kind == SCALAR else None
    if not isinstance(text, str) or not key.isupper():
        return None
    span = node.entry_span(key)
    return Overlay(ValueNode({}, span), {"name": ValueNode(key, span), "value": ValueNode(text, span)})
