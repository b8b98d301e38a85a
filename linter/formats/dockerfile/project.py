"""Dockerfiles with the .dockerignore that stands beside them: rules about the build context."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from functools import cached_property

from linter.cel import UNKNOWN
from linter.formats.built import BUILD, Built
from linter.formats.dockerfile.brought import BROUGHT, Brought, brought_records
from linter.formats.dockerfile.contexts import Contexts
from linter.formats.dockerfile.copies import Copy
from linter.formats.dockerfile.dockerignore import Ignore
from linter.formats.dockerfile.model import Stage
from linter.formats.dockerfile.recopied import RECOPY, Recopy, recopy_records
from linter.formats.document import Document
from linter.formats.image import is_unknown
from linter.formats.model import fact, field
from linter.formats.records import Data, Project, ProjectContext, Record, record
from linter.formats.runs import Runs
from linter.text import SourceText


class ContextSource(Record):
    """One source of COPY or ADD that comes from the build context."""

    name: str = field("", "path within the context, normalised; `.` for all of it")
    keyword: str = field("", "COPY or ADD")
    everything: bool = field(False, "whether it is the whole context")
    shipped: bool = field(False, "whether the final stage is built from the stage that it goes into")

    @fact
    def tidy(self) -> bool:
        """Whether there surely is nothing in the context that a .dockerignore would leave out."""
        return self.project.contexts.is_tidy(self.project.context_of(self.path))

    @fact
    def has_ignore(self) -> bool:
        """Whether a .dockerignore stands beside the Dockerfile or in a directory above."""
        return self.project.nearest(self.path) is not None

    @fact
    def ignored(self) -> bool:
        """Whether the .dockerignore leaves it out, so that the build fails or copies nothing."""
        found: Ignore | None = self.project.beside(self.path)
        if found is None or found.negates:
            return False
        if self.everything:
            return found.all
        return "*" not in self.name and "?" not in self.name and found.excludes(self.name)


class DockerfileProject(Project):
    """All Dockerfiles of a scan."""

    def __init__(self, records: Sequence[Data], context: ProjectContext) -> None:
        super().__init__(records, context, "dockerfile")
        self._ignores: dict[str, Ignore | None] = {}
        self._folders: dict[str, str] = {}
        self.contexts = Contexts(context.names)

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """What COPY and ADD of each Dockerfile take from its context."""
        found: dict[str, list[str]] = {}
        for source in self.sources:
            found.setdefault(source.path, []).append(source.name)
        return found

    def context_of(self, dockerfile: str) -> str:
        """The folder that a Dockerfile is built from."""
        found = self._folders.get(dockerfile)
        if found is None:
            named = self._named.get(dockerfile, [])
            found = self._folders[dockerfile] = self.contexts.folder(dockerfile, named)
        return found

    @cached_property
    def _recopies(self) -> dict[tuple[str, str], Recopy]:
        found = (Recopy(data, self) for data in self.by_type.get(RECOPY, []))
        return {(one.path, one.address): one for one in found}

    @cached_property
    def _brought(self) -> dict[tuple[str, str], Brought]:
        found = (Brought(data, self) for data in self.by_type.get(BROUGHT, []))
        return {(one.path, one.address): one for one in found}

    @fact
    def sources(self) -> list[ContextSource]:
        """What COPY and ADD take from build contexts."""
        return [ContextSource(data, self) for data in self.by_type.get("source", [])]

    @cached_property
    def built(self) -> Built:
        """Which images the Dockerfiles are built to."""
        return Built(self)

    @cached_property
    def runs(self) -> Runs:
        """As whom what is scanned runs images."""
        return Runs(self)

    def is_moot(self, word: str, path: str, subject: str) -> bool:
        """`only_base`: of an image that others of the project are made from, which all leave root. `run_as_others`: of
        one that workloads of the project run, all of them as a user other than root. `small`: of files that a RUN
        stores a second time, or models that a COPY brings, all of them small."""
        if word == "small":
            found, brought = self._recopies.get((path, subject)), self._brought.get((path, subject))
            return (found is not None and not found.heavy) or (brought is not None and brought.small)
        if word == "run_as_others":
            return self.runs.only_as_others(path, self.built.names_of(path))
        return word == "only_base" and self.built.only_below_users(path)

    def _read(self, path: str) -> Ignore | None:
        if path not in self._ignores:
            try:
                self._ignores[path] = Ignore(self.context.text(path).text)
            except (OSError, KeyError):  # most have none
                self._ignores[path] = None
        return self._ignores[path]

    def beside(self, path: str) -> Ignore | None:
        """The .dockerignore that surely applies: the file's own, or the one in its directory, taken for the context."""
        folder = posixpath.dirname(path)
        return self._read(f"{path}.dockerignore") or self._read(posixpath.join(folder, ".dockerignore"))

    def nearest(self, path: str) -> Ignore | None:
        """The first .dockerignore from the file's directory up: the context may be any of them."""
        found = self.beside(path)
        folder = posixpath.dirname(path)
        # up to the root of the scan, or of the disk for a file that lies elsewhere and is shown by its absolute path
        while found is None and folder != posixpath.dirname(folder):
            folder = posixpath.dirname(folder)
            found = self._read(posixpath.join(folder, ".dockerignore"))
        return found


def records(document: Document) -> list[Data]:
    """The context sources of one Dockerfile, and whether its image runs as a user other than root."""
    final = document.root.final_stage
    result = []
    if final is not None:
        names = [stage.base.name for stage in document.root.stages if stage.base is not UNKNOWN]
        build = {
            "own_user": _has_own_user(final),
            "says_user": final.user_set or final.nonroot_base is True,
            "bases": sorted({n for n in names if isinstance(n, str)}),
            "below": _base_of_a_project(final),
        }
        result.append(record(BUILD, final, document.path, build, {}))
    for stage in document.root.stages:
        if stage.shipped:
            result.extend(recopy_records(stage, document.path))
            result.extend(brought_records(stage, document.path))
        for one in stage.all:
            if not isinstance(one, Copy) or one.onbuild:
                continue
            for source in one.sources:
                if source.context and not is_unknown(source.path):
                    facts = {
                        "name": source.path,
                        "keyword": one.keyword,
                        "everything": source.everything,
                        "shipped": stage.shipped,
                    }
                    result.append(record("source", source, document.path, facts, {}))
    return result


def _has_own_user(stage: Stage) -> bool:
    if stage.user_set:
        return stage.effective.root is False
    return stage.nonroot_base is True


def _base_of_a_project(stage: Stage) -> str:
    """The name of the image that it is made from, unless it is one of Docker's own, which have no owner."""
    image = stage.base
    if image is UNKNOWN or is_unknown(image.full_name) or not isinstance(image.name, str):
        return ""
    return "" if image.full_name.startswith("docker.io/library/") and not image.unowned else image.name


def project(found: Sequence[Data], context: ProjectContext) -> Document:
    """Join the records of all Dockerfiles."""
    return Document(SourceText("", ""), "dockerfile", DockerfileProject(found, context))


def projects(document: Document) -> Iterator[tuple[DockerfileProject]]:
    yield (document.root,)
