"""Comments, and the stages and images that instructions name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.formats.dockerfile.copies import Copy
from linter.formats.dockerfile.instruction import Part
from linter.formats.dockerfile.lines import Comment
from linter.formats.dockerfile.run import Run
from linter.formats.document import Document
from linter.formats.image import ImageRef
from linter.formats.model import field
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage


class Reference(Part):
    """A stage that COPY --from or a mount names."""

    name: str = field("", "what is named")
    kind: str = field("", "stage, index, self, later, image, unknown")

    def __init__(self, owner: Part, span: Span, name: Any, kind: Any) -> None:
        super().__init__(owner.document, span)
        self.owner = owner
        self.name = name
        self.kind = kind

    @property
    def address(self) -> str:
        return self.owner.address


class Remark(Part):
    """A comment."""

    text: str = field("", "the comment without its mark")

    def __init__(self, document: Document, comment: Comment) -> None:
        super().__init__(document, comment.span)
        self.text = comment.text


def images(stage: Stage) -> Iterator[ImageRef]:
    """Images that FROM, COPY --from and mounts name."""
    if stage.index >= 0 and stage.from_.external:
        yield stage.from_.image
    for reference in references(stage):
        if isinstance(reference.name, str) and reference.kind == "image":
            yield ImageRef(reference.name, reference)


def references(stage: Stage) -> Iterator[Reference]:
    """Stages and images that COPY --from and mounts name."""
    for one in stage.all:
        if isinstance(one, Copy) and one.from_ is not None:
            yield Reference(one, one.spans["from"], one.from_, one.from_kind)
        elif isinstance(one, Run):
            for mount in one.mounts:
                if mount.from_ is not None:
                    yield Reference(one, mount.span, mount.from_, mount.from_kind)
