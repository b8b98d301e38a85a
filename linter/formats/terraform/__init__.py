"""Terraform: plans and source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from linter import cel
from linter.formats.document import Document, Format, SubjectKind
from linter.formats.records import Data, ProjectContext
from linter.formats.terraform.declarations import Comment, Output, Provider, Settings, Variable
from linter.formats.terraform.model import Located
from linter.formats.terraform.modulecall import ModuleCall
from linter.formats.terraform.questions import FUNCTIONS
from linter.formats.terraform.resource import Resource
from linter.text import SourceText


def read_plan_file(path: str, data: bytes) -> list[Document]:
    """The configuration inside of a binary plan file. Raises `UnreadableError`."""
    from linter.formats.terraform import planfile

    return planfile.read_bytes(path, data)


def join_source(plan: Document, directory: Path, root: Path) -> list[Document]:
    """The documents of a plan with its resources moved to the source files in `directory` that made them."""
    from linter.formats.terraform import planned

    return planned.join(plan, directory, root)


GONE = frozenset({"delete", "forget"})
DESTROYED = frozenset({"delete", "replace"})


def read(text: SourceText) -> Document:
    """Read one file alone. Raises `UnreadableError`."""
    from linter.formats.terraform import reading as reader

    return reader.read(text)


def read_directory(texts: Sequence[SourceText], root: Path | None) -> list[Document]:
    """Read the Terraform files of one directory together; one document for each, in order."""
    from linter.formats.terraform import reading as reader

    return reader.read_directory(texts, root)


def _of(model: type[Located], gone: bool = False) -> Callable[[Document], Iterator[tuple[Any, ...]]]:
    def iterate(document: Document) -> Iterator[tuple[Any, ...]]:
        for subject in document.root or ():
            if isinstance(subject, model):
                action = subject.action if isinstance(subject, Resource) else ""
                if action in DESTROYED if gone else action not in GONE:
                    yield (subject,)

    return iterate


def _values(subject: Located) -> tuple[Any, ...]:
    return (subject.values,)


def _subject(name: str, model: type[Located], doc: str, gone: bool = False) -> SubjectKind:
    return SubjectKind(
        name,
        "terraform",
        (("resource", model), ("self", cel.RAW)),
        _of(model, gone),
        doc,
        late=_values,
        roots={"self": ("resource", ("values",))},
    )


def _records(document: Document) -> list[Data]:
    from linter.formats.terraform import project

    return project.records(document)


def _project(records: Sequence[Data], context: ProjectContext) -> Document:
    from linter.formats.terraform import project

    return project.project(records, context)


FORMAT = Format(
    "terraform",
    read,
    (
        _subject(
            "resource", Resource, "a resource, or a data source as `data.TYPE`; `self` holds its attributes"
        ),
        _subject("module", ModuleCall, "a call of a module; `self` holds its arguments"),
        _subject("variable", Variable, "an input variable; `self` is its block"),
        _subject("output", Output, "an output value; `self` is its block"),
        _subject("provider", Provider, "a provider configuration"),
        _subject("settings", Settings, "a `terraform` block"),
        _subject(
            "deletion", Resource, "what a plan deletes or replaces; `self` holds what it was", gone=True
        ),
        _subject("comment", Comment, "a comment that tells a linter to ignore something"),
    ),
    functions=FUNCTIONS,
    example_file="main.tf",
    records=_records,
    project=_project,
    answers=True,
)
