"""`data.aws_iam_policy_document` as the policy that it renders."""

from __future__ import annotations

import json
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.terraform.values import PartialData, deep_unknown, structured


def policy(values: dict[str, Any]) -> dict[str, Any]:
    """The policy of the data source's attributes, in IAM's own words."""
    statements: list[Any] = []
    for name in ("source_policy_documents", "override_policy_documents", "source_json", "override_json"):
        sources = values.get(name)
        for source in sources if isinstance(sources, list) else [sources] if sources is not None else []:
            inner = structured(source)
            found = inner.get("Statement", []) if isinstance(inner, dict) else [UNKNOWN]
            statements += found if isinstance(found, list) else [found]
    blocks = values.get("statement")
    for block in blocks if isinstance(blocks, list) else [blocks] if blocks is not None else []:
        statements.append(_statement(block) if isinstance(block, dict) else UNKNOWN)
    return {"Version": values.get("version", "2012-10-17"), "Statement": statements}


def document(values: dict[str, Any]) -> Any:
    """The rendered JSON, as a value that may be known in part."""
    result = policy(values)
    return PartialData(result) if deep_unknown(result) else json.dumps(result)


def _statement(block: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"Effect": block.get("effect", "Allow")}
    if result["Effect"] is None:
        result["Effect"] = "Allow"
    names = {
        "sid": "Sid",
        "action": "Action",
        "actions": "Action",
        "not_actions": "NotAction",
        "resources": "Resource",
        "not_resources": "NotResource",
    }
    for source, target in names.items():
        if block.get(source) is not None:
            result[target] = block[source]
    for source, target in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        entries = _blocks(block.get(source))
        if entries:
            result[target] = _principals(entries)
    conditions: dict[str, Any] = {}
    for entry in _blocks(block.get("condition")):
        if (
            not isinstance(entry, dict)
            or not isinstance(entry.get("test"), str)
            or not isinstance(entry.get("variable"), str)
        ):
            # a condition that we can't read may be the one that protects
            conditions.setdefault("", {})[_key(entry)] = UNKNOWN
            continue
        conditions.setdefault(entry["test"], {})[entry["variable"]] = entry.get("values")
    if conditions:
        result["Condition"] = conditions
    return result


def _key(entry: Any) -> str:
    from linter.formats.terraform.values import text_of

    return text_of(entry.get("variable")) if isinstance(entry, dict) else text_of(entry)


def _principals(entries: list[Any]) -> Any:
    merged: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
            return UNKNOWN
        identifiers = entry.get("identifiers")
        if entry["type"] == "*":
            return "*"
        known = merged.setdefault(entry["type"], [])
        known += identifiers if isinstance(identifiers, list) else [UNKNOWN]
    return merged


def _blocks(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []
