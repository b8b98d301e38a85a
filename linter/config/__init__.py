"""Configuration: found per directory, merged, validated, frozen.

`load(...)` gives a `ConfigTree`; `tree.for_file(path)` the `Config` that holds for a file. What a file
may say stands in `config.schema.json`; how files merge in `merge`.
"""

from __future__ import annotations

from linter.config.find import FileSource
from linter.config.globs import PathGlob, address_matches
from linter.config.model import (
    ChartConfig,
    Config,
    ConfigSuppression,
    Mention,
    Origin,
    RuleConfig,
    Source,
    SuppressionPolicy,
)
from linter.config.tree import ConfigTree, check_mentions, load, schema_path

__all__ = [
    "ChartConfig",
    "Config",
    "ConfigSuppression",
    "ConfigTree",
    "FileSource",
    "Mention",
    "Origin",
    "PathGlob",
    "RuleConfig",
    "Source",
    "SuppressionPolicy",
    "address_matches",
    "check_mentions",
    "load",
    "schema_path",
]
