"""The images that a document names: containers, services, and the bases of final stages."""

from __future__ import annotations

from collections.abc import Iterator

from linter.formats.classify import load_format
from linter.formats.document import Document

_SUBJECTS = {"kubernetes": "container", "compose": "service", "dockerfile": "stage"}


def named_images(document: Document) -> Iterator[tuple[str, int]]:
    """Each image that is known, and the offset where it is named; nothing of formats that name none."""
    subject = _SUBJECTS.get(document.format)
    if subject is None or document.root is None:
        return
    kind = next(kind for kind in load_format(document.format).subjects if kind.name == subject)
    for model, *_ in kind.iterate(document):
        if document.format == "dockerfile":
            if not model.shipped or model.from_ is None or model.from_.external is not True:
                continue
            image, owner = model.from_.image, model.from_
        elif document.format == "compose" and model.built is not False:
            continue
        else:
            image, owner = model.imageRef, model
        text = image.text if image is not None else None
        if isinstance(text, str) and text and not text.startswith("-"):
            yield text, owner.locate(("image",)).span.start
