"""Which kinds carry pods, and where: one row a kind.

A path is dotted keys; `[]` behind a key stands for every element of a list, `*` for every value of a map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linter.formats.node import MAP, SEQ, Node, Step


@dataclass(frozen=True, slots=True)
class Kind:
    """Where a kind keeps its pod specs, and what is known of their lives.

    `paths` lead to pod specs (their metadata is the sibling `metadata` of `spec`, when there is one).
    `replicas` lead to the number of pods: from the manifest or, with a leading dot, from the template's holder.
    `lifetime` is `service` (runs until stopped), `batch` (runs to completion) or `node` (one on each node).
    `completed`: a controller fills in fields, so that their absence says nothing.
    """

    paths: tuple[str, ...]
    replicas: tuple[str, ...] = ()
    lifetime: str = "service"
    completed: bool = False


_TEMPLATE = ("spec.template.spec",)
_RAY = ("headGroupSpec.template.spec", "workerGroupSpecs[].template.spec")


def _below(prefix: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{prefix}.{path}" for path in paths)


# API group (without version) and kind
KINDS: Mapping[tuple[str, str], Kind] = {
    ("", "Pod"): Kind(("spec",)),
    ("", "PodTemplate"): Kind(("template.spec",)),
    ("", "ReplicationController"): Kind(_TEMPLATE, ("spec.replicas",)),
    ("apps", "Deployment"): Kind(_TEMPLATE, ("spec.replicas",)),
    ("apps", "StatefulSet"): Kind(_TEMPLATE, ("spec.replicas",)),
    ("apps", "ReplicaSet"): Kind(_TEMPLATE, ("spec.replicas",)),
    ("apps", "DaemonSet"): Kind(_TEMPLATE, lifetime="node"),
    ("extensions", "Deployment"): Kind(_TEMPLATE, ("spec.replicas",)),
    ("extensions", "ReplicaSet"): Kind(_TEMPLATE, ("spec.replicas",)),
    ("extensions", "DaemonSet"): Kind(_TEMPLATE, lifetime="node"),
    ("apps.openshift.io", "DeploymentConfig"): Kind(_TEMPLATE, ("spec.replicas",)),
    ("batch", "Job"): Kind(_TEMPLATE, ("spec.parallelism",), lifetime="batch"),
    ("batch", "CronJob"): Kind(
        ("spec.jobTemplate.spec.template.spec",), ("spec.jobTemplate.spec.parallelism",), lifetime="batch"
    ),
    ("kubeflow.org", "PyTorchJob"): Kind(
        ("spec.pytorchReplicaSpecs.*.template.spec",), (".replicas",), lifetime="batch"
    ),
    ("ray.io", "RayCluster"): Kind(_below("spec", _RAY), (".replicas",), completed=True),
    ("serving.kserve.io", "InferenceService"): Kind(
        ("spec.predictor", "spec.transformer", "spec.explainer", "spec.predictor.workerSpec"),
        (".minReplicas",),
        completed=True,
    ),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): Kind(
        ("spec.leaderWorkerTemplate.leaderTemplate.spec", "spec.leaderWorkerTemplate.workerTemplate.spec"),
        ("spec.replicas", "spec.leaderWorkerTemplate.size"),
    ),
    ("jobset.x-k8s.io", "JobSet"): Kind(
        ("spec.replicatedJobs[].template.spec.template.spec",), lifetime="batch"
    ),
}


@dataclass(frozen=True, slots=True)
class Template:
    """One pod template found in a manifest."""

    steps: tuple[Step, ...]  # from the manifest to the pod spec
    spec: Node
    metadata: Node | None  # of the template; for a Pod, of the Pod itself
    kind: Kind


def kind_of(api_version: str, kind: str) -> Kind | None:
    """The row of a kind; the version of its API does not matter."""
    group = api_version.rpartition("/")[0]
    return KINDS.get((group, kind))


def pod_templates(manifest: Node) -> list[Template]:
    """The pod templates of a manifest, in the order of its kind's paths; empty for a kind without pods."""
    api, kind = manifest.get("apiVersion"), manifest.get("kind")
    if api is None or kind is None:
        return []
    row = kind_of(str(api.string()), str(kind.string()))
    if row is None:
        return []
    found = []
    for path in row.paths:
        for steps, parents in walk(manifest, path):
            holder = parents[-2] if len(parents) > 1 else None
            metadata = holder.get("metadata") if holder is not None and steps[-1] == "spec" else None
            found.append(Template(steps, parents[-1], metadata, row))
    return found


def walk(start: Node, path: str) -> Iterator[tuple[tuple[Step, ...], list[Node]]]:
    """Every place that `path` leads to: its steps, and the nodes on the way from `start` to it."""
    yield from _walk([start], (), _steps(path))


def _steps(path: str) -> list[str]:
    steps: list[str] = []
    for part in path.split("."):
        steps.append(part.removesuffix("[]"))
        if part.endswith("[]"):
            steps.append("[]")
    return steps


def _walk(
    nodes: list[Node], taken: tuple[Step, ...], rest: list[str]
) -> Iterator[tuple[tuple[Step, ...], list[Node]]]:
    if not rest:
        yield taken, nodes
        return
    here, step = nodes[-1], rest[0]
    if step == "[]":
        for index, element in enumerate(here.elements() if here.kind == SEQ else ()):
            yield from _walk([*nodes, element], (*taken, index), rest[1:])
        return
    for key in here.keys() if step == "*" and here.kind == MAP else (step,):
        child = here.get(key)
        if child is not None:
            yield from _walk([*nodes, child], (*taken, key), rest[1:])
