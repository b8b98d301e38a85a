"""Instructions that set how a container runs: ports, users, directories, labels, what starts."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.dockerfile import serving
from linter.formats.dockerfile.instruction import Instruction, Part, parts
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import fact, field
from linter.formats.scalars import whole
from linter.patterns import lazy_regex

_ABSOLUTE = lazy_regex(r"[/\\]|[A-Za-z]:")


class Port(Part):
    """One port or range of EXPOSE."""

    text: str = field("", "as written")
    first: int = field(0, "port, or the first of a range")
    last: int = field(0, "the last of a range; else the port")
    protocol: str = field("tcp", "protocol as written")
    mapped: bool = field(False, "whether an address or a host port is given, which EXPOSE has no use for")

    stage: Any

    @fact
    def admin_product(self) -> str:
        """The ML product whose management port this is, when nothing switches authentication on; empty otherwise."""
        return serving.admin_product(self.stage, self.first)


class Start(Instruction):
    """CMD, ENTRYPOINT or HEALTHCHECK CMD."""

    none: bool = field(False, "HEALTHCHECK NONE")
    shell_set: bool = field(
        False, "whether a SHELL instruction stands before it in its stage or that one's parents"
    )
    last: bool = field(True, "whether no other of its kind follows in the stage")


class User(Instruction):
    """USER."""

    name: str = field("", "user without the group")
    group: str | None = field(None, "group after the colon")

    @fact
    def numeric(self) -> bool:
        """Whether the user is a number."""
        return UNKNOWN if is_unknown(self.name) else self.name.isdigit()

    @fact
    def words_of_base(self) -> bool:
        """Whether it is written neither as a number nor with a variable that an ARG before it declares."""
        written = self.raw.strip().strip("\"'").partition(":")[0]
        if written.isdigit():
            return False
        file = self.document.root
        declared = (
            getattr(part, "name", "")
            for stage in (file.head, *file.stages[: self.stage.index + 1])
            for one in stage.all
            if one.keyword == "ARG" and one.line.joined.source(0) < self.line.joined.source(0)
            for part in parts(one)
        )
        return not any(f"${name}" in written or f"${{{name}}}" in written for name in declared)

    @fact
    def root(self) -> bool:
        """Whether it is root or 0."""
        return is_root(self.name)


class Workdir(Instruction):
    """WORKDIR."""

    path: str = field("", "as written, variables resolved")
    target: str = field("", "as an absolute path, joined to the working directory before")
    first: bool = field(False, "whether no working directory was set before in the stage or its parents")

    @fact
    def relative(self) -> bool:
        """Whether the path is relative; a path that begins with an unknown variable is not known to be."""
        if is_unknown(self.path):
            written = self.raw.strip("\"' ")
            return UNKNOWN if written.startswith(("$", HOLE)) else not _ABSOLUTE.match(written)
        return not _ABSOLUTE.match(self.path)


class Label(Part):
    """One label."""

    name: str = field("", "key")
    value: str = field("", "value, variables resolved")
    legacy: bool = field(False, "whether the form without `=` is used")


def is_root(user: Any) -> Any:
    """Whether a user name is root; UNKNOWN when it is not known."""
    if is_unknown(user):
        return UNKNOWN
    return user.strip().lower() in ("root", "0", "containeradministrator") or (whole(user) == 0)
