"""What `helm template` made of the chart of a known program, and somebody committed: its objects are its authors'.

What was made of any other chart counts, as that is what is deployed, but for hygiene, which is mended in the chart; so
do objects that somebody added to such a file, each being asked for what it says itself, and secrets, which rendering
made or filled in for this one cluster.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import lru_cache

from linter.aside.charts import DESCRIPTION, description_of
from linter.aside.copies.rendered_from import says_generated
from linter.aside.names.copied import is_own
from linter.aside.stamps import changed
from linter.givenfiles import read_regular
from linter.patterns import lazy_bytes_regex, lazy_regex

_MANY = 5_000_000  # bytes of a manifest that are looked at
_DEEPEST = 5  # folders above that of a chart
_MOST = 5_000  # folders that are looked into for charts
# parts of clusters and operators; what people set in charts of stores and of their own programs is theirs
_KNOWN = lazy_regex(
    r"argo-(?:cd|events|rollouts|workflows)|aws-(?:ebs-csi-driver|load-balancer-controller)|calico|cert-manager|chaos-mesh|cilium"
    r"|cloudnative-pg|contour|coredns|crossplane|csi-driver-(?:nfs|smb)|external-(?:dns|secrets)|gatekeeper|gpu-operator"
    r"|ingress-nginx|istiod|keda|kiali-server|knative-operator|kube-prometheus-stack|kube-state-metrics|kubelet-csr-approver"
    r"|kuberay-operator|kueue|kyverno|linkerd-(?:control-plane|crds)|longhorn|metallb|metrics-server|minio-operator"
    r"|node-feature-discovery|nvidia-device-plugin|openebs|opentelemetry-operator|prometheus-(?:node-exporter|operator)"
    r"|reloader|rook-ceph|sealed-secrets|spark-operator|spegel|strimzi-kafka-operator|tetragon|tigera-operator|traefik"
    r"|trivy-operator|velero|volcano"
)
_ANY = "*"  # a tree that is too large to look may have each
_DOCUMENT = lazy_bytes_regex(rb"(?m)^---[ \t]*(?:#.*)?\r?$")
# as the labels of the object itself stand: those of its pods are deeper
_CHART = lazy_bytes_regex(rb"(?m)^ {4}[\"']?helm\.sh/chart[\"']?: *[\"']?([a-z][a-z\d-]*?)-v?\d+\.\d+\.\d+")
_RELEASE = lazy_bytes_regex(rb"(?m)^ {4}[\"']?meta\.helm\.sh/release-name[\"']?: *[\"']?([a-z][a-z\d-]*)")
_SOURCE = lazy_bytes_regex(rb"(?m)^# Source: ([\w.-]{1,100})/")
_BY_HELM = lazy_bytes_regex(rb"(?m)^ {4}[\"']?app\.kubernetes\.io/managed-by[\"']?: *[\"']?Helm\b")
_NAME = lazy_bytes_regex(rb"(?m)^name:[ \t]*[\"']?([\w.-]+)")


def is_of_program(above: str, path: str, line: int) -> bool:
    """Whether the object at a line of a file below `above` was made of the chart of a known program, which is neither
    what is scanned nor kept in it."""
    if not path.endswith((".yaml", ".yml")):
        return False
    full = os.path.join(above, path)
    lines, programs = _programs(full, changed(full))
    program = programs[bisect_right(lines, line) - 1] if programs else ""
    if not program or is_own(above, program):
        return False
    return not _kept(above, changed(above)).intersection((program, _ANY))


@lru_cache(maxsize=16)
def _programs(path: str, since: int) -> tuple[list[int], list[str]]:
    """The lines at which the documents of a file begin, and of which known program each is. `since`: when the file was
    changed."""
    try:
        data = read_regular(path, _MANY)
    except OSError:
        return [], []
    if b"managed-by" not in data or _BY_HELM.search(data) is None:
        return [], []
    generated = says_generated(path)
    starts = [0, *(found.start() for found in _DOCUMENT.finditer(data))]
    lines: list[int] = []
    programs: list[str] = []
    line = 1
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        lines.append(line)
        programs.append(_program(data[start:end], generated=generated))
        line += data.count(b"\n", start, end)
    return lines, programs


def _program(document: bytes, *, generated: bool) -> str:
    """The known program whose chart an object was made of, by its labels; in a file that says that a program wrote it
    also by the name of the release. Empty: it does not say, or of another chart, of which that one may be a part."""
    if _BY_HELM.search(document) is None:
        return ""
    found = _CHART.search(document) or (_RELEASE.search(document) if generated else None)
    name = found[1].decode() if found is not None else ""
    source = _SOURCE.search(document)
    return name if _KNOWN.fullmatch(name) and (source is None or source[1].decode() == name) else ""


@lru_cache(maxsize=16)
def _kept(above: str, since: int) -> frozenset[str]:
    """The names of the charts that a tree has. `since`: when it was changed."""
    found: set[str] = set()
    for number, (folder, names, files) in enumerate(os.walk(above)):
        if number >= _MOST:
            return frozenset((_ANY,))
        if folder.count(os.sep) - above.count(os.sep) >= _DEEPEST:
            names.clear()
        names[:] = [name for name in names if name not in (".git", "node_modules")]
        if DESCRIPTION in files:
            name = _NAME.search(description_of(folder))
            found.update((os.path.basename(folder), name[1].decode() if name is not None else ""))
    return frozenset(found)
