"""Edits of JSON at a node: set and remove. The layout around stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from linter.finding import Edit
from linter.fixes.values import nested
from linter.formats.jsontree import JsonNode
from linter.formats.node import MAP
from linter.patterns import lazy_regex
from linter.text import eol

_BLANKS = lazy_regex(r"[ \t]*\Z")


def json_set(path: str, text: str, node: JsonNode, keys: Sequence[str], value: Any) -> list[Edit] | None:
    """Set what `keys` lead to below an object."""
    while node.kind == MAP:
        child = node.get(keys[0])
        if child is None:
            return _insert(path, text, node, keys[0], nested(keys[1:], value))
        if len(keys) == 1 or (child.kind != MAP and child.scalar() is None):
            return [
                Edit(
                    path,
                    child.span.start,
                    child.span.end,
                    json.dumps(nested(keys[1:], value), ensure_ascii=False),
                )
            ]
        node, keys = child, keys[1:]
    return None


def _insert(path: str, text: str, node: JsonNode, key: str, value: Any) -> list[Edit] | None:
    member = f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
    names = node.keys()
    if not names:
        return [Edit(path, node.span.start, node.span.end, "{" + member + "}")]
    last = node.get(names[-1])
    if last is None:
        return None
    at = last.span.end
    key_span = node.key_span(names[-1])
    line = text[text.rfind("\n", 0, key_span.start) + 1 : key_span.start] if key_span else "x"
    gap = f",{eol(text)}{line}" if _BLANKS.match(line) and "\n" in text else ", "
    return [Edit(path, at, at, gap + member)]


def json_remove(path: str, text: str, node: JsonNode, key: str) -> list[Edit] | None:
    """Remove a member of an object that has others."""
    names = list(node.keys())
    child, span = node.get(key), node.key_span(key)
    if child is None or span is None or len(names) < 2 or len(set(names)) != len(names):
        return None
    index = names.index(key)
    if index > 0:
        before = node.get(names[index - 1])
        return [Edit(path, before.span.end, child.span.end, "")] if before is not None else None
    following = node.key_span(names[1])
    return [Edit(path, span.start, following.start, "")] if following is not None else None
