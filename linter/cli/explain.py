"""`tarecheck explain RULE`: the manual page of a rule."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from linter.cel import suggest
from linter.cli import OK
from linter.errors import UsageError
from linter.finding import RuleInfo
from linter.recipe import configured_rules

WIDTH = 100
SEVERAL = 12  # rules that an error names


@click.command(name="explain")
@click.argument("rule", metavar="RULE")
def command(rule: str) -> int:
    """What a rule finds, why it matters, and what to do. RULE may be a peer's id (`KSV-0017`, `trivy:KSV-0017`)."""
    click.echo("\n".join(page(find_rule(rule))))
    return OK


def find_rule(name: str) -> RuleInfo:
    """A rule by its id or a peer's; raises `UsageError` with the nearest match."""
    from linter.ruleset.select import match

    rules = configured_rules()
    if name in rules.infos:
        return rules.infos[name]
    try:
        found = sorted(match(name, rules.infos, rules.tags, "strict"))
    except UsageError:
        found = []
    if len(found) == 1:
        return rules.infos[found[0]]
    if found:
        more = f" and {len(found) - SEVERAL} more" if len(found) > SEVERAL else ""
        raise UsageError(f"'{name}' is several rules: {', '.join(found[:SEVERAL])}{more}")
    near = suggest(name, list(rules.infos))
    raise UsageError(f"no rule '{name}'", f"did you mean '{near}'?" if near else None)


def page(info: RuleInfo) -> Iterator[str]:
    """The lines of the page."""
    yield f"{info.id}: {info.title}"
    strict = ", only in the strict profile" if info.profile == "strict" else ""
    weight = f"{info.severity.label} severity, {info.confidence.label} confidence"
    yield f"{weight}, {info.category}, {info.format} {info.subject}{strict}"
    yield from _section("Why it matters", _fill(info.why))
    yield from _section("What to do", info.fix.splitlines())
    for kind, title in (("bad", "Wrong"), ("good", "Right")):
        example = next((text for found, text in info.examples if found == kind), None)
        if example is not None:
            yield from _section(title, ("  " + line for line in example.rstrip().splitlines()))
    if info.aliases:
        yield from _section("Same check elsewhere", (f"  {alias}" for alias in info.aliases))
    if info.standards:
        yield from _section("Standards", (f"  {standard}" for standard in info.standards))
    if info.references:
        yield from _section("References", (f"  {reference}" for reference in info.references))
    yield from _section(
        "Configuration",
        (
            f'  rules: {{{info.id}: {{severity: …, ignore: ["path/**"]}}}}',
            f"  # tarecheck: ignore[{info.id}] reason",
        ),
    )


def _section(title: str, lines: object) -> Iterator[str]:
    yield ""
    yield title
    yield from lines  # type: ignore[misc]


def _fill(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)
