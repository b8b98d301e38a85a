"""Manifests in the place of which the project's pipeline installs a chart: `k8s/deployment.yaml` of the very objects
that `helm upgrade --install shop ./charts/shop` in a workflow makes. Nothing leads to the file.

Helm takes no object that it did not make: of the two only one can be in a cluster, and that is the chart's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from linter.aside.deploys.deployments import Deployments
from linter.aside.deploys.installs import Installed
from linter.aside.leads.namings import Namings
from linter.formats.classify import KUSTOMIZATIONS
from linter.givenfiles import start_of

REPLACED = "in manifests in the place of which the project installs a chart"
_MANY = 500_000  # bytes of a manifest that are looked at


def is_replaced(path: str, deployments: Deployments) -> bool:
    """Whether a file of no chart below the root (with slashes) is such a manifest."""
    if not path.endswith((".yaml", ".yml")) or not deployments.installed:
        return False
    ours = list(_objects(os.path.join(deployments.root, path)))
    return (
        bool(ours)
        and all(any(map(one.may_be, deployments.installed)) for one in ours)
        and not _leads_anything(path, deployments.namings)
    )


def _leads_anything(path: str, namings: Namings) -> bool:
    """Whether something may lead to a file: its name, that of a folder that it is in, or what lists it there."""
    parts = path.split("/")
    folder = os.path.join(namings.root, *parts[:-1])
    if any(os.path.exists(os.path.join(folder, name)) for name in KUSTOMIZATIONS):
        return True
    items = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    if any(namings.namers(item, by_path=True) != [] for item in items) or any(map(namings.takes, items)):
        return True
    told = re.compile("|".join(rf"(?<![\w.-]){re.escape(item)}(?![\w-])" for item in items))
    return any(text.document and told.search(text.text) is not None for text in namings.texts)


def _objects(path: str) -> Iterator[Installed]:
    from linter.formats.yamltree import parse_documents  # 7 ms that a scan of Dockerfiles does not need
    from linter.text import decode

    for document in parse_documents(decode(path, start_of(path, _MANY))).documents:
        said = document.plain()
        metadata = said.get("metadata") if isinstance(said, dict) else None
        if isinstance(said, dict) and said:
            named = metadata if isinstance(metadata, dict) else {}
            yield Installed(str(said.get("kind")), str(named.get("name")), str(named.get("namespace") or ""))
