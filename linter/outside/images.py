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
from linter.formats.document import Document
from linter.formats.named_images import named_images
from linter.givenfiles import read_regular
from linter.loading import MAX_TEXT, read_document
from linter.ruleset.cachefile import default_directory
from linter.text import SourceText, decode
from linter.unit import FileResult


def images(results: Sequence[FileResult], root: Path) -> dict[str, list[tuple[SourceText, int]]]:
    """Each image that manifests, Compose files and final stages name, as written and as rendered, and where."""
    named: dict[str, list[tuple[SourceText, int]]] = {}
    for result in results:
        if not result.format:
            continue
        with suppress(OSError):
            document = read_document(
                decode(result.path, read_regular(root / result.path, MAX_TEXT)), result.format
            )
            for image, line in _of(result, document):
                places = named.setdefault(image, [])
                if all((text.path, at) != (document.path, line) for text, at in places):
                    places.append((document.text, line))
    return named


def _of(result: FileResult, document: Document) -> Iterator[tuple[str, int]]:
    """What a file names; on a line that was rendered, what it was rendered to runs and not what is written."""
    rendered = {line for _, line in result.images}
    yield from result.images
    for image, offset in named_images(document):
        line = document.text.position(offset).line
        if line not in rendered:
            yield image, line


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
