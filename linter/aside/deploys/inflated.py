"""Charts of a project that its kustomizations render: `helmCharts` with a chart that lies in their `chartHome`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from linter.aside.deploys.holes import documents
from linter.aside.deploys.plain import as_list
from linter.aside.deploys.release import Release, below, chart_at
from linter.aside.leads.projecttexts import KUSTOMIZATION, Text

_HOME = "charts"  # where charts are unless it says so


def of_kustomizations(root: str, texts: Iterable[Text]) -> Iterator[Release]:
    """The releases of charts in the tree."""
    for text in texts:
        if "helmCharts:" not in text.text or KUSTOMIZATION.fullmatch(text.path) is None:
            continue
        for item in documents(text.text) or ():
            if isinstance(item, dict):
                yield from _of(root, text, item)


def _of(root: str, text: Text, kustomization: dict[str, Any]) -> Iterator[Release]:
    shared = kustomization.get("helmGlobals")
    home = str(shared.get("chartHome") or _HOME) if isinstance(shared, dict) else _HOME
    for item in as_list(kustomization.get("helmCharts")):
        name = item.get("name") if isinstance(item, dict) else None
        chart = chart_at(root, text.folder, home, name) if isinstance(name, str) else ""
        if chart:
            more = as_list(item.get("additionalValuesFiles"))
            names = [str(one) for one in (item.get("valuesFile"), *more) if one]
            files = [below(root, text.folder, one) for one in names]
            inline = item.get("valuesInline")
            values = [*filter(None, files), *([inline] if isinstance(inline, dict) else [])]
            # `merge` has the file's values win over these: which of them count is not looked at
            whole = all(files) and not (inline and item.get("valuesMerge") not in (None, "override"))
            yield Release(chart, text.path, tuple(values), whole)
