"""From text to services: documents merged, `extends` followed within the file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from linter.errors import UnreadableError
from linter.formats.compose.file import ComposeFile
from linter.formats.compose.tree import ComposeNode, is_map
from linter.formats.document import Document
from linter.formats.node import Node
from linter.formats.yamltree import parse_documents, parse_templated
from linter.patterns import lazy_regex
from linter.text import SourceText

_OVERRIDE_NAME = lazy_regex(r"(?:^|[._-])overrides?(?:[._-]|$)", re.IGNORECASE)
_ENGINE = lazy_regex(r"^[^#\n\"']*(?:\{\{|\{%)", re.MULTILINE)
_MAX_EXTENDS = 20  # services that one extends in turn


def read(text: SourceText) -> Document:
    """Read a Compose file. Raises UnreadableError when nothing of it can be read."""
    # Compose's own `${X}` is no template; `{{ }}` comes from an engine that makes the file
    engine = _ENGINE.search(text.text) is not None
    stream = parse_templated(text) if engine else parse_documents(text)
    roots = [node for node in stream.documents if is_map(node)]
    if not roots and stream.problems and not stream.engine:
        first = stream.problems[0]
        raise UnreadableError(first.message, first.start, first.end)
    document = Document(text, "compose")
    if not stream.engine:
        document.problems.extend(stream.problems)
    # a later document of the same file overrides an earlier one, as further files would
    root = ComposeNode(tuple(reversed(roots))) if roots else None
    if root is not None and _OVERRIDE_NAME.search(PurePosixPath(text.path).name):
        root = root.opened()
    document.root = ComposeFile(document, root)
    return document


def service_node(services: ComposeNode, name: str) -> ComposeNode | None:
    """A service with what it extends beneath it; open where a part of it stands in another file."""
    node = services.get(name)
    if node is None or not is_map(node):
        return node
    seen = {name}
    result = node
    for _ in range(_MAX_EXTENDS):
        base_name = _extended(node)
        if base_name is None:
            break
        node = services.get(base_name) if base_name and base_name not in seen else None
        if not is_map(node):
            return result.opened()
        assert node is not None
        seen.add(base_name)
        result = result.below(node)
    if result.get("image") is None and result.get("build") is None:
        return result.opened()  # a piece of a service whose rest stands in another file
    return result


def _extended(node: ComposeNode) -> str | None:
    """The name of the service that this one extends; '' when it stands in another file, None without."""
    extends: Node | None = node.get("extends")
    if extends is None:
        return None
    if not is_map(extends):
        return extends.string() if isinstance(extends.string(), str) else ""
    base, file = extends.get("service"), extends.get("file")
    name = base.string() if base is not None else ""
    return name if file is None and isinstance(name, str) else ""
