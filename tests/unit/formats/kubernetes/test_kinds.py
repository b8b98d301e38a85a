"""Every row of the table of kinds finds the containers of an example, and the known traps hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.formats.kubernetes.kinds_table import KINDS, PodAt
from linter.formats.kubernetes.manifest import Workload
from linter.formats.kubernetes.read import read
from linter.text import SourceText

IMAGE = "registry.example.com/app:1"
GPU = {"limits": {"nvidia.com/gpu": 1}}
CONTAINER = {"name": "main", "image": IMAGE, "resources": GPU}
POD = {"containers": [CONTAINER]}
# what stands at the end of a row's path, by the view that reads it
LEAVES: dict[str, Any] = {
    "": POD,
    "open": POD,
    "listed": POD,
    "kserve": {"model": {"image": IMAGE, "resources": GPU}},
    "argo": {"container": CONTAINER},
    "spark": {"image": IMAGE, "gpu": {"name": "nvidia.com/gpu", "quantity": 1}},
    "dynamo": {"resources": {"limits": {"gpu": "1"}}, "extraPodSpec": {"mainContainer": {"image": IMAGE}}},
    "vllm-runtime": {
        "image": {"registry": "registry.example.com", "name": "vllm:1"},
        "resources": {"gpu": "1"},
    },
    "component": {"repository": "registry.example.com", "image": "app", "version": "1"},
    "executor": {"image": IMAGE, "resources": {"accelerator": {"type": "nvidia.com/gpu", "count": "1"}}},
    "flyte": {"image": IMAGE, "resources": {"limits": [{"name": "GPU", "value": "1"}]}},
    "container": {"image": IMAGE, "resources": GPU},
    "worker": {"image": IMAGE, "resources": GPU},
    "untemplated": {"image": IMAGE, "resources": GPU},
    "llamastack": {"distribution": {"image": IMAGE}, "containerSpec": {"resources": GPU}},
    "trainer": {"image": IMAGE, "resourcesPerNode": GPU},
    "puller": {"modelPuller": IMAGE, "resources": GPU},
    "flat": {"image": {"repository": "registry.example.com/app", "tag": "1"}, "resources": GPU},
    "steps": {"steps": [{"name": "main", "image": IMAGE, "computeResources": GPU}]},
    "injected": {"sidecars": [CONTAINER]},
    "role": {"template": {"spec": POD}},
    "runner": {"runner": CONTAINER},
    "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "inner"}, "spec": POD},
}
WITHOUT_ACCELERATOR = frozenset({"component"})


def example(group: str, kind: str, at: PodAt) -> dict[str, Any]:
    """A minimal object of a kind with one pod at one of its paths."""
    value: Any = LEAVES[at.view]
    for part in reversed(at.path.split(".")):
        if part.endswith("[]"):
            value = {part.removesuffix("[]"): [value]}
        else:
            value = {"main" if part == "*" else part: value}
    return {"apiVersion": f"{group}/v1" if group else "v1", "kind": kind, "metadata": {"name": "x"}} | value


def pods(body: Any) -> list[Any]:
    document = read(SourceText("x.yaml", json.dumps(body, indent=1)))
    return [pod for manifest in document.root.manifests for pod in manifest.pods]


ROWS = [(group, kind, at) for (group, kind), row in KINDS.items() for at in row.pods]


@pytest.mark.parametrize(("group", "kind", "at"), ROWS, ids=lambda value: getattr(value, "path", value))
def test_each_row_finds_the_containers_of_an_example(group: str, kind: str, at: PodAt) -> None:
    found = [container for pod in pods(example(group, kind, at)) for container in pod.known_containers]
    images = [container.image for container in found]
    expected = "registry.example.com/vllm:1" if at.view == "vllm-runtime" else IMAGE
    assert expected in images
    if at.view not in WITHOUT_ACCELERATOR:
        container = found[images.index(expected)]
        assert (container.accelerator.name, container.accelerator.count) == ("nvidia.com/gpu", 1)


@pytest.mark.parametrize("view", [view for view in LEAVES if view != "object"])
def test_every_view_points_into_the_text(view: str) -> None:
    row = next((group, kind, at) for group, kind, at in ROWS if at.view == view)
    text = SourceText("x.yaml", json.dumps(example(*row), indent=1))
    for manifest in read(text).root.manifests:
        for pod in manifest.pods:
            for container in pod.known_containers:
                for path in ((), ("name",), ("image",), ("resources",), ("accelerator",)):
                    span = container.locate(path).span
                    assert 0 <= span.start < span.end <= len(text.text)


def test_a_node_pool_is_no_pod() -> None:
    inner = {"spec": {"taints": [], "containers": [CONTAINER]}}
    assert pods({"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "spec": {"template": inner}}) == []
    allowed = {"containers": [{"name": "a", "securityContext": {"privileged": True}}]}
    assert (
        pods({"apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "matchingCriteria": allowed}) == []
    )


@pytest.mark.parametrize(
    ("api", "kind", "spec", "count"),
    [
        ("batch/v1", "Job", {"template": {"spec": POD}}, 1),
        ("batch.volcano.sh/v1alpha1", "Job", {"tasks": [{"template": {"spec": POD}}]}, 1),
        ("batch/v1", "Job", {"tasks": [{"template": {"spec": POD}}]}, 0),
        ("v1", "Service", {"template": {"spec": POD}}, 0),
        ("serving.knative.dev/v1", "Service", {"template": {"spec": POD}}, 1),
        ("kueue.x-k8s.io/v1beta1", "Workload", {"podSets": [{"template": {"spec": POD}}]}, 1),
        ("scheduling.k8s.io/v1alpha2", "Workload", {"podSets": [{"template": {"spec": POD}}]}, 0),
    ],
)
def test_kinds_are_told_apart_by_their_group(api: str, kind: str, spec: Any, count: int) -> None:
    document = read(SourceText("x.yaml", json.dumps({"apiVersion": api, "kind": kind, "spec": spec})))
    manifest = document.root.manifests[0]
    assert len(manifest.pods if isinstance(manifest, Workload) else []) == count


def test_an_unknown_kind_with_containers_is_a_guess() -> None:
    found = pods({"apiVersion": "example.com/v1", "kind": "Trainer", "spec": {"deep": [{"worker": POD}]}})
    assert len(found) == 1
    assert found[0].ai.guessed
    assert found[0].open  # what is absent may come from its controller
    assert found[0].address.endswith("#/spec/deep/0/worker")


def test_pods_that_a_test_makes_are_its_own() -> None:
    applied = {"try": [{"apply": {"resource": {"spec": POD}}}]}
    assert not pods(
        {"apiVersion": "chainsaw.kyverno.io/v1alpha1", "kind": "Test", "spec": {"steps": [applied]}}
    )


@pytest.mark.parametrize(
    "spec",
    [{"containers": {"type": "array"}}, {"containers": ["a"]}, {"containers": [{"foo": 1}]}, {"status": POD}],
)
def test_what_only_speaks_of_containers_is_no_pod(spec: Any) -> None:
    body = {"apiVersion": "example.com/v1", "kind": "Thing", "spec": spec}
    manifests = read(SourceText("x.yaml", json.dumps(body))).root.manifests
    assert not any(isinstance(manifest, Workload) for manifest in manifests)


@pytest.mark.parametrize(
    ("body", "role", "count", "group"),
    [
        (
            {"apiVersion": "batch/v1", "kind": "Job", "spec": {"parallelism": 4, "template": {"spec": POD}}},
            "",
            4,
            4,
        ),
        (
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "spec": {"replicas": 3, "template": {"spec": POD}},
            },
            "",
            3,
            1,
        ),
        (
            {
                "apiVersion": "kubeflow.org/v1",
                "kind": "PyTorchJob",
                "spec": {
                    "pytorchReplicaSpecs": {
                        "Master": {"template": {"spec": POD}},
                        "Worker": {"replicas": 3, "template": {"spec": POD}},
                    }
                },
            },
            "master",
            1,
            4,
        ),
        (
            {
                "apiVersion": "leaderworkerset.x-k8s.io/v1",
                "kind": "LeaderWorkerSet",
                "spec": {"replicas": 2, "leaderWorkerTemplate": {"size": 4, "workerTemplate": {"spec": POD}}},
            },
            "worker",
            8,
            4,
        ),
        (
            {
                "apiVersion": "jobset.x-k8s.io/v1alpha2",
                "kind": "JobSet",
                "spec": {
                    "replicatedJobs": [
                        {"replicas": 2, "template": {"spec": {"parallelism": 4, "template": {"spec": POD}}}}
                    ]
                },
            },
            "job",
            8,
            8,
        ),
        (
            {
                "apiVersion": "ray.io/v1",
                "kind": "RayCluster",
                "spec": {"workerGroupSpecs": [{"replicas": 2, "numOfHosts": 4, "template": {"spec": POD}}]},
            },
            "worker",
            8,
            8,
        ),
        (
            {
                "apiVersion": "serving.kserve.io/v1alpha1",
                "kind": "LLMInferenceService",
                "spec": {"template": POD, "worker": POD},
            },
            "decode",
            1,
            UNKNOWN,
        ),
        (
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "spec": {"replicas": "${N}", "template": {"spec": POD}},
            },
            "",
            UNKNOWN,
            1,
        ),
    ],
)
def test_counts_and_groups(body: Any, role: str, count: Any, group: Any) -> None:
    pod = pods(body)[0]
    assert repr((pod.ai.role, pod.accelerator.pods, pod.accelerator.group)) == repr((role, count, group))


def test_a_role_takes_the_template_that_roles_share() -> None:
    """A role-based group, as its controller merges a role's patch into the shared template."""
    group = {
        "apiVersion": "workloads.x-k8s.io/v1alpha2",
        "kind": "RoleBasedGroup",
        "metadata": {"name": "chat"},
        "spec": {
            "roleTemplates": [
                {"name": "base", "template": {"spec": {"containers": [{"name": "engine", "image": IMAGE}]}}}
            ],
            "roles": [
                {
                    "name": "backend",
                    "replicas": 2,
                    "leaderWorkerPattern": {
                        "size": 3,
                        "templateRef": {
                            "name": "base",
                            "patch": {"spec": {"containers": [{"name": "engine", "resources": GPU}]}},
                        },
                        "leaderTemplatePatch": {"metadata": {"labels": {"role": "leader"}}},
                    },
                },
                {
                    "name": "other",
                    "standalonePattern": {"templateRef": {"name": "none", "patch": {"spec": POD}}},
                },
            ],
        },
    }
    other, backend = pods(group)
    assert (backend.containers[0].image, backend.accelerator.count) == (IMAGE, 1)
    assert (backend.accelerator.pods, backend.accelerator.group, backend.open) == (6, 3, False)
    assert other.open  # the template is not in the file


def test_a_stage_of_ome_is_a_pod_or_a_leader_with_workers() -> None:
    service = {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "chat"},
        "spec": {
            "engine": {
                "minReplicas": 2,
                "leader": {"runner": CONTAINER},
                "worker": {"size": 3, "runner": CONTAINER},
            },
            "router": {"runner": {"name": "router", "image": IMAGE}},
        },
    }
    counts = {(pod.ai.role, pod.accelerator.pods, pod.accelerator.group) for pod in pods(service)}
    assert counts == {("leader", 2, 4), ("worker", 6, 4), ("router", 1, 1)}


def test_the_first_version_of_an_mpi_job() -> None:
    body = {
        "apiVersion": "kubeflow.org/v1alpha1",
        "kind": "MPIJob",
        "spec": {"replicas": 4, "template": {"spec": POD}},
    }
    (pod,) = pods(body)
    assert (pod.accelerator.pods, pod.ai.role) == (4, "worker")


def test_cliques_of_a_set_count_and_those_of_a_scaling_group_do_not() -> None:
    cliques = [{"name": "decode", "spec": {"replicas": 2, "podSpec": POD}}]
    spec: dict[str, Any] = {"replicas": 3, "template": {"cliques": cliques}}
    body = {"apiVersion": "grove.io/v1alpha1", "kind": "PodCliqueSet", "spec": spec}
    assert pods(body)[0].accelerator.pods == 6
    spec["template"]["podCliqueScalingGroups"] = [{"name": "model", "cliqueNames": ["decode"]}]
    assert pods(body)[0].accelerator.pods is UNKNOWN
