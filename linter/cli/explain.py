"""`tarecheck explain RULE`: the manual page of a rule."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

import click

from linter.cel import suggest
from linter.cli import OK
from linter.cli.output import wants_color
from linter.errors import UsageError
from linter.finding import RuleInfo
from linter.recipe import configured_rules

SEVERAL = 12  # rules that an error names


@click.command(name="explain")
@click.argument("rule", metavar="RULE")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
def command(rule: str, color: str) -> int:
    """What a rule finds, why it matters, and what to do. RULE may be a peer's id (`KSV-0017`, `trivy:KSV-0017`)."""
    from linter.cli.manual import Page
    from linter.reporters.ansi import Paint

    found = find_rule(rule)
    terminal = sys.stdout.isatty()
    colored = wants_color(color, sys.stdout)
    paint = Paint(color=colored, links=terminal and colored)
    width = shutil.get_terminal_size().columns if terminal else 0
    click.echo("\n".join(Page.of(found, configured_rules(), paint, width).lines()), color=colored)
    others = [one for one in _called(rule) if one != found.id] if rule != found.id else []
    if others:
        click.echo(f"\n'{rule}' is also {_some(others)}.")
    return OK


def find_rule(name: str) -> RuleInfo:
    """A rule by its id or a peer's; raises `UsageError` with the nearest match."""
    rules = configured_rules()
    if name in rules.infos:
        return rules.infos[name]
    found = _called(name)
    main = _main([rules.infos[one] for one in found], name)
    if main is not None:
        return main
    if found:
        raise UsageError(f"'{name}' is several rules: {_some(found)}")
    near = suggest(name, list(rules.infos))
    raise UsageError(f"no rule '{name}'", f"did you mean '{near}'?" if near else None)


def _called(name: str) -> list[str]:
    """The ids of the rules that a selector means; none where it means nothing."""
    from linter.ruleset.select import NAMED, match

    rules = configured_rules()
    try:
        return sorted(match(name, rules.infos, rules.tags, NAMED))
    except UsageError:
        return []


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - SEVERAL} more" if len(ids) > SEVERAL else ""
    return f"{', '.join(ids[:SEVERAL])}{more}"


def _main(found: Sequence[RuleInfo], name: str) -> RuleInfo | None:
    """The one rule of several; of those that share a peer's id the one that weighs most, as the others tell of cases
    that weigh less."""
    if all(
        name in one.aliases or name in [alias.partition(":")[2] for alias in one.aliases] for one in found
    ):
        heaviest = max((one.severity for one in found), default=None)
        found = [one for one in found if one.severity == heaviest]
    return found[0] if len(found) == 1 else None
