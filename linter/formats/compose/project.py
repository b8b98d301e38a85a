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
from linter.formats.runs import SERVICE
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
        project: ComposeProject = self.project
        return project.secret_in(self.file)


class BuiltImage(Record):
    """An image that a service builds from a stage which it names, and runs as the user of that stage."""

    file: str = field("", "path of the Dockerfile, relative to the root of the scan")
    target: str = field("", "name of the stage")
    service: str = field("", "name of the service")

    @fact
    def runsAsRoot(self) -> bool:
        """Whether that stage runs as root; false for the last one, of which the Dockerfile's own rules tell."""
        project: ComposeProject = self.project
        return project.rooted(self.file).get(self.target.lower(), False)


class ComposeProject(Project):
    """All Compose files of a scan."""

    def __init__(self, records: Sequence[Data], context: ProjectContext, format_name: str) -> None:
        super().__init__(records, context, format_name)
        # by path: thousands of services may name one file
        self._secrets: dict[str, str | None] = {}
        self._rooted: dict[str, dict[str, bool]] = {}

    def secret_in(self, file: str) -> str | None:
        """The kind of the first literal secret in an env file; None when it has none or is not there."""
        if file not in self._secrets:
            try:
                text = self.context.text(file).text[:_MOST]
            except (OSError, KeyError):  # not in the repository, as it should be
                text = ""
            found = [*secrets.find_all(text), *secrets.find_named(text)]
            first = min((s for s in found if s.confidence != "low"), key=lambda s: s.start, default=None)
            self._secrets[file] = first.kind if first is not None else None
        return self._secrets[file]

    def rooted(self, file: str) -> dict[str, bool]:
        """The stages of a Dockerfile by name, and whether each runs as root; the last one never counts."""
        from linter.formats.dockerfile.read import read

        if file not in self._rooted:
            try:
                stages = read(self.context.text(file)).root.stages
            except (OSError, KeyError, UnreadableError):  # not in the repository, or no Dockerfile
                stages = []
            self._rooted[file] = {stage.name: _runs_as_root(stage) for stage in reversed(stages)}
        return self._rooted[file]

    @fact
    def builtImages(self) -> list[BuiltImage]:
        """Images that services without a user of their own build from a stage that they name."""
        return [BuiltImage(data, self) for data in self.by_type.get(BUILD, ())]

    @fact
    def envFiles(self) -> list[EnvFile]:
        """Files that services name under `env_file`."""
        return [EnvFile(data, self) for data in self.by_type.get(ENV_FILE, ())]


def _runs_as_root(stage: Any) -> bool:
    if stage.final:
        return False
    return bool(stage.effective.root) if stage.user_set else not stage.nonroot_base


def records(document: Document) -> list[Data]:
    """The env files and stages that a Compose file names, as plain data."""
    found: list[Data] = []
    for service in document.root.services:
        found += _built(document, service)
        found += _run(document, service)
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
    path = _dockerfile(document, build)
    if not path or HOLE in target.text():
        return []
    fields = {"file": path, "target": target.text(), "service": service.name}
    span = build.entry_span("target")
    if document.at(span.start)[0]:
        return []  # another file names it, and says so itself
    return [plain_record(BUILD, document.path, f"{service.address}/build/target", fields, {"": span})]


def _dockerfile(document: Document, build: ComposeNode) -> str:
    """The path of the Dockerfile of a build, relative to the root of the scan; empty when it lies elsewhere."""
    context, name = (build.get(key) if is_map(build) else None for key in ("context", "dockerfile"))
    if not is_map(build):
        context = build  # the short form
    folder = context.text() if context is not None else "."
    path = posixpath.normpath(
        posixpath.join(
            posixpath.dirname(document.path), folder, name.text() if name is not None else "Dockerfile"
        )
    )
    return "" if HOLE in path or "://" in folder or path.startswith(("..", "/")) else path


def _run(document: Document, service: Service) -> list[Data]:
    """The image that a service runs, and the Dockerfile that it builds, unless it surely has a user but root."""
    user, build, image = (service.child(key) for key in ("user", "build", "image"))
    if (
        user is not None
        and HOLE not in user.text()
        and user.text().partition(":")[0] not in ("", "0", "root")
    ):
        return []
    fields = {
        "maybe_root": () if image is None else (image.text(),),
        "builds": _dockerfile(document, build) if build is not None else "",
    }
    return [plain_record(SERVICE, document.path, service.address, fields, {"": Span(0, 0)})]


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
