"""The story of a scan, on one page: discover -> sweep -> suppress -> only what is new -> Report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from os.path import dirname
from pathlib import Path
from typing import TYPE_CHECKING

from linter.aside import Scope
from linter.cache import ResultCache
from linter.discover import Discovered, Walk, discover, find_root
from linter.finding import Coverage, Diagnostic, Finding, Report, number
from linter.frozen import dataclass, field, replace
from linter.joined import joined
from linter.loading import crash_of
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
    from linter.suppress.git import Repository


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan, by which policy, against what."""

    paths: tuple[Path, ...]
    recipe: Recipe = field(default_factory=Recipe)
    cwd: Path = field(default_factory=Path.cwd)
    stdin: Input | None = None
    gitignore: bool = True
    force_exclude: bool = False
    within: tuple[Path, ...] | None = (
        None  # what the user named, where `paths` are files that git found in it
    )
    jobs: int = 0  # processes; 0: as many as pay
    complete: bool = True  # every rule runs on every file: a suppression without a finding is unused
    baseline: Path | None = None  # None: the configuration's
    use_baseline: bool = True  # False: to make one
    each: bool = False  # also what is told once a project has a finding at each place
    new_since: str | None = None  # git reference
    terraform_root: Path | None = None  # the source that plans were made of
    fixes: bool = False  # findings carry their fixes
    render: bool = True  # charts and kustomizations are rendered where their programs are
    wish: Wish = field(default_factory=Wish)  # of other programs
    cache: ResultCache | None = None  # None: results are neither looked up nor kept


@dataclass(frozen=True, slots=True)
class Run:
    """One scan: what was asked, rules and configuration, and the files that there are."""

    request: Request
    prepared: Prepared
    found: Discovered

    @property
    def root(self) -> Path:
        return self.found.root

    @property
    def walk(self) -> Walk:
        return _walk(self.request, self.prepared)

    @property
    def scope(self) -> Scope:
        """What counts wherever it lies. The flaws of a stranger do, unless the policy says that they don't."""
        request = self.request
        asked = request.paths if request.within is None else request.within
        given = () if request.force_exclude or request.within is not None else self.found.targets
        return Scope(
            self.root,
            tuple(str(path.resolve()) for path in asked if path.is_dir()),
            frozenset(target.path for target in given if target.named),
            everywhere=request.recipe.policy_from is not None or request.stdin is not None,
        )

    @property
    def wish(self) -> Wish:
        """What is asked of other programs."""
        return self.request.wish.of(self.prepared.main.config)

    @property
    def baseline(self) -> Path | None:
        """The baseline that holds: the one named, else the configuration's; None where none is wanted."""
        if not self.request.use_baseline:
            return None
        configured = self.prepared.main.config.baseline
        return self.request.baseline or (Path(configured) if configured else None)


def scan(
    request: Request, prepared: Prepared | None = None, tell: Callable[[int, int], None] | None = None
) -> Report:
    """Scan everything that was asked for. Raises `UsageError` for paths and settings that do not exist."""
    prepared = prepared or request.recipe.prepare()
    run = Run(request, prepared, find(request, prepared))
    head = heard(run, judged(run, tell))
    then = Past(run, head)
    marked = [*suppressed(run, head, then), *unread(run)]
    faults: list[Diagnostic] = []
    findings = number(told(marked, prepared.policy, run.scope, prepared.ruleset, faults))
    findings, notes = known(run, head, then, findings)
    if not request.each:
        findings = _joined(run, findings, faults)
    return report(run, head, findings, [*faults, *notes])


def _joined(run: Run, findings: list[Finding], faults: list[Diagnostic]) -> list[Finding]:
    """The findings, those alike told once; all of them, and an error in `faults`, where we fail."""
    prepared = run.prepared
    try:
        return joined(findings, prepared.ruleset.infos, lambda path: prepared.policy(path).config, run.scope)
    except Exception as error:  # noqa: BLE001 - our fault: told, and each finding stands by itself
        faults.append(crash_of("", "looking for what is the same throughout the project", error))
        return findings


def find(request: Request, prepared: Prepared) -> Discovered:
    """The files to look at."""
    root = find_root(request.paths, request.cwd)
    if request.stdin is not None:
        return Discovered(root)
    return discover(request.paths, root, _walk(request, prepared))


def _walk(request: Request, prepared: Prepared) -> Walk:
    tree = prepared.tree
    return Walk(
        lambda path: tree.for_directory(dirname(path)).excludes(path),
        request.gitignore,
        request.force_exclude,
    )


def judged(run: Run, tell: Callable[[int, int], None] | None) -> Sweep:
    """Every unit read and judged, then all of them together."""
    request = run.request
    tree = Tree(
        run.root,
        run.found.directories,
        terraform_root=request.terraform_root,
        fixes=request.fixes,
        render=request.render,
        cache=request.cache if request.stdin is None else None,
    )
    units = [[request.stdin]] if request.stdin is not None else list(units_of(run.found.targets, run.root))
    return sweep(units, tree, request.recipe, run.prepared, request.jobs, tell)


def heard(run: Run, head: Sweep) -> Sweep:
    """With what other programs say, where they were asked; required ones that are missing or failed are told."""
    wish = run.wish
    broken = head.rendered.broken if head.rendered is not None else {}
    missing = failed_programs(wish, broken)
    if not wish.trivy or run.request.stdin is not None:
        return replace(head, notes=(*head.notes, *missing)) if missing else head
    scene = Scene(run.found, run.request.paths, head.results, run.prepared, run.walk)
    return replace(head, notes=(*head.notes, *missing), outside=ask(scene, head.findings, wish))


def unread(run: Run) -> Iterator[Finding]:
    """Files and folders that the system would not let us look at: a gate must not be green without them."""
    for place in run.found.unread:
        policy = run.prepared.policy(run.root / place.path)
        finding = unread_finding(UNPARSABLE, place.path, place.reason, policy)
        if finding is not None:
            yield finding


class Past:
    """The tree at commits that a scan compares with, each scanned once."""

    def __init__(self, run: Run, head: Sweep) -> None:
        self.run = run
        self.head = head
        self._bases: dict[str, Base] = {}

    def at(self, reference: str, *, tip: bool = False) -> Base:
        """The commit that a reference means: where the branches part, or with `tip` the reference itself."""
        from linter.suppress.git import Repository

        repository = Repository(self.run.root)
        commit = repository.commit(reference) if tip else repository.base(reference)
        if commit not in self._bases:
            self._bases[commit] = self._base(repository, commit)
        return self._bases[commit]

    def _base(self, repository: Repository, commit: str) -> Base:
        from linter.basetree import Base

        run, request = self.run, self.run.request
        return Base(
            repository,
            commit,
            run.root,
            run.found.directories,
            run.scope,
            request.recipe,
            run.prepared,
            request.jobs,
            request.render,
            run.wish,
            self.head.outside,
            request.cache,
        )


def suppressed(run: Run, head: Sweep, then: Past) -> list[Finding]:
    """All findings, those marked that the tree or the configuration suppresses."""
    trusted = None
    if run.request.recipe.policy_from is not None:
        from linter.known import trusted_suppressions

        trusted = trusted_suppressions(then.at(run.request.recipe.policy_from, tip=True))
    return mark_all(
        head.findings,
        head.suppressions,
        run.prepared.policy,
        run.root,
        date=today(),
        complete=run.request.complete,
        trusted=trusted,
    )


def known(
    run: Run, head: Sweep, then: Past, findings: list[Finding]
) -> tuple[list[Finding], list[Diagnostic]]:
    """Mark what a base reference or a baseline file has already."""
    since, path = run.request.new_since, run.baseline
    if since is None and path is None:
        return findings, []
    from linter.known import baselined, known_at

    notes: list[Diagnostic] = []
    if since is not None:
        findings, notes = known_at(findings, then.at(since), since)
    if path is None:
        return findings, notes
    data = run.prepared.read(path)
    findings, more = baselined(findings, path, {result.path for result in head.results}, data)
    return findings, [*notes, *more]


def report(run: Run, head: Sweep, findings: Sequence[Finding], notes: Sequence[Diagnostic]) -> Report:
    """Join the results: one order, one set of counts."""
    found, prepared = run.found, run.prepared
    read: dict[str, int] = {}
    for result in head.results:
        if result.format:
            read[result.format] = read.get(result.format, 0) + 1
    infos = prepared.ruleset.infos.only({i for policy in prepared.policies() for i in policy.enabled})
    skipped = [*found.skipped, *(result.skipped for result in head.results if result.skipped is not None)]
    unknowns = head.unknowns
    expired = expired_entries([policy.config for policy in prepared.policies()], today())
    return Report(
        findings=tuple(findings),
        diagnostics=(*prepared.tree.notes(), *found.notes, *expired, *head.diagnostics, *notes),
        coverage=Coverage(
            found=len(head.results) + len(found.skipped),
            read=dict(sorted(read.items())),
            other=sum(1 for result in head.results if not result.format and result.skipped is None),
            skipped=tuple(sorted(skipped, key=lambda s: s.path)),
            rules=sum(1 for i in infos if infos.formats[i] in read or infos.formats[i] == "any"),
            unknowns=sum(unknowns.values()),
            unknown_rules=unknowns,
            judged=head.judged,
            subjects=sum(result.subjects for result in head.results),
            rendered=head.rendered.counts if head.rendered is not None else {},
            unrendered=head.rendered.unrendered if head.rendered is not None else (),
        ),
        rules=infos.beside(head.outside.rules if head.outside is not None else {}),
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
