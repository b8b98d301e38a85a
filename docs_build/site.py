"""All generated pages, and the tables that hand-written pages ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from docs_build import adr, command_line, configuration, models, peers, rules, tables

# a hand-written page says `<!-- generated: NAME -->` where the table shall stand
TABLES: Mapping[str, Callable[[], str]] = {
    "ai-kinds": tables.kinds,
    "accelerators": tables.accelerators,
    "launchers": tables.launchers,
    "presets": configuration.presets,
    "secret-kinds": tables.secrets,
    "rule-counts": rules.counts,
    "formats": tables.formats,
    **{f"peer-{tool}": peers.table_of(tool) for tool in peers.TOOLS},
    "peer-counts": peers.counts,
}
_MARK = re.compile(r"<!-- generated: ([a-z-]+) -->")


def pages() -> dict[str, str]:
    """Path below the docs folder -> Markdown."""
    return {
        "reference/cli.md": command_line.page(),
        "reference/configuration.md": configuration.page(),
        **models.pages(),
        **rules.pages(),
        "project/adr/index.md": adr.index(),
    }


def fill(text: str) -> str:
    """Put the tables in that a page asks for; KeyError for one that there is not."""
    return _MARK.sub(lambda match: TABLES[match.group(1)](), text)
