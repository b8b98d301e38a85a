"""What values of a chart have for a component besides the form of its container: the images of its sidecars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linter.formats.node import MAP, Node, Step

_DEEP = 3  # `node.sidecars.registrar.image`
_IMAGE_KEYS = ("image", "repository")


def has_sidecar(values: Node | None, steps: Sequence[Step], program: str) -> bool:
    """Whether a component of values, and not they as a whole, names an image of a program for one of its sidecars."""
    component = values if steps else None
    for step in steps:
        component = component.child(step) if component is not None else None
    return component is not None and any(program in image for image in _images(component, 0))


def _images(node: Node, depth: int) -> Iterator[str]:
    for key in node.keys() if node.kind == MAP and depth <= _DEEP else ():
        child = node.get(key)
        if child is None:
            continue
        if key in _IMAGE_KEYS and isinstance(text := child.string(), str):
            yield text
        yield from _images(child, depth + 1)
