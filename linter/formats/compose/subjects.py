"""What Compose rules can be `for`."""

from __future__ import annotations

from collections.abc import Iterator

from linter.formats.compose.file import ComposeFile
from linter.formats.compose.project import ComposeProject, projects
from linter.formats.compose.service import Service
from linter.formats.document import Document, SubjectKind


def _files(document: Document) -> Iterator[tuple[ComposeFile]]:
    yield (document.root,)


def _services(document: Document) -> Iterator[tuple[Service, ComposeFile]]:
    for service in document.root.services:
        if service.here:
            yield service, document.root


SUBJECTS = (
    SubjectKind("compose", "compose", (("compose", ComposeFile),), _files, "A Compose file"),
    SubjectKind(
        "service",
        "compose",
        (("service", Service), ("compose", ComposeFile)),
        _services,
        "A service of a Compose file",
    ),
    SubjectKind(
        "project",
        "compose",
        (("project", ComposeProject),),
        projects,
        "All Compose files of a scan",
        project=True,
    ),
)
