"""Files to documents: one alone, or the files of a directory together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from linter.errors import UnreadableError
from linter.finding import Diagnostic
from linter.formats.document import Document, Problem
from linter.formats.folder import Folder
from linter.formats.terraform import hcl, tfjson
from linter.formats.terraform.evaluate import evaluate
from linter.formats.terraform.module import Module
from linter.formats.terraform.room import MAX_CHARACTERS, MAX_PARTS, Room, parts_of
from linter.formats.terraform.source import subjects
from linter.formats.terraform.syntax import Attribute, File
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex
from linter.text import SourceText

AUTOMATIC = lazy_regex(r"(?:^|/)(?:terraform\.tfvars|[^/]*\.auto\.tfvars)(?:\.json)?$")
_OVERRIDE = lazy_regex(r"(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$")


MAX_KEPT = 256  # parsed files
KEPT_SHARE = 2  # they take no more than half of what may be read together


@dataclass(slots=True)
class _Parsed:
    """The files that were parsed last: a module is read for itself and for each root module that calls it."""

    files: dict[tuple[str, str], tuple[File, int]] = field(default_factory=dict)  # with its parts
    characters: int = 0
    parts: int = 0

    def get(self, text: SourceText) -> File:
        key = (text.path, text.text)
        found = self.files.pop(key, None)
        if found is None:
            file = tfjson.parse(text) if text.path.endswith(".json") else hcl.parse(text)
            found = file, parts_of(text)
            self.characters += len(text.text)
            self.parts += found[1]
            while self.files and self._full():
                first = next(iter(self.files))
                self.characters -= len(first[1])
                self.parts -= self.files.pop(first)[1]
        self.files[key] = found
        found[0].document = None
        return found[0]

    def _full(self) -> bool:
        return (
            len(self.files) >= MAX_KEPT
            or self.characters > MAX_CHARACTERS // KEPT_SHARE
            or self.parts > MAX_PARTS // KEPT_SHARE
        )


_PARSED = _Parsed()


def parse_file(text: SourceText) -> File:
    """Parse one configuration file, in either syntax; or what was made of the same text lately."""
    return _PARSED.get(text)


def read(text: SourceText) -> Document:
    """Read a file alone: a configuration file, variable values, or a plan."""
    if text.text.startswith("PK\x03\x04"):
        raise UnreadableError("a binary plan file", hint="make JSON of it with `terraform show -json`")
    if _is_configuration(text.path):
        return read_directory([text], None)[0]
    from linter.formats.terraform import plan

    document = plan.read(text)
    _embed([document])
    return document


def _is_configuration(path: str) -> bool:
    return path.endswith((".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json"))


def read_directory(texts: Sequence[SourceText], root: Path | None) -> list[Document]:
    """Read the files of one directory together; one document for each text, in order.

    `root` is the absolute folder that the texts' paths start from: other files (modules, templates) are read
    below it only. Without it nothing else is read.
    """
    documents: list[Document] = []
    files: list[File] = []
    by_file: dict[int, Document] = {}
    room = Room()
    for text in texts:
        document = Document(text, "terraform", root=[])
        documents.append(document)
        try:
            room.take(text)
            file = parse_file(text)
        except UnreadableError as error:
            document.problems.append(Problem(error.message, error.start, error.end, error.limit))
            continue
        _problems(document, file)
        by_file[id(file)] = document
        file.document = document
        files.append(file)
    settings: dict[str, Any] = {}
    settings_at: dict[str, Attribute] = {}
    sources = [file for file in files if ".tfvars" not in file.text.path]
    for file in sorted(files, key=lambda file: precedence(file.text.path)):
        if AUTOMATIC.search(file.text.path):
            settings.update(settings_of(file))
            settings_at.update(file.body.attributes)
    sources.sort(key=lambda file: (_OVERRIDE.search(file.text.path) is not None, file.text.path))
    folder = Folder(root / Path(texts[0].path).parent, root) if root is not None and texts else None
    subjects(Module(sources, folder, settings=settings, settings_at=settings_at), by_file)
    _embed(documents)
    return documents


def _embed(documents: Sequence[Document]) -> None:
    from linter.formats.terraform import embedded

    for document in documents:
        embedded.attach(document)


def _problems(document: Document, file: File) -> None:
    if file.errors and hcl.ENGINE.search(file.text.text):  # only the engine can say whether the result is HCL
        at = file.text.position(file.errors[0][0])
        document.diagnostics.append(
            Diagnostic("note", "template not read: not valid HCL", file.text.path, at.line, at.column)
        )
    elif file.text.path.endswith((".tf", ".tofu", ".tfvars")):
        length = len(file.text.text)
        for start, end in file.errors:  # the grammar may count one line end more than there is
            end = min(end, start + 200, length)
            document.problems.append(
                Problem("not valid HCL; the rest of the file is judged", min(start, end), end)
            )


def precedence(path: str) -> tuple[bool, str]:
    """In which order Terraform reads the files of values; what comes later wins."""
    name = path.rpartition("/")[2]
    return (not name.startswith("terraform.tfvars"), name)


def settings_of(file: File) -> dict[str, Any]:
    """The values of a tfvars file."""
    empty = Module([])
    return {name: evaluate(attribute.expr, empty.scope) for name, attribute in file.body.attributes.items()}
