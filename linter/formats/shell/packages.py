"""A package that a command installs: what is asked for, and how exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import Token, known
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.shell.installs import Install

# not release-1.2 nor r1.20.0, which are branches
_RELEASE = lazy_regex(
    r"(?:(?!(?:release|releases|branch|stable|version)[-_/])[A-Za-z][A-Za-z0-9._-]*[-_@/])?"
    r"v?\d+\.\d+(?:\.\d+)*(?:[-.+]?(?:rc|post|alpha|beta|a|b)[-.]?\d*)?(?:\+[\w.-]+)?"
)
_COMMIT = lazy_regex(r"[0-9a-f]{7,40}")


class Package(Model):
    """One package that a command installs."""

    name: str = field("", "name without version, lower case, `_` as `-` for Python packages")
    version: str | None = field(None, "what is asked for after the operator; null without")
    operator: str = field("", "== >= = @ …; empty without a version")
    kind: str = field("index", "index, path, url, vcs or group")
    manager: str = field("", "apt apk dnf yum zypper pip uv conda npm gem go …")

    def __init__(
        self,
        install: Install,
        token: Token,
        name: str,
        operator: str = "",
        version: str | None = None,
        kind: str = "index",
    ) -> None:
        self.install = install
        self.token = token
        self.manager = install.manager
        self.content = token.content
        self.name = known(name)
        self.operator = operator
        self.version = version if version is None else known(version)
        self.kind = kind

    @property
    def address(self) -> str:
        return f"{self.install.address}/{self.content.replace(HOLE, '?')}"

    @property
    def type_key(self) -> str:
        return self.manager

    @fact
    def spec(self) -> str:
        """The package as written, without quotes."""
        return known(self.content)

    @fact
    def versioned(self) -> bool:
        """Whether any version, range or reference is asked for; also true for local paths and files of requirements."""
        if is_unknown(self.name) and not self.operator:
            return UNKNOWN
        if self.kind == "vcs":
            return self.version is not None
        return bool(self.operator) or self.kind != "index"

    @fact
    def exact(self) -> bool:
        """Whether one exact version is asked for: == for pip, = for apt and conda, a commit for version control."""
        if is_unknown(self.name) and not self.operator:
            return UNKNOWN
        if self.kind == "vcs":
            return is_unknown(self.version) or (
                self.version is not None and _COMMIT.fullmatch(self.version) is not None
            )
        if self.kind != "index":
            return True
        return self.operator in ("==", "===", "=", "@", ":", "-", "~") and not self.content.endswith("*")

    @fact
    def ref(self) -> str | None:
        """Branch, tag or commit of a package from version control; null without."""
        return self.version if self.kind == "vcs" else None

    @fact
    def commit(self) -> bool:
        """Whether a package from version control is fixed to a commit."""
        if self.kind != "vcs" or self.version is None:
            return False
        return UNKNOWN if is_unknown(self.version) else _COMMIT.fullmatch(self.version) is not None

    @fact
    def released(self) -> bool:
        """Whether a package from version control is asked for by what looks like the tag of a release: v1.2.3."""
        if self.kind != "vcs" or self.version is None:
            return False
        return UNKNOWN if is_unknown(self.version) else _RELEASE.fullmatch(self.version) is not None

    @fact
    def hashed(self) -> bool:
        """Whether a URL carries the hash of its content."""
        return "#sha256=" in self.content or "#sha512=" in self.content

    def place(self) -> Place:
        return self.token.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        return self.place()
