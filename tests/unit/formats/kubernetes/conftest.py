"""Short ways to read manifests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linter.formats.document import Document
from linter.formats.kubernetes import FORMAT
from linter.formats.model import Model
from linter.text import SourceText


@pytest.fixture
def read() -> Callable[..., Document]:
    """Read a text as Kubernetes manifests."""

    def run(text: str, path: str = "manifest.yaml") -> Document:
        return FORMAT.read(SourceText(path, text))

    return run


@pytest.fixture
def shown() -> Callable[[Model, tuple[Any, ...]], str]:
    """The text under the place of a part of a model."""

    def run(model: Model, steps: tuple[Any, ...] = ()) -> str:
        return model.document.text.slice(model.locate(steps).span)

    return run
