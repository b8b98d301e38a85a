"""The images that kustomizations put in the place of those that their bases name."""

from __future__ import annotations

from collections.abc import Sequence

from linter.formats.node import Node
from linter.formats.yamltree import parse_documents
from linter.frozen import dataclass
from linter.text import SourceText, Span

_MOST = 2_000  # images of a build
_OF_A_NAME = ("newName",)  # one that gives only a version leaves the image where it comes from
_OF_A_VERSION = ("newTag", "digest", "newName")


@dataclass(frozen=True, slots=True)
class NewImage:
    """What a kustomization says of one image: its name, and the new one if it has one."""

    text: SourceText
    node: Node
    name: str
    new_name: str


class NewImages:
    """The images of a build, those of the innermost kustomization first."""

    def __init__(self, images: Sequence[NewImage]) -> None:
        self._all = images[:_MOST]
        self._found: dict[tuple[str, bool], tuple[SourceText, Span] | None] = {}

    def place(self, image: str, meant: Sequence[str]) -> tuple[SourceText, Span] | None:
        """Where the last word on an image that a manifest names is said, of its name or of its version as `meant`."""
        of_name = bool({"registry", "repository"}.intersection(meant))
        asked = (_name(image), of_name)
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def _find(self, name: str, of_name: bool) -> tuple[SourceText, Span] | None:
        keys = _OF_A_NAME if of_name else _OF_A_VERSION
        names = {name}
        place: tuple[SourceText, Span] | None = None
        for new in self._all:
            if new.name in names:
                names |= {new.new_name} - {""}
                said = next((key for key in keys if new.node.get(key) is not None), "")
                place = (new.text, new.node.entry_span(said)) if said else place
        return place


def new_images(kustomization: SourceText) -> list[NewImage]:
    """The `images` of a kustomization."""
    found = []
    for document in parse_documents(kustomization).documents:
        images = document.get("images")
        for node in images.elements() if images is not None else ():
            name, new_name = (_text(node.get(key)) for key in ("name", "newName"))
            if name:
                found.append(NewImage(kustomization, node, name, new_name))
    return found


def _text(node: Node | None) -> str:
    words = node.string() if node is not None else ""
    return words if isinstance(words, str) else ""


def _name(image: str) -> str:
    """An image without its tag and digest."""
    name = image.partition("@")[0]
    head, _, tag = name.rpartition(":")
    return head if head and "/" not in tag else name
