"""One finding as a SARIF result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sarif_om

from linter.finding import Edit, Finding, Location, RuleInfo, Status
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex
from linter.reporters.excerpt import columns
from linter.reporters.quotable import quotable_fix
from linter.reporters.sarif_model import Suppression
from linter.reporters.sarif_rules import LEVELS, RANKS, Wording, sentence, wording
from linter.text import SourceText, decode

_LINK = lazy_regex(r"\[(?=[^\[\]]*\]\()")  # would read as an embedded link
FINGERPRINT = "tarecheckFinding/v1"
_OURS = (Status.DUPLICATE, Status.ASIDE)  # nobody accepted these: it is we that don't count them
_RELATED = 100  # places of a result that GitHub shows


@dataclass(frozen=True, slots=True)
class Context:
    """What all results of a run share; `wordings` and `decoded` only save work."""

    rules: Mapping[str, int]
    infos: Mapping[str, RuleInfo]
    artifacts: Mapping[str, dict[str, Any]]
    hashes: Mapping[tuple[str, int], str]
    texts: Mapping[str, bytes]
    baseline: bool
    wordings: dict[str, Wording | None] = field(default_factory=dict)
    decoded: dict[str, SourceText] = field(default_factory=dict)

    def wording(self, rule: str) -> Wording | None:
        if rule not in self.wordings:
            self.wordings[rule] = wording(self.infos[rule])
        return self.wordings[rule]

    def text(self, path: str) -> SourceText | None:
        if path not in self.decoded and path in self.texts:
            self.decoded[path] = decode(path, self.texts[path])
        return self.decoded.get(path)


def result(finding: Finding, context: Context) -> Any:
    """A sarif_om.Result; regions are never invented, the main one is what the finding points at."""
    prints = {FINGERPRINT: finding.identity}
    line_hash = context.hashes.get((finding.location.path, finding.location.line))
    if line_hash is not None:
        prints = {"primaryLocationLineHash": line_hash, **prints}
    return sarif_om.Result(
        rule_id=finding.rule,
        rule_index=context.rules[finding.rule],
        level=LEVELS[finding.severity],
        kind="fail",
        rank=RANKS[finding.severity],
        message=_message(finding, context),
        locations=[_location(finding, context)],
        related_locations=_related(finding, context),
        partial_fingerprints=prints,
        baseline_state=_baseline_state(finding, context),
        suppressions=_suppressions(finding, context),
        fixes=_fixes(finding, context),
        properties=_properties(finding),
    )


def _message(finding: Finding, context: Context) -> Any:
    text = escape_links(sentence(finding.message))
    for number, related in enumerate(finding.related[:_RELATED], 1):
        label = related.message.rstrip(".").translate({ord("["): "(", ord("]"): ")"})
        text += f" [{' '.join(label.split()) or 'See'}]({number})."
    words = context.wording(finding.rule)
    arguments = words.arguments(finding.message) if words else None
    if not arguments:
        return sarif_om.Message(text=text)
    return sarif_om.Message(text=text, id="finding", arguments=arguments)


def escape_links(text: str) -> str:
    """Text from a scanned file must not become a link of ours."""
    return _LINK.sub(r"\\[", text) if "](" in text else text


def _location(finding: Finding, context: Context) -> Any:
    place = finding.location
    snippet, around = _quoted(finding)
    region = sarif_om.Region(
        start_line=place.line,
        start_column=place.column,
        end_line=max(place.end_line, place.line),
        end_column=_end_column(place),
        snippet={"text": snippet} if snippet else None,
    )
    physical = sarif_om.PhysicalLocation(
        artifact_location=context.artifacts[place.path], region=region, context_region=around
    )
    names = dict.fromkeys((finding.subject, *finding.instances[:_RELATED]))  # the subject is one of them
    logical = [_logical(name) for name in names if name]
    return sarif_om.Location(physical_location=physical, logical_locations=logical or None)


def _end_column(place: Location) -> int:
    return max(place.end_column, place.column) if place.end_line <= place.line else max(place.end_column, 1)


def _quoted(finding: Finding) -> tuple[str, Any]:
    """The text under the span, and the lines around it where they are more than the span's own."""
    excerpt, place = finding.excerpt, finding.location
    lines = excerpt.lines if excerpt is not None else ()
    if excerpt is None or not lines:
        return "", None
    last = excerpt.first + len(lines) - 1
    snippet = ""
    if (
        place.line == place.end_line
        and place.column < place.end_column
        and excerpt.first <= place.line <= last
    ):
        raw = lines[place.line - excerpt.first]
        begin, end = columns(finding, place.line, raw)
        snippet = raw[begin:end]
    if len(lines) < 2 or not excerpt.first <= place.line <= place.end_line <= last:
        return snippet, None
    text = {"text": excerpt.text}
    return snippet, sarif_om.Region(start_line=excerpt.first, end_line=last, snippet=text)


def _logical(address: str) -> Any:
    name = re.split(r"[/.#]", address.rstrip("/"))[-1] or address
    return sarif_om.LogicalLocation(name=name, fully_qualified_name=address, kind="resource")


def _related(finding: Finding, context: Context) -> Any:
    return [
        sarif_om.Location(
            id=number,
            message=sarif_om.Message(text=escape_links(sentence(related.message or "See"))),
            physical_location=sarif_om.PhysicalLocation(
                artifact_location=context.artifacts[related.location.path],
                region=_plain_region(related.location),
            ),
        )
        for number, related in enumerate(finding.related[:_RELATED], 1)
    ] or None


def _plain_region(place: Location) -> Any:
    return sarif_om.Region(
        start_line=place.line,
        start_column=place.column,
        end_line=max(place.end_line, place.line),
        end_column=_end_column(place),
    )


def _baseline_state(finding: Finding, context: Context) -> str | None:
    if not context.baseline:
        return None
    return "unchanged" if finding.status is Status.BASELINED else "new"


def _suppressions(finding: Finding, context: Context) -> Any:
    if finding.status not in (Status.SUPPRESSED, *_OURS):
        return None
    told = dict(finding.properties)
    outside = finding.status in _OURS or told.get("suppressed-by") == "config"
    reason = finding.reason or f"Marked as {finding.status.value}."
    kind = "external" if outside else "inSource"
    line = told.get("suppressed-at", "")  # of the comment, in the file of the finding
    place = None
    if line.isdecimal() and int(line):
        physical = sarif_om.PhysicalLocation(
            artifact_location=context.artifacts[finding.location.path], region={"startLine": int(line)}
        )
        place = sarif_om.Location(physical_location=physical)
    return [Suppression(kind=kind, status="accepted", justification=reason, location=place)]


def _fixes(finding: Finding, context: Context) -> Any:
    fix = quotable_fix(finding)
    if fix is None or not fix.safe:
        return None
    changes: dict[str, list[Any]] = {}
    for edit in fix.edits:
        changes.setdefault(edit.path, []).append(_replacement(edit, context))
    return [
        sarif_om.Fix(
            description={"text": sentence(fix.description or "Apply the fix")},
            artifact_changes=[
                sarif_om.ArtifactChange(artifact_location=context.artifacts[path], replacements=replacements)
                for path, replacements in changes.items()
            ],
        )
    ]


def _replacement(edit: Edit, context: Context) -> Any:
    text = context.text(edit.path)
    if text is None:
        region = {"charOffset": edit.start, "charLength": edit.end - edit.start}
    else:
        start, end = text.position(edit.start), text.position(edit.end)
        region = {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        }
    inserted = {"text": edit.text} if edit.text else None
    return sarif_om.Replacement(deleted_region=region, inserted_content=inserted)


def _properties(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {"severity": finding.severity.label, "confidence": finding.confidence.label}
    if finding.subject:
        properties["resource"] = finding.subject
    if finding.origin != "tarecheck":
        properties["origin"] = finding.origin
    if finding.status in _OURS:  # its suppression does not tell it from an accepted one
        properties["status"] = finding.status.value
    properties.update(finding.properties)
    return properties
