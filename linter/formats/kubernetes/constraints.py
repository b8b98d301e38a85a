"""OpenShift's SecurityContextConstraints: whether they are those of one driver or agent of the nodes alone.

What a CSI driver has on each node shows the node what it mounts, which Kubernetes lets privileged containers alone do.
What measures or watches programs in the kernel (eBPF) is privileged as its publisher ships it. Constraints that the
account of such a one has, and nobody else, are what is advised for it.
"""

from __future__ import annotations

from linter.cel import UNKNOWN
from linter.formats.kubernetes.opennames import readable
from linter.formats.node import SEQ, Node
from linter.patterns import lazy_regex
from linter.text import SourceText

# `csi-disks-node`, `csi-nodeplugin-files`; what comes before may be a template's
_OF_NODE_PLUGIN = (
    r"(?=[^:\n]{0,200}(?<![a-z])csi(?![a-z]))"
    r"[^:\n]{0,200}(?<![a-z])node(?:-?(?:plugin|server|driver|agent))?(?![a-z])[^:\n]{0,200}"
)
# `{disks-csi-driver.serviceAccountName}`, of a driver of one part, what serves devices, and programs that look into the
# kernel
_OF_AGENT = (
    r"(?![^:\n]{0,200}(?i:controller|provisioner|attacher|resizer|snapshotter|operator|manager|default))"
    r"[^:\n]{0,200}(?<![a-z])(?:csi-driver|device-plugin|beyla|falco|kepler|tetragon)(?![a-z])[^:\n]{0,200}"
)
_OF_DRIVER = lazy_regex(rf"system:serviceaccount:[^:\n]{{1,200}}:(?:{_OF_NODE_PLUGIN}|{_OF_AGENT})")


def are_of_driver(constraints: Node | None, text: SourceText) -> bool:
    """Whether exactly one account may use them, that of a CSI driver or such an agent on each node, by its name."""
    if constraints is None or not _is_empty(constraints.get("groups")):
        return False
    users = constraints.get("users")
    listed = users.elements() if users is not None and users.kind == SEQ else []
    if len(listed) != 1:
        return False
    account = readable(text.slice(listed[0].span).strip("\"' "))  # also one that a template gives
    return _OF_DRIVER.fullmatch(account) is not None


def _is_empty(groups: Node | None) -> bool:
    return groups is None or (groups.plain() is not UNKNOWN and not groups.plain())
