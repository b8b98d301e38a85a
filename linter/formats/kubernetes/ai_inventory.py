"""What the workloads of a file ask of accelerators: the rows of the report's inventory."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.kubernetes.manifest import Workload


def inventory(document: Document) -> list[dict[str, Any]]:
    """One row for each sort of pod that asks for accelerators; a number that is decided elsewhere is None.

    `count` is per pod, `replicas` the pods at a time, `total` their product.
    """
    rows = []
    for manifest in document.root.manifests:
        if not isinstance(manifest, Workload):
            continue
        for pod in manifest.pods:
            if pod.accelerator.requested is not True:
                continue
            count, pods = _number(pod.accelerator.count), _number(pod.accelerator.pods)
            rows.append(
                {
                    "path": document.path,
                    "workload": manifest.address,
                    "kind": manifest.type_key,
                    "role": pod.ai.role,
                    "resource": pod.accelerator.name or pod.accelerator.kind or "fraction",
                    "vendor": pod.accelerator.vendor,
                    "count": count,
                    "replicas": pods,
                    "total": None if count is None or pods is None else count * pods,
                }
            )
    return rows


def _number(value: Any) -> int | None:
    return None if value is UNKNOWN or value is None else int(value)
