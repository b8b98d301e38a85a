"""What a SARIF run says besides its results: who speaks, what was read, what its reader must know."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from linter.adapters import sarif_fields as fields
from linter.adapters.sarif_fields import Json
from linter.finding import Coverage, Diagnostic, Finding, Program, Skipped

OURS = "tarecheck"
_NOT_RENDERED = "not-rendered"
_OWN_NOTICES = frozenset({"scan-coverage", "file-skipped", _NOT_RENDERED})


def origin(extension: Json) -> str:
    """The name that the findings of an extension give as their origin."""
    told = fields.obj(extension.get("properties")).get("origin") or extension.get("name") or "unknown"
    return str(told).lower().replace(" ", "-")


def programs(run: Json, tool: str) -> Iterator[Program]:
    """The programs that speak in the run, besides us."""
    driver = fields.obj(fields.obj(run.get("tool")).get("driver"))
    if tool != OURS:
        yield Program(tool, fields.version(driver))
        return
    for extension in fields.extensions(run):
        told = str(fields.obj(extension.get("properties")).get("databaseUpdatedAt") or "")
        yield Program(origin(extension), fields.version(extension), told)


def diagnostics(run: Json, tool: str) -> Iterator[Diagnostic]:
    """What the tool itself had to say."""
    for invocation in fields.objects(run.get("invocations")):
        notices = [
            *fields.objects(invocation.get("toolExecutionNotifications")),
            *fields.objects(invocation.get("toolConfigurationNotifications")),
        ]
        for notice in notices:
            if str(fields.obj(notice.get("descriptor")).get("id")) in _OWN_NOTICES:
                continue
            level = str(notice.get("level", "warning"))
            told = fields.text(notice.get("message"))
            yield Diagnostic(level if level in ("note", "warning", "error") else "note", f"{tool}: {told}")


def _unrendered(run: Json, invocation: Json, root: str) -> Iterator[Skipped]:
    for notice in fields.objects(invocation.get("toolExecutionNotifications")):
        if str(fields.obj(notice.get("descriptor")).get("id")) == _NOT_RENDERED:
            location = next(iter(fields.objects(notice.get("locations"))), {})
            place = fields.path(fields.obj(location.get("physicalLocation")), run, root)
            yield Skipped(place, fields.text(notice.get("message")).removesuffix("."))


def coverage(run: Json, tool: str, root: str, findings: Collection[Finding], rules: int) -> Coverage:
    """What the run says was read; another tool says at most which files it found something in."""
    for invocation in fields.objects(run.get("invocations")):
        told = fields.obj(invocation.get("properties"))
        if tool == OURS and isinstance(told.get("filesRead"), dict):
            read = {str(key): fields.integer(value, 0) for key, value in told["filesRead"].items()}
            rendered = fields.obj(told.get("rendered"))
            return Coverage(
                found=fields.integer(told.get("filesFound"), 0),
                read=read,
                other=fields.integer(told.get("filesOther"), 0),
                rules=fields.integer(told.get("rules"), 0),
                unknowns=fields.integer(told.get("unknowns"), 0),
                subjects=fields.integer(told.get("subjects"), 0),
                rendered={str(key): fields.integer(value, 0) for key, value in rendered.items()},
                unrendered=tuple(_unrendered(run, invocation, root)),
            )
    paths = len({finding.location.path for finding in findings})
    listed = len(list(fields.objects(run.get("artifacts"))))
    count = max(paths, listed)
    return Coverage(found=count, read={tool: count} if count else {}, rules=rules)
