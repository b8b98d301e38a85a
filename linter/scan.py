"""The story of a scan, on one page: discover -> read and evaluate unit by unit -> join -> Report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from os.path import dirname
from pathlib import Path

from linter.across import Together, judge_together
from linter.discover import Discovered, Walk, discover, find_root
from linter.finding import Coverage, Diagnostic, Report, number
from linter.formats.classify import candidates
from linter.pool import OrderedPool, job_count
from linter.recipe import Prepared, Recipe
from linter.suppress.mark import mark_document
from linter.unit import FileResult, Input, Worker


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan, and by which policy."""

    paths: tuple[Path, ...]
    recipe: Recipe = field(default_factory=Recipe)
    cwd: Path = field(default_factory=Path.cwd)
    stdin: Input | None = None
    gitignore: bool = True
    force_exclude: bool = False
    jobs: int = 0  # processes; 0: as many as pay


def scan(request: Request, prepared: Prepared | None = None) -> Report:
    """Scan everything that was asked for. Raises `UsageError` for paths and settings that do not exist."""
    prepared = prepared or request.recipe.prepare()
    found = find(request, prepared)
    worker = Worker(prepared.policy, mark_document, found.root)
    results, notes = read_all(list(units(found, request.stdin)), worker, request)
    together = judge_together(results, prepared.main, worker) if found.directories else Together()
    return report(found, results, together, notes, prepared)


def find(request: Request, prepared: Prepared) -> Discovered:
    """The files to look at."""
    root = find_root(request.paths, request.cwd)
    if request.stdin is not None:
        return Discovered(root)
    tree = prepared.tree
    walk = Walk(
        lambda path: tree.for_directory(dirname(path)).excludes(path),
        request.gitignore,
        request.force_exclude,
    )
    return discover(request.paths, root, walk)


def units(found: Discovered, stdin: Input | None) -> Iterator[list[Input]]:
    """What is read together: the Terraform files of a directory, any other file alone."""
    if stdin is not None:
        yield [stdin]
    modules: dict[Path, list[Input]] = {}
    for target in found.targets:
        item = Input(target.path, target.shown, target.named)
        if candidates(target.shown) == ("terraform",):
            modules.setdefault(target.path.parent, []).append(item)
        else:
            yield [item]
    yield from modules.values()


def read_all(
    work: Sequence[list[Input]], worker: Worker, request: Request
) -> tuple[list[FileResult], Sequence[Diagnostic]]:
    """Read and judge every unit, here or in parallel: the results are the same."""
    jobs = job_count(request.jobs, len(work))
    if jobs == 1:
        return [result for unit in work for result in worker.scan(unit)], ()
    pool: OrderedPool[list[Input], list[FileResult]] = OrderedPool(
        jobs, partial(_make_worker, worker.root), request.recipe
    )
    return [result for results in pool.map(work) for result in results], pool.diagnostics


def _make_worker(root: Path, recipe: Recipe) -> Callable[[Sequence[Input]], list[FileResult]]:
    return Worker(recipe.prepare().policy, mark_document, root).scan


def report(
    found: Discovered,
    results: Sequence[FileResult],
    together: Together,
    notes: Sequence[Diagnostic],
    prepared: Prepared,
) -> Report:
    """Join the results: one order, one set of counts."""
    read: dict[str, int] = {}
    for result in results:
        if result.format:
            read[result.format] = read.get(result.format, 0) + 1
    infos = {i: info for policy in prepared.policies() for i, info in policy.infos().items()}
    skipped = [*found.skipped, *(result.skipped for result in results if result.skipped is not None)]
    told = [diagnostic for result in results for diagnostic in result.diagnostics]
    unknown = Counter(together.unknowns)
    for result in results:
        unknown.update(result.unknowns)
    return Report(
        findings=tuple(number([*(f for result in results for f in result.findings), *together.findings])),
        diagnostics=(*prepared.tree.notes(), *told, *together.diagnostics, *notes),
        coverage=Coverage(
            found=len(results) + len(found.skipped),
            read=dict(sorted(read.items())),
            other=sum(1 for result in results if not result.format and result.skipped is None),
            skipped=tuple(sorted(skipped, key=lambda s: s.path)),
            rules=sum(1 for info in infos.values() if info.format in read or info.format == "any"),
            unknowns=sum(unknown.values()),
            unknown_rules=dict(sorted(unknown.items())),
            subjects=sum(result.subjects for result in results),
        ),
        rules=dict(sorted(infos.items())),
        root=str(found.root),
        inventory=tuple(row for result in results for row in result.inventory),
    )


def fails(report: Report, prepared: Prepared) -> bool:
    """Whether an active finding reaches the `fail-on` of the configuration that holds for its file."""
    root = Path(report.root)
    for finding in report.active:
        limit = prepared.policy(root / finding.location.path).config.fail_on
        if limit is not None and finding.severity >= limit:
            return True
    return False
