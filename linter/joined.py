"""What is the same throughout a project, told once: the first place has the number of the others and leads to them.

Of thirty namespaces of a repository none has a label: that is one decision of its maintainers, made in one place. And
what a program writes of an object says again what its source says: a project's releases for five clouds, a bundle
beside the parts that it is made of. A release that is kept as it was (`deploy/v1.2.3`) says it again beside what is
worked on, and of an image that one value of a chart gives each container that has it says the same. What people write
is told in each file: two Deployments of one name are of two stages or teams, and each is mended by itself; but one
Dockerfile a version, folder after folder, is told at the newest. It comes
last, when what is known is marked, so that a baseline holds each place and a new one among them is told.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from linter.aside import Scope
from linter.aside.copies.releases import is_kept_release
from linter.aside.copies.rendered_from import is_generated, is_template, template_of
from linter.aside.names.copied import LARGE
from linter.config.model import Bar, Config
from linter.finding import COMES_FROM, OF_USE, Finding, Related, RuleInfo, Severity, Status
from linter.keptreleases import Kept, kept_of, of_releases
from linter.onevalue import of_one_value
from linter.patterns import lazy_regex

MAX_NAMED = 20  # places that the first one leads to

_Alike = tuple[str, Severity, Bar, str, str]
_KeptAlike = tuple[str, Severity, Bar, Kept]
_RULES = "#/rules/"  # begins what an address says of the parts of a role
# of `deploy/agent-dev.yaml` and `deploy/agent-prod.yaml` that a program made the latter is told
_OF_DEVELOPERS = lazy_regex(r"(?i)(?<![a-z])(?:dev|devel|development|local)(?![a-z])")
_NO_OBJECT = "HelmValues/"  # values of charts, whose address is the name of their file


def joined(
    findings: Iterable[Finding],
    infos: Mapping[str, RuleInfo],
    config_for: Callable[[str], Config],
    scope: Scope,
) -> list[Finding]:
    """The findings, of those that are alike all but the first marked as duplicates: what a rule tells once a project,
    and what it says of one object, by its kind and name, in the same words in one file or in those that programs write,
    which are large.

    Told each: what is in a file that the user named, what is found by rules that were named or by all of them
    (`select`, `strict`), and secrets, which differ where their words do not. A gate must not turn green by it: only
    findings that weigh the same stand for each other. `config_for` is asked with absolute paths.
    """
    findings = list(findings)
    alike: dict[_Alike, list[int]] = {}
    releases: dict[_KeptAlike, list[int]] = {}
    for index, finding in enumerate(findings):
        info = infos.get(finding.rule)
        if info is None or finding.status is not Status.ACTIVE:
            continue
        said_of, kept = _said_of(finding, info), kept_of(finding, info)
        if said_of is None and kept is None:
            continue
        path = os.path.join(scope.root, finding.location.path)
        config = config_for(path)
        if path in scope.files or config.select or config.profile != "default":
            continue
        bar = config.bar(finding.rule)
        if said_of is not None:
            alike.setdefault((finding.rule, finding.severity, bar, *said_of), []).append(index)
        elif kept is not None:
            releases.setdefault((finding.rule, finding.severity, bar, kept), []).append(index)
    rendered = _add_rendered(alike, findings, scope)
    for key, places in alike.items():
        if len(places) < 2:
            continue
        places.sort(key=lambda index: _order(findings[index], scope))
        for group in _of_one_source(places, findings, rendered, scope) if key[-1] else [places]:
            if len(group) > 1:
                _join(findings, group)
    kept_groups = (group for places in releases.values() for group in of_releases(findings, places))
    for group in (*_of_one_value(alike, findings), *kept_groups):
        _join(findings, group)
    return findings


def _of_one_value(alike: Mapping[_Alike, Sequence[int]], findings: Sequence[Finding]) -> Iterator[list[int]]:
    """What is left and is said of one value of a chart, in groups that weigh the same."""
    left: dict[Bar, list[int]] = {}
    for (_, _, bar, *_), places in alike.items():
        left.setdefault(bar, []).extend(i for i in places if findings[i].status is Status.ACTIVE)
    for indexes in left.values():
        yield from of_one_value(findings, sorted(indexes))


def _of_one_source(
    places: Sequence[int], findings: Sequence[Finding], rendered: frozenset[int], scope: Scope
) -> list[list[int]]:
    """What is said of one object, in groups that people mend in one place: a file, and what was made of the first."""
    groups: dict[tuple[str, int], list[int]] = {}
    made: list[int] = []
    paths = {findings[index].location.path for index in places}
    lines: dict[str, int] = {}  # where a file first says it
    templates = [findings[index] for index in places if _is_of_template(findings[index])]
    for index in places:
        place = findings[index].location
        first = lines.setdefault(place.path, place.line)
        # one object in one file several times is several objects, but for the rules of a role
        line = first if _RULES in findings[index].subject else place.line
        if line == first and (
            index in rendered
            or (len(paths) > 1 and _is_copied(scope.root, place.path, paths))
            or _template(findings[index], templates, scope) is not None
        ):
            made.append(index)
        else:
            groups.setdefault((place.path, line), []).append(index)
    made.sort(key=lambda index: _order_of_made(scope.root, findings[index].location.path))
    own, *others = groups.values() if groups else [[]]
    return [sorted([*own, *made], key=lambda index: _order(findings[index], scope)), *others]


def _is_copied(root: Path, path: str, paths: Iterable[str]) -> bool:
    """Whether what a file says is said again there: of a release that is kept, or by a program."""
    return is_kept_release(path, paths) or _is_written(root, path)


def _is_written(root: Path, path: str) -> bool:
    """Whether a program wrote a file: it says so, or is too large for people."""
    return _is_large(root, path) or is_generated(root, path)


def _is_large(root: Path, path: str) -> bool:
    """Whether a file is as large as only programs write them."""
    try:
        return os.stat(os.path.join(root, path)).st_size > LARGE
    except OSError:
        return False


def _order(finding: Finding, scope: Scope) -> tuple[bool, int]:
    """What is told first: a template, of which others are made, or the file that one only reads; an example last."""
    path = finding.location.path
    if _is_of_template(finding):
        rank = 2 if any(item.message.startswith(COMES_FROM) for item in finding.related) else 0
    else:
        rank = 1 if "/files/" in path else 3
    return scope.is_example(path), rank


def _order_of_made(root: Path, path: str) -> tuple[bool, bool]:
    """What is told first of what programs wrote: not what is of developers, and a part before what has it with all
    others."""
    return _OF_DEVELOPERS.search(path) is not None, _is_large(root, path)


def _said_of(finding: Finding, info: RuleInfo) -> tuple[str, str] | None:
    """What a finding is about, which is the same where it is told again; None: it is told by itself."""
    if info.once:
        return "", ""
    if info.format != "kubernetes" or info.category == "secrets":
        return None
    if _RULES in finding.subject and "?" in finding.subject:  # a role whose name a template gives
        return f"{finding.location.path}#{finding.subject.partition(_RULES)[0]}", finding.message
    if _is_of_template(finding) and "?" in finding.subject:
        return f"{finding.location.path}:{finding.location.line}", finding.message
    # which of its rules it is changes from one copy of a role to the next
    return (finding.subject.partition(_RULES)[0], finding.message) if _names_an_object(finding) else None


def _is_of_template(finding: Finding) -> bool:
    """Whether a template has it, or writes it from what the values have."""
    writing = (item.location.path for item in finding.related if item.message in OF_USE)
    return any("/templates/" in path for path in (finding.location.path, *writing))


def _add_rendered(
    alike: dict[_Alike, list[int]], findings: Sequence[Finding], scope: Scope
) -> frozenset[int]:
    """Let what a template of a chart says stand for the same in what `helm template` made of it, in this project.

    Gives the findings that are in such a file.
    """
    rendered: set[int] = set()
    said: dict[tuple[object, ...], list[_Alike]] = {}
    for key, places in alike.items():
        if key[-1] and _is_of_template(findings[places[0]]):
            said.setdefault((*key[:3], key[-1]), []).append(key)
    for key in list(alike) if said else ():
        templates = [] if _is_of_template(findings[alike[key][0]]) else said.get((*key[:3], key[-1]), [])
        own: list[int] = []
        for index in alike[key] if templates else ():
            which = _template(findings[index], [findings[alike[t][0]] for t in templates], scope)
            if which is None:
                own.append(index)
            else:
                alike[templates[which]].append(index)
                rendered.add(index)
        if templates:
            alike[key] = own
    return frozenset(rendered)


def _template(finding: Finding, templates: Sequence[Finding], scope: Scope) -> int | None:
    """Which of some findings in templates is in the one that a finding's file was made from, as it says itself."""
    source = template_of(scope.root, finding.location) if templates else ""
    if not source:
        return None
    for number, one in enumerate(templates):
        including = [item.location.path for item in one.related if item.message in OF_USE]
        if any(is_template(scope.root, path, source) for path in (one.location.path, *including)):
            return number
    return None


def _names_an_object(finding: Finding) -> bool:
    """Whether it is said of an object that is known by its name, and would be the same elsewhere."""
    subject = finding.subject
    return "/" in subject and "?" not in subject and not subject.startswith(_NO_OBJECT)


def _join(findings: list[Finding], places: Sequence[int]) -> None:
    """Let the first of some findings stand for all of them."""
    first, *others = places
    told = findings[first]
    where = f"{told.location.path}:{told.location.line}"
    more = "one more place" if len(others) == 1 else f"{len(others)} more places"
    findings[first] = told.evolve(
        message=f"{told.message} The same holds in {more}.",
        related=(
            *told.related,
            *(Related(findings[index].location, findings[index].message) for index in others[:MAX_NAMED]),
        ),
    )
    for index in others:
        findings[index] = findings[index].evolve(status=Status.DUPLICATE, reason=f"told once, in {where}")
