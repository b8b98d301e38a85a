"""The table of the API's fields against our own models of its kinds, and what is a slip."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from linter.formats.kubernetes import container, network, pod, scheduling, security, volume
from linter.formats.model import Field
from linter.formats.nodemodel import NodeModel

TYPES = json.loads(
    resources.files("linter.formats.kubernetes").joinpath("api_fields.json").read_text(encoding="utf-8")
)["types"]
MODELS = [
    (pod.PodSpec, "PodSpec"),
    (scheduling.Toleration, "Toleration"),
    (container.Container, "Container"),
    (security.SecurityContext, "SecurityContext"),
    (security.PodSecurityContext, "PodSecurityContext"),
    (volume.Volume, "Volume"),
    (volume.VolumeMount, "VolumeMount"),
    (network.ServiceSpec, "ServiceSpec"),
    (network.ServicePort, "ServicePort"),
    (network.IngressSpec, "IngressSpec"),
    (network.NetworkPolicySpec, "NetworkPolicySpec"),
]
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: {a: b}}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers: [{name: a, image: 'b:1', LINE}]
"""


@pytest.mark.parametrize(("model", "name"), MODELS)
def test_our_models_have_fields_of_the_api_only(model: type[NodeModel], name: str) -> None:
    parts = [vars(part).items() for part in model.__mro__]
    ours = {name for part in parts for name, value in part if isinstance(value, Field)}
    assert ours
    assert ours <= set(TYPES[name])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tty: true", None),
        ("ports: [{containerPort: 80, hostPort: null}]", None),
        ("resources: {limits: {cpu: 1, memory: 1Gi}}", None),
        ("livenessProbe: {httpGet: {port: http, path: /}}", None),
        ("env: [{name: A, value: '1'}]", None),
        ("Image: b", "`Image` is no field of Container; did you mean `image`?"),
        ("hostNetwork: true", "`hostNetwork` is no field of Container"),
        ("ports: [{containerPort: '80'}]", "`containerPort` takes a whole number"),
        ("ports: {containerPort: 80}", "`ports` takes a list"),
        ("tty: 'true'", "`tty` takes true or false"),
        ("securityContext: []", "`securityContext` takes a mapping"),
        ("workingDir: [a]", "`workingDir` takes a string"),
        ("resources: {limits: 1}", "`limits` takes a mapping"),
    ],
)
def test_slips(read: Any, line: str, words: str | None) -> None:
    manifest = read(DEPLOYMENT.replace("LINE", line)).root.manifests[0]
    assert [slip.value for slip in manifest.apiSlips] == ([] if words is None else [words])


def test_numbers_are_no_labels(read: Any) -> None:
    document = read("apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: 1}}\ndata: {b: yes, c: 'yes'}\n")
    slips = document.root.manifests[0].apiSlips
    assert [slip.key for slip in slips] == ["a", "b"]


def test_kinds_that_the_table_does_not_have_are_left_alone(read: Any) -> None:
    assert read("apiVersion: ray.io/v1\nkind: RayCluster\nspecs: 1\n").root.manifests[0].apiSlips == []
