"""Model files that are copied from the build context, and how large they are where they lie in the tree."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from linter.formats.dockerfile.contexts import SMALL
from linter.formats.dockerfile.passages.layers import weights_of
from linter.formats.image import is_unknown
from linter.formats.model import fact, field
from linter.formats.records import Data, Record, record

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

BROUGHT = "brought"
_STAND_IN = 1_000  # bytes of what LFS or DVC leaves in the tree for a file that is elsewhere


class Brought(Record):
    """A COPY or ADD of model files, all of them from the build context."""

    sources: list[str] = field((), "the files, by their paths in the context")

    @fact
    def small(self) -> bool:
        """Whether all of them lie in the tree, and are small."""
        folder, contexts = self.project.context_of(self.path), self.project.contexts
        sizes = [contexts.size(posixpath.join(folder, source)) for source in self.sources]
        return bool(sizes) and all(size is not None and _STAND_IN < size < SMALL for size in sizes)


def brought_records(stage: Stage, path: str) -> Iterator[Data]:
    """One record for each such instruction of a stage."""
    for copy in stage.copies:
        sources = weights_of(copy)
        if sources and all(one.context and not is_unknown(one.path) for one in sources):
            yield record(BROUGHT, copy, path, {"sources": [one.path for one in sources]}, {})
