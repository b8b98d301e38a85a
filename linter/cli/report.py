"""`tarecheck report`: SARIF of ours and of other tools, merged, compared, shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from linter.cli import FINDINGS, OK
from linter.cli.output import Outputs, reader
from linter.errors import UsageError
from linter.finding import Report, Severity
from linter.givenfiles import read_given
from linter.reporters import REPORTERS

_MOST = 200_000_000  # bytes of a report that is read
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(name="report")
@click.argument("inputs", nargs=-1, required=True, type=_FILE, metavar="IN.sarif...")
@click.option(
    "-f", "--format", "format_name", type=click.Choice(list(REPORTERS)), default="text", show_default=True
)
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="[FORMAT:]FILE", help="Also write a report to a file."
)
@click.option(
    "--against", type=_FILE, metavar="OLD.sarif", help="Say what is new, fixed and the same since then."
)
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="Where relative paths start.",
)
@click.option("--fail-on", type=click.Choice(["critical", "high", "medium", "low", "info", "none"]), default="none",
              show_default=True, help="What makes the exit code 1.")  # fmt: skip
@click.option("--standard", metavar="NAME", help="Show the controls of a standard.")
@click.option("--title", default="", help="Heading of the report.")
@click.option("--show-suppressed", is_flag=True, help="Show also findings that are suppressed or known.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@click.option("-q", "--quiet", count=True, help="Findings only.")
@click.option("-v", "--verbose", count=True, help="More about the report.")
@click.option(
    "--sarif-suppressed", type=click.Choice(["omit", "include"]), default="include", show_default=True
)
@click.option("--sarif-category", default="", metavar="NAME")
def command(**options: Any) -> int:
    """Convert and merge SARIF files; findings that several tools have count once."""
    from linter.adapters.merging import compare, merge
    from linter.recipe import load_rules

    outputs = Outputs.parse(options["format_name"], options["outputs"], options)
    root = options["root"].resolve()
    report = merge([_read(path, root) for path in options["inputs"]], load_rules().infos)
    if options["against"] is not None:
        older = merge([_read(options["against"], root)], load_rules().infos)
        compared = compare(report, older, options["against"].name)
        report = compared.report
        click.echo(compared.line, err=True)
    code = _exit_code(report, options["fail_on"])
    return 4 if outputs.write(report, code) else code


def _read(path: Path, root: Path) -> Report:
    from linter.adapters.places import with_instructions
    from linter.adapters.sarif_in import read_sarif

    try:
        data = read_given(path, _MOST)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    return with_instructions(read_sarif(data, str(path), str(root)), reader(root))


def _exit_code(report: Report, fail_on: str) -> int:
    if fail_on == "none":
        return OK
    limit = Severity[fail_on.upper()]
    return FINDINGS if any(finding.severity >= limit for finding in report.active) else OK
