"""`tarecheck baseline`: write down what is known, so that scans tell only what is new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from linter.cli import OK
from linter.errors import UsageError
from linter.finding import Report
from linter.givenfiles import read_given
from linter.newfiles import replacing
from linter.recipe import MAX_BASELINE, Recipe
from linter.scan import Request, scan
from linter.suppress import baseline

DEFAULT = Path("tarecheck-baseline.json")

_FILE = click.option(
    "-b", "--baseline", "file", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT, show_default=True,
    help="The baseline file.",
)  # fmt: skip


@click.group(name="baseline")
def command() -> None:
    """Create, update, prune and show a baseline: findings that are known and don't count."""


def _scanning(function: Callable[..., int]) -> Any:
    """The arguments of the commands that scan."""
    function = click.option("--profile", type=click.Choice(["default", "strict"]), help="As for `scan`.")(
        function
    )
    function = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))(function)
    return _FILE(function)


def _scan(paths: tuple[Path, ...], profile: str | None) -> Report:
    paths = paths or (Path(),)
    settings = {"profile": profile} if profile else {}
    recipe = Recipe(paths=tuple(map(str, paths)), settings=settings)
    return scan(Request(paths=paths, recipe=recipe, use_baseline=False, each=True))


def _read(file: Path) -> baseline.Baseline:
    try:
        return baseline.parse(str(file), read_given(file, MAX_BASELINE))
    except FileNotFoundError:
        raise UsageError(f"no baseline {file}", "make one with `tarecheck baseline create`") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None


def _write(file: Path, known: baseline.Baseline) -> int:
    try:
        with replacing(file) as stream:
            stream.write(baseline.dump(known).encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"can't write {file}: {error.strerror}") from None
    click.echo(f"{file}: {len(known.entries)} known findings")
    return OK


@command.command()
@_scanning
@click.option("--force", is_flag=True, help="Overwrite the file.")
def create(file: Path, paths: tuple[Path, ...], profile: str | None, force: bool) -> int:
    """Write every finding of PATHS down as known."""
    if file.exists() and not force:
        raise UsageError(f"{file} exists already", "use `tarecheck baseline update`, or --force")
    report = _scan(paths, profile)
    code = _write(file, baseline.create(report.active, str(file)))
    click.echo(
        f"Scans leave them out with `--baseline {file}`, or with `baseline: {file}` in tarecheck.yaml.",
        err=True,
    )
    return code


@command.command()
@_scanning
def update(file: Path, paths: tuple[Path, ...], profile: str | None) -> int:
    """Add new findings of PATHS, drop those that are gone, follow renamed files."""
    return _change(file, paths, profile, add=True)


@command.command()
@_scanning
def prune(file: Path, paths: tuple[Path, ...], profile: str | None) -> int:
    """Drop entries that match no finding any more; add nothing."""
    return _change(file, paths, profile, add=False)


def _change(file: Path, paths: tuple[Path, ...], profile: str | None, *, add: bool) -> int:
    known = _read(file)
    report = _scan(paths, profile)
    scanned = set(report.files)
    compared = baseline.compare(report.findings, known, scanned)
    if not add:
        return _write(file, baseline.prune(known, compared))
    root = Path(report.root)
    existing = {entry.path for entry in known.entries if (root / entry.path).exists()}
    return _write(file, baseline.update(known, compared, scanned, existing))


@command.command()
@_FILE
def show(file: Path) -> int:
    """What a baseline holds, by rule."""
    known = _read(file)
    for rule, count in baseline.counts(known):
        click.echo(f"{count:6} {rule}")
    click.echo(f"{len(known.entries):6} in all")
    return OK
