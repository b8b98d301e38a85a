"""What can be wrong with a composed document although it is YAML: duplicate keys, aliases and depth that blow up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from linter.formats.document import Problem
from linter.formats.image import HOLE
from linter.formats.yamlcompose import MappingNode, ScalarNode, SequenceNode

Offsets = Callable[[int], int]  # from offsets in the parsed text to the file's

MAX_DEPTH = 250  # levels; real manifests stay below 60, and a deeper one is an attack on its readers
MAX_EXPANSION = 1_000_000  # nodes that a document may have once its aliases are expanded
TOO_DEEP = "nested deeper than"
TWICE_THE_SAME = "it is written twice, with the same value"
_LOST = "the last one wins, the first is lost"


def open_at(root: Any, at: int, column: int, opened_ids: set[int]) -> None:
    """Note the collections that entries written at `at` in `column` would belong to."""
    around: list[Any] = []
    level = [root]
    while level:
        raw = next((r for r in level if r.start_mark.index <= at <= r.end_mark.index), None)
        if raw is None:
            break
        around.append(raw)
        level = [child for child in _children(raw) if type(child) is not ScalarNode]
    fitting = [raw for raw in around if raw.start_mark.column == column]
    if not fitting:
        fitting = [raw for raw in around if raw.start_mark.column < column][-1:] or around[:1]
    opened_ids.update(map(id, fitting))


def audit(root: Any, offset: Offsets, *, duplicates: bool, shared: bool = True) -> Iterator[Problem]:
    """Duplicate keys, each at its second place; last of all a nesting that is too deep to walk.

    `shared`: aliases may lead to a node in several ways; it is looked at once.
    """
    seen: set[int] = set()
    level: list[Any] = [root]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for raw in level:
            value = raw.value
            if type(raw) is MappingNode:
                if duplicates and len(value) > 1 and len(_keys(value)) != len(value):
                    yield from _duplicates(raw, offset)
                below += [child for _, child in value if type(child) is not ScalarNode]
            elif type(raw) is SequenceNode:
                below += [child for child in value if type(child) is not ScalarNode]
        if not below:
            return
        if not shared:
            level = below
            continue
        level = [raw for raw in below if id(raw) not in seen]
        seen.update(map(id, level))
    start = offset(root.start_mark.index)
    yield Problem(f"{TOO_DEEP} {MAX_DEPTH} levels", start, start + 1)


def _keys(pairs: Any) -> set[Any]:
    try:
        return {key.value for key, _ in pairs}
    except TypeError:  # a key that is a mapping or a list
        return {key.value if type(key) is ScalarNode else key for key, _ in pairs}


def _duplicates(raw: Any, offset: Offsets) -> Iterator[Problem]:
    seen: dict[str, Any] = {}
    for key, value in raw.value:
        if type(key) is not ScalarNode or HOLE in key.value:
            continue
        if key.value in seen and key.value != "<<":
            words = TWICE_THE_SAME if _is_same(seen[key.value], value) else _LOST
            start, end = offset(key.start_mark.index), offset(key.end_mark.index)
            yield Problem(f"duplicate key '{key.value}': {words}", start, end)
        seen[key.value] = value


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same scalar, or both empty: nothing is lost then."""
    if type(one) is not type(other) or one.tag != other.tag:
        return False
    if type(one) is ScalarNode:
        return one.value == other.value and one.style == other.style
    return not one.value and not other.value


def alias_danger(root: Any, offset: Offsets) -> Problem | None:
    """An anchor that contains itself, or aliases that multiply beyond reason."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        raw, done = stack.pop()
        children = _children(raw)
        if done:
            open_nodes.discard(id(raw))
            sizes[id(raw)] = 1 + sum(sizes[id(child)] for child in children)
            continue
        if id(raw) in sizes:
            continue
        if id(raw) in open_nodes:
            start = offset(raw.start_mark.index)
            return Problem("an anchor contains an alias of itself", start, start + 1)
        open_nodes.add(id(raw))
        stack.append((raw, True))
        stack.extend((child, False) for child in children)
    if sizes[id(root)] > MAX_EXPANSION:
        start = offset(root.start_mark.index)
        return Problem(f"aliases expand to more than {MAX_EXPANSION} nodes", start, start + 1)
    return None


def _children(raw: Any) -> list[Any]:
    if type(raw) is MappingNode:
        return [node for pair in raw.value for node in pair]
    return raw.value if type(raw) is SequenceNode else []
