"""Charts and kustomizations, rendered by their own programs and judged as what they become.

A template read with holes can't say what its values make of it; a base can't say what an overlay makes of it. What
is rendered is judged, its findings are put back where they were written, and take the place of those of the raw
reading for every line that was rendered. What could not be rendered is said, and keeps its raw reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from linter.finding import Diagnostic, Skipped
from linter.frozen import dataclass, field, replace
from linter.loading import crash_of
from linter.unit import FileResult, Worker


@dataclass(frozen=True, slots=True)
class Rendered:
    """The results with what rendering adds; how much was rendered, and what was not."""

    results: tuple[FileResult, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)  # "charts", "kustomizations" -> rendered
    unrendered: tuple[Skipped, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)  # program -> how it first failed, where it did


@dataclass(frozen=True, slots=True)
class Rendering:
    """How to render. `home` is where paths in the configuration count from when the files are a copy of it."""

    worker: Worker
    home: Path
    whole: bool  # a directory was named: kustomizations are known with all that includes them


def render(results: Sequence[FileResult], rendering: Rendering) -> Rendered:
    """Render what there is to render; the results as they are when there is nothing."""
    from linter.render.where import chart_folders, kustomization_files

    folders = chart_folders(results, rendering.worker.root)
    files = kustomization_files(results, rendering.worker.root) if rendering.whole else []
    if not folders and not files:
        return Rendered(tuple(results))
    from linter.render.charts import render_charts
    from linter.render.overlays import render_overlays

    counts: Counter[str] = Counter()
    diagnostics: list[Diagnostic] = []
    unrendered: list[Skipped] = []
    broken: dict[str, str] = {}
    outcome = Rendered(tuple(results))
    steps = (("charts", folders, render_charts), ("kustomizations", files, render_overlays))
    for what, found, step in steps:
        if found:
            try:
                outcome = step(outcome.results, found, rendering)
            except Exception as error:  # noqa: BLE001 - our fault: told, and the raw readings stay
                diagnostics.append(crash_of("", f"rendering the {what}", error))
                continue
            counts.update(outcome.counts)
            diagnostics += outcome.diagnostics
            unrendered += outcome.unrendered
            broken |= outcome.broken
    if folders:
        from linter.render.said import said_once

        outcome = replace(outcome, results=tuple(said_once(outcome.results, rendering.worker.root)))
    return Rendered(outcome.results, tuple(diagnostics), dict(counts), tuple(unrendered), broken)


def with_completed(results: Sequence[FileResult], worker: Worker) -> list[FileResult]:
    """The results with the verdicts on objects that others of the scan complete, such as by a serving runtime."""
    asks = ("wants", "serves", "looks")
    if not any(key in item for result in results for item in result.joins for key in asks):
        return list(results)
    from linter.render.completed import complete

    return complete(results, worker)
