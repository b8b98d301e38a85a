"""Manifests by which others release a program, copied into one's own repository: one large file, or known parts."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

LARGE = 60_000  # bytes; what people write themselves is smaller
_LARGE_RELEASE = 20_000  # of a file that is called as releases are
_LEAST = 4_000  # of a file that is named after the program, whose kinds nobody defines by hand
_MOST = 8_000_000
_RELEASED = frozenset({"cert-manager.yaml", "tigera-operator.yaml", "calico.yaml", "canal.yaml"})
# Programs that people install into their clusters from such a file, which defines the kinds of the program, too
_PROGRAM = lazy_regex(
    r"(?<![a-z0-9])(actions-runner-controller|argo-?cd|argo(?:-(?:workflows|rollouts|events))?|barman-cloud|calico|cert-manager"
    r"|chaos-mesh|clickhouse|cloudnative-?pg|cnpg|contour|crossplane|elastic-operator|elasticsearch|envoy-gateway|external-secrets"
    r"|flink|flux(?:cd)?|gatekeeper|istio|jaeger|keda|kserve|knative|kuberay|kubevirt|kueue|kyverno|linkerd|longhorn|metallb"
    r"|minio-operator|mongodb|mysql-operator|nfd|node-feature-discovery|opentelemetry|percona|postgres-operator|prometheus|prometheus-operator"
    r"|kube-prometheus|rabbitmq|rook|sealed-secrets|spark-operator|strimzi|tekton|tigera|training-operator|traefik|velero"
    r"|volcano)(?![a-z0-9])"
)
_RELEASE = lazy_regex(r"(?:(?:namespace-)?install|release|quick-?start(?:-[a-z]+)?|all-in-one)\.ya?ml")
_SHORT = {"cnpg": "cloudnative-pg", "nfd": "node-feature-discovery"}
_MONITORING = (
    "alertmanager-alertmanager.yaml",
    "kube-state-metrics-deployment.yaml",
    "prometheus-prometheus.yaml",
)
# Rook's release, beside which people write a cluster of their own; its first ones had fewer files, and the same tools
_STORAGE = ("common.yaml", "crds.yaml", "operator.yaml")
_OF_STORAGE = (*_STORAGE, "operator-openshift.yaml", "scc.yaml", "toolbox.yaml")
_STORAGE_KINDS = lazy_bytes_regex(rb"(?m)^  name:[ \t]*cephclusters\.ceph\.rook\.io\b")
_KINDS = b"kind: CustomResourceDefinition"
_PODS = (b"\nkind: Deployment", b"\nkind: DaemonSet", b"\nkind: StatefulSet")


# as Strimzi releases its operators: `020-ClusterRole.yaml`, `060-Deployment-strimzi-cluster-operator.yaml`
_NUMBERED = lazy_regex(r"\d{3}-(?P<kind>[A-Z][A-Za-z]+)(?:-[\w.-]+)?\.yaml")
_LEAST_NUMBERED = 4
# as programs of a foundation head each part of what they release in one file
_AUTHORS = lazy_bytes_regex(rb"(?m)^#[ ]*Copyright (?:\d{4} )?The ([A-Za-z-]+) Authors\b")
_LEAST_HEADED = 3
_HEAD = 2_000  # bytes
_GROUP = lazy_bytes_regex(rb"(?m)^  group:[ \t]*[\"']?([a-z\d.-]+)")


def is_copied(above: str, relative: str) -> bool:
    """Whether a file below `above` is the release of a known program, and this is not the program's own repository."""
    if not relative.endswith((".yaml", ".yml")):
        return False
    if (
        _is_of_authors(above, relative)
        or _is_monitoring(above, relative)
        or _is_storage(above, relative)
        or _is_numbered(above, relative)
    ):
        return True
    path = os.path.join(above, relative)
    try:
        size = os.stat(path).st_size
    except OSError:
        return False
    if not _LEAST < size < _MOST:
        return False
    folder, _, file = relative.lower().rpartition(os.sep)
    if size > LARGE and file in _RELEASED:
        return True
    least = _LARGE_RELEASE if _RELEASE.fullmatch(file) else LARGE
    program = _PROGRAM.search(file) or (_PROGRAM.search(folder) if size > least else None)
    return program is not None and not is_own(above, program.group(1)) and _defines_kinds(path)


def is_own(above: str, program: str) -> bool:
    """Whether what is scanned is the repository of a program, by its folder, Go module, chart or heading."""
    word = _SHORT.get(program, program).replace("-", "")
    said = f"{os.path.basename(above.rstrip(os.sep)).lower()} {titles(above, changed(above))}"
    return word in said.replace("-", "")


def _is_of_authors(above: str, relative: str) -> bool:
    """Whether the authors of a known program say at some parts of a file that it is theirs. Who writes templates of it
    has made it their own."""
    path = os.path.join(above, relative)
    found = _AUTHORS.search(start_of(path, _HEAD))
    program = _PROGRAM.fullmatch(found[1].decode().lower()) if found is not None else None
    if program is None or "templates" in relative.split(os.sep) or is_own(above, program[1]):
        return False
    return len(_AUTHORS.findall(start_of(path, _MOST))) >= _LEAST_HEADED


def _is_monitoring(above: str, relative: str) -> bool:
    """Whether a file is one of the many that kube-prometheus releases, in a folder of them or in its `setup`."""
    folder = os.path.dirname(os.path.join(above, relative))
    if os.path.basename(folder) == "setup":
        folder = os.path.dirname(folder)
    return _has_monitoring(folder, changed(folder)) and not is_own(above, "kube-prometheus")


def _is_storage(above: str, relative: str) -> bool:
    """Whether a file is one of those by which Rook is released, beside the others."""
    folder, name = os.path.split(os.path.join(above, relative))
    return name in _OF_STORAGE and _has_storage(folder, changed(folder)) and not is_own(above, "rook")


@lru_cache(maxsize=64)
def _has_storage(folder: str, since: int) -> bool:
    """Whether a folder has Rook's operator, and a file that defines its kinds: `crds.yaml`, one that came before that,
    or the operator's own. `since`: when the folder was changed."""
    if not os.path.isfile(os.path.join(folder, "operator.yaml")):
        return False
    defines = [
        name
        for name in _STORAGE
        if _STORAGE_KINDS.search(start_of(os.path.join(folder, name), _MOST)) is not None
    ]
    least = "common.yaml" if "crds.yaml" in defines else "toolbox.yaml"
    return bool(defines) and os.path.isfile(os.path.join(folder, least))


def _is_numbered(above: str, relative: str) -> bool:
    """Whether a file is one of those by which a known program is released, each with its number and kind."""
    folder, name = os.path.split(os.path.join(above, relative))
    if _NUMBERED.fullmatch(name) is None:
        return False
    program = _numbered(folder, changed(folder))
    return bool(program) and not is_own(above, program)


@lru_cache(maxsize=64)
def _numbered(folder: str, since: int) -> str:
    """The program that such files in a folder are the release of. `since`: when the folder was changed."""
    try:
        found = [match for name in sorted(os.listdir(folder)) if (match := _NUMBERED.fullmatch(name))]
    except OSError:
        return ""
    kinds = {match["kind"] for match in found}
    if len(found) < _LEAST_NUMBERED or not {"Crd", "Deployment"} <= kinds:
        return ""
    defined = next(match[0] for match in found if match["kind"] == "Crd")
    group = _GROUP.search(start_of(os.path.join(folder, defined), _MOST))
    program = _PROGRAM.search(group[1].decode()) if group is not None else None
    return program[1] if program is not None else ""


@lru_cache(maxsize=64)
def _has_monitoring(folder: str, since: int) -> bool:
    """Whether a folder has the parts of kube-prometheus under the names that it gives them. `since`: when changed."""
    return bool(since) and all(os.path.isfile(os.path.join(folder, name)) for name in _MONITORING)


@lru_cache(maxsize=64)
def titles(above: str, since: int) -> str:
    """What a repository calls itself. `since`: when its folder was changed."""
    found = []
    for name, start in (("go.mod", "module "), ("README.md", "# "), ("PROJECT", "projectName:")):
        lines = start_of(Path(above, name), 4_000).decode("utf-8", "replace").splitlines()
        found.append(next((line for line in lines if line.startswith(start)), ""))
    return " ".join(found).lower()


def _defines_kinds(path: str) -> bool:
    """Whether a file defines kinds and has the pods that serve them."""
    data = start_of(path, _MOST)
    return _KINDS in data and any(kind in data for kind in _PODS)
