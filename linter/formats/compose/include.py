"""`include`: other Compose projects whose services, volumes and networks a file takes over.

As compose-go does it (loader/include.go): the files of an entry are merged, the later over the earlier; what the
including file says of the same service lies over that, what an earlier entry brought too. Paths start from the project
directory of whoever includes. Variables come from the `.env` of the entry's project directory or the files it
names, below those of the including project.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from linter.formats.compose.dotenv import variables
from linter.formats.compose.interpolate import HOLE
from linter.formats.compose.sources import MAX_FILES, Sources, within
from linter.formats.compose.tree import ComposeNode, is_map
from linter.formats.document import Problem
from linter.formats.node import SCALAR, Node
from linter.frozen import dataclass
from linter.text import Span

MAX_ENTRIES = 100  # of `include`, counted through all files
_IMPORTED = frozenset({"services", "volumes", "networks", "secrets", "configs", "models"})


class _Imported(ComposeNode):
    """An included file: of what stands at its top only what is taken over."""

    __slots__ = ()

    def get(self, key: str) -> ComposeNode | None:
        return super().get(key) if key in _IMPORTED else None

    def keys(self) -> Sequence[str]:
        return [key for key in super().keys() if key in _IMPORTED]  # noqa: SIM118 - nodes are no mappings


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an `include` is read: what its paths start from, what is known there and how we came there."""

    home: str
    variables: Mapping[str, str]
    chain: tuple[str, ...]  # files that include each other in turn, the last one is being read


def with_included(root: ComposeNode, path: str, sources: Sources) -> ComposeNode:
    """A file (the one at `path`) over what it includes, as far as that can be had."""
    if root.get("include") is None:
        return root
    reader = _Reader(sources)
    place = _Place(posixpath.dirname(path), root.variables, (path,))
    layers = reader.beneath(root, place, None)
    return ComposeNode((*root.layers, *layers), open_=root.open, variables=root.variables)


class _Reader:
    """Follows `include` from one file on."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.left = MAX_ENTRIES

    def beneath(self, root: ComposeNode, place: _Place, through: Span | None) -> list[Node]:
        """The layers that the entries of a file bring. `through`: the entry of the file itself that led here."""
        node = root.get("include")
        layers: list[Node] = []
        for element in node.elements() if node is not None else ():
            span = through or element.head_span()
            if self.left <= 0:
                self._say(
                    span, f"More than {MAX_ENTRIES} entries of `include`; the rest is not read.", limit=True
                )
                break
            self.left -= 1
            layers += self._entry(element, place, span)
        return layers

    def _entry(self, element: ComposeNode, place: _Place, span: Span) -> list[Node]:
        long = is_map(element)
        names = list(_texts(element.get("path") if long else element))
        paths = [self._path(place.home, name) for name in names]
        folder = element.get("project_directory") if long else None
        home = self._path(place.home, folder.text()) if folder is not None else _parent(paths)
        if home is None or not paths or None in paths:
            return []  # somewhere else, or not known
        known = {**self._variables(element, place.home, home), **place.variables}
        layers: list[Node] = []
        for path, name in zip(paths, names, strict=True):
            assert path is not None
            below = _Place(home, known, (*place.chain, path))
            layers = self._file(path, name, below, span) + layers
        return layers

    def _path(self, home: str, name: str) -> str | None:
        remote = "://" in name or name.startswith("git@")
        return None if remote or HOLE in name or not name else within(home, name)

    def _file(self, path: str, name: str, place: _Place, span: Span) -> list[Node]:
        if path in place.chain[:-1]:
            self._say(span, f"Includes itself: {' includes '.join(place.chain)}.")
            return []
        full = path not in self.sources.roots and len(self.sources.roots) >= MAX_FILES
        opened = self.sources.open(path)
        if opened is None:
            if full:
                self._say(
                    span, f"Put together from more than {MAX_FILES} files; '{name}' is not read.", limit=True
                )
            elif path in self.sources.why:
                self._say(span, f"Includes '{name}', which {self.sources.why[path]}.")
            return []
        self.sources.homes[path] = place.home
        self.sources.document.guests.add(path)
        node = ComposeNode(opened.layers, variables=place.variables)
        return [_Imported(node.layers, variables=node.variables), *self.beneath(node, place, span)]

    def _variables(self, element: ComposeNode, base: str, home: str) -> dict[str, str]:
        named = element.get("env_file") if is_map(element) else None
        paths = [within(home, ".env")] if named is None else [self._path(base, n) for n in _texts(named)]
        found: dict[str, str] = {}
        for path in paths[:MAX_FILES]:
            text = self.sources.content(path) if path is not None else None
            found.update(variables(text) if text is not None else {})
        return found

    def _say(self, span: Span, message: str, *, limit: bool = False) -> None:
        if self.sources.root is not None and not self.sources.document.at(span.start)[0]:
            self.sources.document.note(Problem(message, span.start, span.end, limit=limit))


def _parent(paths: Sequence[str | None]) -> str | None:
    return posixpath.dirname(paths[0]) if paths and paths[0] is not None else None


def _texts(node: ComposeNode | None) -> Iterator[str]:
    """The text or the texts of a list."""
    if node is None:
        return
    if node.kind == SCALAR:
        yield node.text()
    for element in node.elements():
        yield element.text()
