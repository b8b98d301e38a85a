"""The images that a scan names, and what was said of them before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from linter.adapters import trivy
from linter.adapters.program import ProgramError
from linter.formats.classify import load_format
from linter.formats.document import Document
from linter.ruleset.cachefile import default_directory
from linter.text import SourceText, decode
from linter.unit import FileResult, read_document

_SUBJECTS = {"kubernetes": "container", "compose": "service", "dockerfile": "stage"}


def images(results: Sequence[FileResult], root: Path) -> dict[str, list[tuple[SourceText, int]]]:
    """Each image that manifests, Compose files and final stages name, and where."""
    named: dict[str, list[tuple[SourceText, int]]] = {}
    for result in results:
        subject = _SUBJECTS.get(result.format)
        if subject is None:
            continue
        with suppress(OSError):
            document = read_document(decode(result.path, (root / result.path).read_bytes()), result.format)
            for image, line in _named(document, subject):
                places = named.setdefault(image, [])
                if all((text.path, at) != (document.path, line) for text, at in places):
                    places.append((document.text, line))
    return named


def _named(document: Document, subject: str) -> Iterator[tuple[str, int]]:
    if document.root is None:
        return
    kind = next(kind for kind in load_format(document.format).subjects if kind.name == subject)
    for model, *_ in kind.iterate(document):
        if document.format == "dockerfile":
            if not model.shipped or model.from_ is None or model.from_.external is not True:
                continue
            image, owner, steps = model.from_.image, model.from_, ("image",)
        elif document.format == "compose" and model.built is not False:
            continue
        else:
            image, owner, steps = model.imageRef, model, ("image",)
        text = image.text if image is not None else None
        if isinstance(text, str) and text and not text.startswith("-"):
            yield text, document.text.position(owner.locate(steps).span.start).line


class ImageCache:
    """Answers about images that are named by digest: those never change while the database does not."""

    def __init__(self, program: trivy.Trivy) -> None:
        self.folder = default_directory() / "trivy"
        self.key = f"{program.version}\0{program.database}"

    def _path(self, image: str) -> Path | None:
        if "@sha256:" not in image:
            return None
        name = hashlib.sha256(f"{self.key}\0{image}".encode()).hexdigest()
        return self.folder / f"{name}.json"

    def get(self, image: str) -> Mapping[str, Any] | None:
        path = self._path(image)
        if path is None:
            return None
        try:
            return trivy.parse(path.read_bytes(), "the cache")
        except (OSError, ProgramError):
            return None

    def put(self, image: str, report: Mapping[str, Any]) -> Mapping[str, Any]:
        path = self._path(image)
        if path is not None:
            with suppress(OSError):  # a cache that can't be written is no reason to fail
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(report), encoding="utf-8")
        return report
