"""The files that a Compose file is put together from: `.env`, override, what it includes, services that it extends.

Nothing outside of the root of the scan is read; every look is noted (see `linter.formats.beside`). The places of
another file count on where the text before it ends: `Document.beyond` says where each begins.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from linter.formats.classify import classify
from linter.formats.compose.dotenv import variables
from linter.formats.compose.tree import ComposeNode, is_map
from linter.formats.document import Document
from linter.formats.folder import Folder
from linter.formats.node import MAP, SEQ, Node
from linter.formats.yamltree import YamlSource, parse_documents
from linter.patterns import lazy_regex
from linter.text import SourceText

# the names that `docker compose` looks for, the first that is there counts (compose-go, cli/options.go)
BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
MAX_FILES = 20  # that one is put together from

# Compose's own `${X}` is no template; `{{ }}` comes from an engine that makes the file
ENGINE = lazy_regex(r"^[^#\n\"']*(?:\{\{|\{%)", re.MULTILINE)


class Sources:
    """What stands beside a Compose file. Without a root there is nothing beside it."""

    def __init__(self, document: Document, root: Path | None) -> None:
        self.document = document
        self.root = root
        self.roots: dict[
            str, ComposeNode | None
        ] = {}  # by path; None: not there, or nothing that can be read
        self.unjudged: set[str] = set()  # files that nobody takes for Compose files of their own
        self.homes: dict[str, str] = {}  # included file -> the folder that its paths start from
        self.links = 0  # of `extends` that were followed
        self.brought = 0  # values that services took from those that they extend
        self.said: set[str] = set()  # limits that were told
        self.why: dict[str, str] = {}  # file that could not be opened -> the reason, where it is a fault
        self._services: dict[str, ComposeNode | None] = {}
        self._weights: dict[tuple[str, str], int] = {}
        self._end = len(document.text.text) + 1

    @cached_property
    def folder(self) -> Folder | None:
        """The folder of the file; None for a file that is read alone."""
        folder = posixpath.dirname(self.document.path)
        return Folder(self.root / folder, self.root) if self.root is not None else None

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """What the `.env` of the folder sets."""
        text = self.folder.read(".env") if self.folder is not None else None
        return variables(text) if text is not None else {}

    def partner(self) -> str | None:
        """The path of the file that Docker Compose merges with this one: its override, or what it overrides."""
        home, name = posixpath.split(self.document.path)
        folder = self.folder
        if folder is None or name not in (*BASES, *OVERRIDES) or "COMPOSE_FILE" in self.variables:
            return None
        mine, others = (BASES, OVERRIDES) if name in BASES else (OVERRIDES, BASES)
        earlier = mine[: mine.index(name)]
        if any(folder.read(other) is not None for other in earlier):
            return None  # Docker Compose takes that one
        found = next((other for other in others if folder.read(other) is not None), None)
        return posixpath.join(home, found) if found is not None else None

    def path_at(self, offset: int) -> str:
        """The path of the file that an offset is in."""
        return self.document.at(offset)[1].path

    def beside(self, path: str, file: str) -> str | None:
        """The path of a file that the one at `path` names; None when it leaves the root."""
        return within(self.homes.get(path, posixpath.dirname(path)), file)

    def open(self, path: str) -> ComposeNode | None:
        """The documents of another file, merged; None when it is not there or can't be read wholly."""
        if path not in self.roots:
            self.roots[path] = self._open(path)
        return self.roots[path]

    def services(self, path: str) -> ComposeNode | None:
        """The services of another file; kept, for their index is made once then."""
        if path not in self._services:
            root = self.open(path)
            services = root.get("services") if root is not None else None
            self._services[path] = services if is_map(services) else None
        return self._services[path]

    def weight(self, path: str, name: str, service: Node) -> int:
        """How many values the service of that name in a file has."""
        if (path, name) not in self._weights:
            self._weights[path, name] = _values(service)
        return self._weights[path, name]

    def _open(self, path: str) -> ComposeNode | None:
        if self.root is None or len(self.roots) >= MAX_FILES:
            return None
        content = self.content(path)
        if content is None or ENGINE.search(content) is not None:
            return None
        text = SourceText(path, content)
        stream = parse_documents(text, YamlSource(content, base=self._end))
        roots = [node for node in stream.documents if is_map(node)]
        if not roots or stream.problems:
            self.why[path] = "can't be read as a Compose file"
            return None
        if classify(path, content.encode("utf-8", "replace")) != self.document.format:
            self.unjudged.add(path)
        self.document.beyond.append((self._end, Document(text, self.document.format)))
        self._end += len(content) + 1
        return self.joined(roots)

    def content(self, path: str) -> str | None:
        """The text of another file; None when it is not there or none that may be read."""
        if self.root is None:
            return None
        folder = Folder(self.root, self.root)
        content = folder.read(path)
        if content is None and (place := folder.inside(path)) is not None and not os.path.exists(place):
            self.why[path] = "is not there"
        return content

    def joined(self, roots: list[Node]) -> ComposeNode:
        """Documents of one file: a later one overrides an earlier one, as further files would."""
        return ComposeNode(tuple(reversed(roots)), variables=self.variables)


def _values(node: Node) -> int:
    found = [node]
    for part in found:  # grows on the way
        if part.kind == SEQ:
            found += part.elements()
        elif part.kind == MAP:
            found += [child for key in part.keys() if (child := part.get(key)) is not None]  # noqa: SIM118
    return len(found)


def within(folder: str, file: str) -> str | None:
    """The path of what is named from a folder of the tree; None when that leaves the root."""
    found = posixpath.normpath(posixpath.join(folder, file))
    return None if found == ".." or found.startswith("../") or posixpath.isabs(found) else found
