"""Objects that a patch of their kustomization takes away (`$patch: delete`): nobody gets what no other one renders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from linter.adapters.kustomize import Kustomization
from linter.adapters.sourcemap import identity
from linter.formats.node import Node
from linter.render.patches import Layer, Patch
from linter.render.targets import ANY, Names


def deleted(
    parts: Sequence[Kustomization],
    patches: Sequence[Patch],
    objects: Callable[[Path], Layer | None],
) -> Iterator[tuple[Layer, Node]]:
    """The objects in files of a build's kustomizations that its patches delete, with the layer that each is in."""
    names: Names = frozenset(name for patch in patches for name in _deletes(patch))
    for path in (path for part in parts for path in part.files) if names else ():
        layer = objects(path)
        for node in layer.sources.nodes if layer is not None else ():
            if identity(node) in names and layer is not None:
                yield layer, node


def _deletes(patch: Patch) -> Iterator[tuple[str, str]]:
    """Kind and name of the objects that a patch deletes; of a target that is a pattern nothing is said."""
    for node in patch.layer.sources.nodes if patch.layer is not None else ():
        directive = node.get("$patch")
        if directive is None or directive.string() != "delete":
            continue
        name = identity(node) if patch.target is ANY else (patch.target.kind, patch.target.name)
        if all(name):
            yield name
