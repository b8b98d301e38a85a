"""From text to services: documents and files merged, `include` and `extends` followed."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from linter.errors import UnreadableError
from linter.formats.compose.file import ComposeFile
from linter.formats.compose.include import with_included
from linter.formats.compose.sources import ENGINE, OVERRIDES, Sources
from linter.formats.compose.tree import ComposeNode, is_map
from linter.formats.document import Document, Problem
from linter.formats.node import Node
from linter.formats.yamltree import parse_documents, parse_templated
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex
from linter.text import SourceText, Span

_OVERRIDE_NAME = lazy_regex(r"(?:^|[._-])overrides?(?:[._-]|$)", re.IGNORECASE)
_MAX_EXTENDS = 20  # services that one extends in turn
MAX_LINKS = 2_000  # that are followed for one file
MAX_BROUGHT = 50_000  # values that services of one file take from those that they extend


def read(text: SourceText) -> Document:
    """Read a Compose file alone. Raises UnreadableError when nothing of it can be read."""
    return _read(text, None)


def read_within(text: SourceText, root: Path) -> Document:
    """Read a Compose file of a tree with what stands beside it. Raises UnreadableError as `read` does."""
    return _read(text, root)


def _read(text: SourceText, tree: Path | None) -> Document:
    engine = ENGINE.search(text.text) is not None
    stream = parse_templated(text) if engine else parse_documents(text)
    roots = [node for node in stream.documents if is_map(node)]
    if not roots and stream.problems and not stream.engine:
        first = stream.problems[0]
        raise UnreadableError(first.message, first.start, first.end)
    document = Document(text, "compose")
    if not stream.engine:
        document.problems.extend(stream.problems)
    sources = Sources(document, tree)
    root = sources.joined(roots) if roots else None
    if root is not None:
        sources.roots[text.path] = root
        root = _with_partner(root, sources)
    document.root = ComposeFile(document, root, sources)
    return document


def _with_partner(root: ComposeNode, sources: Sources) -> ComposeNode:
    """The file merged with its override, or over what it overrides; open when a part of that can't be read."""
    name = PurePosixPath(sources.document.path).name
    root = with_included(root, sources.document.path, sources)
    path = sources.partner()
    if path is None:
        return root.opened() if _OVERRIDE_NAME.search(name) else root
    other = sources.open(path)
    if other is None:
        return root.opened()
    other = with_included(other, path, sources)
    above, below = (root, other) if name in OVERRIDES else (other, root)
    return ComposeNode((*above.layers, *below.layers), open_=root.open, variables=root.variables)


@dataclass(slots=True)
class _Chain:
    """A service of one file with what it extends beneath it."""

    layers: list[Node] = field(default_factory=list)
    stands: list[Span] = field(default_factory=list)  # where each layer's name is written
    open: bool = False  # a part of it is not here


def service_node(
    services: ComposeNode, name: str, sources: Sources
) -> tuple[ComposeNode | None, tuple[Span, ...]]:
    """A service with what it extends beneath it, and where its parts stand, the nearest first.

    Open where a part of it stands in a file that can't be read.
    """
    node = services.get(name)
    if node is None or not is_map(node):
        return node, ()
    holders = [layer for layer in services.layers if is_map(layer.get(name))][: len(node.layers)]
    chains = [_chain(holder, services, name, sources) for holder in holders]
    layers = [layer for chain in chains for layer in chain.layers]
    open_ = node.open or any(chain.open for chain in chains)
    result = ComposeNode(layers, open_=open_, variables=services.variables)
    if result.get("image") is None and result.get("build") is None:
        result = result.opened()  # a piece of a service whose rest stands in another file
    return result, tuple(span for chain in chains for span in chain.stands)


def _chain(holder: Node, services: ComposeNode, name: str, sources: Sources) -> _Chain:
    chain = _Chain()
    around: ComposeNode | None = services
    seen: set[tuple[str, str]] = set()
    for _ in range(_MAX_EXTENDS):
        node = holder.get(name)
        if not is_map(node):
            chain.open = True
            break
        assert node is not None
        stand = holder.entry_span(name)
        path = sources.path_at(stand.start)
        if (path, name) in seen:
            chain.open = True
            break
        seen.add((path, name))
        if chain.layers:
            sources.brought += sources.weight(path, name, node)
            if sources.brought > MAX_BROUGHT:
                _say_once(
                    sources, chain.stands[-1], f"Services take more than {MAX_BROUGHT:,} values from others"
                )
                chain.open = True
                break
        chain.layers.append(node)
        chain.stands.append(stand)
        if sources.links >= MAX_LINKS:
            chain.open = True
            break
        extended = _extended(ComposeNode((node,), variables=services.variables))
        if extended is None:
            break
        file, name = extended
        sources.links += 1
        if sources.links == MAX_LINKS:
            _say_once(sources, stand, f"More than {MAX_LINKS:,} times a service extends another")
        if file is not None:
            around = _services(sources, path, file)
            if around is None:
                chain.open = True
                break
        assert around is not None
        if file is not None or holder.get(name) is None:  # a later document of the file may hold it
            holder = next((layer for layer in around.layers if layer.get(name) is not None), around)
    else:
        chain.open = True
    return chain


def _say_once(sources: Sources, stand: Span, words: str) -> None:
    """Tell of a limit at a service of the file itself."""
    if words not in sources.said and not sources.document.at(stand.start)[0]:
        sources.said.add(words)
        problem = Problem(f"{words}; the rest is not followed.", stand.start, stand.end, limit=True)
        sources.document.note(problem)


def _services(sources: Sources, path: str, file: str) -> ComposeNode | None:
    """The services of a file that the one at `path` names."""
    place = sources.beside(path, file) if file else None
    return sources.services(place) if place is not None else None


def _extended(node: ComposeNode) -> tuple[str | None, str] | None:
    """The file ('' when it is not known) and the name of the service that this one extends; None without."""
    extends = node.get("extends")
    if extends is None:
        return None
    if not is_map(extends):
        name = extends.string()
        return None, name if isinstance(name, str) else ""
    base, file = (
        found.string() if (found := extends.get(key)) is not None else None for key in ("service", "file")
    )
    name = base if isinstance(base, str) else ""
    return (None if file is None else file if isinstance(file, str) else ""), name
