"""Mappings that run as pods without being pod specs, seen as pod specs.

A view is a node over other nodes: every value that it shows still stands where the user wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.overlay import Elements, Entry, Overlay
from linter.formats.kubernetes.part import same
from linter.formats.kubernetes.patches import merge
from linter.formats.kubernetes.pod_patch import patch_in, patched
from linter.formats.node import MAP, SEQ, Node, ValueNode
from linter.formats.yamltree import opened
from linter.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """How a mapping holds containers: keys of single ones, keys of lists of them, and what its keys are called here.

    `names` are what a container is called that has no name of its own, by the key that it stands under.
    """

    single: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    init: tuple[str, ...] = ("initContainers",)
    renames: Mapping[str, str] | None = None  # of a container: the platform's key -> this kind's key
    open: bool = True  # an operator completes the containers
    itself: str = ""  # the mapping is one container of this name


def view(shape: str, node: Node, manifest: Node) -> Node | None:
    """`node` as a pod spec; None when it holds no container after all."""
    return _VIEWS[shape](node, manifest)


def as_open(node: Node, _manifest: Node) -> Node | None:
    """A true pod spec that a controller merges into another: what is absent may still come."""
    extra = {}
    for key in ("containers", "initContainers"):
        found = node.get(key)
        if found is not None and found.kind == SEQ:
            extra[key] = Elements([_opened(item) for item in found.elements()], open_=found.open)
    return Overlay(node, extra, open_=True)


def _opened(node: Node) -> Node:
    return Overlay(node, open_=True) if node.kind == MAP else node


def _by_shape(shape: Shape) -> Callable[[Node, Node], Node | None]:
    def build(node: Node, _manifest: Node) -> Node | None:
        containers = list(_containers(shape, node))
        if not containers:
            return None
        inits = [
            _container(shape, item, "")
            for key in shape.init
            if (found := node.get(key)) is not None
            for item in found.elements()
            if item.kind == MAP
        ]
        extra: dict[str, Node] = {"containers": Elements(containers)}
        if inits:
            extra["initContainers"] = Elements(inits)
        return Overlay(node, extra, hidden=("resources",), open_=shape.open)

    return build


def _containers(shape: Shape, node: Node) -> Iterator[Node]:
    if shape.itself:
        yield _container(shape, node, shape.itself)
    for key in shape.single:
        found = node.get(key)
        if found is not None and found.kind == MAP:
            yield _container(shape, found, key)
    for key in shape.lists:
        listed: Node | None = node
        for step in key.split("."):
            listed = listed.get(step) if listed is not None else None
        for item in listed.elements() if listed is not None else ():
            if item.kind == MAP:
                yield _container(shape, item, "")


def _container(shape: Shape, node: Node, name: str) -> Node:
    extra: dict[str, Node] = {}
    hidden = []
    for here, there in (shape.renames or {}).items():
        found = node.get(there)
        if found is not None:
            extra[here] = found
            hidden.append(there)
    own = node.get("name")
    if name and (shape.itself or own is None or same(own.string(), "")):
        extra["name"] = ValueNode(name, node.head_span())
    image = extra.get("image") or node.get("image")
    if image is not None and image.kind == MAP:
        extra["image"] = ValueNode(_image(image), node.entry_span("image"))
    resources = extra.get("resources") or node.get("resources")
    if resources is not None and resources.kind == MAP:
        extra["resources"] = _resources(resources)
    return Overlay(node, extra, hidden=hidden, open_=shape.open)


def _image(node: Node) -> str | Any:
    """An image that is written as an object: registry, repository or name, tag or version."""
    parts = {}
    for key in ("registry", "repository", "image", "name", "tag", "version"):
        found = node.get(key)
        parts[key] = found.string() if found is not None else ""
    if any(part is UNKNOWN for part in parts.values()):
        return UNKNOWN
    path = [parts[key] for key in ("registry", "repository", "image", "name") if parts[key]]
    tag = parts["tag"] or parts["version"]
    if not path:
        return UNKNOWN
    return "/".join(path) + (f"@{tag}" if tag.startswith("sha256:") else f":{tag}" if tag else "")


def _resources(node: Node) -> Node:
    """Resources whose accelerator key is a plain `gpu`, or that stand without limits and requests."""
    if node.get("limits") is not None or node.get("requests") is not None:
        extra = {
            key: _plain_gpu(found) for key in ("limits", "requests") if (found := node.get(key)) is not None
        }
        return Overlay(node, extra)
    if any(node.get(key) is not None for key in ("gpu", "cpu", "memory")):
        flat = _plain_gpu(node)
        return Overlay(node, {"limits": flat, "requests": flat})
    return node


def _plain_gpu(node: Node) -> Node:
    gpu = node.get("gpu") if node.kind == MAP else None
    if gpu is None:
        return node
    kind = node.get("gpuType")
    name = kind.string() if kind is not None else "nvidia.com/gpu"
    return Overlay(
        node,
        {name if isinstance(name, str) else "nvidia.com/gpu": Entry(gpu, node, "gpu")},
        hidden=("gpu", "gpuType"),
    )


def _kserve(node: Node, manifest: Node) -> Node | None:
    """A component of an InferenceService: a pod spec whose main container may be a model without an image."""
    frameworks = (
        "model",
        "huggingface",
        "triton",
        "pytorch",
        "tensorflow",
        "sklearn",
        "xgboost",
        "lightgbm",
        "onnx",
        "paddle",
        "pmml",
        "art",
    )
    found = [key for key in frameworks if (child := node.get(key)) is not None and child.kind == MAP]
    if not found:
        return node if node.get("containers") is not None else None
    containers: list[Node] = []
    for key in found:
        child = node.get(key)
        assert child is not None
        containers.append(
            Overlay(child, {"name": ValueNode("kserve-container", child.head_span())}, open_=True)
        )
    written = node.get("containers")
    containers += [_opened(item) for item in written.elements()] if written is not None else []
    return Overlay(node, {"containers": Elements(containers)}, open_=True)


def _argo(node: Node, manifest: Node) -> Node | None:
    """A template of an Argo workflow: what it doesn't say, the workflow's own spec says."""
    spec = manifest.get("spec")
    workflow = (spec.get("workflowSpec") if spec is not None else None) or spec
    texts = [holder.get("podSpecPatch") for holder in (workflow, node) if holder is not None]
    changes = [patch_in(text) for text in texts if text is not None]
    if None in changes:  # anything may be changed by what isn't known
        node = opened(node)
    shape = Shape(single=("container", "script"), lists=("containerSet.containers", "sidecars"), open=False)
    pod = _by_shape(shape)(node, manifest)
    if pod is None:
        return None
    assert isinstance(pod, Overlay)
    pod.below = workflow
    volumes = [
        item
        for holder in (node, pod.below)
        if holder is not None and (found := holder.get("volumes")) is not None
        for item in found.elements()
    ]
    if volumes:
        pod.extra["volumes"] = Elements(volumes)
    if _is_library(manifest) and pod.get("securityContext") is None:
        # whoever calls it by `templateRef` has it run in a workflow of their own, under that one's context
        pod.extra["securityContext"] = Overlay(node, hidden=node.keys(), open_=True)
    for change in changes:
        pod = patched(pod, change)
    return pod


def _is_library(manifest: Node) -> bool:
    """Whether it is a template of workflows that has nowhere to begin: others take steps out of it."""
    kind, spec = manifest.get("kind"), manifest.get("spec")
    named = kind is not None and kind.string() in ("WorkflowTemplate", "ClusterWorkflowTemplate")
    return named and spec is not None and spec.get("entrypoint") is None


def _llamastack(node: Node, _manifest: Node) -> Node | None:
    """The server of a LlamaStackDistribution: its container, and the image of its distribution beside it."""
    own = node.get("containerSpec") or node
    distribution = node.get("distribution")
    image = distribution.get("image") if distribution is not None else None
    extra: dict[str, Node] = {"image": image} if image is not None else {}
    if own.get("name") is None:
        extra["name"] = ValueNode("server", own.head_span())
    overrides = node.get("podOverrides")
    volumes = overrides.get("volumes") if overrides is not None else None
    pod = {"containers": Elements([Overlay(own, extra, open_=True)])}
    return Overlay(node, {**pod, "volumes": volumes} if volumes is not None else pod, open_=True)


def _spark(node: Node, manifest: Node) -> Node | None:
    """The driver or executor of a Spark application: flat cores, memory and gpu."""
    gpu = node.get("gpu")
    if node.get("template") is not None and node.get("image") is None and gpu is None:
        return None  # the template says it all
    extra: dict[str, Node] = {"name": ValueNode("spark", node.head_span())}
    if gpu is not None and gpu.kind == MAP:
        name, quantity = gpu.get("name"), gpu.get("quantity")
        if name is not None and quantity is not None and isinstance(name.string(), str):
            entry = Entry(quantity, gpu, "quantity")
            limits = Overlay(gpu, {name.string(): entry}, hidden=("name", "quantity"))
            extra["resources"] = Overlay(gpu, {"limits": limits}, hidden=("name", "quantity"), open_=True)
    container = Overlay(node, extra, open_=True)
    sidecars = node.get("sidecars")
    more = list(sidecars.elements()) if sidecars is not None else []
    return Overlay(
        node, {"containers": Elements([container, *more])}, hidden=("securityContext",), open_=True
    )


def _dynamo(node: Node, manifest: Node) -> Node | None:
    """A service of a Dynamo graph: resources and env beside `extraPodSpec`, which has the main container."""
    pod = node.get("extraPodSpec")
    main = pod.get("mainContainer") if pod is not None else None
    shape = Shape(renames={"env": "envs"})
    container = _container(shape, node, "main")
    assert isinstance(container, Overlay)
    container.below = main
    return Overlay(pod or node, {"containers": Elements([container])}, open_=True)


def _vllm_runtime(node: Node, manifest: Node) -> Node | None:
    """A VLLMRuntime: the deployment's resources, and the engine's settings as if they were args."""
    spec = manifest.get("spec")
    config = spec.get("vllmConfig") if spec is not None else None
    args: list[Node] = []
    for key, flag in (
        ("tensorParallelSize", "--tensor-parallel-size"),
        ("pipelineParallelSize", "--pipeline-parallel-size"),
    ):
        found = config.get(key) if config is not None else None
        if found is not None and config is not None:
            span = config.entry_span(key)
            args += [ValueNode(flag, span), ValueNode(found.string(), span)]
    container = _container(Shape(), node, "vllm")
    assert isinstance(container, Overlay)
    image = container.get("image")
    if isinstance(image, ValueNode) and isinstance(image.value, str) and "vllm" not in image.value:
        return None
    if args:
        container.extra["args"] = Elements(args)
    return Overlay(node, {"containers": Elements([container])}, open_=True)


def _component(node: Node, manifest: Node) -> Node | None:
    """A component that an operator runs on the nodes: repository, image and version beside env and args."""
    enabled = node.get("enabled")
    if (node.get("image") is None and node.get("version") is None) or (
        enabled is not None and enabled.scalar() is False
    ):
        return None
    if any((found := node.get(key)) is not None and found.kind == MAP for key in ("image", "version")):
        return None
    container = Overlay(
        node,
        {
            "image": ValueNode(_image(node), node.entry_span("image")),
            "name": ValueNode("component", node.head_span()),
        },
        open_=True,
    )
    return Overlay(node, {"containers": Elements([container])}, hidden=("resources",), open_=True)


def _executor(node: Node, manifest: Node) -> Node | None:
    """An executor's container of a compiled Kubeflow pipeline."""
    resources = node.get("resources")
    extra: dict[str, Node] = {"name": ValueNode("executor", node.head_span())}
    accelerator = resources.get("accelerator") if resources is not None else None
    if accelerator is not None and resources is not None:
        name = accelerator.get("resourceType") or accelerator.get("type")
        key = next((key for key in ("resourceCount", "count") if accelerator.get(key) is not None), "")
        count = accelerator.get(key)
        if name is not None and count is not None and isinstance(name.string(), str):
            limits = Overlay(
                accelerator,
                {name.string(): Entry(count, accelerator, key)},
                hidden=tuple(accelerator.keys()),
            )
            extra["resources"] = Overlay(resources, {"limits": limits}, open_=True)
    return Overlay(node, {"containers": Elements([Overlay(node, extra, open_=True)])}, open_=True)


def _flyte(node: Node, manifest: Node) -> Node | None:
    """A container of a Flyte task: resources are lists of name and value, env is key and value."""
    extra: dict[str, Node] = {"name": ValueNode("task", node.head_span())}
    resources = node.get("resources")
    if resources is not None and resources.kind == MAP:
        sides: dict[str, Node] = {}
        for side in ("limits", "requests"):
            entries = resources.get(side)
            values: dict[str, Node] = {}
            for item in entries.elements() if entries is not None else ():
                name, value = item.get("name"), item.get("value")
                if name is not None and value is not None:
                    key = {"GPU": "nvidia.com/gpu"}.get(str(name.string()), str(name.string()).lower())
                    values[key] = Entry(value, item, "value")
            if values and entries is not None:
                sides[side] = Overlay(entries, values)
        extra["resources"] = Overlay(resources, sides)
    return Overlay(
        node, {"containers": Elements([Overlay(node, extra, hidden=("env",), open_=True)])}, open_=True
    )


def _role(node: Node, manifest: Node) -> Node | None:
    """A role's pattern of a role-based group: its own template, or one that roles share with its patch merged in."""
    template, ref = node.get("template"), node.get("templateRef")
    patches = [node.get(key) for key in ("leaderTemplatePatch", "workerTemplatePatch")]
    workers = node.get("leaderWorkerSet")
    if workers is not None:
        patches += [workers.get(key) for key in ("patchLeaderTemplate", "patchWorkerTemplate")]
    own = template.get("spec") if template is not None and template.kind == MAP else None
    if own is None and ref is not None and ref.kind == MAP:
        patch = ref.get("patch") or node.get("templatePatch")
        above = patch.get("spec") if patch is not None and patch.kind == MAP else None
        below = _shared_template(manifest, ref)
        if below is None:
            return as_open(above, manifest) if above is not None else None
        own = merge(below, above)
    if own is None:
        return None
    patched = any(item is not None and item.get("spec") is not None for item in patches)
    return as_open(own, manifest) if patched else own


def _shared_template(manifest: Node, ref: Node) -> Node | None:
    """The pod spec of the template that a reference names; None when the group has none of that name."""
    name, holder = ref.get("name"), manifest.get("spec")
    while holder is not None and holder.get("roleTemplates") is None:
        inner = holder.get("groupTemplate") or holder.get("template")
        holder = inner.get("spec") or inner if inner is not None else None
    listed = holder.get("roleTemplates") if holder is not None else None
    wanted = name.string() if name is not None else None
    for item in listed.elements() if listed is not None else ():
        label, template = item.get("name"), item.get("template")
        if label is not None and template is not None and label.string() == wanted:
            return template.get("spec")
    return None


_FLAT = _by_shape(Shape(itself="main"))
_VIEWS: dict[str, Callable[[Node, Node], Node | None]] = {
    "open": as_open,
    "kserve": _kserve,
    "argo": _argo,
    "spark": _spark,
    "dynamo": _dynamo,
    "vllm-runtime": _vllm_runtime,
    "component": _component,
    "executor": _executor,
    "flyte": _flyte,
    "role": _role,
    "runner": _by_shape(Shape(single=("runner",), lists=("containers",))),
    "container": _by_shape(Shape(itself="container")),
    "trainer": _by_shape(Shape(itself="node", renames={"resources": "resourcesPerNode"})),
    "puller": _by_shape(Shape(itself="puller", renames={"image": "modelPuller"})),
    "flat": _FLAT,
    "steps": _by_shape(Shape(lists=("steps", "sidecars"), renames={"resources": "computeResources"})),
    "injected": _by_shape(Shape(lists=("sidecars",))),
    "worker": _by_shape(Shape(itself="worker", renames={"env": "environmentVariables"})),
    "llamastack": _llamastack,
    "untemplated": lambda node, manifest: _FLAT(node, manifest) if node.get("template") is None else None,
    "listed": _by_shape(Shape(lists=("containers",))),
}
