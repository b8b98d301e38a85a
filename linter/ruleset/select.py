"""Which rules run: selectors from the command line and the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linter.cel import suggest
from linter.config.globs import text_pattern
from linter.config.outside import is_outside
from linter.errors import UsageError
from linter.finding import CATEGORIES, RuleInfo
from linter.formats.classify import FORMATS
from linter.ruleset.infos import Infos
from linter.ruleset.trivynames import trivy_ids

# each runs what those before it run; rules of the last only when their id is said, a peer's or a standard of theirs
PROFILES = ("default", "strict", "named")
NAMED = PROFILES[-1]


def resolve(
    infos: Infos,
    tags: Mapping[str, Sequence[str]],
    *,
    select: Sequence[str] = (),
    extend_select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    profile: str = "default",
) -> frozenset[str]:
    """Ids of the rules that run. Raises `UsageError` for a selector that names nothing.

    `all`, categories, formats and tags choose within the profile; a glob brings strict rules too; a standard, a rule's
    id or a peer's brings any, also those that run only when they are named.
    """
    chosen: set[str] = set()
    for selector in [*(select or ("all",)), *extend_select]:
        chosen |= match(selector, infos, tags, profile)
    for selector in ignore:
        chosen -= match(selector, infos, tags, NAMED, exact=False)
    return frozenset(chosen)


def match(
    selector: str,
    infos: Infos,
    tags: Mapping[str, Sequence[str]],
    profile: str,
    *,
    exact: bool = True,
) -> set[str]:
    """Our ids that one selector names; none for another program's check that we have no rule for.

    Of the rules with a peer's id, those that say that it means them; all of them without `exact`.
    """
    reach = PROFILES.index(profile)
    in_profile = {i for i, of in infos.profiles.items() if PROFILES.index(of) <= reach}
    if selector == "all":
        return in_profile
    if selector in infos:
        return {selector}
    if selector in CATEGORIES:
        return {i for i in in_profile if infos[i].category == selector}
    if selector in FORMATS:
        return {i for i in in_profile if infos[i].format == selector}
    tagged = {i for i in in_profile if selector in tags.get(i, ())}
    if tagged:
        return tagged
    unnamed = {i for i, of in infos.profiles.items() if profile == NAMED or of != NAMED}
    if any(c in selector for c in "*?["):
        pattern = text_pattern(selector)
        found = {i for i in unnamed if pattern.match(i)}
    else:
        known = {i for i, info in infos.items() if _is_alias(selector, info)} or _by_long_name(
            selector, infos
        )
        meant = {i for i in known if infos[i].exact} if exact else set()
        # a weakness is a kind of flaw, no standard that anybody keeps to the letter
        of_standard = unnamed if selector.partition(":")[0] == "cwe" else infos
        found = meant or known or {i for i in of_standard if _is_standard(selector, infos[i])}
    if found or is_outside(selector):
        return found
    near = suggest(selector, [*infos, *CATEGORIES, *FORMATS, "all"])
    raise UsageError(
        f"no rule, category, format, standard or peer id '{selector}'",
        f"did you mean '{near}'?" if near else None,
    )


def _is_alias(selector: str, info: RuleInfo) -> bool:
    """A peer's id with or without its tool."""
    return selector in info.aliases or any(alias.partition(":")[2] == selector for alias in info.aliases)


def _is_standard(selector: str, info: RuleInfo) -> bool:
    """A standard, or the family of standards."""
    if selector in info.standards:
        return True
    if any(standard.partition(":")[0] == selector for standard in info.standards):
        return True
    return selector == "pss:restricted" and "pss:baseline" in info.standards  # restricted includes baseline


def _by_long_name(selector: str, infos: Mapping[str, RuleInfo]) -> set[str]:
    """By a name that Trivy and tfsec have for a check besides its id."""
    tool, _, name = selector.rpartition(":")
    meant = {f"trivy:{check}" for check in trivy_ids(name)} if tool in ("", "trivy", "tfsec") else set()
    return {i for i, info in infos.items() if not meant.isdisjoint(info.aliases)} if meant else set()
