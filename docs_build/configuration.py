"""The configuration reference, from its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docs_build.markdown import code, fenced, prose, table

FOLDER = Path(__file__).resolve().parent.parent / "linter" / "config"
Schema = Mapping[str, Any]


def schema() -> Schema:
    loaded: Schema = json.loads((FOLDER / "config.schema.json").read_text(encoding="utf-8"))
    return loaded


def page() -> str:
    """Every key with its type and meaning, nested keys in sections of their own."""
    whole = schema()
    lines = [
        "# Configuration keys\n",
        f"{prose(whole['description'])}\n",
        "How files are found and merged, with examples: [configuration](../guides/configuration.md). An unknown key ends the run with "
        "exit code 2, its place and the nearest key there is. The schema is `linter/config/config.schema.json`; "
        "`tarecheck config show --origin` says where each value came from.\n",
        "## Top level\n",
        _table(whole, whole["properties"]),
        "## An entry of `overrides`\n",
        _table(whole, whole["properties"]["overrides"]["items"]["properties"]),
    ]
    for name, title in (
        ("rules", "A rule under `rules`"),
        ("suppressions", "`suppressions`"),
        ("suppression", "An entry of `suppressions: ignore`"),
        ("chart", "An entry of `charts`"),
    ):
        definition = whole["$defs"][name]
        if name == "rules":
            definition = definition["additionalProperties"]["anyOf"][-1]
        lines += [f"## {title}\n", _table(whole, definition["properties"], definition.get("required", ()))]
    lines += ["## Presets\n", "For `extends:`.\n", presets()]
    return "\n".join(lines)


def _table(whole: Schema, properties: Mapping[str, Schema], required: Any = ()) -> str:
    rows = []
    for name, spec in properties.items():
        if name == "$schema":
            continue
        target = whole["$defs"][spec["$ref"].rpartition("/")[2]] if "$ref" in spec else spec
        text = spec.get("description") or target.get("description") or ""
        if not text and name.startswith("extend-"):
            text = f"Added to `{name.removeprefix('extend-')}`."
        rows.append(
            (code(name), _type(whole, spec), prose(text) + (" Required." if name in required else ""))
        )
    return table(("key", "type", "meaning"), rows)


def _type(whole: Schema, spec: Schema) -> str:
    """A type in words."""
    if "$ref" in spec:
        name = spec["$ref"].rpartition("/")[2]
        target = whole["$defs"][name]
        return code(name) if target.get("type") == "object" else _type(whole, target)
    if "enum" in spec:
        return " ".join(code(value) for value in spec["enum"])
    if "anyOf" in spec:
        return " or ".join(_type(whole, option) for option in spec["anyOf"])
    kind = spec.get("type", "any")
    if kind == "array":
        return f"list of {_type(whole, spec['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def presets() -> str:
    return "\n".join(_presets())


def _presets() -> Iterator[str]:
    for path in sorted((FOLDER / "presets").glob("*.yaml")):
        yield fenced(path.read_text(encoding="utf-8"), "yaml", path.stem)
