"""The command line. A command's module is imported when the command runs: `--version` must answer at once."""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from linter import __version__
from linter.cli import process
from linter.cli.later import FOR_CLICK, import_lean
from linter.errors import InternalError, TarecheckError

if TYPE_CHECKING:
    import click
else:
    click = import_lean("click", FOR_CLICK)

# command -> module with `command`
COMMANDS: dict[str, str] = {
    "scan": "linter.cli.scan",
    "explain": "linter.cli.explain",
    "rules": "linter.cli.rules",
    "baseline": "linter.cli.baseline",
    "report": "linter.cli.report",
    "config": "linter.cli.config",
    "completion": "linter.cli.completion",
}

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # what is said of a disk that takes no more
OK, FINDINGS, USAGE, NOTHING, FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130
CONTEXT = {"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "TARECHECK", "max_content_width": 100}


class Commands(click.Group):
    """Subcommands by name; anything else is a path for `scan`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in COMMANDS and args[0] not in ("-h", "--help", "--version"):
            args = ["scan", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="tarecheck", message="%(prog)s %(version)s")
def cli() -> None:
    """Policy and security linter for AI container configurations.

    Checks Dockerfiles, Kubernetes manifests, Terraform and Compose files for privilege limits, secret handling,
    encryption and GPU resource requests. `tarecheck PATH` is short for `tarecheck scan PATH`.
    """


def main() -> NoReturn:
    """Run the command line and exit; the only place that turns errors into exit codes."""
    try:
        code = cli(prog_name="tarecheck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except process.Ended as end:
        sys.exit(end.code)
    except BrokenPipeError:
        process.silence(sys.stdout)  # whoever read our output has enough; Python must not complain at exit
        sys.exit(OK)
    except TarecheckError as error:
        show_error(error)
        sys.exit(FAILED if isinstance(error, InternalError) else USAGE)
    except OSError as error:
        if error.errno not in _FULL:
            show_failure(error)
        else:
            process.silence(sys.stdout)
            click.echo(f"error: can't write: {error.strerror}", err=True)
        sys.exit(FAILED)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is ours: never the exit code of findings
        show_failure(error)
        sys.exit(FAILED)
    sys.exit(code if isinstance(code, int) else OK)


def run() -> NoReturn:
    """`main` for a process of its own: quicker to start and to end."""
    # Start-up makes objects that all stay, and a file's models die together: `sweep` says when to look for garbage
    gc.disable()
    try:
        process.prepare()
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else OK
    except process.Ended as end:  # on the way out
        code = end.code
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    except OSError:
        code = FAILED  # what was to be said was not
    os._exit(code)  # taking the models apart one by one at the end would cost more than small scans do


def show_failure(error: Exception) -> None:
    """What we failed at, secrets masked; the traceback for whoever asks for it."""
    from linter.formats.secrets import redact
    from linter.reporters.visible import told

    words = (
        "out of memory" if isinstance(error, MemoryError) else f"{type(error).__name__}: {redact(str(error))}"
    )
    click.echo(told(f"error: tarecheck failed: {words}"), err=True)
    if os.environ.get("TARECHECK_TRACEBACK"):
        import traceback

        click.echo(told(redact("".join(traceback.format_exception(error)))), err=True)
    else:
        click.echo("hint: TARECHECK_TRACEBACK=1 shows where", err=True)


def show_error(error: TarecheckError) -> None:
    """One sentence and a hint, on stderr."""
    from linter.reporters.visible import told

    click.echo(told(f"error: {error}"), err=True)
    if error.hint and error.hint not in str(error):
        click.echo(told(f"hint: {error.hint}"), err=True)
