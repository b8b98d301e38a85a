"""Facts that outlive the file they come from: what rules `for: project` see across files.

A format's `records(document)` gives plain data (it crosses processes and is cached); `project(records, context)`
joins the records of all files into one model whose rules point back into the files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from sys import intern
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.model import Field, Model, Place
from linter.formats.node import Step
from linter.frozen import dataclass
from linter.text import SourceText, Span

# {"type": …, "path": …, "fields": {…}, "places": {"": packed(…), "spec.replicas": …}}
Data = Mapping[str, Any]
_PLAIN = frozenset((str, int, bool, float))
_COMMON = ("kind", "namespace", "resource")  # fields that have few values in a scan
_SPAN_BITS = 32  # more than the offsets of any file that is read have
UNKNOWN_MARK = ...  # UNKNOWN in plain data: always the same object, and no value of any file


@dataclass(frozen=True, slots=True)
class ProjectContext:
    """What a project is made of besides its records."""

    text: Callable[[str], SourceText]  # the text of a scanned file, read again when a finding needs it


class Record(Model):
    """One fact, read from plain data. Subclasses declare `field()`s; facts may follow links into the project."""

    def __init__(self, data: Data, project: Any) -> None:
        self.data = data
        self.project = project
        self.path: str = data["path"]

    def read_field(self, spec: Field) -> Any:
        value = self.data["fields"].get(spec.key)
        if value is None:
            default = spec.default
            return default.copy() if isinstance(default, (list, dict)) else default
        return thaw(value)

    @property
    def address(self) -> str:
        return str(self.data.get("address", ""))

    def place(self) -> Place:
        return self.locate(())

    def locate(self, steps: Sequence[Step]) -> Place:
        """The place noted for the path, or for its nearest noted parent."""
        places = self.data["places"]
        parts = [str(step) for step in steps]
        for count in range(len(parts), -1, -1):
            found = places.get(".".join(parts[:count]))
            if found is not None:
                document = self.project.document_of(self.path)
                return Place(unpacked(found), absent=count < len(parts), document=document)
        return Place(Span(0, 0), absent=True, document=self.project.document_of(self.path))


class Project(Model):
    """All records of a scan; subclasses declare lists of record models as facts."""

    def __init__(self, records: Sequence[Data], context: ProjectContext, format_name: str) -> None:
        self.context = context
        self.format_name = format_name
        self.by_type: dict[str, list[Data]] = {}
        for record in records:
            self.by_type.setdefault(record["type"], []).append(record)
        self._documents: dict[str, Document] = {}
        self.limits: list[str] = []  # what was too much, to be told

    def document_of(self, path: str) -> Document:
        found = self._documents.get(path)
        if found is None:
            found = self._documents[path] = Document(self.context.text(path), self.format_name)
        return found

    def place(self) -> Place:
        return Place(Span(0, 0), absent=True)


def record(
    type_: str,
    model: Model,
    path: str,
    fields: Data,
    at: Mapping[str, Sequence[Step]],
    home: Place | None = None,
) -> dict[str, Any]:
    """A record of a model: its fields, and the places of those that findings may point at (`name -> steps`).

    `home`: where the model stands, when that is known.
    """
    places = {"": packed((home or model.place()).span)}
    for name, steps in at.items():
        place = model.locate(steps)
        if not place.absent:
            places[name] = packed(place.span)
    frozen = {
        key: value if value.__class__ in _PLAIN else freeze(value)
        for key, value in fields.items()
        if value is not None  # as if it were not there
    }
    for key in _COMMON:
        value = frozen.get(key)
        if value.__class__ is str:
            frozen[key] = intern(value)  # one object for all that are loaded
    return {"type": intern(type_), "path": path, "address": model.address, "fields": frozen, "places": places}


def packed(span: Span) -> int:
    """A place as one number: there are hundreds of thousands in a large scan."""
    return span.start << _SPAN_BITS | span.end


def unpacked(place: int) -> Span:
    return Span(place >> _SPAN_BITS, place & (1 << _SPAN_BITS) - 1)


def freeze(value: Any) -> Any:
    """A value as plain data, UNKNOWN marked."""
    if value is None or value.__class__ in _PLAIN:
        return value
    if value is UNKNOWN or isinstance(value, type(UNKNOWN)):
        return UNKNOWN_MARK
    if value.__class__ is dict or isinstance(value, Mapping):
        return {str(key): freeze(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        # smaller than a list, and an empty one takes nothing
        return tuple([item if item.__class__ in _PLAIN else freeze(item) for item in value])
    return value


def thaw(value: Any) -> Any:
    """The inverse of `freeze`."""
    if value.__class__ in _PLAIN:
        return value
    if value is UNKNOWN_MARK:
        return UNKNOWN
    if isinstance(value, dict):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [thaw(item) for item in value]
    return value
