"""OpenShift's SecurityContextConstraints: whether they are those of one storage driver alone.

What a CSI driver has on each node shows the node what it mounts, which Kubernetes lets privileged containers alone do.
Constraints that its account has, and nobody else, are what is advised for it.
"""

from __future__ import annotations

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_command import scalar_as_written
from linter.formats.node import SEQ, Node
from linter.patterns import lazy_regex

# `csi-disks-node`, `csi-nodeplugin-files`; what comes before may be a template's
_OF_DRIVER = lazy_regex(
    r"system:serviceaccount:[^:\n]{1,200}:(?=[^:\n]{0,200}(?<![a-z])csi(?![a-z]))"
    r"[^:\n]{0,200}(?<![a-z])node(?:-?(?:plugin|server|driver|agent))?(?![a-z])[^:\n]{0,200}"
)


def are_of_driver(constraints: Node | None) -> bool:
    """Whether exactly one account may use them, that of a CSI driver on each node, by its name."""
    if constraints is None or not _is_empty(constraints.get("groups")):
        return False
    users = constraints.get("users")
    listed = users.elements() if users is not None and users.kind == SEQ else []
    written = scalar_as_written(listed[0]) if len(listed) == 1 else None
    return isinstance(written, str) and _OF_DRIVER.fullmatch(written) is not None


def _is_empty(groups: Node | None) -> bool:
    return groups is None or (groups.plain() is not UNKNOWN and not groups.plain())
