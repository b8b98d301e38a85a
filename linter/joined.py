"""What is the same throughout a project, told once: the first place has the number of the others and leads to them.

Of thirty namespaces of a repository none has a label: that is one decision of its maintainers, made in one place. It
comes last, when what is known is marked, so that a baseline holds each place and a new one among them is told.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from linter.aside import Scope
from linter.config.model import Bar, Config
from linter.finding import Finding, Related, RuleInfo, Severity, Status

MAX_NAMED = 20  # places that the first one leads to

_Alike = tuple[str, Severity, Bar]


def joined(
    findings: Iterable[Finding],
    infos: Mapping[str, RuleInfo],
    config_for: Callable[[str], Config],
    scope: Scope,
) -> list[Finding]:
    """The findings, of those of a rule that is told once all but the first marked as duplicates.

    Told each: what is in a file that the user named, and what is found by rules that were named or by all of them
    (`select`, `strict`). A gate must not turn green by it: only findings that weigh the same stand for each other.
    `config_for` is asked with absolute paths.
    """
    findings = list(findings)
    once = {rule for rule in {finding.rule for finding in findings} if rule in infos and infos[rule].once}
    alike: dict[_Alike, list[int]] = {}
    for index, finding in enumerate(findings):
        if finding.rule not in once or finding.status is not Status.ACTIVE:
            continue
        path = os.path.join(scope.root, finding.location.path)
        config = config_for(path)
        if path in scope.files or config.select or config.profile != "default":
            continue
        alike.setdefault((finding.rule, finding.severity, config.bar(finding.rule)), []).append(index)
    for places in alike.values():
        _join(findings, places)
    return findings


def _join(findings: list[Finding], places: Sequence[int]) -> None:
    """Let the first of some findings stand for all of them."""
    first, *others = places
    if not others:
        return
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
