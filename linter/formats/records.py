"""Facts that outlive the file they come from: what rules `for: project` see across files.

A format's `records(document)` gives plain data (it crosses processes and is cached); `project(records, context)`
joins the records of all files into one model whose rules point back into the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.model import Field, Model, Place
from linter.formats.node import Step
from linter.frozen import dataclass
from linter.text import SourceText, Span

# A record as plain data: shape, path, address, the values of the shape's fields, then each name of a place and the
# place, packed. Flat, since a large scan holds hundreds of thousands: with a dict for each it took thrice the memory.
Data = tuple[Any, ...]
Shape = tuple[str, ...]  # the type, then the names of the fields; one object for all records that have it
FOLDER = -1  # in place of a size
_HEAD = 3  # of the items of a record stand before the values
_PLAIN = frozenset((str, int, bool, float))
_COMMON = ("kind", "namespace", "resource")  # fields that have few values in a scan
_SPAN_BITS = 32  # more than the offsets of any file that is read have
UNKNOWN_MARK = ...  # UNKNOWN in plain data: always the same object, and no value of any file


@dataclass(frozen=True, slots=True)
class ProjectContext:
    """What a project is made of besides its records."""

    text: Callable[[str], SourceText]  # the text of a scanned file, read again when a finding needs it
    # what lies in a folder of the tree by name: the size of a file in bytes, FOLDER for a folder; empty: nobody can say
    names: Callable[[str], Mapping[str, int]] = lambda folder: {}


class Record(Model):
    """One fact, read from plain data. Subclasses declare `field()`s; facts may follow links into the project."""

    def __init__(self, data: Data, project: Any) -> None:
        self.data = data
        self.project = project
        self.path: str = data[1]

    def read_field(self, spec: Field) -> Any:
        data = self.data
        index = (_INDEXES.get(id(data[0])) or _indexes(data[0])).get(spec.key)
        if index is None:
            default = spec.default
            return default.copy() if isinstance(default, (list, dict)) else default
        value = data[index]
        return value if value.__class__ in _PLAIN else thaw(value)

    @property
    def address(self) -> str:
        return str(self.data[2])

    def place(self) -> Place:
        return self.locate(())

    def locate(self, steps: Sequence[Step]) -> Place:
        """The place noted for the path, or for its nearest noted parent."""
        places = dict(places_of(self.data))
        parts = [str(step) for step in steps]
        for count in range(len(parts), -1, -1):
            found = places.get(".".join(parts[:count]))
            if found is not None:
                document = self.project.document_of(self.path)
                return Place(found, absent=count < len(parts), document=document)
        return Place(Span(0, 0), absent=True, document=self.project.document_of(self.path))


class Project(Model):
    """All records of a scan; subclasses declare lists of record models as facts."""

    def __init__(self, records: Sequence[Data], context: ProjectContext, format_name: str) -> None:
        self.context = context
        self.format_name = format_name
        self.by_type: dict[str, list[Data]] = {}
        for record in records:
            self.by_type.setdefault(record[0][0], []).append(record)
        self._documents: dict[str, Document] = {}
        self.limits: list[str] = []  # what was too much, to be told

    def document_of(self, path: str) -> Document:
        found = self._documents.get(path)
        if found is None:
            found = self._documents[path] = Document(self.context.text(path), self.format_name)
        return found

    def place(self) -> Place:
        return Place(Span(0, 0), absent=True)

    def is_moot(self, word: str, path: str, subject: str) -> bool:
        """Whether what a rule says of a subject in a file is moot by what other files say, as the word of it tells."""
        return False


def record(
    type_: str,
    model: Model,
    path: str,
    fields: Mapping[str, Any],
    at: Mapping[str, Sequence[Step]],
    home: Place | None = None,
) -> Data:
    """A record of a model: its fields, and the places of those that findings may point at (`name -> steps`).

    `home`: where the model stands, when that is known.
    """
    places = {"": (home or model.place()).span}
    for name, steps in at.items():
        place = model.locate(steps)
        if not place.absent:
            places[name] = place.span
    frozen = {
        key: value if value.__class__ in _PLAIN else freeze(value)
        for key, value in fields.items()
        if value is not None  # as if it were not there
    }
    for key in _COMMON:
        value = frozen.get(key)
        if value.__class__ is str:
            frozen[key] = intern(value)  # one object for all that are loaded
    return plain_record(type_, path, model.address, frozen, places)


def plain_record(
    type_: str, path: str, address: str, fields: Mapping[str, Any], places: Mapping[str, Span]
) -> Data:
    """A record of values that are plain data. `places` has the record's own under the empty name."""
    values = list(fields.values())
    for name, span in places.items():
        values += (intern(name), span.start << _SPAN_BITS | span.end)
    return (shared((type_, *fields)), path, address, *values)


def shared(shape: Shape) -> Shape:
    """The same shape as one object, in whichever process its record was made."""
    return _SHAPES.setdefault(shape, shape)


_SHAPES: dict[Shape, Shape] = {}  # there are as many as ways to describe an object
_INDEXES: dict[int, dict[str, int]] = {}  # by `id` of a shape: where the value of each field is


def _indexes(shape: Shape) -> dict[str, int]:
    found = {name: at for at, name in enumerate(shape[1:], _HEAD)}
    _INDEXES[id(shared(shape))] = found
    return found


def places_of(data: Data) -> Iterator[tuple[str, Span]]:
    """The places that a record notes, by name; the empty one is its own."""
    for at in range(_HEAD + len(data[0]) - 1, len(data), 2):
        yield data[at], Span(data[at + 1] >> _SPAN_BITS, data[at + 1] & (1 << _SPAN_BITS) - 1)


def with_places(data: Data, places: Mapping[str, Span]) -> Data:
    """The same record, with other places."""
    shape: Shape = data[0]
    values = data[_HEAD : _HEAD + len(shape) - 1]
    return plain_record(shape[0], data[1], data[2], dict(zip(shape[1:], values, strict=True)), places)


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
