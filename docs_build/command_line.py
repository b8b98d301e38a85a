"""The command line reference, from click itself."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import click

from docs_build.markdown import code, prose, table
from linter.cli import COMMANDS, cli


def commands() -> Iterator[tuple[str, click.Command]]:
    """`tarecheck scan`, `tarecheck rules list` … with their commands, groups before what is in them."""
    for name, module in COMMANDS.items():
        yield from _below(f"tarecheck {name}", import_module(module).command)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for part, inner in sorted(command.commands.items()):
            yield from _below(f"{name} {part}", inner)


def page() -> str:
    lines = [
        "# Command line\n",
        prose(" ".join((cli.help or "").split())) + "\n",
        "Every option has an environment variable: `--fail-on` of `scan` is `TARECHECK_FAIL_ON`. "
        "See also [exit codes](exit-codes.md) and [report formats](formats.md).\n",
    ]
    for name, command in commands():
        lines += _section(name, command)
    return "\n".join(lines)


def _section(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield f"## {name}\n"
    yield f"`{context.get_usage().removeprefix('Usage: ')}`\n".replace("\n      ", "")
    yield prose(" ".join((command.help or "").split())) + "\n"
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option)]
    if options:
        rows = [_option(option, context) for option in options if not option.hidden]
        yield table(("option", "meaning", "environment"), rows)
    elif arguments:
        yield ""


def _option(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    names = ", ".join([*option.opts, *option.secondary_opts])
    shown = names if option.is_flag or option.count else f"{names} {option.make_metavar(context)}"
    default = option.default
    tells = "[default" not in (option.help or "") and option.show_default and default not in (None, (), False)
    text = prose(option.help or "") + (f" Default: {code(default)}." if tells else "")
    return code(shown), text, code(variable(option, context))


def variable(option: click.Option, context: click.Context) -> str:
    """The environment variable that click reads for an option."""
    own = context.command.context_settings.get("auto_envvar_prefix")
    prefix = own or context.command_path.upper().replace(" ", "_").replace("-", "_")
    return f"{prefix}_{(option.name or '').upper()}"
