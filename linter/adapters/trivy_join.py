"""Trivy's results beside ours: one fact, one finding.

An alias of our rules tells which of Trivy's checks ask the same. Where both speak of the same place, ours stays, with
Trivy's id, and Trivy's is marked as a duplicate: nothing is dropped. Where only Trivy speaks, the finding has the id of
our rule, its severity and its settings, if there is one, and else Trivy's own id, `trivy:ID`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from linter.adapters.places import same_object
from linter.adapters.trivy_read import Said
from linter.finding import Confidence, Finding, RuleInfo, Severity, Status, is_about_secrets
from linter.frozen import dataclass, replace
from linter.ruleset.place import Excerpts
from linter.text import SourceText, Span

ORIGIN = "trivy"


@dataclass(frozen=True, slots=True)
class Placed:
    """A result of Trivy in a file of the scan. It points at `line`, and is about the lines `first` to `last`."""

    said: Said
    text: SourceText
    line: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Names:
    """What the rules in force make of an id of Trivy's."""

    rules: Callable[[str], set[str]]  # the ids of our rules for it
    infos: Mapping[str, RuleInfo]
    enabled: Callable[[str, str], bool]  # rule, path: whether it runs there
    refused: Callable[
        [str, str], bool
    ]  # rule (also of Trivy's own), path: whether somebody switched it off there
    severity: Callable[[str, str], Severity | None]  # rule (also of Trivy's own), path; None: nobody says


@dataclass(frozen=True, slots=True)
class Joined:
    """All findings, ours and Trivy's, and the rules of Trivy's own that they name."""

    findings: tuple[Finding, ...]
    rules: Mapping[str, RuleInfo]


def place(said: Said, text: SourceText, line: int = 0) -> Placed:
    """A result in a file; `line` overrides where it points (an image: where it is named)."""
    last_line = text.line_count
    if said.rendered is not None:
        return Placed(said, text, _line_of(said.rendered, text), 1, last_line)
    first = min(line or said.first or 1, last_line)
    last = min(max(line or said.last or (said.first and first) or last_line, first), last_line)
    return Placed(said, text, first, first, last)


def _line_of(rendered: str, text: SourceText) -> int:
    """The line of a template that most likely wrote a line of its output: the same one, else one with its key."""
    lines = [text.line(number).strip() for number in range(1, text.line_count + 1)]
    key = rendered.partition(":")[0] + ":"
    if rendered in lines and rendered:
        return lines.index(rendered) + 1
    return next((number for number, line in enumerate(lines, 1) if rendered and line.startswith(key)), 1)


def join(ours: Sequence[Finding], theirs: Sequence[Placed], names: Names) -> Joined:
    """Put the findings together."""
    by_path: dict[str, list[int]] = {}
    for index, finding in enumerate(ours):
        by_path.setdefault(finding.location.path, []).append(index)
    also: dict[int, list[str]] = {}  # our finding -> ids of Trivy's that say the same
    added: list[Finding] = []
    rules: dict[str, RuleInfo] = {}
    exact: set[tuple[object, ...]] = set()
    seen: set[tuple[object, ...]] = set()
    for item in theirs:
        path, said = item.text.path, item.said
        told = (said.id, path, said.resource, said.message)
        if (*told, said.first, said.last) in exact:  # Trivy tells a file that two of its scans meet twice
            continue
        exact.add((*told, said.first, said.last))
        meant = names.rules(said.id)
        twins = [i for i in by_path.get(path, ()) if _same(ours[i], item, meant, names.infos)]
        for twin in twins:
            also.setdefault(twin, []).append(said.id)
        made = _finding(item, meant, names)
        again = (*told, item.line) in seen  # of another line of a chart's output, written by the same line
        seen.add((*told, item.line))
        if again:
            made = replace(made, status=Status.DUPLICATE, reason="told of this line already")
        if twins:
            first = ours[twins[0]]
            words = f"the same as {first.rule} at line {first.location.line}"
            made = replace(made, status=Status.DUPLICATE, reason=words)
        if made.rule.startswith(f"{ORIGIN}:"):
            rules.setdefault(made.rule, said.info)
        added.append(made)
    marked = [_also(finding, also[i]) if i in also else finding for i, finding in enumerate(ours)]
    return Joined((*marked, *added), dict(sorted(rules.items())))


def _also(finding: Finding, ids: Sequence[str]) -> Finding:
    told = ",".join(f"{ORIGIN}:{name}" for name in sorted(set(ids)))
    return replace(finding, properties=(*finding.properties, ("also", told)))


def _same(finding: Finding, item: Placed, meant: set[str], infos: Mapping[str, RuleInfo]) -> bool:
    """Whether a finding of ours tells what a result of Trivy's does: the same rule, at lines that meet.

    In long files Trivy's lines are off by some: then the object that its message names is the place.
    """
    place = finding.location
    if place.line > item.last or place.end_line < item.first:
        return finding.rule in meant and same_object(finding.subject, item.said.message)
    if item.said.info.category == "secrets" and not meant:
        return is_about_secrets(finding.rule, infos)  # its secret rules have no aliases: any secret there
    return finding.rule in meant


def _finding(item: Placed, meant: set[str], names: Names) -> Finding:
    said, path = item.said, item.text.path
    excerpts = Excerpts(item.text, set())
    own = f"{ORIGIN}:{said.id}"
    start = item.text.offset(item.line, 1)
    line = item.text.line(item.line)
    span = Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
    ours = next((rule for rule in sorted(meant) if names.enabled(rule, path)), None)
    severity = names.severity(ours or own, path)
    finding = Finding(
        rule=ours or own,
        severity=said.severity if severity is None else severity,
        confidence=Confidence.MEDIUM,
        message=excerpts.mask(said.message),
        location=excerpts.location(span),
        subject=said.resource,
        evidence=excerpts.evidence(span),
        excerpt=excerpts.around(item.line),
        origin=ORIGIN,
        properties=(("trivy-id", said.id),),
    )
    if names.refused(own, path):
        return replace(finding, status=Status.SUPPRESSED, reason=f"the configuration ignores {own}")
    off = next((rule for rule in sorted(meant) if names.refused(rule, path)), None) if ours is None else None
    if off is not None:
        words = f"the same rule of ours, {off}, is switched off"
        return replace(finding, status=Status.SUPPRESSED, reason=words)
    return finding
