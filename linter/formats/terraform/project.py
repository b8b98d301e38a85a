"""All configurations that are scanned together: what they give the variables of each other's modules."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from functools import cached_property
from os.path import relpath

from linter.formats.document import Document
from linter.formats.model import field
from linter.formats.records import Data, Project, ProjectContext, Record, plain_record
from linter.formats.terraform.exposure import is_sensitive
from linter.formats.terraform.given import is_answered
from linter.formats.terraform.modulecall import ModuleCall
from linter.formats.terraform.secretnames import names_secret
from linter.formats.terraform.source import SourceOrigin
from linter.text import SourceText

ARGUMENT = "tf-secret-argument"


class SecretArgument(Record):
    """What a call gives a variable of a local module that is named for a secret and not marked."""

    folder: str = field("", "the module's, relative to the root of the scan")
    name: str = field("", "name of the variable")
    answered: bool = field(False, "whether it is masked already, or told of where it comes from")


class TerraformProject(Project):
    """All configurations of a scan."""

    @cached_property
    def _arguments(self) -> dict[tuple[str, str], bool]:
        """Whether all calls answer for a variable, by the folder of its module and its name."""
        found: dict[tuple[str, str], bool] = {}
        for data in self.by_type.get(ARGUMENT, ()):
            argument = SecretArgument(data, self)
            key = argument.folder, argument.name
            found[key] = found.get(key, True) and argument.answered
        return found

    def is_moot(self, word: str, path: str, subject: str) -> bool:
        """`given_masked`: every call of a module gives the variable what is masked, or told of there."""
        key = posixpath.dirname(path), subject.removeprefix("var.")
        return word == "given_masked" and self._arguments.get(key, False)


def records(document: Document) -> list[Data]:
    """The secrets that calls of local modules in a file give them, as plain data."""
    calls = {
        subject.name: subject for subject in document.root or () if isinstance(subject, ModuleCall)
    }  # one for all instances
    return [record for call in calls.values() for record in _of_call(document, call)]


def _of_call(document: Document, call: ModuleCall) -> Iterator[Data]:
    origin = call.origin
    module = origin.module if isinstance(origin, SourceOrigin) else None
    child = module.child(call.name) if module is not None else None
    if not isinstance(origin, SourceOrigin) or module is None or child is None or child.folder is None:
        return
    folder = relpath(child.folder.path, child.folder.root).replace("\\", "/")
    for item in origin.block.body.attributes.values():
        declared = child.variables.get(item.name)
        if declared is None or not names_secret(item.name) or is_sensitive(child, declared):
            continue
        fields = {
            "folder": "" if folder == "." else folder,
            "name": item.name,
            "answered": is_answered(module, item.expr),
        }
        yield plain_record(ARGUMENT, document.path, f"{call.address}/{item.name}", fields, {"": item.span})


def project(found: Sequence[Data], context: ProjectContext) -> Document:
    """Join the records of all configurations."""
    return Document(SourceText("", ""), "terraform", TerraformProject(found, context, "terraform"))
