"""Is a configuration file valid, and if not, what is wrong and where.

The schema file is the only truth. A correct file is told so by a quick check over the few keywords that the
schema uses; jsonschema takes half as long to import as a scan of one file may, so it only explains failures.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from linter.config.layer import Layer, Path, Places, complain, suggest
from linter.errors import UsageError

MAX_ENTRIES = 1_000  # of a list: every file and finding is compared with each
MAX_ENTRIES_IN_ALL = 4_000  # of all lists of a file
MAX_TEXT = 4_000  # characters of a key or of a text
MAX_STARS = 50  # in a pattern: what it costs to compare grows with each
_SCHEMA_FILE = os.path.join(os.path.dirname(__file__), "config.schema.json")


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of configuration files, as shipped."""
    with open(_SCHEMA_FILE, encoding="utf-8") as stream:
        loaded: Mapping[str, Any] = json.load(stream)
    return loaded


def check(layer: Layer) -> None:
    """Raise a `UsageError` with file, line, column and a suggestion when the layer breaks the schema."""
    _Bounds(layer).check(layer.values, ())
    if _valid(schema(), layer.values):
        return
    raise _explain(layer)


class _Bounds:
    """What is compared with every file and every finding is bounded; the depth was when it was read."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.entries = 0  # of all lists so far

    def check(self, value: Any, path: Path) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                self._text(key, path)
                self.check(item, (*path, key))
        elif isinstance(value, list):
            self._list(value, path)
        elif isinstance(value, str):
            self._text(value, path)

    def _list(self, value: list[Any], path: Path) -> None:
        self.entries += len(value)
        if len(value) > MAX_ENTRIES:
            raise self._refused(path, f"a list of more than {MAX_ENTRIES:,} entries under '{path[0]}'")
        if self.entries > MAX_ENTRIES_IN_ALL:
            raise self._refused(path, f"more than {MAX_ENTRIES_IN_ALL:,} entries in all lists")
        for index, item in enumerate(value):
            if isinstance(item, str) and item.count("*") > MAX_STARS:
                raise self._refused((*path, index), f"a pattern with more than {MAX_STARS} stars")
            self.check(item, (*path, index))

    def _text(self, value: str, path: Path) -> None:
        if len(value) > MAX_TEXT:
            raise self._refused(path, f"a text of more than {MAX_TEXT:,} characters")

    def _refused(self, path: Path, words: str) -> UsageError:
        return complain(self.layer.name, _nearest(self.layer.places, path), words)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
}  # fmt: skip


def _valid(rule: Mapping[str, Any], value: Any) -> bool:
    if "$ref" in rule and not _valid(schema()["$defs"][rule["$ref"].rpartition("/")[2]], value):
        return False
    if "type" in rule and not _has_type(rule["type"], value):
        return False
    if "enum" in rule and value not in rule["enum"]:
        return False
    if "anyOf" in rule and not any(_valid(option, value) for option in rule["anyOf"]):
        return False
    if isinstance(value, dict):
        return _valid_object(rule, value)
    if isinstance(value, list):
        return "items" not in rule or all(_valid(rule["items"], item) for item in value)
    if isinstance(value, str):
        return len(value) >= rule.get("minLength", 0) and _fits(rule, value)
    return "minimum" not in rule or value >= rule["minimum"]


def _fits(rule: Mapping[str, Any], value: str) -> bool:
    return "pattern" not in rule or re.search(rule["pattern"], value) is not None


def _has_type(names: str | list[str], value: Any) -> bool:
    for name in [names] if isinstance(names, str) else names:
        if isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool)):
            return True
    return False


def _valid_object(rule: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    if any(key not in value for key in rule.get("required", ())):
        return False
    if "propertyNames" in rule and not all(_fits(rule["propertyNames"], key) for key in value):
        return False
    properties = rule.get("properties", {})
    rest = rule.get("additionalProperties", True)
    for key, item in value.items():
        if key in properties:
            if not _valid(properties[key], item):
                return False
        elif rest is False or (rest is not True and not _valid(rest, item)):
            return False
    return True


def _explain(layer: Layer) -> UsageError:
    import jsonschema

    validator = jsonschema.Draft202012Validator(dict(schema()))
    errors = sorted(
        validator.iter_errors(layer.values), key=lambda error: list(map(str, error.absolute_path))
    )
    if not errors:  # the quick check was stricter: then it is the one that is wrong
        return complain(layer.name, None, "the configuration does not fit its schema")
    error = errors[0]
    while error.context and not _is_choice_of_keys(error):
        error = _deepest(error)
    path = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        path = (*path, error.instance)
    if error.validator == "additionalProperties":
        return _unknown_key(layer, error, path)
    where = ".".join(map(str, path)) or "the configuration"
    message, hint = _say(error, where)
    return complain(layer.name, _nearest(layer.places, path), message, hint)


def _is_choice_of_keys(error: Any) -> bool:
    return error.validator == "anyOf" and all(set(option) == {"required"} for option in error.validator_value)


def _deepest(error: Any) -> Any:
    """Of the branches of an `anyOf`, the one that was meant: of the right type, and furthest in."""
    worth = {"type": 0, "enum": 1}
    return max(error.context, key=lambda inner: (worth.get(inner.validator, 2), len(inner.absolute_path)))


def _unknown_key(layer: Layer, error: Any, path: tuple[str | int, ...]) -> UsageError:
    known = list(error.schema.get("properties", {}))
    key = next(key for key in error.instance if key not in known)
    place = layer.places.get((*path, key)) or _nearest(layer.places, path)
    inside = f" in {'.'.join(map(str, path))}" if path else ""
    return complain(layer.name, place, f"unknown key '{key}'{inside}", suggest(key, known))


def _say(error: Any, where: str) -> tuple[str, str | None]:
    value = error.instance
    if error.validator == "enum":
        options = error.validator_value
        return f"{where} can't be {value!r}", suggest(str(value), options) or f"one of {', '.join(options)}"
    if error.validator == "type":
        names = error.validator_value
        wanted = names if isinstance(names, str) else " or ".join(names)
        return f"{where} must be {_NOUNS.get(wanted, wanted)}", None
    if "propertyNames" in error.absolute_schema_path:
        return f"'{value}' is no rule id", "rule ids are lower-case words joined by hyphens"
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in value)
        return f"{where} needs the key '{missing}'", None
    if error.validator == "anyOf":
        return (
            f"{where} needs one of {', '.join(option['required'][0] for option in error.validator_value)}",
            None,
        )
    if error.validator == "pattern" and "until" in where:
        return f"{where} must be a date", "write it as 2027-01-31"
    return f"{where}: {error.message}", None


_NOUNS = {
    "array": "a list",
    "object": "a mapping",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
}


def _nearest(places: Places, path: tuple[str | int, ...]) -> tuple[int, int] | None:
    while path and path not in places:
        path = path[:-1]
    return places.get(path)
