"""FROM: what a stage starts from."""

from __future__ import annotations

import re

from linter.formats.dockerfile import bases
from linter.formats.dockerfile.instruction import Instruction
from linter.formats.image import HOLE, ImageRef
from linter.formats.model import fact, field
from linter.patterns import lazy_regex

_NAME_AND_VARIABLE = lazy_regex(r"[\w./-]*[a-z0-9]\$\{?\w*(?:TAG|VERSION|SUFFIX)\w*\}?")  # `alpine$TAG`


class From(Instruction):
    """FROM: what a stage starts from."""

    image: ImageRef = field(None, "the image, ARG defaults applied; of an alias, a reference of that name")
    alias: str | None = field(None, "name of the stage: `AS name`")
    platform: str | None = field(None, "`--platform`, variables resolved")
    written_platform: str | None = field(None, "`--platform` as written")
    external: bool = field(True, "whether the image is neither an earlier stage nor scratch")
    scratch: bool = field(False, "whether it is the empty image")
    undeclared: list[str] = field((), "variables that no ARG before the first FROM declares")
    with_defaults: ImageRef = field(
        None, "the image with ARG defaults alone: an ARG without a default is empty"
    )
    written_as: str = field("", "the word AS as written")

    twin: From | None = None  # an earlier FROM with the same alias

    @fact(at="image")
    def ai(self) -> bool:
        """Whether the image is one of the AI bases: CUDA, NGC, PyTorch, vLLM, Ray, Hugging Face …"""
        return bases.is_ai(self.image) if self.external else False

    @fact(at="image")
    def untagged_by_default(self) -> bool:
        """Whether a tag comes only from an ARG without a default, so that there is none unless the build gives it."""
        written = self.raw.split()[0] if self.raw.split() else ""
        return _NAME_AND_VARIABLE.fullmatch(written) is not None and self.with_defaults.untagged

    @fact(at="image")
    def mutable(self) -> bool:
        """Whether the image may change: a moving tag, or a CUDA tag without its patch version, and no digest."""
        if not self.external:
            return False
        loose = bases.is_loose_cuda(self.image)
        return loose if loose is True else self.image.floating

    @fact(at="platform")
    def constant_platform(self) -> bool:
        """Whether `--platform` is a literal that the stage's name says nothing of."""
        written = self.written_platform
        if written is None or "$" in written or HOLE in written:
            return False
        alias = (self.alias or "").lower()
        return not any(word and word in alias for word in re.split(r"[/\s]", written.lower()))

    @fact
    def uses_variables(self) -> bool:
        """Whether the image is made of variables."""
        return "$" in self.raw

    @fact(at="alias")
    def duplicate(self) -> bool:
        """Whether an earlier stage has the same name."""
        return self.twin is not None

    @fact(at="image")
    def end_of_life(self) -> bool:
        """Whether the image, or the distribution named in its tag, gets no more security fixes."""
        return bases.is_end_of_life(self.image) if self.external else False
