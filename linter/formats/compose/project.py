"""What Compose files say about other files: env files, and the Dockerfiles that they build."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

from linter.errors import UnreadableError
from linter.formats import secrets
from linter.formats.compose.interpolate import HOLE
from linter.formats.compose.service import Service
from linter.formats.compose.tree import ComposeNode, is_map
from linter.formats.document import Document
from linter.formats.model import fact, field
from linter.formats.node import MAP, SCALAR
from linter.formats.records import Data, Project, ProjectContext, Record, plain_record
from linter.text import SourceText, Span

ENV_FILE = "compose-env-file"
BUILD = "compose-build"
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


class BuiltImage(Record):
    """An image that a service builds from a stage which it names, and runs as the user of that stage."""

    file: str = field("", "path of the Dockerfile, relative to the root of the scan")
    target: str = field("", "name of the stage")
    service: str = field("", "name of the service")

    @fact
    def runsAsRoot(self) -> bool:
        """Whether that stage runs as root; false for the last one, of which the Dockerfile's own rules tell."""
        stage = self._stage()
        if stage is None or stage.final:
            return False
        if stage.user_set:
            return bool(stage.effective.root)
        return not stage.nonroot_base

    def _stage(self) -> Any:
        from linter.formats.dockerfile.read import read

        context: ProjectContext = self.project.context
        try:
            stages = read(context.text(self.file)).root.stages
        except (OSError, KeyError, UnreadableError):  # not in the repository, or no Dockerfile
            return None
        return next((stage for stage in stages if stage.name == self.target.lower()), None)


class ComposeProject(Project):
    """All Compose files of a scan."""

    @fact
    def builtImages(self) -> list[BuiltImage]:
        """Images that services without a user of their own build from a stage that they name."""
        return [BuiltImage(data, self) for data in self.by_type.get(BUILD, ())]

    @fact
    def envFiles(self) -> list[EnvFile]:
        """Files that services name under `env_file`."""
        return [EnvFile(data, self) for data in self.by_type.get(ENV_FILE, ())]


def records(document: Document) -> list[Data]:
    """The env files and stages that a Compose file names, as plain data."""
    found: list[Data] = []
    for service in document.root.services:
        found += _built(document, service)
        for name, span in env_files(service):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), name))
            if HOLE in name or posixpath.isabs(name) or path.startswith("..") or document.at(span.start)[0]:
                continue  # outside of what was given to us to read, or said of the file that names it
            fields = {"file": path, "service": service.name}
            address = f"{service.address}/env_file/{name}"
            found.append(plain_record(ENV_FILE, document.path, address, fields, {"": span}))
    return found


def _built(document: Document, service: Service) -> list[Data]:
    build = service.child("build")
    target = build.get("target") if is_map(build) and build is not None else None
    if target is None or service.open or service.child("user") is not None:
        return []
    assert build is not None
    context, name = (build.get(key) for key in ("context", "dockerfile"))
    folder = context.text() if context is not None else "."
    path = posixpath.normpath(
        posixpath.join(
            posixpath.dirname(document.path), folder, name.text() if name is not None else "Dockerfile"
        )
    )
    if HOLE in path + target.text() or "://" in folder or path.startswith(("..", "/")):
        return []
    fields = {"file": path, "target": target.text(), "service": service.name}
    span = build.entry_span("target")
    if document.at(span.start)[0]:
        return []  # another file names it, and says so itself
    return [plain_record(BUILD, document.path, f"{service.address}/build/target", fields, {"": span})]


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


def project(found: Sequence[Data], context: ProjectContext) -> Document:
    """Join the records of all Compose files."""
    return Document(SourceText("", ""), "compose", ComposeProject(found, context, "compose"))


def projects(document: Document) -> Iterator[tuple[ComposeProject]]:
    """The one subject of rules across files."""
    yield (document.root,)
