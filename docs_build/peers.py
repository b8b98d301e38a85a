"""Other linters' ids and our rules for them, from the rules' aliases."""

from __future__ import annotations

import re
from collections.abc import Callable

from docs_build.markdown import code, table
from docs_build.rules import all_infos

TOOLS = ("trivy", "checkov", "kube-linter", "hadolint", "kube-score", "polaris", "kubescape", "buildkit")


def ids(tool: str) -> dict[str, list[str]]:
    """The tool's id -> our rules."""
    found: dict[str, list[str]] = {}
    for info in all_infos():
        for alias in info.aliases:
            name, _, number = alias.partition(":")
            if name == tool:
                found.setdefault(number, []).append(info.id)
    return found


_MARKS = {"default": "", "strict": " (strict)", "named": " (by name)"}


def table_of(tool: str) -> Callable[[], str]:
    def make() -> str:
        severity = {info.id: info for info in all_infos()}
        rows = []
        for number, rules in sorted(ids(tool).items(), key=lambda item: _natural(item[0])):
            links = ", ".join(
                f"[{rule}](../rules/{rule}.md)" + _MARKS[severity[rule].profile] for rule in rules
            )
            rows.append((code(number), links))
        return table((tool, "tarecheck"), rows)

    return make


def counts() -> str:
    rows = ((f"[{tool}](#{tool})", str(len(ids(tool)))) for tool in TOOLS)
    return table(("tool", "ids that we know"), rows)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
