"""What rules can be `for`: a literal table of names, models and iterators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document, SubjectKind
from linter.formats.kubernetes.bindings import Binding, Grantee
from linter.formats.kubernetes.container import Container
from linter.formats.kubernetes.env import EnvVar
from linter.formats.kubernetes.manifest import Manifest, Workload
from linter.formats.kubernetes.network import Ingress, NetworkPolicy, PolicyRule, Service, ServicePort
from linter.formats.kubernetes.objects import (
    ConfigMap,
    HorizontalPodAutoscaler,
    LimitRange,
    Namespace,
    PersistentVolumeClaim,
    PodDisruptionBudget,
    ResourceQuota,
    Sandbox,
    Secret,
    ServiceAccount,
)
from linter.formats.kubernetes.part import known_items, unsure
from linter.formats.kubernetes.pod import PodSpec
from linter.formats.kubernetes.probe import ContainerPort, Probe
from linter.formats.kubernetes.project import KubernetesProject, projects
from linter.formats.kubernetes.rbac import Role, RoleRule
from linter.formats.kubernetes.volume import Volume, VolumeMount
from linter.formats.model import Model

Scope = tuple[Model, ...]


def classes_in(document: Document) -> frozenset[type]:
    """The classes of a document's objects and what they derive from: see `SubjectKind.needs`."""
    root = document.root
    return _lines_of(frozenset(map(type, (*root.manifests, *root.values))))


@cache
def _lines_of(classes: frozenset[type]) -> frozenset[type]:
    return frozenset(base for found in classes for base in found.__mro__)


def _manifests(document: Document) -> Iterator[Scope]:
    for manifest in document.root.manifests:
        yield (manifest,)


def _of(model: type[Manifest]) -> Callable[[Document], Iterator[Scope]]:
    def iterate(document: Document) -> Iterator[Scope]:
        for manifest in document.root.manifests:
            if isinstance(manifest, model):
                yield manifest, manifest

    return iterate


def _pods(document: Document) -> Iterator[tuple[PodSpec, Manifest, Manifest]]:
    for manifest in (*document.root.manifests, *document.root.values):
        if isinstance(manifest, Workload):
            for pod in manifest.pods:
                yield pod, manifest, manifest


def _containers(document: Document) -> Iterator[tuple[Container, PodSpec, Manifest, Manifest]]:
    for pod, workload, manifest in _pods(document):
        for container in pod.known_containers:
            yield container, pod, workload, manifest


def _in_containers(name: str) -> Callable[[Document], Iterator[Scope]]:
    def iterate(document: Document) -> Iterator[Scope]:
        for scope in _containers(document):
            for item in known_items(getattr(scope[0], name)):
                yield item, *scope

    return iterate


def _volumes(document: Document) -> Iterator[Scope]:
    for scope in _pods(document):
        for volume in known_items(scope[0].volumes):
            yield volume, *scope


def _elements(model: type[Manifest], *path: str) -> Callable[[Document], Iterator[Scope]]:
    def iterate(document: Document) -> Iterator[Scope]:
        for manifest in document.root.manifests:
            if isinstance(manifest, model):
                value: Any = manifest
                for step in path:
                    value = getattr(value, step)
                for item in known_items(value):
                    yield item, manifest, manifest

    return iterate


def _policy_rules(document: Document) -> Iterator[Scope]:
    for manifest in document.root.manifests:
        if isinstance(manifest, NetworkPolicy):
            types = manifest.spec.policyTypes
            listed = [] if types is UNKNOWN else types
            # rules of a direction that is not named have no effect
            named = ("Ingress", "Egress") if not listed or unsure(*listed) else listed
            for direction, rules in (("Ingress", manifest.spec.ingress), ("Egress", manifest.spec.egress)):
                if direction in named:
                    for rule in known_items(rules):
                        yield rule, manifest, manifest


_POD = (("pod", PodSpec), ("workload", Workload), ("manifest", Manifest))
_CONTAINER = (("container", Container), *_POD)


def _object(name: str, model: type[Manifest], doc: str, scope: str = "") -> SubjectKind:
    named = ((scope or name, model), ("manifest", Manifest))
    return SubjectKind(name, "kubernetes", named, _of(model), doc, needs=model)


def _part(
    name: str, model: type[Model], owner: tuple[tuple[str, type[Model]], ...], iterate: Any, doc: str
) -> SubjectKind:
    whole = owner[-2][1]  # before the manifest itself: the object that it is a part of
    return SubjectKind(name, "kubernetes", ((name, model), *owner), iterate, doc, needs=whole)


_MANIFEST = ("manifest", Manifest)

SUBJECTS: tuple[SubjectKind, ...] = (
    SubjectKind("manifest", "kubernetes", (_MANIFEST,), _manifests, "any object"),
    _object("workload", Workload, "an object that carries pods"),
    _part("pod", PodSpec, _POD[1:], _pods, "a pod spec"),
    _part("container", Container, _POD, _containers, "an app, init or ephemeral container"),
    _part("volume", Volume, _POD, _volumes, "a volume of a pod"),
    _part("env", EnvVar, _CONTAINER, _in_containers("env"), "an environment variable of a container"),
    _part(
        "mount", VolumeMount, _CONTAINER, _in_containers("volumeMounts"), "where a container sees a volume"
    ),
    _part("port", ContainerPort, _CONTAINER, _in_containers("ports"), "a port of a container"),
    _part("probe", Probe, _CONTAINER, _in_containers("probes"), "a probe of a container"),
    _object("service", Service, "a Service"),
    _part(
        "serviceport",
        ServicePort,
        (("service", Service), _MANIFEST),
        _elements(Service, "spec", "ports"),
        "a port of a Service",
    ),
    _object("ingress", Ingress, "an Ingress"),
    _object("networkpolicy", NetworkPolicy, "a NetworkPolicy"),
    _part(
        "policyrule",
        PolicyRule,
        (("networkpolicy", NetworkPolicy), _MANIFEST),
        _policy_rules,
        "a rule of a NetworkPolicy",
    ),
    _object("role", Role, "a Role or ClusterRole"),
    _part(
        "rolerule",
        RoleRule,
        (("role", Role), _MANIFEST),
        _elements(Role, "rules"),
        "one rule of a Role or ClusterRole",
    ),
    _object("binding", Binding, "a RoleBinding or ClusterRoleBinding"),
    _part(
        "grantee",
        Grantee,
        (("binding", Binding), _MANIFEST),
        _elements(Binding, "subjects"),
        "who a binding gives a role to",
    ),
    _object("secret", Secret, "a Secret"),
    _object("configmap", ConfigMap, "a ConfigMap"),
    _object("namespace", Namespace, "a Namespace", "ns"),
    _object("serviceaccount", ServiceAccount, "a ServiceAccount"),
    _object("pvc", PersistentVolumeClaim, "a PersistentVolumeClaim"),
    _object("pdb", PodDisruptionBudget, "a PodDisruptionBudget"),
    _object("limitrange", LimitRange, "a LimitRange"),
    _object("quota", ResourceQuota, "a ResourceQuota"),
    _object("sandbox", Sandbox, "a Sandbox or SandboxTemplate"),
    _object("hpa", HorizontalPodAutoscaler, "a HorizontalPodAutoscaler"),
    SubjectKind(
        "project",
        "kubernetes",
        (("project", KubernetesProject),),
        projects,
        "all manifests scanned together",
        project=True,
    ),
)
