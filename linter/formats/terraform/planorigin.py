"""Where the values of a plan stand, in its JSON, and what its configuration says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linter.formats.jsontree import JsonNode
from linter.formats.model import Place
from linter.formats.node import Step
from linter.formats.terraform import address as addresses
from linter.formats.terraform import aliases
from linter.formats.terraform.planconfig import references
from linter.text import Span

MAX_SPAN = 2_000  # characters of a value that is quoted whole


class PlanOrigin:
    """A change of the plan, or a part of its configuration."""

    __slots__ = ("_base", "expressions", "mask", "node", "type", "values_path")

    def __init__(
        self,
        node: JsonNode,
        values_path: tuple[Step, ...],
        expressions: Any,
        mask: Any = None,
        type_: str = "",
    ) -> None:
        self.node = node
        self.values_path = values_path
        self._base: Any = None  # the node of the values: found once, so that its members are read once
        self.expressions = expressions if isinstance(expressions, dict) else {}
        self.mask = mask
        self.type = type_

    def locate(self, steps: Sequence[Step]) -> Place:
        if not steps:
            return Place(self._header())
        for path in (tuple(steps), *aliases.older(self.type, steps)):
            span = self._find(path)
            if span is not None:
                return Place(span)
        return Place(self._header(), absent=True)

    here = locate

    def _header(self) -> Span:
        for key in ("address", "source", "name"):
            if self.node.get(key) is not None:
                return self.node.entry_span(key)
        return self.node.head_span()

    def _find(self, steps: tuple[Step, ...]) -> Span | None:
        if self._base is None:
            base: Any = self.node
            for step in self.values_path:
                base = base.child(step) if base is not None else None
            self._base = base
        node = self._base
        span: Span | None = None
        for step in steps:
            if node is not None and node.kind == "seq" and isinstance(step, str):
                elements = node.elements()
                node = next(
                    (e for e in elements if e.get(step) is not None), elements[0] if elements else None
                )
            if node is None:
                return span
            if node.kind == "scalar":
                return span  # inside of a string: the string itself
            child = node.child(step)
            if child is None or (child.kind == "scalar" and child.scalar() is None):
                return None
            span = node.entry_span(step) if isinstance(step, str) else child.head_span()
            if isinstance(step, str) and span.end - span.start > MAX_SPAN:
                span = node.key_span(step) or span  # a whole document in a string: its key stands for it
            node = child
        return span

    def references(self, attribute: str | None) -> set[str]:
        found = self.expressions if attribute is None else self.expressions.get(attribute)
        return {addresses.reference_root(text) for text in references(found)}

    def words(self, attribute: str) -> list[str]:
        return list(references(self.expressions.get(attribute)))

    def calls(self, attribute: str) -> set[str]:
        return set()

    def literal(self, steps: Sequence[Step]) -> bool:
        found: Any = self.expressions
        for step in steps:
            if isinstance(found, list):
                found = (
                    found[step]
                    if isinstance(step, int) and step < len(found)
                    else found[0]
                    if found
                    else None
                )
                if isinstance(step, int):
                    continue
            if not isinstance(found, dict):
                return False
            if "constant_value" in found or "references" in found:
                break
            found = found.get(step)
        return isinstance(found, dict) and "constant_value" in found

    def provisioner(self, index: int) -> Place:
        return Place(self._header())

    def sensitive(self, steps: Sequence[Step]) -> bool:
        mask = self.mask
        for step in steps:
            if mask is True:
                return True
            if isinstance(mask, list) and isinstance(step, str):
                mask = mask[0] if mask else None
            if isinstance(mask, dict):
                mask = mask.get(step)
            elif isinstance(mask, list) and isinstance(step, int) and step < len(mask):
                mask = mask[step]
            else:
                return False
        return mask is True
