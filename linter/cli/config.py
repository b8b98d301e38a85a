"""`tarecheck config`: start a configuration, show what holds and where it came from, check it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from linter.cli import OK
from linter.config.layer import MAX_BYTES, TOML_TABLE
from linter.errors import UsageError
from linter.givenfiles import read_start
from linter.newfiles import write_new
from linter.recipe import Recipe


@click.group(name="config")
def command() -> None:
    """Start, show and check the configuration."""


@command.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
def init(directory: Path) -> int:
    """Write a commented tarecheck.yaml."""
    from linter.config.show import STARTER

    path = directory / "tarecheck.yaml"
    if path.exists():
        raise UsageError(f"{path} exists already")
    write_new(path, STARTER)
    click.echo(f"wrote {path}")
    return OK


@command.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--origin", is_flag=True, help="Say where each value came from.")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text")
def show(path: Path, origin: bool, format_name: str) -> int:
    """What holds for PATH, a file or a directory."""
    from linter.config.show import rows

    tree = Recipe(paths=(str(path),)).prepare().tree
    config = tree.for_directory(path.absolute()) if path.is_dir() else tree.for_file(path.absolute())
    found = list(rows(config, tree.root))
    if format_name == "json":
        table = {
            key: {"value": value, "origin": str(where)} if origin else value for key, value, where in found
        }
        click.echo(json.dumps(table, indent=2, ensure_ascii=False))
        return OK
    for key, value, where in found:
        text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
        click.echo(f"{key}: {text}" + (f"  # {where}" if origin else ""))
    return OK


@command.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
def validate(paths: tuple[str, ...]) -> int:
    """Check configuration files, or the one that holds for the current directory."""
    files = [path for path in paths if not Path(path).is_dir()]
    for path in files:
        if Path(path).suffix == ".toml" and Path(path).is_file() and _silent(path):
            click.echo(f"{path}: says nothing of tarecheck")
            continue
        Recipe(config_file=path).prepare()
        click.echo(f"{path}: ok")
    if not files:
        tree = Recipe(paths=paths).prepare().tree
        for name in tree.files:
            click.echo(f"{name}: ok")
        if not tree.files:
            click.echo("no configuration found; defaults hold")
    return OK


def _silent(path: str) -> bool:
    """Whether a TOML file has no table of ours."""
    try:
        return TOML_TABLE not in (read_start(path, MAX_BYTES) or b"")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
