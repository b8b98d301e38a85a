"""A file that was read, and what a format is: how it is read and what rules can ask of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linter import cel
from linter.finding import Diagnostic
from linter.formats.model import Model
from linter.formats.node import Step
from linter.frozen import dataclass, field
from linter.text import SourceText


@dataclass(slots=True)
class Document:
    """One file (or one embedded document) read as one format. `root` is the format's own top model."""

    text: SourceText
    format: str
    root: Any = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sensitive: set[str] = field(default_factory=set)  # values never to be shown (plan masks, known secrets)
    problems: list[Problem] = field(default_factory=list)
    embedded: list[Document] = field(default_factory=list)  # other formats inside: manifests in Terraform
    # further files that it was put together from, and the offset that their places count from (past its own text);
    # what stands in them is told when they are read themselves
    beyond: list[tuple[int, Document]] = field(default_factory=list)
    guests: set[str] = field(
        default_factory=set
    )  # paths of those that are told of here as well: what it includes
    written_in: str = ""  # the file that holds what this embedded document was read from, when it is another
    models: list[Model] = field(default_factory=list)  # those over its nodes, for `close`
    _noted: set[Problem] = field(default_factory=set)

    @property
    def path(self) -> str:
        return self.text.path

    def note(self, problem: Problem) -> None:
        """Add a problem that a model meets while rules ask it, once."""
        if problem not in self._noted:
            self._noted.add(problem)
            self.problems.append(problem)

    def close(self) -> None:
        """Let go of its models, which know each other both ways: what is left then needs no collector to be freed."""
        for model in self.models:
            model.__dict__.clear()
        self.models.clear()
        self.root = None

    def at(self, offset: int) -> tuple[int, Document]:
        """The document that an offset is in, and where the places of that one begin."""
        return next((item for item in reversed(self.beyond) if item[0] <= offset), (0, self))


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a file that could not be read; becomes a finding of `unparsable-file` while the rest is judged.

    `limit`: nothing is wrong with it but its size or amount; becomes a finding of `file-too-large`.
    """

    message: str
    start: int
    end: int
    limit: bool = False


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """What a rule can be `for`. `scope` names the models that its conditions see, the subject first."""

    name: str
    format: str
    scope: tuple[tuple[str, type[Model] | cel.Type], ...]
    iterate: Callable[[Document], Iterator[tuple[Any, ...]]]
    doc: str = ""
    project: bool = False  # judged once for all files together, over records
    roots: Mapping[str, tuple[str, tuple[Step, ...]]] = field(default_factory=dict)
    # an untyped scope name -> the model that can locate it, and the path to it there
    needs: type[Model] | None = None  # nothing of it is in a document without an object of this class
    late: Callable[[Any], tuple[Any, ...]] | None = None
    # the end of the scope, from the subject: made only where a rule asks about that


@dataclass(frozen=True, slots=True)
class Format:
    """An input language: how to read it and what rules can ask of it."""

    name: str
    read: Callable[[SourceText], Document]  # raises errors.UnreadableError when nothing of it can be read
    subjects: tuple[SubjectKind, ...]
    functions: tuple[cel.Function, ...] = ()
    example_file: str = ""  # the name that a rule's examples have unless they say another
    inventory: Callable[[Document], list[dict[str, Any]]] | None = None  # accelerator demand, for reports
    holds: Callable[[Document], frozenset[type]] | None = (
        None  # classes of the objects in it: see SubjectKind.needs
    )
    records: Callable[[Document], list[tuple[Any, ...]]] | None = (
        None  # facts for rules across files: see records.py
    )
    joins: Callable[[Document], list[dict[str, Any]]] | None = None  # objects that complete others
    read_within: Callable[[SourceText, Path], Document] | None = (
        None  # as `read`, with the files of the tree that it is put together from; the path is the root of the scan
    )
    project: Callable[[Sequence[tuple[Any, ...]], Any], Document] | None = (
        None  # all records, context -> document
    )
    # whether its records say of findings of single files that they are moot, also where no rule across files is on
    answers: bool = False
