"""JSON text to located nodes.

The C decoder of the standard library reads the values; where they stand is found out only for what is asked,
by decoding the members of one object or array again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Problem
from linter.formats.node import MAP, SCALAR, SEQ, Node
from linter.patterns import lazy_regex
from linter.text import Span

_BLANK = lazy_regex(r"[ \t\r\n]*")
_DECODE = json.JSONDecoder().raw_decode
MAX_PROBLEMS = 50  # keys that stand twice that are told of one file
_LONG = 2_000  # characters of an object or array whose members are looked for once

Parts = dict["str | int", tuple[int, int, int, int]]


class JsonText:
    """The text that the nodes of one file share, and how its offsets map to the file's."""

    __slots__ = ("known", "offset", "open", "text")

    def __init__(self, text: str, offset: Callable[[int], int], *, open_: bool = False) -> None:
        self.text = text
        self.offset = offset
        self.open = open_
        self.known: dict[int, Parts] = {}  # members of what is long, by where it starts: nodes are made anew


class JsonNode(Node):
    """A decoded value that finds its place when asked."""

    __slots__ = ("_owner", "_parts", "_place", "_step", "kind", "open", "source", "value")

    def __init__(
        self, value: Any, source: JsonText, owner: JsonNode | None, step: str | int, start: int = 0
    ) -> None:
        self.value = value
        self.source = source
        self._owner = owner
        self._step = step
        self._place: tuple[int, int] | None = None if owner is not None else (start, start)
        self._parts: Parts | None = None
        self.kind = MAP if isinstance(value, dict) else SEQ if isinstance(value, list) else SCALAR
        self.open = source.open

    def opened(self) -> JsonNode:
        """The same value with every object and array open."""
        source = JsonText(self.source.text, self.source.offset, open_=True)
        return JsonNode(self.value, source, None, 0, self._range()[0])

    def get(self, key: str) -> JsonNode | None:
        if self.kind != MAP or key not in self.value:
            return None
        return JsonNode(self.value[key], self.source, self, key)

    def keys(self) -> Sequence[str]:
        return list(self.value) if self.kind == MAP else ()

    def elements(self) -> Sequence[JsonNode]:
        if self.kind != SEQ:
            return ()
        return [JsonNode(item, self.source, self, index) for index, item in enumerate(self.value)]

    def element(self, index: int) -> JsonNode | None:
        if self.kind != SEQ or not -len(self.value) <= index < len(self.value):
            return None
        index %= len(self.value)
        return JsonNode(self.value[index], self.source, self, index)

    def scalar(self) -> Any:
        return self.value if self.kind == SCALAR else UNKNOWN

    def string(self) -> Any:
        start, end = self._range()
        if self.kind != SCALAR:
            return UNKNOWN
        return self.value if isinstance(self.value, str) else self.source.text[start:end]

    def plain(self) -> Any:
        return self.value

    @property
    def span(self) -> Span:  # type: ignore[override]
        return self._span(*self._range())

    def key_span(self, key: str) -> Span | None:
        """Where the key itself stands, with its quotes."""
        part = self._members().get(key)
        return self._span(part[0], part[1]) if part else None

    def entry_span(self, key: str) -> Span:
        part = self._members().get(key)
        if part is None:
            return self.head_span()
        key_start, key_end, _, end = part
        return self._span(key_start, key_end if "\n" in self.source.text[key_start:end] else end)

    def head_span(self) -> Span:
        start, end = self._range()
        if "\n" not in self.source.text[start:end] and (self.kind == SCALAR or not self.value):
            return self._span(start, end)
        if self.kind == MAP and self.value:
            return self.entry_span(next(iter(self.value)))
        if self.kind == SEQ and self.value:
            return self.elements()[0].head_span()
        return self._span(start, start + 1)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source.offset(start), self.source.offset(end))

    def _range(self) -> tuple[int, int]:
        place = self._place
        if place is None:
            assert self._owner is not None
            _, _, start, end = self._owner._members()[self._step]
            place = self._place = (start, end)
        elif self._owner is None and place[0] == place[1]:
            place = self._place = (place[0], _DECODE(self.source.text, place[0])[1])
        return place

    def _members(self) -> Parts:
        """Member to (key start, key end, value start, value end); the last of equal keys, as the decoder."""
        if self._parts is None:
            start = self._place[0] if self._place is not None else self._range()[0]
            self._parts = self._find_members(start) if self.kind != SCALAR else {}
        return self._parts

    def _find_members(self, start: int) -> Parts:
        source = self.source
        found = source.known.get(start)
        if found is None:
            found, end = _members(source.text, start, self.kind)
            if end - start > _LONG:
                source.known[start] = found
        return found


def _members(text: str, start: int, kind: str) -> tuple[Parts, int]:
    """The members of what starts there, and where it ends."""
    parts: Parts = {}
    index = _skip(text, start + 1)
    count = 0
    while text[index] not in "]}":
        key: str | int = count
        key_start = key_end = index
        if kind == MAP:
            key, key_end = scanstring(text, index + 1, True)
            index = _skip(text, _skip(text, key_end) + 1)  # over the colon
        value_end = _DECODE(text, index)[1]
        parts[key] = (key_start, key_end, index, value_end)
        index = _skip(text, value_end)
        if text[index] == ",":
            index = _skip(text, index + 1)
        count += 1
    return parts, index


def _skip(text: str, index: int) -> int:
    match = _BLANK.match(text, index)
    return match.end() if match else index


def looks_like_json(path: str, text: str) -> bool:
    """Whether the JSON reader should have the first try: by name, or by a first character of `{`."""
    return path.lower().endswith(".json") or text[_skip(text, 0) :][:1] == "{"


def parse_json(text: str, offset: Callable[[int], int]) -> tuple[list[Node], list[Problem]] | None:
    """The documents of a JSON text (one, or several in a row) and its problems; None when it is not JSON."""
    problems: list[Problem] = []
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            seen: set[str] = set()
            repeated.extend(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return result

    decode = json.JSONDecoder(object_pairs_hook=pairs).raw_decode
    source = JsonText(text, offset)
    documents: list[Node] = []
    index = _skip(text, 0)
    while index < len(text):
        try:
            value, end = decode(text, index)
        except (json.JSONDecodeError, RecursionError, ValueError):
            return None
        documents.append(JsonNode(value, source, None, 0, index))
        index = _skip(text, end)
    for key in list(dict.fromkeys(repeated))[:MAX_PROBLEMS]:
        places = [match.start() for match in re.finditer(re.escape(json.dumps(key)) + r"\s*:", text)]
        start = places[-1] if places else 0
        end = start + len(json.dumps(key)) if places else 1
        message = f"duplicate key '{key}': the last one wins, the first is lost"
        problems.append(Problem(message, offset(start), offset(end)))
    return documents, problems
