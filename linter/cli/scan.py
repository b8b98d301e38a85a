"""`tarecheck scan`: parse options, scan, write reports, exit."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linter import compiled
from linter.cache import ResultCache
from linter.cli import FAILED, FINDINGS, NOTHING, OK, programs, show_error
from linter.cli.output import Outputs
from linter.cli.progress import Progress, progress_wanted
from linter.errors import UsageError
from linter.finding import Report
from linter.givenfiles import read_given
from linter.loading import MAX_PLAN_BYTES
from linter.recipe import Prepared, Recipe
from linter.reporters import REPORTERS
from linter.ruleset.cachefile import default_directory
from linter.scan import Request, fails, scan
from linter.unit import Input

if TYPE_CHECKING:
    from linter.mend import Mended

STDIN = "-"
MAX_LISTING = 100_000_000  # bytes of the paths of `--files-from`
_SEVERITIES = ("critical", "high", "medium", "low", "info")


def _selectors(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str] | None:
    items = [item.strip() for text in value for item in text.split(",")]
    return [item for item in items if item] or None


@click.command(name="scan", context_settings={"auto_envvar_prefix": "TARECHECK"})
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-f",
    "--format",
    "format_name",
    envvar="TARECHECK_FORMAT",
    type=click.Choice(list(REPORTERS)),
    default="text",
    show_default=True,
    help="What goes to stdout.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    envvar="TARECHECK_OUTPUT",
    multiple=True,
    metavar="[FORMAT:]FILE",
    help="Also write a report to a file; repeatable. The format comes from the suffix or is said.",
)
@click.option(
    "--select",
    multiple=True,
    callback=_selectors,
    metavar="SELECTOR,...",
    help="Rules to run: id, category, format, tag, standard, a peer's id, glob, all.",
)
@click.option(
    "--extend-select", multiple=True, callback=_selectors, metavar="SELECTOR,...", help="Rules to add."
)
@click.option(
    "--ignore", multiple=True, callback=_selectors, metavar="SELECTOR,...", help="Rules to leave out."
)
@click.option(
    "--profile", type=click.Choice(["default", "strict"]), help="Which rules run when nothing is selected."
)
@click.option("--min-severity", type=click.Choice(_SEVERITIES), help="Hide findings below.")
@click.option("--min-confidence", type=click.Choice(["high", "medium", "low"]), help="Hide findings below.")
@click.option(
    "--fail-on",
    type=click.Choice([*_SEVERITIES, "none"]),
    help="What makes the exit code 1.  [default: medium]",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 where findings would give 1.")
@click.option(
    "--config",
    "config_file",
    envvar="TARECHECK_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read this configuration and no other.",
)
@click.option(
    "--isolated", is_flag=True, help="Take no configuration and no suppression from the scanned tree."
)
@click.option("--no-inline-ignores", is_flag=True, help="Honour no suppression comments and annotations.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and folders when walking.")
@click.option("--force-exclude", is_flag=True, help="Exclude also files that are named on the command line.")
@click.option(
    "--everywhere", is_flag=True, help="Count also findings in tests and in copies of other people's code."
)
@click.option("--no-gitignore", is_flag=True, help="Read also what .gitignore leaves out.")
@click.option(
    "--files-from",
    type=click.Path(allow_dash=True, dir_okay=False),
    metavar="FILE|-",
    help="Read the paths to scan from a file, one a line.",
)
@click.option("--stdin-filename", metavar="NAME", help="Name of what comes on standard input (path `-`).")
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Findings in it are known.",
)
@click.option("--new-since", metavar="REF", help="Findings that the merge base with REF has are known.")
@click.option(
    "--policy-from", metavar="REF", help="Take configuration, rules and suppressions as they are at REF."
)
@click.option(
    "--terraform-root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The source that a plan was made of: findings point into it.",
)
@click.option(
    "--standard",
    metavar="NAME",
    help="Run the rules of a standard and show its controls: pss:restricted, cis-k8s, nsa-k8s …",
)
@click.option(
    "--changed-only", is_flag=True, help="Scan the files that differ from HEAD, or from --new-since."
)
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then report what is left.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that may change behaviour."
)
@click.option("--diff", is_flag=True, help="Print the fixes as a patch and change nothing.")
@click.option(
    "--trivy",
    is_flag=False,
    flag_value="config",
    callback=programs.trivy_kinds,
    metavar="[=config,image,secret]",
    help="Also ask the trivy on the search path; offline.",
)
@click.option("--trivy-update", is_flag=True, help="Let trivy use the network: checks, databases, images.")
@click.option(
    "--require",
    multiple=True,
    callback=programs.required,
    metavar="PROGRAM,...",
    help="Fail without these programs: helm, kustomize, trivy.",
)
@click.option(
    "--no-render", is_flag=True, help="Render no charts and kustomizations: read templates with holes."
)
@click.option(
    "--jobs", type=click.IntRange(0), default=0, metavar="N", help="Processes to use; 0: as many as pay."
)
@click.option("--no-cache", is_flag=True, help="Neither read nor write cached results.")
@click.option(
    "--cache-dir", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Where caches are."
)
@click.option("--show-suppressed", is_flag=True, help="Show also findings that are suppressed or known.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours.",
)
@click.option("--reproducible", is_flag=True, help="Write nothing that differs between two checkouts.")
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
@click.option("-q", "--quiet", count=True, help="Findings only; twice: nothing but the exit code.")
@click.option("-v", "--verbose", count=True, help="More about the run, on stderr.")
@click.option(
    "--sarif-suppressed",
    type=click.Choice(["omit", "include"]),
    default="omit",
    show_default=True,
    help="What SARIF says of suppressed findings.",
)
@click.option(
    "--sarif-category", default="", metavar="NAME", help="Keeps several uploads of one commit apart."
)
def command(**options: Any) -> int:
    """Scan files and directories (default: the current one)."""
    outputs = Outputs.parse(options["format_name"], options["outputs"], options)
    named = named_paths(options)
    paths = changed_paths(named, options["new_since"]) if options["changed_only"] else named
    directory = cache_directory(options, paths)
    recipe = Recipe(
        paths=tuple(str(path) for path in paths if path != Path(STDIN)),
        config_file=str(options["config_file"]) if options["config_file"] else None,
        isolated=options["isolated"],
        settings=settings(options),
        cache_dir=str(directory),
        policy_from=options["policy_from"],
    )
    prepared = recipe.prepare()
    outputs = outputs.failing_at(prepared.main.config.fail_on)
    cache = None if options["no_cache"] else ResultCache(directory)
    request = Request(
        paths=paths,
        recipe=recipe,
        stdin=standard_input(paths, options["stdin_filename"]),
        gitignore=not options["no_gitignore"],
        force_exclude=options["force_exclude"],
        within=named if options["changed_only"] else None,
        jobs=options["jobs"],
        complete=not (options["select"] or options["ignore"] or options["standard"]),
        baseline=options["baseline"],
        new_since=options["new_since"],
        render=not options["no_render"],
        wish=programs.wish(options),
        terraform_root=_folder(options["terraform_root"]),
        fixes=outputs.wants_fixes or options["fix"] or options["diff"],
        cache=cache,
    )
    wanted = progress_wanted(quiet=options["quiet"], switched_off=options["no_progress"])
    with Progress(sys.stderr, enabled=wanted) as progress:
        report = scan(request, prepared, progress)
    if options["diff"]:
        return FINDINGS if print_patch(report, prepared, unsafe=options["unsafe_fixes"]) else OK
    failed = False
    if options["fix"]:
        changed, failed = apply_fixes(report, prepared, unsafe=options["unsafe_fixes"])
        report = scan(request, prepared) if changed else report
    code = exit_code(report, prepared, any(path.is_dir() for path in paths), exit_zero=options["exit_zero"])
    failed |= outputs.write(report, code)
    compiled.save(directory)
    if options["verbose"] and cache is not None:
        for words in cache.told:
            click.echo(f"cache: {words}", err=True)
    return FAILED if failed else code


def _folder(path: Path | None) -> Path | None:
    """An option's folder; click takes anything for one that is no regular file."""
    if path is not None and not path.is_dir():
        raise UsageError(f"no folder: {path}")
    return path.resolve() if path is not None else None


def cache_directory(options: Mapping[str, Any], paths: tuple[Path, ...]) -> Path:
    """Where caches are: never in what is scanned, whose author would then write the verdicts."""
    wish: Path | None = options["cache_dir"]
    if wish is None:
        return default_directory()
    real = wish.resolve()
    if any(path.is_dir() and real.is_relative_to(path.resolve()) for path in paths):
        click.echo(f"warning: {wish} lies in the scanned tree: another cache directory is used", err=True)
        return default_directory()
    return wish


def print_patch(report: Report, prepared: Prepared, *, unsafe: bool) -> bool:
    """The fixes as a patch on stdout; whether there are any."""
    from linter.mend import mend

    changes = [mended for mended in mend(report, prepared, unsafe=unsafe) if mended.changed]
    for mended in changes:
        click.echo(mended.diff, nl=False)
    return bool(changes)


def apply_fixes(report: Report, prepared: Prepared, *, unsafe: bool) -> tuple[bool, bool]:
    """Write the fixes; whether any file changed, and whether any could not be written, which is told."""
    from linter.mend import mend

    done: list[Mended] = []
    left: list[Mended] = []
    for mended in [mended for mended in mend(report, prepared, unsafe=unsafe) if mended.changed]:
        try:
            mended.write(Path(report.root))
            done.append(mended)
        except UsageError as error:
            show_error(error)
            left.append(mended)
    if done or not left:
        click.echo(f"Fixed {_amount(done)}.", err=True)
    if left:
        click.echo(f"Could not fix {_amount(left)}.", err=True)
    return bool(done), bool(left)


def _amount(files: Sequence[Mended]) -> str:
    return f"{sum(len(mended.fixed.applied) for mended in files)} findings in {len(files)} files"


def changed_paths(named: Sequence[Path], reference: str | None) -> tuple[Path, ...]:
    """The files that differ from a reference and lie below the paths named."""
    from linter.discover import find_root
    from linter.suppress.git import Repository

    root = find_root([path.absolute() for path in named], Path.cwd())
    repository = Repository(root)
    commit = repository.base(reference) if reference else repository.commit("HEAD")
    within = [path.resolve() for path in named]
    files = [root / name for name in sorted(repository.changes(commit).changed)]
    return tuple(f for f in files if f.is_file() and any(f.is_relative_to(top) for top in within))


def named_paths(options: Mapping[str, Any]) -> tuple[Path, ...]:
    """The paths to scan: arguments, then the lines of `--files-from`; the current directory when neither says any."""
    paths = [Path(path) for path in options["paths"]]
    listing = options["files_from"]
    if listing is not None:
        try:
            data = _piped(MAX_LISTING) if listing == STDIN else read_given(listing, MAX_LISTING)
        except OSError as error:
            raise UsageError(f"--files-from: {error.strerror}: {listing}") from None
        text = os.fsdecode(data)
        separator = "\0" if "\0" in text else "\n"
        paths += [Path(line) for line in text.split(separator) if line.strip()]
        return tuple(paths)
    return tuple(paths) or (Path(),)


def standard_input(paths: tuple[Path, ...], name: str | None) -> Input | None:
    """Standard input as a file, when the path `-` is given."""
    if Path(STDIN) not in paths:
        if name is not None:
            raise UsageError("--stdin-filename goes with the path `-`")
        return None
    if len(paths) > 1:
        raise UsageError("the path `-` (standard input) can't be combined with others")
    shown = name or "stdin"
    try:
        data = _piped(MAX_PLAN_BYTES)
    except OSError as error:
        raise UsageError(f"standard input: {error.strerror}") from None
    return Input(str(Path(shown).absolute()), shown, named=True, data=data)


def _piped(limit: int) -> bytes:
    """What comes on standard input. Raises `OSError` for more bytes than the limit."""
    stream = getattr(sys.stdin, "buffer", None)
    data: bytes = stream.read(limit + 1) if stream is not None else b""
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"larger than {limit // 1_000_000} MB")
    return data


def settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the command line says in the words of the configuration; only what was given."""
    result: dict[str, Any] = {}
    for key in ("select", "extend_select", "ignore", "profile", "min_severity", "min_confidence", "fail_on"):
        if options[key] is not None:
            result[key.replace("_", "-")] = options[key]
    if options["standard"] and not options["select"]:
        result["select"] = [options["standard"]]
    if options["exclude"]:
        result["extend-exclude"] = list(options["exclude"])
    if options["everywhere"]:
        result["everywhere"] = True
    if options["isolated"] or options["no_inline_ignores"]:
        result["suppressions"] = {"inline": False}
    return result


def exit_code(report: Report, prepared: Prepared, directory: bool, *, exit_zero: bool) -> int:
    """The same for every format."""
    if any(diagnostic.internal for diagnostic in report.diagnostics):
        return FAILED
    if fails(report, prepared) and not exit_zero:
        return FINDINGS
    return NOTHING if directory and not report.coverage.read else OK
