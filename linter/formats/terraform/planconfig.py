"""The configuration part of a plan: expressions by module and resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Configuration:
    """Resources by the address of their module (without keys) and `type.name`."""

    def __init__(self, value: Any) -> None:
        root = mapping(mapping(value).get("root_module"))
        self.variables: dict[str, dict[str, Any]] = {
            name: block for name, block in mapping(root.get("variables")).items() if isinstance(block, dict)
        }
        self.constraints = _constraints(mapping(mapping(value).get("provider_config")))
        self._resources: dict[tuple[str, str], dict[str, Any]] = {}
        self._walk(root, "")

    def _walk(self, module: dict[str, Any], path: str) -> None:
        for item in sequence(module.get("resources")):
            if isinstance(item, dict):
                prefix = "data." if item.get("mode") == "data" else ""
                self._resources[path, f"{prefix}{item.get('type')}.{item.get('name')}"] = _with_commands(item)
        for name, call in mapping(module.get("module_calls")).items():
            inner = mapping(call).get("module")
            if isinstance(inner, dict):
                self._walk(inner, f"{path}.module.{name}" if path else f"module.{name}")

    def resource(self, module: str, plain: str) -> dict[str, Any]:
        """The configuration of a resource; empty when the plan does not hold it."""
        return self._resources.get((module, plain), {})


def mapping(value: Any) -> dict[str, Any]:
    """A value where a plan has an object; empty for what is none."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """A value where a plan has a list; empty for what is none."""
    return value if isinstance(value, list) else []


def _constraints(providers: dict[str, Any]) -> dict[str, str]:
    """The version constraints of the root module's providers by their name."""
    return {
        str(item["name"]): item["version_constraint"]
        for item in providers.values()
        if isinstance(item, dict) and "name" in item and isinstance(item.get("version_constraint"), str)
    }


def _with_commands(item: dict[str, Any]) -> dict[str, Any]:
    provisioners = item.get("provisioners")
    if not isinstance(provisioners, list):
        return item
    found = []
    for entry in provisioners:
        expressions = mapping(mapping(entry).get("expressions"))
        values = {k: v.get("constant_value") for k, v in expressions.items() if isinstance(v, dict)}
        found.append({"type": mapping(entry).get("type"), **values})
    return {**item, "provisioned": found}


def references(expression: Any) -> Iterator[str]:
    """Every reference in an expression, longest first, without the prefixes that the plan lists too."""
    if isinstance(expression, dict):
        found = expression.get("references")
        if isinstance(found, list):
            yield from (text for text in found if isinstance(text, str))
        else:
            for item in expression.values():
                yield from references(item)
    elif isinstance(expression, list):
        for item in expression:
            yield from references(item)
