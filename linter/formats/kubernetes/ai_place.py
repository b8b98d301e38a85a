"""Where a word of a container's command line stands in the file, also inside a script of many lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.formats.kubernetes import ai_mount
from linter.formats.launchers import Origin
from linter.formats.model import Place
from linter.formats.node import Node
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container


def word_place(container: Container, origin: Origin | None, value: str = "") -> Place:
    """The word with the value behind it, as far as both are on one line; else the list element, or the container."""
    node = container.node
    if origin is None or node is None:
        return container.place()
    holder = node.get(origin.field)
    element = holder.child(origin.index) if holder is not None else None
    if element is None:
        return container.place()
    if origin.field == "env":
        return Place(element.entry_span("value") if element.get("value") is not None else element.head_span())
    text = _text_of(container, origin, element)
    written = container.document.text.slice(text.span)
    if origin.text and "\n" in written:
        flag = rf"(?<![\w-]){re.escape(origin.text)}"
        exact = re.search(rf"{flag}[ \t=:]+['\"]?{re.escape(value)}(?![\w-])", written) if value else None
        behind = "" if "=" in origin.text else r"(?:[ \t=]+[^\s\\]+)?"
        match = exact or re.search(flag + behind, written)
        if match is not None and "\n" not in match[0]:
            return _within(text, match)
    return Place(element.head_span())


def words_place(container: Container, origin: Origin, text: str) -> Place:
    """The first words of a command, `text`, in the script that holds them; else as `word_place`."""
    holder = container.node.get(origin.field) if container.node is not None else None
    element = holder.child(origin.index) if holder is not None else None
    if element is not None and origin.field != "env":
        script = _text_of(container, origin, element)
        written = container.document.text.slice(script.span)
        match = re.search(r"[ \t]+".join(map(re.escape, text.partition("…")[0].split(" ")[:2])), written)
        if "\n" in written and match is not None:
            return _within(script, match)
    return word_place(container, origin)


def _text_of(container: Container, origin: Origin, element: Node) -> Node:
    """What the word was read from: the element itself, or the mounted file that it names."""
    return (ai_mount.file_at(container, origin.file) if origin.file else None) or element


def _within(node: Node, match: re.Match[str]) -> Place:
    start = node.span.start
    return Place(Span(start + match.start(), start + match.end()))
