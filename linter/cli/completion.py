"""`tarecheck completion`: the script that makes a shell complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from linter.cli import OK, cli


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script: `eval "$(tarecheck completion bash)"`."""
    found = get_completion_class(shell)
    assert found is not None
    # the script asks this very program for candidates, so nothing is listed twice
    click.echo(found(cli, {}, "tarecheck", "_TARECHECK_COMPLETE").source())
    return OK
