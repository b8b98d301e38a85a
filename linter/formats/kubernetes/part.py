"""What every object within a manifest has: an address in the platform's own terms, and a type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from linter.cel import UNKNOWN
from linter.formats.kubernetes.opennames import readable
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import MAP, SCALAR, Step
from linter.formats.nodemodel import ListSlot, NodeModel
from linter.patterns import lazy_regex


class Part(NodeModel):
    """An object somewhere within a manifest."""

    is_container: ClassVar[bool] = False

    @property
    def owner(self) -> NodeModel | None:
        """The model that this is a field, or an element of a field, of."""
        parent = self.parent
        return parent.owner if isinstance(parent, ListSlot) else parent

    @property
    def address(self) -> str:
        owner = self.owner
        if owner is None:
            return str(self.step or "")
        base = owner.address
        slash = "/" if "#" in base else "#/"
        if isinstance(self.parent, ListSlot):
            return f"{base}{slash}{self.parent.step}/{self._label()}"
        return f"{base}{slash}{self.step}" if self.step is not None else base

    @property
    def type_key(self) -> str:
        owner = self.owner
        return owner.type_key if owner is not None else ""

    def _label(self) -> str:
        """The element's name where it has one, else its index."""
        name = self.node.get("name") if self.node is not None else None
        text = name.string() if name is not None else None
        return text if isinstance(text, str) and text else str(self.step)

    def entry(self, name: str, key: str) -> Any:
        """The value under `key` of the map field `name`: None when absent, UNKNOWN when it may be there."""
        values = getattr(self, name)
        if values is UNKNOWN:
            return UNKNOWN
        if dict.__contains__(values, key):
            return values[key]
        node = self.node.get(name) if self.node is not None else None
        return UNKNOWN if node is not None and node.kind == MAP and node.open else None

    def is_empty(self, name: str) -> bool:
        """Whether a key is there without a value: templates write it so where their values have none."""
        node = self.node.get(name) if self.node is not None else None
        return node is not None and node.kind == SCALAR and node.plain() is None


class Entry(Model):
    """One entry of a map, or one word of a list, that rules judge by itself."""

    key: str = field("", "its key")
    value: str = field("", "its value as text")

    def __init__(self, owner: NodeModel, steps: Sequence[Step], key: str, value: Any) -> None:
        self.document = owner.document
        self._owner = owner
        self._steps = tuple(steps)
        self.key = key
        self.value = value

    @property
    def address(self) -> str:
        return self._owner.address

    def place(self) -> Place:
        return self._owner.locate(self._steps)

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()


def entries(owner: NodeModel, name: str) -> list[Any]:
    """The entries of a map field, an unknown map as one unknown entry."""
    values = getattr(owner, name)
    if values is UNKNOWN:
        return [UNKNOWN]
    return [Entry(owner, (name, key), key, value) for key, value in values.items()]


class Metadata(Part):
    """Standard object metadata."""

    name: str | None = field(None, "name, unique within a namespace")
    generateName: str | None = field(None, "prefix from which the server makes a name")
    namespace: str | None = field(None, "namespace; unset means that of whoever applies it")
    labels: dict[str, str] = field(None, "labels that selectors match")
    annotations: dict[str, str] = field(None, "free annotations")
    ownerReferences: list[Any] = field(None, "objects that own this one")

    @fact
    def labelsOpen(self) -> bool:
        """Whether a template may add labels: unknown where it may, no elsewhere."""
        return self._may_grow("labels")

    @fact
    def annotationsOpen(self) -> bool:
        """Whether a template may add annotations: unknown where it may, no elsewhere."""
        return self._may_grow("annotations")

    def _may_grow(self, name: str) -> Any:
        node = self.node.get(name) if self.node is not None else None
        return UNKNOWN if self.open or (node is not None and node.open) else False

    @fact
    def labelEntries(self) -> list[Entry]:
        """Its labels one by one."""
        return entries(self, "labels")

    @fact
    def annotationEntries(self) -> list[Entry]:
        """Its annotations one by one."""
        return entries(self, "annotations")


_LONGEST_SHOWN = 80  # characters of what a template has
_LONGEST_WRITTEN = 500  # of which a name is read
_ATTRIBUTE = lazy_regex(r"^\"?[\w.-]+\"?\s*=(?!=)\s*")  # the name of an attribute in HCL


def written_name(model: NodeModel, name: str) -> str:
    """The text of a name field, as it reads in a message where a template gives it; '?' where there is none."""
    words = written(model, name, _LONGEST_WRITTEN)
    return words if isinstance(getattr(model, name), str) else readable(words)[:_LONGEST_SHOWN]


def written(model: NodeModel, name: str, longest: int = _LONGEST_SHOWN) -> str:
    """The text of a field; the template's own words where a template gives it, '?' where there is none."""
    value = getattr(model, name)
    if isinstance(value, str) and value:
        return value.replace("\ufffc", "…")
    node = model.node.get(name) if value is UNKNOWN and model.node is not None else None
    if node is None:
        return "?"
    text = model.document.text.slice(node.span)
    return _ATTRIBUTE.sub("", text, 1).strip("\"'")[:longest]


def known(value: Any) -> bool:
    """Whether a value is there and known."""
    return value is not None and value is not UNKNOWN


def unsure(*values: Any) -> bool:
    """Whether one of the values is unknown. (`UNKNOWN in …` compares, and comparing an unknown has no answer.)"""
    for value in values:  # noqa: SIM110 - asked for nearly every fact, and twice as fast as `any`
        if value is UNKNOWN:
            return True
    return False


def same(left: Any, right: Any) -> bool:
    """Whether two values are known and equal."""
    return left is not UNKNOWN and right is not UNKNOWN and bool(left == right)


def either(*verdicts: Any) -> Any:
    """Kleene's or."""
    unknown = False
    for verdict in verdicts:
        if verdict is True:
            return True
        unknown = unknown or verdict is UNKNOWN
    return UNKNOWN if unknown else False


def both(*verdicts: Any) -> Any:
    """Kleene's and."""
    unknown = False
    for verdict in verdicts:
        if verdict is False:
            return False
        unknown = unknown or verdict is UNKNOWN
    return UNKNOWN if unknown else True


def negate(verdict: Any) -> Any:
    """Kleene's not."""
    return UNKNOWN if verdict is UNKNOWN else not verdict


def known_items(values: Any) -> Iterator[Any]:
    """The elements of a list field that are known."""
    if values is not UNKNOWN:
        for value in values:
            if value is not UNKNOWN:
                yield value


def mapping_at(value: Any, *keys: str) -> dict[str, Any]:
    """The mapping under a chain of keys of a plain value; an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
