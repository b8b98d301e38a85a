"""What the workloads of a file ask of accelerators: the rows of the report's inventory."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.kubernetes import ai_claims
from linter.formats.kubernetes.manifest import Workload

if TYPE_CHECKING:
    from linter.formats.kubernetes.pod import PodSpec


def inventory(document: Document) -> list[dict[str, Any]]:
    """One row for each sort of pod that asks for accelerators; a number that is decided elsewhere is None.

    `count` is per pod, `replicas` the pods at a time, `total` their product. A device claim that stands in a file that
    was not scanned is listed by its name: what it asks for is not known. Values of a chart are listed as they would
    reach a pod, except those that the chart's own templates are rendered with.
    """
    rows = []
    for manifest in _workloads(document):
        for pod in manifest.pods:
            named = pod.accelerator.requested is True
            resource = (pod.accelerator.name or pod.accelerator.kind or "fraction") if named else _claims(pod)
            if not resource:
                continue
            count, pods = _number(pod.accelerator.count), _number(pod.accelerator.pods)
            rows.append(
                {
                    "path": document.path,
                    "workload": manifest.address,
                    "kind": manifest.type_key,
                    "role": pod.ai.role,
                    "resource": resource,
                    "vendor": pod.accelerator.vendor,
                    "count": count,
                    "replicas": pods,
                    "total": None if count is None or pods is None else count * pods,
                }
            )
    return rows


def _workloads(document: Document) -> Iterator[Workload]:
    yield from (item for item in document.root.manifests if isinstance(item, Workload))
    if posixpath.basename(document.path) not in ("values.yaml", "values.yml"):
        yield from document.root.values


def _claims(pod: PodSpec) -> str:
    """The device claims of a pod that stand elsewhere, by name; '' when there are none."""
    names = [name for container in pod.known_containers for name in ai_claims.unresolved(container)]
    return ", ".join(f"claim '{name}'" for name in dict.fromkeys(names))


def _number(value: Any) -> int | None:
    return None if value is UNKNOWN or value is None else int(value)
