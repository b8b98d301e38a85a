"""One pass over a set of files: every unit read and judged, then all of them together."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from linter.across import Together, judge_together
from linter.discover import Target
from linter.finding import Diagnostic, Finding
from linter.frozen import dataclass
from linter.outside import Outside
from linter.pool import OrderedPool, job_count
from linter.recipe import Prepared, Recipe
from linter.render import Rendered, Rendering, render, with_completed
from linter.ruleset.evaluate import Fixer
from linter.suppress.model import Suppression
from linter.unit import FileResult, Input, Worker, is_module_file

COLLECT_EVERY = 100  # units
Scan = Callable[[list[Input]], list[FileResult]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a pass gave, before suppressions, baselines and thresholds."""

    results: tuple[FileResult, ...]
    together: Together
    notes: tuple[Diagnostic, ...] = ()
    rendered: Rendered | None = None  # what became of charts and kustomizations; None: not asked for
    outside: Outside | None = None  # what other programs said, joined with ours; None: not asked

    @property
    def findings(self) -> list[Finding]:
        if self.outside is not None:
            return list(self.outside.findings)
        return [*(finding for result in self.results for finding in result.findings), *self.together.findings]

    @property
    def suppressions(self) -> Mapping[str, Sequence[Suppression]]:
        return {result.path: result.suppressions for result in self.results}

    @property
    def diagnostics(self) -> list[Diagnostic]:
        told = [diagnostic for result in self.results for diagnostic in result.diagnostics]
        rendered = self.rendered.diagnostics if self.rendered is not None else ()
        outside = self.outside.diagnostics if self.outside is not None else ()
        return [*told, *self.together.diagnostics, *self.notes, *rendered, *outside]

    @property
    def judged(self) -> frozenset[str]:
        """Rules that met a subject."""
        return self.together.judged.union(*(result.judged for result in self.results))

    @property
    def unknowns(self) -> Mapping[str, int]:
        total = Counter(self.together.unknowns)
        for result in self.results:
            total.update(result.unknowns)
        return dict(sorted(total.items()))


@dataclass(frozen=True, slots=True)
class Tree:
    """Where the files of a pass are. `moved_from`: the files are a copy, whose policies are those of that root."""

    root: Path
    whole: bool  # a directory was named: rules about what is missing elsewhere make sense
    moved_from: Path | None = None
    terraform_root: Path | None = None  # the source that plans were made of
    fixes: bool = False  # findings carry their fixes: reports for machines show them
    render: bool = False  # charts and kustomizations are rendered by their programs

    def worker(self, prepared: Prepared) -> Worker:
        if self.moved_from is None:
            return Worker(prepared.policy, self.root, _fixer() if self.fixes else None, self.terraform_root)
        home, copy = self.moved_from, self.root
        return Worker(lambda path: prepared.policy(home / path.relative_to(copy)), copy)


def sweep(
    units: Sequence[list[Input]],
    tree: Tree,
    recipe: Recipe,
    prepared: Prepared,
    jobs: int = 0,
    tell: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Read and judge every unit, here or in parallel: the results are the same. `tell` hears how far it is."""
    worker = tree.worker(prepared)
    found: Iterator[list[FileResult]]
    pool: OrderedPool[list[Input], list[FileResult]] | None = None
    count = job_count(jobs, len(units))
    if count == 1:
        scan = tidily(worker.scan)
        found = map(scan, units)
    else:
        pool = OrderedPool(count, partial(_scanner, tree), recipe)
        found = pool.map(units)
    results = [result for results in _told(found, len(units), tell) for result in results]
    notes = pool.diagnostics if pool is not None else ()
    rendered = None
    if tree.render:
        rendered = render(results, Rendering(worker, tree.moved_from or tree.root, tree.whole))
        results = list(rendered.results)
    results = with_completed(results, worker)
    together = judge_together(results, prepared.main, worker) if tree.whole else Together()
    return Sweep(tuple(results), together, tuple(notes), rendered)


def _told(
    found: Iterator[list[FileResult]], total: int, tell: Callable[[int, int], None] | None
) -> Iterator[list[FileResult]]:
    for done, results in enumerate(found, 1):
        if tell is not None:
            tell(done, total)
        yield results


def _fixer() -> Fixer:
    from linter.fixes import make_fix  # 6 ms that a report for people does not need

    return make_fix


def _scanner(tree: Tree, recipe: Recipe) -> Scan:
    """What a worker process makes of the recipe."""
    return tidily(tree.worker(recipe.prepare()).scan)


def tidily(scan: Scan) -> Scan:
    """Collect garbage at the pace of files where the collector is off: models refer to each other in circles."""
    count = 0

    def scan_and_tidy(unit: list[Input]) -> list[FileResult]:
        nonlocal count
        count += 1
        if count % COLLECT_EVERY == 0 and not gc.isenabled():
            gc.collect(0)
        return scan(unit)

    return scan_and_tidy


def units_of(targets: Sequence[Target], root: Path) -> Iterator[list[Input]]:
    """What is read together: the Terraform files of a directory, any other file alone."""
    modules: dict[Path, list[Input]] = {}
    for target in targets:
        item = Input(target.path, target.shown, target.named)
        if is_module_file(target.shown):
            modules.setdefault(target.path.parent, []).append(item)
        else:
            yield [item]
    for folder, items in modules.items():
        yield [*items, *_siblings(folder, {item.path for item in items}, root)]


def _siblings(folder: Path, known: set[Path], root: Path) -> Iterator[Input]:
    """The other files of a module: its variables and locals decide values, whichever file was asked for."""
    if not folder.is_relative_to(root):
        return
    for path in sorted(folder.iterdir()):
        if path not in known and is_module_file(path.name) and path.is_file() and not path.is_symlink():
            yield Input(path, path.relative_to(root).as_posix(), context=True)
