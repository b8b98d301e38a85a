"""Where reports go: one to stdout, any number to files."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import click

from linter.cli.process import silence, soften
from linter.errors import UsageError
from linter.finding import Report, Severity
from linter.frozen import dataclass, replace
from linter.givenfiles import read_regular
from linter.newfiles import replacing
from linter.reporters import FOR_PEOPLE, REPORTERS, SUFFIXES, Options, Provenance, coverage_line, write

MAX_READ = 200_000_000  # bytes of a file that a report quotes; the largest that is scanned
_TERMINAL = frozenset({"text", "gnu"})  # formats for the eyes: in the encoding of whoever looks


@dataclass(frozen=True, slots=True)
class Outputs:
    """What to write where. `files` pairs a format with a file."""

    stdout: str
    files: tuple[tuple[str, Path], ...]
    options: Options
    quiet: int

    @classmethod
    def parse(cls, stdout: str, files: Sequence[str], options: Mapping[str, Any]) -> Outputs:
        """Raises `UsageError` for a file whose format can't be told."""
        return cls(stdout, tuple(_file(text) for text in files), _options(options), options["quiet"])

    def failing_at(self, limit: Severity | None) -> Outputs:
        """The same, for reports that say whether the scan passes: by the configuration where the options are silent."""
        return replace(
            self, options=replace(self.options, fail_on=limit.label if limit is not None else "none")
        )

    @property
    def wants_fixes(self) -> bool:
        """Whether a report is asked for that shows the edits of fixes."""
        return bool({self.stdout, *(name for name, _ in self.files)} & {"json", "sarif", "html"})

    def _provenance(self, report: Report) -> Provenance | None:
        """Where the tree comes from: only SARIF says it, and only there asking git is worth its time."""
        sarif = "sarif" in {self.stdout, *(name for name, _ in self.files)}
        return _origin(Path(report.root)) if sarif and report.root and not self.options.reproducible else None

    def write(self, report: Report, code: int) -> bool:
        """Write everything; True when a file could not be written (one failing writer does not stop the others)."""
        options = replace(
            self.options,
            exit_code=code,
            read_bytes=reader(Path(report.root)),
            provenance=self._provenance(report),
        )
        failed = False
        for name, path in self.files:
            plain = replace(options, color=False, links=False, unicode=True, width=0, quiet=0)
            try:
                with replacing(path) as stream:
                    _encoded(name, report, stream, plain)
            except BrokenPipeError:  # a pipe whose reader has enough, as on stdout
                continue
            except OSError as error:
                click.echo(f"error: can't write {path}: {error.strerror or error}", err=True)
                failed = True
        if self.quiet < 2:
            failed |= self._print(report, options)
        if self.stdout not in FOR_PEOPLE and not self.quiet:
            click.echo(coverage_line(report), err=True)
        return failed

    def _print(self, report: Report, options: Options) -> bool:
        """The report on stdout; True when it could not be written. Whoever reads it may have enough before its end."""
        if self.stdout not in _TERMINAL:
            soften(sys.stdout, "utf-8")  # programs expect it, and some formats say it of themselves
        try:
            write(self.stdout, report, sys.stdout, options)
            sys.stdout.flush()
        except BrokenPipeError:
            silence(sys.stdout)
        except OSError as error:
            silence(sys.stdout)
            click.echo(f"error: can't write the report: {error.strerror}", err=True)
            return True
        return False


def _encoded(name: str, report: Report, stream: BinaryIO, options: Options) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="\n")
    write(name, report, text, options)
    text.flush()
    text.detach()


def _origin(root: Path) -> Provenance | None:
    if not (root / ".git").exists():
        return None
    from linter.suppress.git import Repository

    found = Repository(root).origin()
    return Provenance(*found) if found is not None else None


def _file(text: str) -> tuple[str, Path]:
    name, colon, rest = text.partition(":")
    if colon and name in REPORTERS:
        return name, Path(rest)
    path = Path(text)
    found = SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise UsageError(
            f"-o {text}: the suffix tells no format",
            f"use one of {', '.join(SUFFIXES)}, or write FORMAT:FILE",
        )
    return found, path


def _options(options: Mapping[str, Any]) -> Options:
    environment = {
        key: os.environ[key] for key in ("GITHUB_STEP_SUMMARY", "GITHUB_SERVER_URL") if key in os.environ
    }
    terminal = sys.stdout.isatty()
    color = wants_color(options["color"], sys.stdout)
    return Options(
        color=color,
        links=terminal and color and os.environ.get("TERM") != "dumb",
        unicode=(sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16"),
        width=_columns() if terminal else 0,
        verbose=options["verbose"],
        quiet=options["quiet"],
        show_suppressed=options["show_suppressed"],
        sarif_suppressed=options["sarif_suppressed"],
        sarif_category=options["sarif_category"],
        fail_on=options.get("fail_on") or "medium",
        standard=options.get("standard") or "",
        baseline=bool(options.get("baseline") or options.get("new_since") or options.get("against")),
        title=options.get("title") or "",
        reproducible=bool(options.get("reproducible")),
        environment=environment,
    )


def wants_color(wish: str, stream: TextIO) -> bool:
    """Whether to colour: as wished, else by NO_COLOR, FORCE_COLOR and whether the stream is a terminal."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def reader(root: Path) -> Any:
    """Reads the files of findings: no pipe, no device, nothing endless, whatever a report of others names."""

    def read(path: str) -> bytes | None:
        try:
            return read_regular(root / path, MAX_READ)
        except (OSError, ValueError):
            return None

    return read


def _columns() -> int:
    import shutil  # brings archives' modules: only a terminal is worth it

    return shutil.get_terminal_size().columns
