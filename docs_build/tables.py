"""Tables of what we know about AI workloads, from the tables that the code reads."""

from __future__ import annotations

from collections import defaultdict

from docs_build.markdown import code, prose, table
from linter.formats.data.accelerators import PATTERNS, RESOURCES
from linter.formats.kubernetes.kinds_table import KINDS
from linter.formats.launchers.grammar import ENGINES
from linter.formats.secrets.table import patterns
from linter.reporters import REPORTERS, SUFFIXES


def kinds() -> str:
    """API group, kind, and where its pods stand."""
    by_group: dict[str, list[str]] = defaultdict(list)
    for (group, name), kind in KINDS.items():
        if kind.pods and name not in by_group[group]:
            by_group[group].append(name)
    rows = ((code(group or "core"), ", ".join(sorted(names))) for group, names in sorted(by_group.items()))
    total = len({key for key, kind in KINDS.items() if kind.pods})
    return f"{total} kinds that carry pods:\n\n" + table(("API group", "kinds"), rows)


def accelerators() -> str:
    by_vendor: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, (vendor, kind, _) in RESOURCES.items():
        by_vendor[vendor, kind].append(code(name))
    for pattern, (vendor, kind, _) in PATTERNS:
        by_vendor[vendor, kind].append(code(pattern))
    rows = ((vendor, kind, ", ".join(names)) for (vendor, kind), names in sorted(by_vendor.items()))
    return table(("vendor", "kind", "resources and patterns"), rows)


def launchers() -> str:
    rows = []
    for engine in ENGINES:
        flags = ", ".join(
            f"{fact}: " + " ".join(code("--" + s) for s in spelt) for fact, spelt in engine.flags.items()
        )
        starts = [code(program) for program in engine.programs]
        starts += [code(f"python -m {module}") for module in engine.modules]
        rows.append((engine.name, engine.role, ", ".join(starts) or "by its image", prose(flags)))
    return table(("launcher", "role", "recognised by", "what it asks for"), rows)


def secrets() -> str:
    by_provider: dict[str, list[str]] = defaultdict(list)
    for pattern in patterns():
        by_provider[pattern.provider].append(pattern.title)
    rows = ((prose(provider), prose(", ".join(titles))) for provider, titles in sorted(by_provider.items()))
    return f"{len(patterns())} formats:\n\n" + table(("provider", "secrets"), rows)


def formats() -> str:
    suffix = {name: end for end, name in SUFFIXES.items()}
    rows = (
        (code(name), code(suffix[name]) if name in suffix else f"say `{name}:FILE`") for name in REPORTERS
    )
    return table(("format", "suffix for `-o`"), rows)
