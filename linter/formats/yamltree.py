"""YAML text to located nodes, one tree a document.

PyYAML's C parser composes; its nodes are wrapped when something asks for them, and scalars are resolved then
(see `scalars`). Broken documents become problems and do not take their neighbours along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Problem
from linter.formats.image import HOLE
from linter.formats.jsontree import JsonNode, looks_like_json, parse_json
from linter.formats.node import MAP, SCALAR, SEQ, Node
from linter.formats.scalars import resolve
from linter.formats.yamlchecks import TOO_DEEP, alias_danger, audit, open_at
from linter.formats.yamlcompose import Again, MappingNode, ScalarNode, SequenceNode, compose
from linter.formats.yamlforeign import cover
from linter.formats.yamlholes import Filled, fill
from linter.frozen import dataclass, field, replace
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

MAX_PROBLEMS = 50  # duplicate keys of one document that are told
MAX_SPOTS = 500  # places of a template that are told apart; with more of them all of it is open
MAX_ANCHORS = 100  # of one text whose aliases are looked for; with more there may be some
MAX_MENDS = 12  # lines of a templated document that may be left out to read the rest

_TAG_PREFIX = "tag:yaml.org,2002:"
_DOCUMENT_START = lazy_regex(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_ANCHOR = lazy_regex(r"&(?<![^\s\[,{:?-]&)([A-Za-z0-9_-]+)")
_ALIAS_VALUE = lazy_regex(r"[ \t]*:[ \t]*\*[^\s,\]}]+")
_BLOCK_START = lazy_regex(r"[|>][^\n]*\n\s*")
_COLON = lazy_regex(r"[ \t]*:")


@dataclass(slots=True)
class YamlSource:
    """What the nodes of one document share: the text that was parsed, and its place in the file."""

    text: str
    base: int = 0  # offset in the file of the first character of `text`
    # from offsets in `text` to the file's, for embedded documents
    offsets: Callable[[int], int] | None = None
    templated: bool = False  # `text` holds HOLE characters, or stands in branches
    branches: bool = False  # parts may exclude each other
    spots: Sequence[tuple[int, int]] = ()  # (offset, column) where a template may add keys or elements
    open: bool = False  # every mapping and list of it may have more than is written (a patch)
    opened: set[int] = field(default_factory=set)  # ids of the composed nodes that the spots are in

    def is_open(self, raw: Any) -> bool:
        return self.open or id(raw) in self.opened or _has_open_key(raw)

    def offset(self, index: int) -> int:
        return self.offsets(index) if self.offsets else self.base + index


@dataclass(slots=True)
class Stream:
    """The documents that could be read, in order, and what could not."""

    documents: list[Node] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)  # of them, why whole documents were not looked at
    engine: bool = (
        False  # a template engine has to make YAML of it first, so a problem is no flaw of the file
    )


_KINDS = {MappingNode: MAP, SequenceNode: SEQ, ScalarNode: SCALAR}


class YamlNode(Node):
    """A composed node, wrapped."""

    __slots__ = ("_children", "_index", "kind", "open", "raw", "source")

    def __init__(self, raw: Any, source: YamlSource) -> None:
        self.raw = raw
        self.source = source
        self._index: dict[str, tuple[Any, Any]] | None = None
        self._children: dict[str, YamlNode] | None = None  # those that were asked for
        self.kind = _KINDS[type(raw)]
        self.open = (source.open or source.templated) and source.is_open(raw)

    @property
    def tag(self) -> str:
        """The explicit tag (`!reset`, `tag:yaml.org,2002:str`), '' when there is none."""
        tag: str = self.raw.tag
        return tag

    @property
    def style(self) -> str:
        """How a scalar is written: '' plain, one of ' \" | > else."""
        return getattr(self.raw, "style", None) or ""

    def _entries(self) -> dict[str, tuple[Any, Any]]:
        index = self._index
        if index is None:
            index = self._index = _index(self.raw) if self.kind == MAP else {}
            if self.source.templated and self.kind == MAP:
                self._settle(index)
        return index

    def _settle(self, index: dict[str, tuple[Any, Any]]) -> None:
        """A key that is a hole stands for any; a scalar written in several branches is unknown."""
        for key in [key for key in index if HOLE in key]:
            del index[key]
        if len(index) < len(self.raw.value):
            keys = [key.value for key, _ in self.raw.value]
            for key, (mark, value) in index.items():
                if keys.count(key) > 1 and type(value) is ScalarNode:
                    index[key] = (mark, ScalarNode("", HOLE, value.start_mark, value.end_mark))

    def get(self, key: str) -> YamlNode | None:
        children = self._children
        if children is not None and key in children:
            return children[key]
        index = self._index
        entry = (index if index is not None else self._entries()).get(key)
        if entry is None:
            return None
        child = YamlNode(entry[1], self.source)
        if children is None:
            self._children = {key: child}
        else:
            children[key] = child
        return child

    def keys(self) -> Sequence[str]:
        return list(self._entries())

    def elements(self) -> Sequence[YamlNode]:
        if self.kind != SEQ:
            return ()
        source = self.source
        return [YamlNode(raw, source) for raw in self.raw.value]

    def element(self, index: int) -> YamlNode | None:
        items = self.raw.value if self.kind == SEQ else ()
        return YamlNode(items[index], self.source) if -len(items) <= index < len(items) else None

    def scalar(self) -> Any:
        raw = self.raw
        if self.kind != SCALAR or (self.source.templated and HOLE in raw.value):
            return UNKNOWN
        return _scalar(raw)

    def string(self) -> Any:
        if self.kind != SCALAR or (self.source.templated and HOLE in self.raw.value):
            return UNKNOWN
        return self.raw.value

    def plain(self) -> Any:
        if self.source.open or self.source.templated or self.kind == SCALAR:
            return super().plain()
        return _plain(self.raw)

    @property
    def span(self) -> Span:  # type: ignore[override]
        return Span(self.source.offset(self.raw.start_mark.index), self.source.offset(self._end(self.raw)))

    def key_span(self, key: str) -> Span | None:
        """Where the key itself stands (a merged key: in the mapping that it comes from)."""
        entry = self._entries().get(key)
        if entry is None:
            return None
        mark = entry[0]
        return Span(self.source.offset(mark.start_mark.index), self.source.offset(mark.end_mark.index))

    def entry_span(self, key: str) -> Span:
        entry = self._entries().get(key)
        return self._pair_span(*entry) if entry is not None else self.head_span()

    def branches(self, key: str) -> Sequence[tuple[Span, Node]]:
        if self.kind != MAP or len(self._entries()) == len(self.raw.value):
            return ()
        pairs = [pair for pair in self.raw.value if type(pair[0]) is ScalarNode and pair[0].value == key]
        found = [(self._pair_span(*pair), YamlNode(pair[1], self.source)) for pair in pairs]
        return found if len(found) > 1 else ()

    def head_span(self) -> Span:
        raw = self.raw
        if self.kind == MAP and raw.value:
            return self._pair_span(*raw.value[0])
        if self.kind == SEQ and raw.value and raw.value[0].start_mark.index >= raw.start_mark.index:
            return YamlNode(raw.value[0], self.source).head_span()
        start, end = raw.start_mark.index, self._end(raw)
        if getattr(raw, "style", None) in ("|", ">"):  # the first line of the text says more than its mark
            first = _BLOCK_START.match(self.source.text, start, end)
            start = first.end() if first else start
        line_end = _line_end(self.source.text, start, end)
        return Span(self.source.offset(start), self.source.offset(line_end))

    def _pair_span(self, key: Any, value: Any) -> Span:
        start, end = key.start_mark.index, key.end_mark.index
        text = self.source.text
        if value.start_mark.index < end:  # an alias of something above: the alias itself has no mark
            match = _ALIAS_VALUE.match(text, end)
            end = match.end() if match else end
        elif _line_end(text, start, value.start_mark.index) < value.start_mark.index:
            pass  # a value that begins on a line of its own
        elif value.end_mark.index > value.start_mark.index:
            value_end = self._end(value)
            if _line_end(text, start, value_end) == value_end:
                end = value_end
        else:  # an empty value: the colon belongs to what is written
            match = _COLON.match(text, end)
            end = match.end() if match else end
        return Span(self.source.offset(start), self.source.offset(end))

    def _end(self, raw: Any) -> int:
        """Where the written value ends: libyaml ends block collections and scalars at the next token."""
        end: int = raw.end_mark.index
        text = self.source.text
        while type(raw) is not ScalarNode and not raw.flow_style and raw.value:
            last = raw.value[-1] if type(raw) is SequenceNode else raw.value[-1][1]
            if last.start_mark.index < raw.start_mark.index:
                break  # ends in an alias
            raw = last
            end = raw.end_mark.index
        if raw.start_mark.index < end and text[end - 1 : end] in ("\n", "\r", " "):
            end = raw.start_mark.index + len(text[raw.start_mark.index : end].rstrip())
        return end


def _scalar(raw: Any) -> Any:
    tag = raw.tag
    if not tag or tag == "!":
        return raw.value if raw.style or tag else resolve(raw.value)
    if tag == _TAG_PREFIX + "str":
        return raw.value
    return resolve(raw.value) if tag.startswith(_TAG_PREFIX) else UNKNOWN


def _plain(raw: Any) -> Any:
    """The value of a composed node of which all is written: no nodes are made for the parts of it."""
    sort = type(raw)
    if sort is ScalarNode:
        return _scalar(raw)
    if sort is MappingNode:
        return {key: _plain(pair[1]) for key, pair in _index(raw).items()}
    return [_plain(item) for item in raw.value]


def _has_open_key(raw: Any) -> bool:
    """Whether a key of a mapping is a hole: it may stand for any key."""
    return type(raw) is MappingNode and any(
        type(key) is ScalarNode and HOLE in key.value for key, _ in raw.value
    )


def _line_end(text: str, start: int, end: int) -> int:
    """`end`, or the end of the line that `start` is on when that comes first."""
    for mark in ("\n", "\r"):
        found = text.find(mark, start, end)
        if found >= 0:
            end = found
    return end


def _index(raw: Any) -> dict[str, tuple[Any, Any]]:
    """Key to (key node, value node), merge keys applied: own keys first, then earlier merged mappings'."""
    pairs = raw.value
    index = {pair[0].value: pair for pair in pairs if type(pair[0]) is ScalarNode}
    if "<<" in index and not index["<<"][0].style:
        del index["<<"]
        for merged in _merged(pairs):
            for key, pair in _index(merged).items():
                index.setdefault(key, pair)
    return index


def _merged(pairs: Any) -> Iterator[Any]:
    for key, value in pairs:
        if type(key) is ScalarNode and key.value == "<<":
            for source in value.value if type(value) is SequenceNode else (value,):
                if type(source) is MappingNode:
                    yield source


def parse_documents(text: SourceText, source: YamlSource | None = None) -> Stream:
    """Every document of a YAML or JSON text. Empty documents are left out; nothing raises for bad input."""
    source = source or YamlSource(text.text)
    if looks_like_json(text.path, source.text):
        stream = parse_json(source.text, source.offset)
        if stream is not None:
            return Stream(stream[0], stream[1])
    return _parse_yaml(source)


def parse_templated(text: SourceText, content: str | None = None) -> Stream:
    """As `parse_documents`, for files that a template engine may process: what it fills in is unknown.

    `content` is the text of the file with parts that are of no interest blanked out.
    """
    content = text.text if content is None else content
    if text.path.lower().endswith(".json"):
        return parse_documents(text, YamlSource(content))
    filled = fill(content)
    stream = _parse_filled(text, content, filled)
    if not stream.problems or stream.engine:
        return stream
    # no flaw where another program writes in it first: as it stands nothing could take it for YAML
    covered = cover(content if filled is None else filled.text) if compose(content)[1] is not None else None
    return stream if covered is None else _parse_filled(text, content, covered)


def _parse_filled(text: SourceText, content: str, filled: Filled | None) -> Stream:
    if filled is None:
        return parse_documents(text, YamlSource(content))
    stream = parse_documents(
        text, YamlSource(filled.text, templated=True, branches=filled.engine, spots=filled.spots)
    )
    stream.engine = filled.engine
    return stream


def opened(node: Node) -> Node:
    """The same tree with every mapping and list open: what is absent may come from elsewhere."""
    if isinstance(node, YamlNode):
        return YamlNode(node.raw, replace(node.source, open=True))
    return node.opened() if isinstance(node, JsonNode) else node


def parse_embedded(value: str, offsets: Callable[[int], int]) -> Stream:
    """The documents of a string within another file; `offsets` maps offsets in it to the file's."""
    return parse_documents(SourceText("", value), YamlSource(value, offsets=offsets))


def _parse_yaml(source: YamlSource) -> Stream:
    stream = Stream()
    again = Again()
    roots, problem = compose(source.text, again)
    if problem is None:
        _admit(stream, roots, source)
        return stream
    starts = [0, *(match.start() for match in _DOCUMENT_START.finditer(source.text) if match.start() > 0)]
    for start, end in zip(starts, [*starts[1:], len(source.text)], strict=True):
        part = _part(source, start, end)
        roots, problem = compose(part.text, again)
        if problem is not None and source.templated:
            roots, problem = _mend(part, problem, again)
        _admit(stream, roots, part)
        if problem is not None:
            stream.problems.append(_problem(problem, part))
    return stream


def _mend(
    source: YamlSource, problem: tuple[str, int], again: Again
) -> tuple[list[Any], tuple[str, int] | None]:
    """Leave out lines of a template that fit nowhere until the rest can be read; the rest is then open."""
    first, source.open = problem, True
    for _ in range(MAX_MENDS):
        index = min(problem[1], len(source.text) - 1)
        start = source.text.rfind("\n", 0, index) + 1
        end = source.text.find("\n", index)
        end = len(source.text) if end < 0 else end
        if not source.text[start:end].strip():
            break
        source.text = source.text[:start] + " " * (end - start) + source.text[end:]
        roots, next_problem = compose(source.text, again)
        if next_problem is None:
            return roots, None
        problem = next_problem
    return [], first


def _part(source: YamlSource, start: int, end: int) -> YamlSource:
    outer = source.offsets
    offsets = (lambda index: outer(index + start)) if outer else None
    spots = [(offset - start, column) for offset, column in source.spots if start <= offset < end]
    return YamlSource(
        source.text[start:end],
        source.base + start,
        offsets,
        source.templated,
        source.branches,
        spots,
        source.open,
    )


def _problem(problem: tuple[str, int], source: YamlSource) -> Problem:
    message, index = problem
    index = min(index, len(source.text))
    while index and source.text[index : index + 1] in ("", "\n", "\r"):
        index -= 1
    return Problem(message, source.offset(index), source.offset(_line_end(source.text, index, index + 1)))


def _has_aliases(text: str) -> bool:
    """Whether anything that looks like an anchor is named by something that looks like an alias."""
    if "&" not in text or "*" not in text:
        return False
    anchors = list(islice(_ANCHOR.finditer(text), MAX_ANCHORS + 1))
    return len(anchors) > MAX_ANCHORS or any(f"*{anchor[1]}" in text for anchor in anchors)


def _admit(stream: Stream, roots: list[Any], source: YamlSource) -> None:
    """Add the documents that are worth reading and safe to walk."""
    aliased = _has_aliases(source.text)
    for root in roots:
        if type(root) is ScalarNode and not root.value and not root.style:
            continue
        found = list(audit(root, source.offset, duplicates=not source.branches, shared=aliased))
        danger = alias_danger(root, source.offset) if aliased else None
        stream.problems += [*found[:MAX_PROBLEMS], *([danger] if danger is not None else [])]
        if danger is not None or (found and found[-1].message.startswith(TOO_DEEP)):
            stream.refused.append(danger or found[-1])
            continue
        if len(source.spots) > MAX_SPOTS:
            source.open = True
        else:
            for offset, column in source.spots:
                open_at(root, offset, column, source.opened)
        stream.documents.append(YamlNode(root, source))
