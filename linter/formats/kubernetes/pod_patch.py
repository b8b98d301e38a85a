"""The patch of a pod that a workflow holds as text: `podSpecPatch` of Argo, a strategic merge in YAML or JSON."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.image import HOLE
from linter.formats.kubernetes.overlay import Elements, Overlay
from linter.formats.kubernetes.patches import merge
from linter.formats.node import MAP, SEQ, Node, ValueNode
from linter.formats.yamltree import YamlSource, parse_documents
from linter.text import SourceText

_MAIN = "main"  # what Argo calls the one container of a template
_LISTS = ("containers", "initContainers")


def patch_in(text: Node) -> Node | None:
    """The patch that a text holds, all of it at the text's place; None where that is not known.

    Values that a template or a parameter fills in are unknown.
    """
    written = text.string()
    if written is UNKNOWN:
        written = getattr(getattr(text, "raw", None), "value", None)
    if not isinstance(written, str):
        return None
    plain = _read(written)
    return ValueNode(plain, text.head_span()) if isinstance(plain, dict) else None


@lru_cache(maxsize=16)  # every template of a workflow has the workflow's own patch beside its own
def _read(written: str) -> Any:
    documents = parse_documents(SourceText("", written), YamlSource(written, templated=True)).documents
    return _known(documents[0].plain()) if len(documents) == 1 and documents[0].kind == MAP else None


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _known(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_known(item) for item in value]
    return UNKNOWN if isinstance(value, str) and HOLE in value else value


def patched(pod: Overlay, change: Node | None) -> Overlay:
    """The pod with a patch over it. Nothing is known of images, and of what is absent, where there is no patch."""
    if change is None:
        return Overlay(pod, {key: _blurred(found) for key in _LISTS if (found := pod.get(key))}, open_=True)
    extra: dict[str, Node] = {}
    for key in change.keys():  # noqa: SIM118 - a Node is no dict
        below, above = pod.get(key), change.get(key)
        if key in _LISTS:
            above = _own(below, above)
        found = merge(below, above, key)
        if found is not None:
            extra[key] = found
    return Overlay(pod, extra, open_=pod.open)


def _blurred(containers: Node) -> Node:
    items = [
        Overlay(item, {"image": ValueNode(UNKNOWN, item.entry_span("image"))}, open_=True)
        for item in containers.elements()
    ]
    return Elements(items, open_=True)


def _own(below: Node | None, above: Node | None) -> Node | None:
    """Those of a patch's containers that the template has: others are Argo's own, `wait` and `init`."""
    if below is None or above is None or above.kind != SEQ:
        return None
    names = [_name(item) for item in below.elements()]
    kept: list[Node] = []
    for item in above.elements():
        name = _name(item)
        if name == _MAIN and _MAIN not in names and names:
            item = Overlay(item, {"name": ValueNode(names[0], item.span)})
            name = names[0]
        if name in names:
            kept.append(item)
    return Elements(kept) if kept else None


def _name(container: Node) -> Any:
    found = container.get("name")
    return found.string() if found is not None else None
