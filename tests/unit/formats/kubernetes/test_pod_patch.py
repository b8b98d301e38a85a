"""The patch that an Argo template holds as text."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN

WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: train-}
spec:
  templates:
    - name: train
      podSpecPatch: PATCH
      container:
        name: ""
        image: ghcr.io/acme/train:1.4.2
        resources: {}
"""
WHOLE = """|
        containers:
          - name: main
            resources:
              limits: {nvidia.com/gpu: "2", memory: "{{inputs.parameters.memory}}"}
          - name: wait
            image: ghcr.io/acme/wait"""
JSON = """'{"containers":[{"name":"main","resources":{"limits":{"nvidia.com/gpu":"{{inputs.parameters.gpus}}"}}}]}'"""


def test_what_the_patch_says_is_the_pods(read: Any, shown: Any) -> None:
    pod = read(WORKFLOW.replace("PATCH", WHOLE)).root.manifests[0].pods[0]
    (container,) = pod.containers
    assert (container.title, container.imageRef.tag) == ("container", "1.4.2")
    assert pod.accelerator.count == 2
    assert container.resources.limits["memory"] is UNKNOWN
    assert "containers:" in shown(container, ("resources", "limits", "nvidia.com/gpu"))


def test_a_parameter_in_it_is_unknown(read: Any) -> None:
    pod = read(WORKFLOW.replace("PATCH", JSON)).root.manifests[0].pods[0]
    assert pod.accelerator.count is UNKNOWN
    assert pod.accelerator.name == "nvidia.com/gpu"


def test_an_unknown_patch_may_change_everything(read: Any) -> None:
    text = WORKFLOW.replace("PATCH", "'{{inputs.parameters.pod-spec-patch}}'")
    container, rest = read(text).root.manifests[0].pods[0].containers
    assert container.imageRef.tag is UNKNOWN
    assert container.resources.limits is UNKNOWN or container.resources.limits == {}
    assert container.open
    assert rest is UNKNOWN


def test_a_patch_of_the_whole_workflow(read: Any) -> None:
    text = WORKFLOW.replace("      podSpecPatch: PATCH\n", "").replace(
        "  templates:", "  podSpecPatch: '{\"hostNetwork\": true}'\n  templates:"
    )
    assert read(text).root.manifests[0].pods[0].hostNetwork is True
