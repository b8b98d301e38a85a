"""FROM: what a stage starts from."""

from __future__ import annotations

import posixpath
import re

from linter.cel import UNKNOWN
from linter.formats.dockerfile import bases
from linter.formats.dockerfile.instruction import Instruction
from linter.formats.image import HOLE, ImageRef, is_unknown
from linter.formats.model import fact, field
from linter.patterns import lazy_regex

_NAME_AND_VARIABLE = lazy_regex(r"[\w./-]*[a-z0-9]\$\{?\w*(?:TAG|VERSION|SUFFIX)\w*\}?")  # `alpine$TAG`

_VERSION_IN_PATH = lazy_regex(r"(?:^|[/_-])v?\d{1,9}\.\d{1,9}\.\d{1,9}(?:[/._-]|\Z)")
_SYSTEMS = frozenset(
    {"linux", "windows", "darwin", "freebsd", "local", "auto"}
)  # a platform may be but a system
_FILE_WORDS = lazy_regex(r"[._-]+(?!64(?:[._-]|\Z))")  # `x86_64` is one
# as containerd reads them: platforms.normalizeArch
_SAME_ARCHITECTURE = {
    "x86_64": "amd64", "x86-64": "amd64", "x86": "amd64", "x64": "amd64",
    "aarch64": "arm64", "armhf": "arm", "armel": "arm", "i386": "386",
}  # fmt: skip


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
    def written(self) -> str:
        """The image as it stands in the file, variables and all."""
        words = self.raw.split(None, 1)
        return words[0].strip("\"'").replace(HOLE, "?") if words else ""

    @fact(at="image")
    def written_untagged(self) -> bool:
        """Whether it is written with neither tag nor digest, and begins with no variable."""
        name = self.written
        if name in ("", "scratch") or name.startswith("$") or "@" in name or ":" in name.rpartition("/")[2]:
            return False
        return self.external or "$" in name

    @fact(at="image")
    def written_latest(self) -> bool:
        """Whether it is written with the tag `latest`."""
        return self.written.endswith(":latest")

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
        """Whether the image may change: a moving tag, and no digest."""
        return self.image.floating if self.external else False

    @fact(at="image")
    def versioned_path(self) -> bool:
        """Whether the path of the image names a full version, so that its tag only moves with builds of that: as
        Habana's do, `gaudi-docker/1.21.0/ubuntu22.04/habanalabs/pytorch-installer-2.6.0:latest`."""
        path = self.image.repository
        return False if is_unknown(path) else _VERSION_IN_PATH.search(path) is not None

    @fact(at="image")
    def loose_cuda(self) -> bool:
        """Whether the image is CUDA under a tag without its patch version, so that it moves with each patch."""
        return bases.is_loose_cuda(self.image) if self.external else False

    @fact(at="platform")
    def constant_platform(self) -> bool:
        """Whether `--platform` is a literal that the names of the stage and of the file say nothing of."""
        written = self.written_platform
        if written is None or "$" in written or HOLE in written:
            return False
        named = (self.alias or "").lower()
        words = {word for word in re.split(r"[/\s]", written.lower()) if word}
        if any(word in named for word in words):
            return False
        file = posixpath.basename(self.document.path).lower()
        made_for = {_SAME_ARCHITECTURE.get(word, word) for word in words - _SYSTEMS}
        return not any(_SAME_ARCHITECTURE.get(word, word) in made_for for word in _FILE_WORDS.split(file))

    @fact(at="image")
    def architecture(self) -> str:
        """The one architecture that the image is made for by its name, as in `arm64v8/`; empty when that says none."""
        return bases.architecture(self.image) if self.external else ""

    @fact(at="platform")
    def wrong_architecture(self) -> bool:
        """Whether `--platform` asks for another architecture than the one that the image is made for."""
        made_for = self.architecture
        if is_unknown(made_for) or not made_for or self.platform is None:
            return UNKNOWN if is_unknown(made_for) and self.platform is not None else False
        if is_unknown(self.platform):
            return UNKNOWN
        parts = self.platform.lower().split("/")
        asked = parts[1] if len(parts) > 1 else parts[0]
        return asked not in _SYSTEMS and _SAME_ARCHITECTURE.get(asked, asked) != made_for

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

    @fact(at="image")
    def ended_below(self) -> str:
        """The distribution named in the tag, where it gets no more security fixes and the program in the image does;
        empty otherwise."""
        return bases.ended_below(self.image) if self.external else ""
