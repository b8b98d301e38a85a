"""An image that is written in parts, as charts have it: `repository` on one line, `tag` on the next."""

from __future__ import annotations

from linter.formats.node import ValueNode
from linter.text import Span


class ComposedImage(ValueNode):
    """The reference as one value; its span is what fixes the version, `source` what says where it comes from."""

    __slots__ = ("source",)

    def __init__(self, text: str, span: Span, source: Span) -> None:
        super().__init__(text, span)
        self.source = source
