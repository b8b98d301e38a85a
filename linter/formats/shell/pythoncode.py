"""Python text that a command runs."""

from __future__ import annotations

from linter.formats.shell.command import Command
from linter.patterns import lazy_regex

PYTHON_DOWNLOAD = lazy_regex(r"urlretrieve|urlopen|requests\.get|httpx\.get|wget\.download|urllib\.request")


def python_code(command: Command) -> str | None:
    values = command.flag_values("c")
    if values:
        return values[0]
    return next((redirect.body.text for redirect in command.redirects if redirect.body is not None), None)
