"""tarecheck as a library: `from linter import check`. What is named here is stable; the rest of the package is not.

Nothing is printed and nothing exits. A wrong setting or path raises `UsageError`, whatever is wrong in a scanned
file is in the report.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from linter.errors import UsageError
from linter.finding import Report, RuleInfo
from linter.recipe import Recipe, load_rules
from linter.reporters import REPORTERS, Options, write
from linter.scan import Request, scan
from linter.unit import Input

__all__ = ["check", "check_text", "format_report", "rules"]


def check(
    *paths: str | os.PathLike[str],
    profile: str | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    config: str | os.PathLike[str] | None = None,
    isolated: bool = False,
    baseline: str | os.PathLike[str] | None = None,
    new_since: str | None = None,
    jobs: int = 1,
) -> Report:
    """Scan files and directories; the keywords are the options of `tarecheck scan`.

    `jobs`: processes to use, 0 for as many as pay. Findings that count are `report.active`. Raises `UsageError`.
    """
    where = tuple(Path(path) for path in paths) or (Path(),)
    recipe = _recipe([str(path) for path in where], profile, select, ignore, config, isolated)
    return scan(
        Request(
            paths=where,
            recipe=recipe,
            jobs=jobs,
            complete=select is None and ignore is None,
            baseline=Path(baseline) if baseline is not None else None,
            new_since=new_since,
        )
    )


def check_text(
    text: str,
    name: str,
    *,
    profile: str | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
) -> Report:
    """Scan a text as the file `name` (`Dockerfile`, `pod.yaml`, `main.tf`); no configuration applies.

    Raises `UsageError` for a wrong setting.
    """
    source = Input(str(Path(name).absolute()), name, named=True, data=text.encode("utf-8"))
    recipe = _recipe([], profile, select, ignore, None, isolated=True)
    return scan(
        Request(paths=(), recipe=recipe, stdin=source, jobs=1, complete=select is None and ignore is None)
    )


def rules(directories: Sequence[str | os.PathLike[str]] = ()) -> Mapping[str, RuleInfo]:
    """All rules by id: ours, and those of the given folders. Raises `UsageError` for a rule file that is wrong."""
    return load_rules(tuple(str(directory) for directory in directories)).infos


def format_report(report: Report, format: str = "text") -> str:  # noqa: A002 the option's name
    """A report as text in one of the formats of `tarecheck scan --format`. Raises `UsageError` for an unknown one."""
    if format not in REPORTERS:
        raise UsageError(f"no format '{format}'", f"there are {', '.join(REPORTERS)}")
    stream = io.StringIO()
    write(format, report, stream, Options())
    return stream.getvalue()


def _recipe(
    paths: Sequence[str],
    profile: str | None,
    select: Iterable[str] | None,
    ignore: Iterable[str] | None,
    config: str | os.PathLike[str] | None,
    isolated: bool,
) -> Recipe:
    settings: dict[str, Any] = {}
    if profile is not None:
        settings["profile"] = profile
    if select is not None:
        settings["select"] = list(select)
    if ignore is not None:
        settings["ignore"] = list(ignore)
    return Recipe(
        paths=tuple(paths),
        config_file=str(config) if config is not None else None,
        isolated=isolated,
        settings=settings,
    )
