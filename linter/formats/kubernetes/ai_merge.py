"""Objects that an operator completes from others: an InferenceService by its runtime, a TrainJob by its own,
an LLMInferenceService by the configurations that it is based on.

Each is merged as its operator does it (KServe `MergeServingRuntimeAndInferenceServiceSpecs` and llmisvc `mergeSpecs`,
Kubeflow Trainer `newRuntimeInfo` and the JobSet builder), so that the pod is judged that will run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.kubernetes.kinds import Template, pod_templates
from linter.formats.kubernetes.kinds_table import Kind, PodAt
from linter.formats.kubernetes.overlay import Elements
from linter.formats.kubernetes.patches import Merged, Shifted, merge, whole
from linter.formats.kubernetes.read import Manifests, copy_of
from linter.formats.node import MAP, SEQ, Node, Step, ValueNode
from linter.frozen import dataclass
from linter.text import SourceText, Span

# what of a model's mapping describes the model, not its container
_OF_THE_MODEL = (
    "modelFormat",
    "runtime",
    "storageUri",
    "storageUris",
    "storage",
    "protocolVersion",
    "runtimeVersion",
    "name",
)
# what KServe takes of a runtime for the pod
_OF_THE_POD = frozenset(
    [
        "nodeSelector",
        "affinity",
        "tolerations",
        "volumes",
        "imagePullSecrets",
        "schedulerName",
        "resourceClaims",
    ]
)
_SERVING_CONTAINER = "kserve-container"
_TRAINING_CONTAINER = "node"
_STEP_LABEL = "trainer.kubeflow.org/trainjob-ancestor-step"
_NODE_JOB = Kind((), "batch", frozenset(("ranks", "gang")))


# what pods look up among the objects of their file
ASKED = frozenset(
    (
        "ServiceAccount",
        "RoleBinding",
        "ClusterRoleBinding",
        "ConfigMap",
        "ResourceClaim",
        "ResourceClaimTemplate",
    )
)


@dataclass(frozen=True, slots=True)
class Assembly:
    """A document with one object completed. Its text is that of the files that the object comes from, in a row."""

    document: Document
    address: str  # of the object
    texts: tuple[tuple[int, SourceText], ...]  # where each file's text begins

    def source(self, span: Span) -> tuple[SourceText, Span]:
        """The file that a span of the joined text is in, and its place there."""
        start, text = next((item for item in reversed(self.texts) if item[0] <= span.start), self.texts[0])
        return text, Span(span.start - start, span.end - start)


def completed(manifest: Node, bases: Sequence[Node]) -> tuple[Node, list[Template]] | None:
    """An object with what its bases give it, and its pod templates then; None when they don't fit."""
    return _COMPLETED[text_at(manifest, "kind")](manifest, bases)


def assemble(
    document: Document,
    index: int,
    bases: Sequence[tuple[Document, int]],
    beside: Sequence[tuple[Document, int]] = (),
) -> Assembly | None:
    """The document with its object number `index` completed by `bases`; None when they don't fit it.

    `beside` are objects of other documents that its pods look things up in, such as the ConfigMaps that they mount.
    """
    target = document.root.manifests[index]
    text = _Joined(document)
    found = target.node, target.templates
    if bases:
        completed_ = completed(target.node, [text.node(*base) for base in bases])
        if completed_ is None:
            return None
        found = completed_
    more = [(base.root.manifests[number], text.node(base, number)) for base, number in beside]
    joined = Document(text.source(), document.format, Manifests())
    joined.root.templated = document.root.templated
    joined.root.manifests.append(copy_of(target, joined, *found))
    for manifest in document.root.manifests:
        if manifest.type_key in ASKED:
            joined.root.manifests.append(copy_of(manifest, joined, manifest.node, manifest.templates))
    for manifest, node in more:
        joined.root.manifests.append(copy_of(manifest, joined, node, None))
    return Assembly(joined, target.address, tuple(text.texts))


class _Joined:
    """The texts of several documents in a row, and nodes that stand in them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.texts: list[tuple[int, SourceText]] = [(0, document.text)]
        self.whole = document.text.text

    def node(self, base: Document, number: int) -> Node:
        """An object of a document as it stands in the joined text."""
        node: Node = base.root.manifests[number].node
        if base is self.document:
            return node
        start = next((start for start, text in self.texts if text is base.text), None)
        if start is None:
            start = len(self.whole) + 1
            self.whole = f"{self.whole}\n{base.text.text}"
            self.texts.append((start, base.text))
        return Shifted(node, start)

    def source(self) -> SourceText:
        return self.document.text if len(self.texts) == 1 else SourceText(self.document.path, self.whole)


# KServe


def _with_serving_runtime(manifest: Node, bases: Sequence[Node]) -> tuple[Node, list[Template]] | None:
    runtime = below(bases[0], "spec")
    predictor, model = below(manifest, "spec", "predictor"), below(manifest, "spec", "predictor", "model")
    listed = runtime.get("containers") if runtime is not None else None
    if runtime is None or predictor is None or model is None or listed is None:
        return None
    containers = list(listed.elements())
    serving = next((item for item in containers if text_at(item, "name") == _SERVING_CONTAINER), None)
    if serving is None:
        return None
    full = _serving_container(serving, model)
    given = whole(runtime)
    given = given.without(*(key for key in given.keys() if key not in _OF_THE_POD))  # noqa: SIM118 - a Node
    given = given.having(
        "containers", Elements([full if item is serving else item for item in containers]), runtime
    )
    pod = merge(given, whole(predictor).without("model"))
    assert isinstance(pod, Merged)
    own = Merged(predictor, pod.entries, open_=pod.open)
    spec = below(manifest, "spec")
    assert spec is not None
    result = whole(manifest).having("spec", whole(spec).having("predictor", own, spec), manifest)
    return result, pod_templates(result)


def _serving_container(serving: Node, model: Node) -> Node:
    """The runtime's container with what the service says of it; arguments are added, not replaced."""
    own = whole(model).without(*_OF_THE_MODEL)
    full = merge(serving, own)
    assert isinstance(full, Merged)
    args = [
        item
        for holder in (serving, model)
        if (found := holder.get("args")) is not None
        for item in found.elements()
    ]
    if args:
        holder = model if model.get("args") is not None else serving
        full = full.having("args", Elements(args), holder)
    version, image = text_at(model, "runtimeVersion"), text_at(serving, "image")
    if version and image and "@" not in image:
        repository = image.rpartition(":")[0] if ":" in image.rpartition("/")[2] else image
        text = ValueNode(f"{repository}:{version}", model.entry_span("runtimeVersion"))
        full = full.having("image", text)
    return full


def _with_configurations(manifest: Node, bases: Sequence[Node]) -> tuple[Node, list[Template]] | None:
    spec: Node | None = None
    for base in bases:
        spec = merge(spec, base.get("spec"))
    own = manifest.get("spec")
    spec = merge(spec, own)
    if not isinstance(spec, Merged) or own is None:
        return None
    result = whole(manifest).having("spec", Merged(own, spec.entries, open_=spec.open), manifest)
    return result, pod_templates(result)


# Kubeflow Trainer


def _with_training_runtime(manifest: Node, bases: Sequence[Node]) -> tuple[Node, list[Template]] | None:
    template = below(bases[0], "spec", "template", "spec")
    for patch in _patches(manifest):
        template = merge(template, patch)
    jobs = template.get("replicatedJobs") if template is not None else None
    if jobs is None or jobs.kind != SEQ:
        return None
    trainer = below(manifest, "spec", "trainer")
    nodes = _number_of_nodes(trainer, bases[0])
    partial = any(
        below(manifest, "spec", key) is not None for key in ("podTemplateOverrides", "podSpecOverrides")
    )
    found = []
    for job in jobs.elements():
        pod = below(job, "template", "spec", "template", "spec")
        if pod is None:
            continue
        trains = _trains(job)
        if trains and trainer is not None:
            pod = _with_trainer(pod, trainer)
        if partial:
            pod = Merged(pod, whole(pod).entries, open_=True)
        found.append(_node_template(manifest, job, pod, nodes if trains else 1, trains=trains))
    return (manifest, found) if found else None


def _patches(manifest: Node) -> Iterator[Node]:
    listed = below(manifest, "spec", "runtimePatches")
    for item in listed.elements() if listed is not None else ():
        patch = below(item, "trainingRuntimeSpec", "template", "spec")
        if patch is not None:
            yield patch


def _trains(job: Node) -> bool:
    """Whether a job of the runtime is the one that the trainer's settings are for."""
    labels = below(job, "template", "metadata", "labels")
    step = text_at(labels, _STEP_LABEL)
    return step == "trainer" if step else text_at(job, "name") == _TRAINING_CONTAINER


def _number_of_nodes(trainer: Node | None, runtime: Node) -> Any:
    for holder in (trainer, below(runtime, "spec", "mlPolicy")):
        found = holder.get("numNodes") if holder is not None else None
        if found is not None:
            value = found.scalar()
            return value if type(value) is int else UNKNOWN
    return 1


def _with_trainer(pod: Node, trainer: Node) -> Node:
    containers = pod.get("containers")
    if containers is None:
        return pod
    own = whole(trainer)
    resources = trainer.get("resourcesPerNode")
    own = own.without(*(key for key in own.keys() if key not in ("image", "command", "args", "env")))  # noqa: SIM118 - a Node
    if resources is not None:
        own = own.having("resources", resources)
    items = [
        merge(item, own) or item if text_at(item, "name") == _TRAINING_CONTAINER else item
        for item in containers.elements()
    ]
    return whole(pod).having("containers", Elements(items, open_=containers.open), pod)


def _node_template(manifest: Node, job: Node, pod: Node, nodes: Any, *, trains: bool) -> Template:
    name = text_at(job, "name") or "node"
    steps: tuple[Step, ...] = ("spec", "runtimeRef", name)
    at = PodAt("", "node" if trains else name, ("nodes",), ("nodes",))
    metadata = below(job, "template", "spec", "template", "metadata")
    root = ValueNode({"nodes": nodes}, pod.head_span())
    return Template(steps, pod, metadata, _NODE_JOB, at, None, root)


def below(node: Node | None, *keys: str) -> Node | None:
    """What stands under a chain of keys; None where there is nothing."""
    for key in keys:
        node = node.get(key) if node is not None and node.kind == MAP else None
    return node


def text_at(node: Node | None, key: str) -> str:
    """The text of an entry; '' where there is none that is known."""
    found = node.get(key) if node is not None and node.kind == MAP else None
    value = found.string() if found is not None else ""
    return value if isinstance(value, str) else ""


Complete = Callable[[Node, Sequence[Node]], tuple[Node, list[Template]] | None]
_COMPLETED: Mapping[str, Complete] = {
    "InferenceService": _with_serving_runtime,
    "LLMInferenceService": _with_configurations,
    "TrainJob": _with_training_runtime,
}
