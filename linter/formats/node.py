"""A located value tree: what every data-shaped input (YAML, JSON, evaluated HCL) is read into.

Readers subclass `Node` so that values and spans are computed only when a rule or a finding asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.cel import UNKNOWN
from linter.text import Span

Step = str | int
MAP, SEQ, SCALAR = "map", "seq", "scalar"


class Node:
    """One value with its place. The base class is the interface; `ValueNode` is the plain implementation."""

    __slots__ = ()

    kind: str  # MAP, SEQ or SCALAR
    span: Span  # of the whole value
    open: bool  # more keys or elements may exist than are written here (a patch, a template include)

    def get(self, key: str) -> Node | None:
        """The value under `key` of a mapping, merge keys applied; None when absent or not a mapping."""
        raise NotImplementedError

    def keys(self) -> Sequence[str]:
        """Keys of a mapping in the order written; empty for others."""
        raise NotImplementedError

    def elements(self) -> Sequence[Node]:
        """Elements of a sequence; empty for others."""
        raise NotImplementedError

    def scalar(self) -> Any:
        """The resolved scalar: str, int, float, bool, None, or UNKNOWN for a hole; UNKNOWN for maps and sequences."""
        raise NotImplementedError

    def string(self) -> Any:
        """The scalar's content as written, without quotes, whatever it would resolve to; UNKNOWN for a hole."""
        raise NotImplementedError

    def plain(self) -> Any:
        """The whole value as dict, list and scalars, with UNKNOWN where it is not known."""
        if self.kind == MAP:
            result = {}
            for key in self.keys():
                child = self.get(key)
                result[key] = child.plain() if child is not None else None
            return result
        if self.kind == SEQ:
            values = [child.plain() for child in self.elements()]
            if self.open:
                values.append(UNKNOWN)
            return values
        return self.scalar()

    def entry_span(self, key: str) -> Span:
        """Where `key` stands in this mapping: `key: value` when both are on one line, else the key alone."""
        raise NotImplementedError

    def branches(self, key: str) -> Sequence[tuple[Span, Node]]:
        """Each of several entries that are written for one key, as in branches of a template; none for a single one."""
        return ()

    def head_span(self) -> Span:
        """The one line that stands for this value: the first entry or element, or the scalar itself."""
        raise NotImplementedError

    def child(self, step: Step) -> Node | None:
        if isinstance(step, str):
            return self.get(step)
        return self.element(step)

    def element(self, index: int) -> Node | None:
        """One element of a sequence; None past its ends. Readers of long lists answer without making all of them."""
        elements = self.elements()
        return elements[index] if -len(elements) <= index < len(elements) else None


def plain_at(node: Node, *steps: str) -> Any:
    """What `node.plain()` has at these keys, without reading the rest; None when it is absent."""
    for step in steps:
        if node.kind == SCALAR:
            return UNKNOWN if node.scalar() is UNKNOWN else None
        child = node.get(step)
        if child is None:
            return None
        node = child
    return node.plain()


class ValueNode(Node):
    """A node over a plain Python value whose parts all share one span (a value that was computed)."""

    __slots__ = ("kind", "open", "span", "value")

    def __init__(self, value: Any, span: Span, *, open_: bool = False) -> None:
        self.value = value
        self.span = span
        self.open = open_
        self.kind = MAP if isinstance(value, dict) else SEQ if isinstance(value, list) else SCALAR

    def get(self, key: str) -> Node | None:
        if self.kind != MAP or key not in self.value:
            return None
        return ValueNode(self.value[key], self.span)

    def keys(self) -> Sequence[str]:
        return list(self.value) if self.kind == MAP else ()

    def elements(self) -> Sequence[Node]:
        if self.kind != SEQ:
            return ()
        return [ValueNode(item, self.span) for item in self.value if item is not UNKNOWN]

    def scalar(self) -> Any:
        return self.value if self.kind == SCALAR else UNKNOWN

    def string(self) -> Any:
        value = self.scalar()
        if value is UNKNOWN or isinstance(value, str):
            return value
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    def plain(self) -> Any:
        return self.value

    def entry_span(self, key: str) -> Span:
        return self.span

    def head_span(self) -> Span:
        return self.span
