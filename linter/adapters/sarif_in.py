"""SARIF of ours and of other tools, read into a Report.

What tools disagree about is settled here: severities (`security-severity` before level), absolute and relative
addresses, regions without columns, messages that are blocks, suppressions under their old and new names.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from linter.adapters import sarif_fields as fields
from linter.errors import UsageError
from linter.finding import (
    CATEGORIES,
    Confidence,
    Coverage,
    Diagnostic,
    Excerpt,
    Finding,
    Fix,
    Location,
    Related,
    Report,
    RuleInfo,
    Severity,
    Status,
    number,
)
from linter.formats.secrets import redact
from linter.frozen import dataclass
from linter.text import decode

Json = Mapping[str, Any]
_LINES = 5  # kept of a region; some tools quote the whole resource
_OWN_NOTICES = frozenset({"scan-coverage", "file-skipped"})


def read_sarif(data: bytes, name: str, root: str = "") -> Report:
    """One SARIF file. `root` is what absolute paths are made relative to. UsageError when it is no SARIF 2.1.0."""
    log = _log(data, name)
    found: list[Finding] = []
    rules: dict[str, RuleInfo] = {}
    diagnostics: list[Diagnostic] = []
    coverage = Coverage()
    for raw in fields.objects(log.get("runs")):
        run = _Run.of(raw, name, root)
        made = [
            finding for finding in map(run.finding, fields.objects(raw.get("results"))) if finding is not None
        ]
        found += made
        rules |= run.infos(made)
        diagnostics += run.diagnostics()
        coverage = _sum(coverage, run.coverage(made))
    return Report(
        findings=tuple(number(found)),
        diagnostics=tuple(diagnostics),
        coverage=coverage,
        rules=dict(sorted(rules.items())),
    )


def _log(data: bytes, name: str) -> Json:
    try:
        log = json.loads(decode(name, data).text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is no JSON: {error}") from error
    if not isinstance(log, dict) or not isinstance(log.get("runs"), list):
        raise UsageError(f"{name} is no SARIF: it has no runs")
    if not str(log.get("version", "")).startswith("2.1"):
        raise UsageError(f"{name} is SARIF {log.get('version')}; this reads 2.1.0")
    return log


def _sum(one: Coverage, other: Coverage) -> Coverage:
    return Coverage(
        found=one.found + other.found,
        read=Counter(one.read) + Counter(other.read),
        other=one.other + other.other,
        skipped=one.skipped + other.skipped,
        rules=one.rules + other.rules,
        unknowns=one.unknowns + other.unknowns,
        subjects=one.subjects + other.subjects,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One run, with its rules by id and by place."""

    raw: Json
    tool: str
    file: str
    root: str
    listed: tuple[Json, ...]
    by_id: Mapping[str, Json]

    @classmethod
    def of(cls, raw: Json, file: str, root: str) -> _Run:
        driver = fields.obj(fields.obj(raw.get("tool")).get("driver"))
        listed = tuple(fields.objects(driver.get("rules")))
        extended = [
            rule
            for extension in fields.objects(fields.obj(raw.get("tool")).get("extensions"))
            for rule in fields.objects(extension.get("rules"))
        ]
        by_id = {str(rule.get("id")): rule for rule in (*extended, *listed)}
        tool = str(driver.get("name") or "unknown").lower().replace(" ", "-")
        return cls(raw, tool, file, root, listed, by_id)

    def rule(self, result: Json) -> tuple[str, Json]:
        """The id of a result's rule and what the run tells about it."""
        reference = fields.obj(result.get("rule"))
        index = result.get("ruleIndex", reference.get("index"))
        name = str(result.get("ruleId") or reference.get("id") or "")
        if name in self.by_id:
            return name, self.by_id[name]
        if isinstance(index, int) and 0 <= index < len(self.listed):
            rule = self.listed[index]
            return name or str(rule.get("id")), rule
        return name or "unknown", {}

    def finding(self, result: Json) -> Finding | None:
        """None for what is no failure: passes, notes of the tool, results that are gone since a baseline."""
        if (
            result.get("kind", "fail") not in ("fail", "review", "open")
            or result.get("baselineState") == "absent"
        ):
            return None
        name, rule = self.rule(result)
        properties = fields.obj(result.get("properties"))
        status, reason = fields.status(result)
        place, excerpt, evidence = self._place(result)
        prints = {**fields.obj(result.get("partialFingerprints")), **fields.obj(result.get("fingerprints"))}
        kept = [
            ("fingerprint", prints.get("tarecheckFinding/v1")),
            ("line-hash", prints.get("primaryLocationLineHash")),
        ]
        return Finding(
            rule=name,
            severity=fields.severity(result, rule),
            confidence=fields.confidence(properties, rule),
            message=redact(fields.message(result, rule)) or name,
            location=place,
            subject=redact(fields.subject(result)),
            evidence=redact(" ".join(evidence.split())),
            excerpt=excerpt,
            related=tuple(self._related(result)),
            fix=self._fix(result),
            status=Status.BASELINED
            if status is None and result.get("baselineState") == "unchanged"
            else status or Status.ACTIVE,
            reason=reason,
            origin=str(properties.get("origin") or self.tool),
            properties=tuple((key, value) for key, value in kept if isinstance(value, str)),
        )

    def _place(self, result: Json) -> tuple[Location, Excerpt | None, str]:
        location = next(iter(fields.objects(result.get("locations"))), {})
        physical = fields.obj(location.get("physicalLocation"))
        region = fields.obj(physical.get("region"))
        around = fields.obj(physical.get("contextRegion"))
        place = self._location(physical, region if "startLine" in region else around)
        evidence = fields.snippet(region)
        first = around if fields.snippet(around) else region
        lines = redact(fields.snippet(first)).splitlines()
        if not lines:
            return place, None, evidence
        whole = first is around or int(region.get("startColumn") or 1) == 1
        start = fields.line(first)
        shown = tuple(lines[:_LINES]) if whole else (" " * (place.column - 1) + lines[0], *lines[1:_LINES])
        return place, Excerpt(start, shown), evidence if "\n" not in evidence.strip() else ""

    def _location(self, physical: Json, region: Json) -> Location:
        path = fields.path(physical, self.raw, self.root) or self.file
        line = fields.line(region)
        end = max(line, fields.line(region, "endLine", line))
        column = max(1, fields.integer(region.get("startColumn"), 1))
        last = fields.integer(region.get("endColumn"), column)
        return Location(path, line, column, end, max(last, column) if end == line else max(last, 1))

    def _related(self, result: Json) -> Iterator[Related]:
        for location in list(fields.objects(result.get("relatedLocations")))[:20]:
            physical = fields.obj(location.get("physicalLocation"))
            place = self._location(physical, fields.obj(physical.get("region")))
            yield Related(place, redact(fields.text(location.get("message")) or "See"))

    def _fix(self, result: Json) -> Fix | None:
        """Only its description: edits of another run are not applied from here."""
        for fix in fields.objects(result.get("fixes")):
            description = fields.text(fix.get("description"))
            if description:
                return Fix(redact(description), (), safe=False)
        return None

    def infos(self, findings: list[Finding]) -> dict[str, RuleInfo]:
        """Our own runs list every enabled rule; of other tools the ones with findings are enough."""
        names = set(self.by_id) if self.tool == "tarecheck" else set()
        names |= {finding.rule for finding in findings}
        severities = {finding.rule: finding.severity for finding in findings}
        return {name: self._info(name, severities.get(name)) for name in sorted(names)}

    def _info(self, name: str, severity: Severity | None) -> RuleInfo:
        rule = self.by_id.get(name, {})
        properties = fields.obj(rule.get("properties"))
        category = str(properties.get("category") or "")
        title = fields.text(rule.get("shortDescription")) or str(rule.get("name") or name)
        url = rule.get("helpUri")
        aliases = tuple(map(str, properties.get("aliases") or ()))
        return RuleInfo(
            id=name,
            title=title.strip().rstrip("."),
            category=category if category in CATEGORIES else "correctness",
            severity=severity if severity is not None else fields.severity({}, rule),
            confidence=fields.confidence({}, rule) if rule else Confidence.MEDIUM,
            profile=str(properties.get("profile") or "default"),
            format=fields.technology(properties),
            subject="",
            why=_unlike(title, fields.text(rule.get("fullDescription"))),
            fix=_unlike(title, fields.remedy(rule, own=self.tool == "tarecheck")),
            message="",
            aliases=aliases if self.tool == "tarecheck" else (f"{self.tool}:{name}",),
            standards=tuple(map(str, properties.get("standards") or fields.weaknesses(rule))),
            references=(url,) if isinstance(url, str) else (),
            origin=self.tool,
        )

    def diagnostics(self) -> Iterator[Diagnostic]:
        """What the tool itself had to say."""
        for invocation in fields.objects(self.raw.get("invocations")):
            notices = [
                *fields.objects(invocation.get("toolExecutionNotifications")),
                *fields.objects(invocation.get("toolConfigurationNotifications")),
            ]
            for notice in notices:
                if str(fields.obj(notice.get("descriptor")).get("id")) in _OWN_NOTICES:
                    continue
                level = str(notice.get("level", "warning"))
                told = fields.text(notice.get("message"))
                yield Diagnostic(
                    level if level in ("note", "warning", "error") else "note", f"{self.tool}: {told}"
                )

    def coverage(self, findings: list[Finding]) -> Coverage:
        """What the run says was read; another tool says at most which files it found something in."""
        for invocation in fields.objects(self.raw.get("invocations")):
            told = fields.obj(invocation.get("properties"))
            if self.tool == "tarecheck" and isinstance(told.get("filesRead"), dict):
                read = {str(key): fields.integer(value, 0) for key, value in told["filesRead"].items()}
                return Coverage(
                    found=fields.integer(told.get("filesFound"), 0),
                    read=read,
                    other=fields.integer(told.get("filesOther"), 0),
                    rules=fields.integer(told.get("rules"), 0),
                    unknowns=fields.integer(told.get("unknowns"), 0),
                    subjects=fields.integer(told.get("subjects"), 0),
                )
        paths = len({finding.location.path for finding in findings})
        listed = len(list(fields.objects(self.raw.get("artifacts"))))
        count = max(paths, listed)
        return Coverage(found=count, read={self.tool: count} if count else {}, rules=len(self.by_id))


def _unlike(title: str, words: str) -> str:
    """Some tools repeat the title in every description: that says nothing more."""
    return "" if words.strip().rstrip(".") == title.strip().rstrip(".") else words
