"""The rule set as commands need it: loaded through the cache, its errors told."""

from __future__ import annotations

from pathlib import Path

import click

from linter.errors import UsageError
from linter.ruleset.store import RuleSet, default_cache_directory, load_ruleset


def ruleset(rule_dirs: tuple[str, ...] = (), cache_dir: Path | None = None) -> RuleSet:
    """All rules. Raises `UsageError` naming each broken rule file."""
    for folder in rule_dirs:
        if not Path(folder).is_dir():
            raise UsageError(f"rule-dirs: no such directory: {folder}")
    found, errors = load_ruleset([Path(d) for d in rule_dirs], cache_dir or default_cache_directory())
    if errors:
        for error in errors[:-1]:
            click.echo(f"error: {error}", err=True)
        raise UsageError(str(errors[-1]))
    return found
