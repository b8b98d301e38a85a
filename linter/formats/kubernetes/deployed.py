"""Programs that should not run in a cluster any more, by what an object says of them: image, labels, name, account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linter.formats.kubernetes.part import Entry, known, known_items
from linter.frozen import dataclass
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Program:
    """How a program is known."""

    image: re.Pattern[str]  # searched in image references
    labels: Mapping[str, str]  # any one of them on pods or in the selector of a Service
    name: re.Pattern[str]  # searched in the names of workloads and Services


TILLER = Program(
    image=lazy_regex(r"(?:^|/)tiller(?:[:@]|\Z)"),
    labels={"app": "helm", "name": "tiller"},
    name=lazy_regex(r"(?:^|-)tiller(?:-|\Z)"),
)
DASHBOARD = Program(
    image=lazy_regex(r"kubernetesui/|kubernetes-dashboard"),
    labels={"app": "kubernetes-dashboard", "k8s-app": "kubernetes-dashboard"},
    name=lazy_regex(r"\Akubernetes-dashboard\Z"),
)


def signs(manifest: Manifest, program: Program) -> list[Entry]:
    """The first sign of a program in an object, or one for each container that is it; none for other objects."""
    containers = [
        Entry(container, ("image",), f"container '{container.title}'", container.image)
        for pod in manifest.pods
        for container in pod.known_containers
        if isinstance(container.image, str) and program.image.search(container.image)
    ]
    return containers or list(_other_signs(manifest, program))[:1]


def _other_signs(manifest: Manifest, program: Program) -> Iterator[Entry]:
    if manifest.type_key in ("RoleBinding", "ClusterRoleBinding") and hasattr(manifest, "roleRef"):
        yield from _bound(manifest, program)
        return
    service = manifest.type_key == "Service" and hasattr(manifest, "spec")  # other groups have Services too
    if not manifest.pods and not service:
        return
    name = manifest.metadata.name
    if isinstance(name, str) and program.name.search(name):
        yield Entry(manifest, ("metadata", "name"), "name", name)
    for pod in manifest.pods:
        for key, value in program.labels.items():
            if pod.metadata.entry("labels", key) == value:
                yield Entry(pod.metadata, ("labels", key), f"label {key}", value)
        if isinstance(pod.account, str) and program.name.search(pod.account):
            yield Entry(pod, ("serviceAccountName",), "account", pod.account)
        pod_name = pod.metadata.name
        if isinstance(pod_name, str) and program.name.search(pod_name):
            yield Entry(pod.metadata, ("name",), "name", pod_name)
    if service:
        yield from _selected(manifest, program)


def _bound(binding: Any, program: Program) -> Iterator[Entry]:
    """The role of the program, given to somebody else."""
    role = binding.roleRef.name
    others = any(known(g.name) and not program.name.search(g.name) for g in known_items(binding.subjects))
    if isinstance(role, str) and program.name.search(role) and others:
        yield Entry(binding, ("roleRef", "name"), "role", role)


def _selected(service: Any, program: Program) -> Iterator[Entry]:
    selector = service.spec.selector
    for key, value in program.labels.items():
        if isinstance(selector, dict) and known(selector.get(key)) and selector[key] == value:
            yield Entry(service, ("spec", "selector", key), f"selector {key}", value)
