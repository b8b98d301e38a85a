"""A YAML file of ours as plain data, with the position of every part: for errors that say where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from linter.errors import RuleError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Located:
    """Plain data plus the 1-based position of each key and element, by path."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        loader = _Loader(text)
        try:
            self.node = loader.get_single_node()
            self.data: Any = loader.construct_document(self.node) if self.node is not None else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            raise RuleError(path, line, column, f"not valid YAML: {error.problem or error.context}") from None
        except yaml.YAMLError as error:
            raise RuleError(path, 0, 0, f"not valid YAML: {error}") from None
        finally:
            loader.dispose()

    def position(self, steps: Sequence[str | int]) -> tuple[int, int]:
        """Line and column of the value at `steps`, or of its nearest present parent."""
        node = self.node
        for step in steps:
            child = _child(node, step)
            if child is None:
                break
            node = child
        if node is None:
            return (1, 1)
        return (node.start_mark.line + 1, node.start_mark.column + 1)

    def scalar_style(self, steps: Sequence[str | int]) -> str | None:
        """`|` or `>` for block scalars, quotes for quoted ones, None for plain scalars."""
        node = self.node
        for step in steps:
            node = _child(node, step)
        return getattr(node, "style", None)

    def key_position(self, steps: Sequence[str | int], key: str) -> tuple[int, int]:
        """Line and column of a key in the mapping at `steps`."""
        node = self.node
        for step in steps:
            node = _child(node, step)
        if isinstance(node, yaml.MappingNode):
            for key_node, _ in node.value:
                if key_node.value == key:
                    return (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        return self.position(steps)

    def error(
        self, steps: Sequence[str | int], message: str, hint: str | None = None, shift: int = 0
    ) -> RuleError:
        """An error at a part; `shift` is a code-point offset into a plain one-line scalar there."""
        line, column = self.position(steps)
        style = self.scalar_style(steps) if shift else None
        if style in ("'", '"'):
            shift += 1
        if style in ("|", ">"):
            shift = 0
        return RuleError(self.path, line, column + shift, message, hint)


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
