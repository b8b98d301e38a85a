"""The story of a scan, on one page: discover -> sweep -> suppress -> only what is new -> Report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from os.path import dirname
from pathlib import Path
from typing import TYPE_CHECKING

from linter.cache import ResultCache
from linter.discover import Discovered, Walk, discover, find_root
from linter.finding import Coverage, Diagnostic, Finding, Report, number
from linter.frozen import dataclass, field, replace
from linter.outside import Scene, Wish, ask, failed_programs
from linter.recipe import Prepared, Recipe
from linter.ruleset.builtin import UNPARSABLE
from linter.suppress.apply import expired_entries
from linter.suppress.mark import mark_all, today
from linter.sweep import Sweep, Tree, sweep, units_of
from linter.told import told
from linter.unit import Input, unread_finding

if TYPE_CHECKING:
    from linter.basetree import Base


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan, by which policy, against what."""

    paths: tuple[Path, ...]
    recipe: Recipe = field(default_factory=Recipe)
    cwd: Path = field(default_factory=Path.cwd)
    stdin: Input | None = None
    gitignore: bool = True
    force_exclude: bool = False
    jobs: int = 0  # processes; 0: as many as pay
    complete: bool = True  # every rule runs on every file: a suppression without a finding is unused
    baseline: Path | None = None  # None: the configuration's
    use_baseline: bool = True  # False: to make one
    new_since: str | None = None  # git reference
    terraform_root: Path | None = None  # the source that plans were made of
    fixes: bool = False  # findings carry their fixes
    render: bool = True  # charts and kustomizations are rendered where their programs are
    wish: Wish = field(default_factory=Wish)  # of other programs
    cache: ResultCache | None = None  # None: results are neither looked up nor kept


def scan(
    request: Request, prepared: Prepared | None = None, tell: Callable[[int, int], None] | None = None
) -> Report:
    """Scan everything that was asked for. Raises `UsageError` for paths and settings that do not exist."""
    prepared = prepared or request.recipe.prepare()
    found = find(request, prepared)
    tree = Tree(
        found.root,
        found.directories,
        terraform_root=request.terraform_root,
        fixes=request.fixes,
        render=request.render,
        cache=request.cache if request.stdin is None else None,
    )
    head = sweep(units(found, request.stdin), tree, request.recipe, prepared, request.jobs, tell)
    head = heard(head, request, found, prepared)
    marked = [*suppressed(head, request, found, prepared), *unread(found, prepared)]
    findings = number(told(marked, prepared.policy, found.root, prepared.ruleset.supersedes))
    findings, notes = known(findings, request, found, head, prepared)
    return report(found, head, findings, notes, prepared)


def find(request: Request, prepared: Prepared) -> Discovered:
    """The files to look at."""
    root = find_root(request.paths, request.cwd)
    if request.stdin is not None:
        return Discovered(root)
    return discover(request.paths, root, walk(request, prepared))


def walk(request: Request, prepared: Prepared) -> Walk:
    """How to walk the tree."""
    tree = prepared.tree
    return Walk(
        lambda path: tree.for_directory(dirname(path)).excludes(path),
        request.gitignore,
        request.force_exclude,
    )


def heard(head: Sweep, request: Request, found: Discovered, prepared: Prepared) -> Sweep:
    """With what other programs say, where they were asked; required ones that are missing or failed are told."""
    wish = request.wish.of(prepared.main.config)
    broken = head.rendered.broken if head.rendered is not None else {}
    missing = failed_programs(wish, broken)
    if not wish.trivy or request.stdin is not None:
        return replace(head, notes=(*head.notes, *missing)) if missing else head
    scene = Scene(found, request.paths, head.results, prepared, walk(request, prepared))
    return replace(head, notes=(*head.notes, *missing), outside=ask(scene, head.findings, wish))


def unread(found: Discovered, prepared: Prepared) -> Iterator[Finding]:
    """Files and folders that the system would not let us look at: a gate must not be green without them."""
    for place in found.unread:
        policy = prepared.policy(found.root / place.path)
        finding = unread_finding(UNPARSABLE, place.path, place.reason, policy)
        if finding is not None:
            yield finding


def units(found: Discovered, stdin: Input | None) -> list[list[Input]]:
    """What is read together."""
    return [[stdin]] if stdin is not None else list(units_of(found.targets, found.root))


def suppressed(head: Sweep, request: Request, found: Discovered, prepared: Prepared) -> list[Finding]:
    """All findings, those marked that the tree or the configuration suppresses."""
    trusted = None
    if request.recipe.policy_from is not None:
        from linter.known import trusted_suppressions

        trusted = trusted_suppressions(
            base(request.recipe.policy_from, request, found, head, prepared, tip=True)
        )
    return mark_all(
        head.findings,
        head.suppressions,
        prepared.policy,
        found.root,
        date=today(),
        complete=request.complete,
        trusted=trusted,
    )


def known(
    findings: list[Finding], request: Request, found: Discovered, head: Sweep, prepared: Prepared
) -> tuple[list[Finding], list[Diagnostic]]:
    """Mark what a base reference or a baseline file has already."""
    path = baseline_file(request, prepared)
    if request.new_since is None and path is None:
        return findings, []
    from linter.known import baselined, known_at

    notes: list[Diagnostic] = []
    if request.new_since is not None:
        then = base(request.new_since, request, found, head, prepared)
        findings, notes = known_at(findings, then, request.new_since)
    if path is None:
        return findings, notes
    data = prepared.read(path)
    findings, more = baselined(findings, path, {result.path for result in head.results}, data)
    return findings, [*notes, *more]


def baseline_file(request: Request, prepared: Prepared) -> Path | None:
    """The baseline that holds: the one named, else the configuration's; None where none is wanted."""
    if not request.use_baseline:
        return None
    configured = prepared.main.config.baseline
    return request.baseline or (Path(configured) if configured else None)


def base(
    reference: str, request: Request, found: Discovered, head: Sweep, prepared: Prepared, *, tip: bool = False
) -> Base:
    """The commit that a reference means: where the branches part, or with `tip` the reference itself."""
    from linter.basetree import Base
    from linter.suppress.git import Repository

    repository = Repository(found.root)
    commit = repository.commit(reference) if tip else repository.base(reference)
    return Base(
        repository,
        commit,
        found.root,
        found.directories,
        request.recipe,
        prepared,
        request.jobs,
        request.render,
        request.wish.of(prepared.main.config),
        head.outside,
        request.cache,
    )


def report(
    found: Discovered,
    head: Sweep,
    findings: Sequence[Finding],
    notes: Sequence[Diagnostic],
    prepared: Prepared,
) -> Report:
    """Join the results: one order, one set of counts."""
    read: dict[str, int] = {}
    for result in head.results:
        if result.format:
            read[result.format] = read.get(result.format, 0) + 1
    infos = {i: info for policy in prepared.policies() for i, info in policy.infos().items()}
    rules = {**infos, **(head.outside.rules if head.outside is not None else {})}
    skipped = [*found.skipped, *(result.skipped for result in head.results if result.skipped is not None)]
    unknowns = head.unknowns
    expired = expired_entries([policy.config for policy in prepared.policies()], today())
    return Report(
        findings=tuple(findings),
        diagnostics=(*prepared.tree.notes(), *expired, *head.diagnostics, *notes),
        coverage=Coverage(
            found=len(head.results) + len(found.skipped),
            read=dict(sorted(read.items())),
            other=sum(1 for result in head.results if not result.format and result.skipped is None),
            skipped=tuple(sorted(skipped, key=lambda s: s.path)),
            rules=sum(1 for info in infos.values() if info.format in read or info.format == "any"),
            unknowns=sum(unknowns.values()),
            unknown_rules=unknowns,
            judged=head.judged,
            subjects=sum(result.subjects for result in head.results),
            rendered=head.rendered.counts if head.rendered is not None else {},
            unrendered=head.rendered.unrendered if head.rendered is not None else (),
        ),
        rules=dict(sorted(rules.items())),
        root=str(found.root),
        files=tuple(sorted(result.path for result in head.results if result.format)),
        inventory=tuple(row for result in head.results for row in result.inventory),
        programs=head.outside.programs if head.outside is not None else (),
    )


def fails(report: Report, prepared: Prepared) -> bool:
    """Whether an active finding reaches the `fail-on` of the configuration that holds for its file."""
    root = Path(report.root)
    return any(
        prepared.policy(root / finding.location.path).config.bar(finding.rule).fails(finding.severity)
        for finding in report.active
    )
