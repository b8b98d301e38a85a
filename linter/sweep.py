"""One pass over a set of files: every unit read and judged, then all of them together."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from linter.across import Together, judge_together
from linter.cache import Kept, Packed, ResultCache, Scanner
from linter.cache.codec import Decoder
from linter.cache.key import Keys, program
from linter.discover import Target
from linter.finding import Diagnostic, Finding, Skipped
from linter.frozen import dataclass
from linter.loading import is_module_file
from linter.outside import Outside
from linter.pool import OrderedPool, job_count
from linter.recipe import Prepared, Recipe
from linter.render import Rendered, Rendering, render, with_completed
from linter.ruleset.findings import Fixer
from linter.suppress.model import Suppression
from linter.unit import FileResult, Input, Worker

T = TypeVar("T")
Scan = Callable[[list[Input]], tuple[list[FileResult], Packed | None]]
COLLECT_EVERY = (
    4_000_000  # bytes read between two looks for garbage: most is freed without, see `Document.close`
)
COLLECT_OLDER_EVERY = (
    8_000_000  # bytes read until also what outlived one such look is looked at: caches that were given up
)


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
        return [*self.together.marked(_once(self.results)), *self.together.findings]

    @property
    def suppressions(self) -> Mapping[str, Sequence[Suppression]]:
        own = {result.path: result.suppressions for result in self.results}
        for result in self.results:
            for item in result.suppressions:
                if item.location.path != result.path and item not in own.get(item.location.path, ()):
                    own[item.location.path] = (*own.get(item.location.path, ()), item)
                    own[result.path] = tuple(s for s in own[result.path] if s is not item)
        return own

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
        total = dict(self.together.unknowns)
        for result in self.results:
            for rule, count in result.unknowns.items():
                total[rule] = total.get(rule, 0) + count
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
    cache: ResultCache | None = None  # None: results are neither looked up nor kept

    def worker(self, prepared: Prepared) -> Worker:
        if self.moved_from is None:
            return Worker(prepared.policy, self.root, _fixer() if self.fixes else None, self.terraform_root)
        home, copy = self.moved_from, self.root
        return Worker(lambda path: prepared.policy(home / Path(path).relative_to(copy)), copy)

    def kept(self, prepared: Prepared) -> Kept | None:
        """The kept results of scans of this tree in this way, where results are kept."""
        if self.cache is None:
            return None
        home = str(self.moved_from or self.root)
        place = "there" if self.moved_from is None else "copy"
        return self.cache.open((home, place, str(self.fixes), prepared.main.config.digest(home)))

    def scanner(self, prepared: Prepared, worker: Worker, salt: bytes | None) -> Scanner:
        """Scans units and packs results; with the salt of a cache, so that they can be kept."""
        if salt is None:
            return Scanner(worker, None)
        base = f"{program()} {prepared.ruleset.name} {self.fixes}"
        home = self.moved_from or self.root
        return Scanner(worker, Keys(salt, base, worker.policy_for, home, plans=self.terraform_root is None))


def _once(results: Sequence[FileResult]) -> list[Finding]:
    """The findings of all files. What a file says of another that it includes counts where nobody else says it."""
    own: list[Finding] = []
    guests: list[Finding] = []
    for result in results:
        for finding in result.findings:
            (own if finding.location.path == result.path else guests).append(finding)
    if not guests:
        return own
    met = {_spot(finding) for finding in own}
    for finding in guests:
        if _spot(finding) not in met:
            met.add(_spot(finding))
            own.append(finding)
    return own


def _spot(finding: Finding) -> tuple[str, str, int, int, str]:
    place = finding.location
    return finding.rule, place.path, place.start, place.end, finding.subject


def sweep(
    units: Sequence[list[Input]],
    tree: Tree,
    recipe: Recipe,
    prepared: Prepared,
    jobs: int = 0,
    tell: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Read and judge every unit, here or in parallel, or take what is kept of it: the results are the same.

    `tell` hears how far it is.
    """
    worker = tree.worker(prepared)
    kept = tree.kept(prepared)
    scanner = tree.scanner(prepared, worker, kept.salt if kept is not None else None)
    known = kept.find_all(units, scanner.keys, tree.root) if kept is not None else {}
    rest = [unit for index, unit in enumerate(units) if index not in known]
    notes: list[Diagnostic] = []
    scanned = _scan(rest, scanner, kept, tree, recipe, jobs, notes)
    found = (known.pop(index) if index in known else next(scanned) for index in range(len(units)))
    results = [result for answer in _told(found, len(units), tell) for result in answer]
    next(scanned, None)  # it has its last word when it ends
    if kept is not None:
        kept.save()
    kept = None  # the packed results can go
    rendered = None
    if tree.render:
        rendered = render(results, Rendering(worker, tree.moved_from or tree.root, tree.whole))
        results = list(rendered.results)
    results = with_completed(results, worker)
    together = judge_together(results, prepared.main, worker) if tree.whole else Together()
    return Sweep(tuple(results), together, tuple(notes), rendered)


def _scan(
    units: Sequence[list[Input]],
    scanner: Scanner,
    kept: Kept | None,
    tree: Tree,
    recipe: Recipe,
    jobs: int,
    notes: list[Diagnostic],
) -> Iterator[list[FileResult]]:
    """The results of units of which nothing is kept, in order."""
    count = min(
        job_count(jobs, sum(map(len, units))), max(len(units), 1)
    )  # a directory of Terraform is one unit
    if count == 1:
        worker = scanner.worker
        scan = tidily(
            worker, in_memory(scanner.scan if kept is not None else lambda unit: (worker.scan(unit), None))
        )
        for unit in units:
            results, packed = scan(unit)
            if kept is not None and packed is not None:
                kept.add(unit, packed)
            yield results
        return
    make = partial(_packer, tree, kept.salt if kept is not None else None)
    pool: OrderedPool[list[Input], Packed | list[FileResult]] = OrderedPool(count, make, recipe, given_up)
    decoder = Decoder()
    for unit, answer in zip(units, pool.map(units), strict=True):
        if not isinstance(answer, Packed):
            yield answer
            continue
        if kept is not None:
            kept.add(unit, answer)
        decoder.learn(answer.sets)
        yield decoder.unpack(answer.data, unit[0].shown)
    if pool.deaths:
        notes.append(Diagnostic("warning", "a worker process died; its files were scanned again"))


def _packer(
    tree: Tree, salt: bytes | None, recipe: Recipe
) -> Callable[[list[Input]], Packed | list[FileResult]]:
    """What a worker process makes of the recipe."""
    prepared = recipe.prepare()
    worker = tree.worker(prepared)
    scan = tidily(worker, in_memory(tree.scanner(prepared, worker, salt).scan))

    def packing(unit: list[Input]) -> Packed | list[FileResult]:
        results, packed = scan(unit)
        return packed or results

    return packing


def in_memory(scan: Scan) -> Scan:
    """The same, but a unit that takes all memory is given up, and nothing else with it."""

    def scan_in_memory(unit: list[Input]) -> tuple[list[FileResult], Packed | None]:
        try:
            return scan(unit)
        except MemoryError:
            pass  # what it holds is let go here, with the traceback
        return given_up(unit, "its scan took all memory that there is: it was not scanned"), None

    return scan_in_memory


def given_up(
    unit: Sequence[Input], words: str = "its scan ended the process that was at it, twice: it was not scanned"
) -> list[FileResult]:
    """What is said of a unit that takes its process down, by memory or by a fault in compiled code."""
    return [
        FileResult(item.shown, diagnostics=(Diagnostic("error", words, item.shown, internal=True),),
                   skipped=Skipped(item.shown, "its scan ended the process"))
        for item in unit
        if not item.context
    ]  # fmt: skip


def _told(found: Iterator[T], total: int, tell: Callable[[int, int], None] | None) -> Iterator[T]:
    for done, answer in enumerate(found, 1):
        if tell is not None:
            tell(done, total)
        yield answer


def _fixer() -> Fixer:
    from linter.fixes import make_fix  # 6 ms that a report for people does not need

    return make_fix


def tidily(worker: Worker, scan: Callable[[list[Input]], T]) -> Callable[[list[Input]], T]:
    """Collect garbage at the pace of what is read where the collector is off: models refer to each other in circles.

    Only what came since the last look is looked at, and what is loaded never.
    """
    collected = older = 0
    if not gc.isenabled():
        gc.freeze()

    def scan_and_tidy(unit: list[Input]) -> T:
        nonlocal collected, older
        if worker.litter - collected > COLLECT_EVERY and not gc.isenabled():
            collected = worker.litter
            due = collected - older > COLLECT_OLDER_EVERY
            older = collected if due else older
            gc.collect(1 if due else 0)
        return scan(unit)

    return scan_and_tidy


def units_of(targets: Sequence[Target], root: Path) -> Iterator[list[Input]]:
    """What is read together: the Terraform files of a directory, any other file alone."""
    modules: dict[str, list[Input]] = {}
    for target in targets:
        item = Input(target.path, target.shown, target.named)
        if is_module_file(target.shown):
            modules.setdefault(os.path.dirname(target.path), []).append(item)
        else:
            yield [item]
    for folder, items in modules.items():
        yield [*items, *_siblings(Path(folder), {item.path for item in items}, root)]


def _siblings(folder: Path, known: set[str], root: Path) -> Iterator[Input]:
    """The other files of a module: its variables and locals decide values, whichever file was asked for."""
    if not folder.is_relative_to(root):
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError:  # a folder that may be entered and not listed, or one that has gone
        return
    for path in paths:
        if str(path) in known or not is_module_file(path.name):
            continue
        if path.is_file() and not path.is_symlink():
            yield Input(str(path), path.relative_to(root).as_posix(), context=True)
