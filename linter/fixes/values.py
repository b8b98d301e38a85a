"""How a plain value is written in YAML, JSON and HCL."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from linter.patterns import lazy_regex

_PLAIN = lazy_regex(r"[A-Za-z_][A-Za-z0-9_./-]*\Z")
# words that YAML 1.1 readers take for something else than text
_NOT_TEXT = lazy_regex(r"(?:y|n|yes|no|on|off|true|false|null|nan|inf)\Z", re.IGNORECASE)

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def yaml_flow(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{yaml_flow(key)}: {yaml_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(yaml_flow(item) for item in value) + "]"
    if isinstance(value, str):
        plain = _PLAIN.match(value) and not _NOT_TEXT.match(value)
        return value if plain else _quoted(value)
    return json.dumps(value)


def _quoted(text: str) -> str:
    """In double quotes, with escapes for all that can't be seen."""
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else _escape(c) for c in text) + '"'


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def yaml_block(keys: Sequence[str], value: Any, step: int) -> list[str]:
    """The lines of nested keys with a value below the last; lists of plain values stay on one line."""
    if len(keys) > 1:
        return [f"{yaml_flow(keys[0])}:", *_indented(yaml_block(keys[1:], value, step), step)]
    key = yaml_flow(keys[0])
    if isinstance(value, dict) and value:
        inner = [line for name, item in value.items() for line in yaml_block([name], item, step)]
        return [f"{key}:", *_indented(inner, step)]
    if isinstance(value, (list, tuple)) and any(isinstance(item, (dict, list)) for item in value):
        return [f"{key}:", *(line for item in value for line in yaml_item(item, step))]
    return [f"{key}: {yaml_flow(value)}"]


def yaml_item(item: Any, step: int) -> list[str]:
    """The lines of one element of a list, dash included."""
    if not isinstance(item, dict) or not item:
        return [f"- {yaml_flow(item)}"]
    lines = [line for name, inner in item.items() for line in yaml_block([name], inner, step)]
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _indented(lines: Sequence[str], step: int) -> list[str]:
    return [f"{' ' * step}{line}" for line in lines]


def nested(keys: Sequence[str], value: Any) -> Any:
    """`value` below mappings of one key each."""
    for key in reversed(keys):
        value = {key: value}
    return value


def hcl(value: Any) -> str:
    """A value as an HCL expression on one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{key} = {hcl(item)}" for key, item in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(hcl(item) for item in value) + "]"
    return json.dumps(value)
