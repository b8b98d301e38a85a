"""Edits of YAML at a node: set, remove, append. What can't be edited without touching something else gives None.

Refused: what an alias or a merge key brings from elsewhere, anchored or tagged values, places where a template engine
writes, and values whose comments would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from linter.finding import Edit
from linter.fixes.values import nested, yaml_block, yaml_flow, yaml_item
from linter.formats.yamlcompose import MappingNode, ScalarNode, SequenceNode
from linter.formats.yamltree import YamlNode
from linter.patterns import lazy_regex
from linter.text import eol, line_start

_COMMENT = lazy_regex(r"(?:^|[ \t])#", re.MULTILINE)
_COLON = lazy_regex(r"[ \t]*:")
_LINE_END = lazy_regex(r"\r\n|\n|\r|\Z")
_BLANK = lazy_regex(r"[ \t]*\Z")
DEFAULT_STEP = 2


class YamlEditor:
    """Edits of the file that `node` is part of; `text` is the file's own, templates included."""

    def __init__(self, path: str, text: str, node: YamlNode) -> None:
        self.path = path
        self.text = text
        self.base = node.source.base
        self.safe = node.source.offsets is None
        self.templated = node.source.templated
        self.eol = eol(text)

    # What can be asked

    def set(self, chain: Sequence[Any], keys: Sequence[str], value: Any) -> list[Edit] | None:
        """Set what `keys` lead to from the last mapping of `chain`, making mappings on the way."""
        raw = chain[-1]
        while True:
            if not self.safe or type(raw) is not MappingNode:
                return None
            pair = own_pair(raw, keys[0])
            if pair is None:
                return self._insert(raw, keys, value)
            if len(keys) == 1:
                return self._replace(pair, value)
            if self._elsewhere(*pair):
                return None
            if type(pair[1]) is ScalarNode:
                empty = pair[1].value in ("", "~", "null") and not pair[1].style
                return self._replace(pair, nested(keys[1:], value)) if empty else None
            raw, keys = pair[1], keys[1:]

    def remove(self, chain: Sequence[tuple[Any, Any]]) -> list[Edit] | None:
        """Remove the entry or element that the last (collection, key or index) of `chain` names.

        A collection that it leaves empty goes too, up to the nearest element of a list.
        """
        if not self.safe or self.templated or not chain:
            return None
        raw, step = chain[-1]
        if isinstance(step, int):
            if len(raw.value) == 1:
                return self.remove(chain[:-1])
            return self._cut_element(raw, step)
        pair = own_pair(raw, step)
        if (
            pair is None
            or self._elsewhere(*pair)
            or "&" in self._slice(pair[0].start_mark.index, self._end(pair))
        ):
            return None
        if len(raw.value) == 1:
            return self.remove(chain[:-1]) if len(chain) > 1 and isinstance(chain[-2][1], str) else None
        return self._cut_entry(raw, raw.value.index(pair))

    def append(self, raw: Any, item: Any) -> list[Edit] | None:
        """Add an element at the end of a list that has some."""
        if not self.safe or self.templated or type(raw) is not SequenceNode or not raw.value:
            return None
        last = raw.value[-1]
        if last.start_mark.index < raw.start_mark.index:
            return None
        if raw.flow_style:
            return [self._edit(last.end_mark.index, last.end_mark.index, f", {yaml_flow(item)}")]
        end = self._leaf_end(last)
        if end is None:
            return None
        indent = " " * raw.start_mark.column
        lines = "".join(f"{self.eol}{indent}{line}" for line in yaml_item(item, DEFAULT_STEP))
        at = self._line_end(end)
        return [self._edit(at, at, lines)]

    def copy(self, source: tuple[Any, Any], target: tuple[Any, Any]) -> list[Edit] | None:
        """Write the scalar of one entry over that of another, as it is written there."""
        if not self.safe or source == target:
            return None
        pairs = [own_pair(raw, step) if type(raw) is MappingNode else None for raw, step in (source, target)]
        if any(
            pair is None or type(pair[1]) is not ScalarNode or pair[1].style in ("|", ">") for pair in pairs
        ):
            return None
        (_, value), (key, old) = (pair for pair in pairs if pair is not None)
        start, end = value.start_mark.index, self._value_end(value)
        at, until = old.start_mark.index, self._value_end(old)
        written = (self._slice(start, end), self._slice(at, until))
        if self._elsewhere(key, old) or self._templated(start, end) or self._templated(at, until):
            return None
        if any(not text or text.startswith(("&", "!", "*")) or "\n" in text for text in written):
            return None
        return [self._edit(at, until, written[0])]

    # Setting

    def _replace(self, pair: tuple[Any, Any], value: Any) -> list[Edit] | None:
        key, old = pair
        if self._elsewhere(key, old):
            return None
        start, end = old.start_mark.index, self._end(pair)
        written = self._slice(start, end)
        if written.startswith(("&", "!", "*")) or self._templated(start, end):
            return None
        if type(old) is ScalarNode and start >= end:  # an empty value: `key:`
            colon = _COLON.match(self.text, self.base + key.end_mark.index)
            if colon is None:
                return None
            at = colon.end() - self.base
            return [self._edit(at, at, f" {yaml_flow(value)}")]
        if type(old) is not ScalarNode and not old.flow_style:
            colon = _COLON.match(self.text, self.base + key.end_mark.index)
            if colon is None or _COMMENT.search(self._slice(key.end_mark.index, end)):
                return None
            return [self._edit(colon.end() - self.base, end, f" {yaml_flow(value)}")]
        block = type(old) is ScalarNode and old.style in ("|", ">")
        at_risk = written.splitlines()[0] if block else "" if type(old) is ScalarNode else written
        if _COMMENT.search(at_risk):
            return None
        return [self._edit(start, end, yaml_flow(value))]

    def _insert(self, raw: Any, keys: Sequence[str], value: Any) -> list[Edit] | None:
        if self.templated:
            return None
        if raw.flow_style:
            return self._insert_flow(raw, keys, value)
        if not raw.value:
            return None
        column = raw.value[0][0].start_mark.column
        end = next((end for pair in reversed(raw.value) if (end := self._entry_end(pair)) is not None), None)
        if end is None:
            return None
        at = self._line_end(end)
        lines = yaml_block(keys, value, self._step(raw))
        return [self._edit(at, at, "".join(f"{self.eol}{' ' * column}{line}" for line in lines))]

    def _insert_flow(self, raw: Any, keys: Sequence[str], value: Any) -> list[Edit] | None:
        entry = f"{yaml_flow(keys[0])}: {yaml_flow(nested(keys[1:], value))}"
        if not raw.value:
            start, end = raw.start_mark.index, raw.end_mark.index
            empty = self._slice(start, end) == "{}"
            return [self._edit(start, end, "{" + entry + "}")] if empty else None
        key, last = raw.value[-1]
        if self._elsewhere(key, last) or last.start_mark.index >= last.end_mark.index:
            return None
        return [self._edit(last.end_mark.index, last.end_mark.index, f", {entry}")]

    def _step(self, raw: Any) -> int:
        column: int = raw.value[0][0].start_mark.column
        for _, child in raw.value:
            if type(child) is MappingNode and not child.flow_style and child.value:
                step: int = child.value[0][0].start_mark.column - column
                if step > 0:
                    return step
        return DEFAULT_STEP

    # Removing

    def _cut_entry(self, raw: Any, index: int) -> list[Edit] | None:
        key, _ = raw.value[index]
        start, end = key.start_mark.index, self._end(raw.value[index])
        if raw.flow_style:
            if index > 0:
                return [self._edit(self._end(raw.value[index - 1]), end, "")]
            return [self._edit(start, raw.value[1][0].start_mark.index, "")]
        before = self._slice(self._line_start(start), start)
        if _BLANK.match(before):
            return self._cut_lines(start, end)
        following = raw.value[index + 1][0].start_mark.index if index == 0 else None
        if following is None or "#" in self._slice(end, following):
            return None
        return [self._edit(start, following, "")]

    def _cut_element(self, raw: Any, index: int) -> list[Edit] | None:
        item = raw.value[index]
        if item.start_mark.index < raw.start_mark.index or "&" in self._slice(
            item.start_mark.index, self._value_end(item)
        ):
            return None
        start, end = item.start_mark.index, self._value_end(item)
        if raw.flow_style:
            if index > 0:
                return [self._edit(self._value_end(raw.value[index - 1]), end, "")]
            return [self._edit(start, raw.value[1].start_mark.index, "")]
        dash = self.text.rfind("-", 0, self.base + start) - self.base
        if not _BLANK.match(self._slice(self._line_start(dash), dash)):
            return None
        return self._cut_lines(dash, end)

    def _cut_lines(self, start: int, end: int) -> list[Edit]:
        """Remove whole lines, with the comment behind the last; at the end of the file the line end before them."""
        first, last = self._line_start(start), self._line_end(end)
        match = _LINE_END.match(self.text, self.base + last)
        after = match.end() - self.base if match else last
        if after == last and first > 0:
            mark = 2 if self._slice(first - 2, first) == "\r\n" else 1
            return [self._edit(first - mark, last, "")]
        return [self._edit(first, after, "")]

    # Places; indexes are those of the parsed part

    def _end(self, pair: tuple[Any, Any]) -> int:
        """Where an entry ends: its value, or the colon of an empty one."""
        key, value = pair
        if value.end_mark.index <= key.end_mark.index:
            colon = _COLON.match(self.text, self.base + key.end_mark.index)
            return colon.end() - self.base if colon else int(key.end_mark.index)
        return self._value_end(value)

    def _value_end(self, value: Any) -> int:
        """Where a written value ends: libyaml ends block collections and scalars at the next token."""
        raw = value
        while type(raw) is not ScalarNode and not raw.flow_style and raw.value:
            last = raw.value[-1] if type(raw) is SequenceNode else raw.value[-1][1]
            if last.start_mark.index < raw.start_mark.index:
                return self._line_end(self._alias_line(raw))
            if last.end_mark.index <= last.start_mark.index and type(raw) is MappingNode:
                return self._end(raw.value[-1])
            raw = last
        start: int = raw.start_mark.index
        return start + len(self._slice(start, raw.end_mark.index).rstrip())

    def _alias_line(self, raw: Any) -> int:
        index: int = raw.end_mark.index
        return (
            self._line_start(index) - 1
            if self._slice(self._line_start(index), index).strip() == ""
            else index
        )

    def _entry_end(self, pair: tuple[Any, Any]) -> int | None:
        """Where an entry ends, if something can be written below it; None for one whose end is not plain to see."""
        key, value = pair
        if self._elsewhere(key, value):
            return (
                key.end_mark.index
                if "\n" not in self._slice(key.end_mark.index, key.end_mark.index + 1)
                else None
            )
        end = self._leaf_end(value)
        if end is None:
            return None
        return max(end, int(key.end_mark.index))

    def _leaf_end(self, value: Any) -> int | None:
        raw = value
        while type(raw) is not ScalarNode and not raw.flow_style and raw.value:
            last = raw.value[-1] if type(raw) is SequenceNode else raw.value[-1][1]
            if last.start_mark.index < raw.start_mark.index:
                return None
            if type(raw) is MappingNode and last.end_mark.index <= last.start_mark.index:
                return int(raw.value[-1][0].end_mark.index)
            raw = last
        if type(raw) is ScalarNode and raw.style in ("|", ">"):
            header = self._slice(raw.start_mark.index, self._line_end(raw.start_mark.index))
            if "+" in header or not raw.value.strip():
                return None  # blank lines below it belong to it
        start: int = raw.start_mark.index
        return start + len(self._slice(start, raw.end_mark.index).rstrip())

    def _elsewhere(self, key: Any, value: Any) -> bool:
        return bool(value.start_mark.index < key.end_mark.index)

    def _templated(self, start: int, end: int) -> bool:
        written = self._slice(start, end)
        return "{{" in written or "{%" in written or "${" in written

    def _line_start(self, index: int) -> int:
        return line_start(self.text, self.base + index) - self.base

    def _line_end(self, index: int) -> int:
        match = _LINE_END.search(self.text, self.base + index)
        return (match.start() if match else len(self.text)) - self.base

    def _slice(self, start: int, end: int) -> str:
        return self.text[self.base + start : self.base + end]

    def _edit(self, start: int, end: int, text: str) -> Edit:
        return Edit(self.path, self.base + start, self.base + end, text)


def own_pair(raw: Any, key: str) -> tuple[Any, Any] | None:
    """The entry of a key that is written in this very mapping; of a key given twice the last, as readers take it."""
    found = None
    for pair in raw.value:
        if type(pair[0]) is ScalarNode and pair[0].value == key:
            found = pair
    return found


def chain_at(raw: Any, offset: int) -> list[tuple[Any, Any]]:
    """The way from a node down to the entry or element that begins at an offset: (collection, key or index) each.

    Empty when none begins there; of an element and its first entry the entry, unless the element is a scalar.
    """
    chain: list[tuple[Any, Any]] = []
    found: list[tuple[Any, Any]] = []
    while type(raw) is not ScalarNode and raw.value:
        entries = (
            [(key, key.value, value) for key, value in raw.value if type(key) is ScalarNode]
            if type(raw) is MappingNode
            else [(item, index, item) for index, item in enumerate(raw.value)]
        )
        inside = [entry for entry in entries if entry[0].start_mark.index <= offset]
        if not inside:
            break
        head, step, below = max(inside, key=lambda entry: entry[0].start_mark.index)
        chain.append((raw, step))
        if head.start_mark.index == offset:
            found = list(chain)
            if type(raw) is MappingNode:
                break
        if below.start_mark.index < head.start_mark.index:
            break  # an alias
        raw = below
    return found
