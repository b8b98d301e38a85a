"""What Compose files say about other files: the env files that they name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linter.formats import secrets
from linter.formats.compose.interpolate import HOLE
from linter.formats.compose.service import Service
from linter.formats.compose.tree import ComposeNode
from linter.formats.document import Document
from linter.formats.model import fact, field
from linter.formats.node import MAP, SCALAR
from linter.formats.records import Project, ProjectContext, Record
from linter.text import SourceText, Span

ENV_FILE = "compose-env-file"
_MOST = 1_000_000  # characters of an env file that are looked at


class EnvFile(Record):
    """A file with variables that a service reads."""

    file: str = field("", "path as it is resolved, relative to the root of the scan")
    service: str = field("", "name of the service")

    @fact
    def secretKind(self) -> str | None:
        """The kind of the first literal secret in the file; null when it has none or is not there."""
        text = self._text()
        found = [*secrets.find_all(text), *secrets.find_named(text)]
        first = min((s for s in found if s.confidence != "low"), key=lambda s: s.start, default=None)
        return first.kind if first is not None else None

    def _text(self) -> str:
        context: ProjectContext = self.project.context
        try:
            return context.text(self.file).text[:_MOST]
        except (OSError, KeyError):  # not in the repository, as it should be
            return ""


class ComposeProject(Project):
    """All Compose files of a scan."""

    @fact
    def envFiles(self) -> list[EnvFile]:
        """Files that services name under `env_file`."""
        return [EnvFile(data, self) for data in self.by_type.get(ENV_FILE, ())]


def records(document: Document) -> list[dict[str, Any]]:
    """The env files that a Compose file names, as plain data."""
    found: list[dict[str, Any]] = []
    for service in document.root.services:
        for name, span in env_files(service):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), name))
            if HOLE in name or posixpath.isabs(name) or path.startswith(".."):
                continue  # outside of what was given to us to read
            fields = {"file": path, "service": service.name}
            places = {"": [span.start, span.end]}
            found.append(
                {
                    "type": ENV_FILE,
                    "path": document.path,
                    "address": f"{service.address}/env_file/{name}",
                    "fields": fields,
                    "places": places,
                }
            )
    return found


def env_files(service: Service) -> list[tuple[str, Span]]:
    """Names and places of the entries of `env_file`: a string, a list, or mappings with a path."""
    node = service.child("env_file")
    if node is None:
        return []
    if node.kind == SCALAR:
        return [(node.text(), service.locate(("env_file",)).span)]
    return [(name, element.head_span()) for element in node.elements() if (name := _path(element))]


def _path(element: ComposeNode) -> str:
    path = element.get("path") if element.kind == MAP else element
    return path.text() if path is not None else ""


def project(found: Sequence[Mapping[str, Any]], context: ProjectContext) -> Document:
    """Join the records of all Compose files."""
    return Document(SourceText("", ""), "compose", ComposeProject(found, context, "compose"))


def projects(document: Document) -> Iterator[tuple[ComposeProject]]:
    """The one subject of rules across files."""
    yield (document.root,)
