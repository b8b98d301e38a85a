"""Two rules about one fact: the one that says more of it is shown, the other is marked as its duplicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

from linter.finding import OF_USE, SAID_BY, WRITTEN_IN, Finding, Status
from linter.patterns import lazy_regex


def without_copies(findings: Sequence[Finding]) -> list[Finding]:
    """Mark what is said of a file's text where another file reads it, when the same rule says it in the file itself."""
    if not any(
        other.message == WRITTEN_IN for finding in findings if finding.related for other in finding.related
    ):
        return list(findings)
    said = {
        (finding.rule, finding.location.path, finding.severity)
        for finding in findings
        if finding.status is not Status.ASIDE
    }

    def read_from(finding: Finding) -> str | None:
        for other in finding.related if finding.status is Status.ACTIVE else ():
            key = (finding.rule, other.location.path, finding.severity)
            if other.message == WRITTEN_IN and key in said:
                return other.location.path
        return None

    result = []
    for finding in findings:
        path = read_from(finding)
        if path is not None:
            finding = finding.evolve(status=Status.DUPLICATE, reason=f"said in {path}")
        result.append(finding)
    return result


_TRIAL = lazy_regex(r"/(?:examples?|tests?|terratest|fixtures?|test-fixtures|samples?|demos?)/")


def without_overridden(findings: Sequence[Finding]) -> list[Finding]:
    """Mark what is said of a module's own default, when it is said of what a call gives instead: one value is used.

    Where only examples and tests below the module's folder call it, the default is what others get: it stays instead.
    Such findings are of one rule and one place of use, and the address of the one ends in that of the other.
    """

    def uses(finding: Finding) -> list[tuple[str, str, int, int]]:
        return [
            (finding.rule, other.location.path, other.location.start, finding.severity)
            for other in finding.related
            if other.use
        ]

    by_use: dict[tuple[str, str, int, int], list[Finding]] = {}
    for finding in findings:
        if finding.related and finding.status is Status.ACTIVE and "." in finding.subject:
            for use in uses(finding):
                by_use.setdefault(use, []).append(finding)

    def of_calls(finding: Finding) -> list[Finding]:
        return [
            other
            for use in uses(finding)
            for other in by_use.get(use, ())
            if other.location != finding.location and other.subject.endswith(f".{finding.subject}")
        ]

    covered: dict[int, Finding] = {}
    for finding in findings:
        calls = of_calls(finding) if finding.related and finding.status is Status.ACTIVE else []
        outside = next((call for call in calls if not _tries(call, finding)), None)
        if outside is not None:
            covered[id(finding)] = outside
        else:  # only the module's own examples and tests call it
            covered.update((id(call), finding) for call in calls)
    if not covered:
        return list(findings)
    result = []
    for finding in findings:
        other = covered.get(id(finding))
        if other is not None:
            finding = finding.evolve(status=Status.DUPLICATE, reason=f"said in {other.location.path}")
        result.append(finding)
    return result


def _tries(call: Finding, default: Finding) -> bool:
    """Whether a call stands among the examples and tests of the module whose default the other finding is about."""
    folder = default.location.path.rpartition("/")[0]
    inside = call.location.path.removeprefix(f"{folder}/") if folder else call.location.path
    below = not folder or inside != call.location.path
    return below and _TRIAL.search(f"/{inside}") is not None


def without_lesser(
    findings: Sequence[Finding],
    supersedes: Mapping[str, Sequence[str]],
    outranks: Mapping[str, Sequence[str]],
    throughout: Callable[[str], bool],
    locked: Callable[[Finding], bool],
) -> list[Finding]:
    """Mark active findings that a greater rule's finding covers: by `supersedes` those of the same subject, at the same
    place or, if it is active, at one that it leads to in the same file, by `outranks` those at the same place alone.
    What a rule that is `throughout` supersedes may stand anywhere in the object: who has every right has each of them.

    A gate must not turn green by it: what weighs more is not covered, nor what is `locked` by what is suppressed.
    """
    by_subject: dict[tuple[str, str, str], Finding] = {}
    by_object: dict[tuple[str, str, str], Finding] = {}
    by_place: dict[tuple[str, int, str], Finding] = {}
    led_to: dict[tuple[str, int, str], Finding] = {}
    for finding in findings:
        less = supersedes.get(finding.rule, ())
        places = list(product(_files_of(finding), (finding.subject, *finding.instances))) if less else ()
        if less and throughout(finding.rule):
            for path, subject in places:
                by_object.update(((path, _object_of(subject), lesser), finding) for lesser in less)
        for lesser in less:
            for path, subject in places:
                by_subject[path, subject, lesser] = finding
            by_place[finding.location.path, finding.location.start, lesser] = finding
            for other in finding.related if finding.status is Status.ACTIVE else ():
                if other.location.path == finding.location.path and not other.use:
                    led_to[other.location.path, other.location.start, lesser] = finding
        for lesser in outranks.get(finding.rule, ()):
            by_place[finding.location.path, finding.location.start, lesser] = finding
    if not by_place:
        return list(findings)

    lessers = {rule for _, _, rule in by_place}

    def covered_by(finding: Finding) -> Finding | None:
        place = finding.location
        for greater in (
            *(by_subject.get((path, finding.subject, finding.rule)) for path in _files_of(finding)),
            *(
                by_object.get((path, _object_of(finding.subject), finding.rule))
                for path in _files_of(finding)
            ),
            by_place.get((place.path, place.start, finding.rule)),
            led_to.get((place.path, place.start, finding.rule)),
        ):
            if greater is None or greater.severity < finding.severity:
                continue
            if greater.status is Status.ACTIVE or not locked(finding):
                return greater
        return None

    result = []
    for finding in findings:
        asked = finding.rule in lessers and finding.status is Status.ACTIVE
        greater = covered_by(finding) if asked else None
        if greater is not None:
            finding = finding.evolve(status=Status.DUPLICATE, reason=f"{SAID_BY}{greater.rule}")
        result.append(finding)
    return result


def _object_of(subject: str) -> str:
    """The address of the object that a subject is, or is a part of; of one without a name, its own."""
    address = subject.partition("#")[0]
    return subject if address.endswith("?") else address


def _files_of(finding: Finding) -> Sequence[str]:
    """The files that have the object that a finding is about: its own, and the templates that use what is there."""
    if not finding.related:
        return (finding.location.path,)
    used = (other.location.path for other in finding.related if other.message in OF_USE)
    return list(dict.fromkeys((finding.location.path, *used)))
