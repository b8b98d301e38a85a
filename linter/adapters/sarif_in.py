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
from linter.adapters import sarif_notes as notes
from linter.adapters.sarif_notes import OURS
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
    Program,
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


def read_sarif(data: bytes, name: str, root: str = "") -> Report:
    """One SARIF file. `root` is what absolute paths are made relative to. UsageError when it is no SARIF 2.1.0."""
    log = _log(data, name)
    found: list[Finding] = []
    rules: dict[str, RuleInfo] = {}
    programs: list[Program] = []
    diagnostics: list[Diagnostic] = []
    coverage = Coverage()
    for raw in fields.objects(log.get("runs")):
        run = _Run.of(raw, name, root)
        made = [
            finding for finding in map(run.finding, fields.objects(raw.get("results"))) if finding is not None
        ]
        found += made
        rules |= run.infos(made)
        programs += notes.programs(raw, run.tool)
        diagnostics += notes.diagnostics(raw, run.tool)
        coverage = _sum(coverage, notes.coverage(raw, run.tool, root, made, len(run.by_id)))
    return Report(
        findings=tuple(number(found)),
        diagnostics=tuple(diagnostics),
        coverage=coverage,
        rules=dict(sorted(rules.items())),
        programs=tuple(programs),
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
        rendered=Counter(one.rendered) + Counter(other.rendered),
        unrendered=one.unrendered + other.unrendered,
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
        tool = str(driver.get("name") or "unknown").lower().replace(" ", "-")
        extended = [rule for part in fields.extensions(raw) for rule in fields.objects(part.get("rules"))]
        by_id = {str(rule.get("id")): rule for rule in (*extended, *listed)}
        return cls(raw, tool, file, root, listed, by_id)

    def rule(self, result: Json) -> tuple[str, Json]:
        """The id of a result's rule and what the run tells about it."""
        reference = fields.obj(result.get("rule"))
        index = result.get("ruleIndex", reference.get("index"))
        name = str(result.get("ruleId") or reference.get("id") or "")
        if name in self.by_id:
            return name, self.by_id[name]
        listed = self.listed
        extension = fields.obj(reference.get("toolComponent")).get("index")
        if isinstance(extension, int):
            known = list(fields.extensions(self.raw))
            listed = (
                tuple(fields.objects(known[extension].get("rules"))) if extension in range(len(known)) else ()
            )
        if isinstance(index, int) and 0 <= index < len(listed):
            return name or str(listed[index].get("id")), listed[index]
        return name or "unknown", {}

    def shown(self, name: str) -> str:
        """The id that our reports give a rule: those of other programs say whose they are, as in a scan."""
        return name if self.tool == OURS else f"{self.tool}:{name}"

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
        if status is not None and properties.get("status") in (Status.DUPLICATE.value, Status.ASIDE.value):
            status = Status(properties["status"])
        place, excerpt, evidence = self._place(result)
        prints = {**fields.obj(result.get("partialFingerprints")), **fields.obj(result.get("fingerprints"))}
        kept = [
            ("fingerprint", prints.get("tarecheckFinding/v1")),
            ("line-hash", prints.get("primaryLocationLineHash")),
        ]
        return Finding(
            rule=self.shown(name),
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
        whole = first is around or (region.get("startColumn") or 1) == 1
        start = fields.line(first)
        shown = tuple(lines[:_LINES]) if whole else (" " * (place.column - 1) + lines[0], *lines[1:_LINES])
        return place, Excerpt.of(start, shown), evidence if "\n" not in evidence.strip() else ""

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
        names = {self.shown(name): name for name in self.by_id} if self.tool == OURS else {}
        prefix = len(self.shown(""))
        names |= {finding.rule: finding.rule[prefix:] for finding in findings}
        severities = {finding.rule: finding.severity for finding in findings}
        return {shown: self._info(name, severities.get(shown)) for shown, name in sorted(names.items())}

    def _info(self, name: str, severity: Severity | None) -> RuleInfo:
        rule = self.by_id.get(name, {})
        properties = fields.obj(rule.get("properties"))
        category = str(properties.get("category") or "")
        title = fields.text(rule.get("shortDescription")) or str(rule.get("name") or name)
        url = rule.get("helpUri")
        aliases = tuple(map(str, properties.get("aliases") or ()))
        return RuleInfo(
            id=self.shown(name),
            title=title.strip().rstrip("."),
            category=category if category in CATEGORIES else "correctness",
            severity=severity if severity is not None else fields.severity({}, rule),
            confidence=fields.confidence({}, rule) if rule else Confidence.MEDIUM,
            profile=str(properties.get("profile") or "default"),
            format=fields.technology(properties),
            subject="",
            why=_unlike(title, fields.text(rule.get("fullDescription"))),
            fix=_unlike(title, fields.remedy(rule, own=self.tool == OURS)),
            message="",
            aliases=aliases if self.tool == OURS else (f"{self.tool}:{name}",),
            standards=tuple(map(str, properties.get("standards") or fields.weaknesses(rule))),
            references=(url,) if isinstance(url, str) else (),
            origin=str(properties.get("origin") or self.tool),
        )


def _unlike(title: str, words: str) -> str:
    """Some tools repeat the title in every description: that says nothing more."""
    return "" if words.strip().rstrip(".") == title.strip().rstrip(".") else words
