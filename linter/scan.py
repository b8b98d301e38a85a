"""The story of a scan, on one page: discover -> read and evaluate unit by unit -> join -> Report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from os.path import dirname
from pathlib import Path

from linter.across import Together, judge_together
from linter.config import Config, ConfigTree
from linter.discover import Discovered, Walk, discover, find_root
from linter.finding import Coverage, Report, number
from linter.formats.classify import candidates
from linter.ruleset.policy import Policy, make_policy
from linter.ruleset.store import RuleSet
from linter.suppress.mark import mark_document
from linter.unit import FileResult, Input, Worker

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan, and by which policy."""

    paths: tuple[Path, ...]
    ruleset: RuleSet
    config: ConfigTree
    cwd: Path = field(default_factory=Path.cwd)
    stdin: Input | None = None
    gitignore: bool = True
    force_exclude: bool = False


def scan(request: Request) -> Report:
    """Scan everything that was asked for. Raises `UsageError` for paths and settings that do not exist."""
    found = find(request)
    policies = Policies(request)
    worker = Worker(policies.at, mark_document, found.root)
    results = [result for unit in units(found, request.stdin) for result in worker.scan(unit)]
    together = judge_together(results, policies.main, worker) if found.directories else Together()
    return report(found, results, together, policies)


def find(request: Request) -> Discovered:
    """The files to look at."""
    root = find_root(request.paths, request.cwd)
    if request.stdin is not None:
        return Discovered(root)
    config = request.config
    walk = Walk(
        lambda path: config.for_directory(dirname(path)).excludes(path),
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


class Policies:
    """The policy of each file, made once a configuration."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.main = make_policy(request.ruleset, request.config.for_directory(request.cwd))
        self._made: dict[int, Policy] = {id(self.main.config): self.main}

    def at(self, path: Path) -> Policy:
        config = self.request.config.for_file(path)
        found = self._made.get(id(config))
        if found is None:
            found = self._made[id(config)] = make_policy(self.request.ruleset, config)
        return found

    def all(self) -> Iterable[Policy]:
        return self._made.values()


def report(
    found: Discovered, results: Sequence[FileResult], together: Together, policies: Policies
) -> Report:
    """Join the results: one order, one set of counts."""
    findings = number([*(finding for result in results for finding in result.findings), *together.findings])
    read: dict[str, int] = {}
    for result in results:
        if result.format:
            read[result.format] = read.get(result.format, 0) + 1
    infos = {i: info for policy in policies.all() for i, info in policy.infos().items()}
    skipped = [*found.skipped, *(result.skipped for result in results if result.skipped is not None)]
    return Report(
        findings=tuple(findings),
        diagnostics=(
            *(diagnostic for result in results for diagnostic in result.diagnostics),
            *together.diagnostics,
        ),
        coverage=Coverage(
            found=len(results) + len(found.skipped),
            read=dict(sorted(read.items())),
            other=sum(1 for result in results if not result.format and result.skipped is None),
            skipped=tuple(sorted(skipped, key=lambda s: s.path)),
            rules=sum(1 for info in infos.values() if info.format in read or info.format == "any"),
            unknowns=sum(result.unknowns for result in results) + together.unknowns,
            subjects=sum(result.subjects for result in results),
        ),
        rules=dict(sorted(infos.items())),
        root=str(found.root),
        inventory=tuple(row for result in results for row in result.inventory),
    )


def fails(report: Report, config: Config) -> bool:
    """Whether an active finding reaches the threshold of `--fail-on`."""
    limit = config.fail_on
    return limit is not None and any(finding.severity >= limit for finding in report.active)
