"""Which variables an instruction sees, and what they are."""

from __future__ import annotations

from collections.abc import Iterable

from linter.formats.dockerfile.expand import references

# Set by the builder for FROM; in a stage only after an ARG names them.
PLATFORM_ARGS = frozenset(
    {
        "TARGETPLATFORM",
        "TARGETOS",
        "TARGETARCH",
        "TARGETVARIANT",
        "BUILDPLATFORM",
        "BUILDOS",
        "BUILDARCH",
        "BUILDVARIANT",
    }
    | {"TARGETSTAGE"}
)
# Usable without an ARG.
PREDEFINED_ARGS = frozenset(
    name
    for base in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (base, base.lower())
) | {"SOURCE_DATE_EPOCH", "BUILDKIT_SYNTAX", "BUILDKIT_SBOM_SCAN_STAGE"}


class Scope:
    """The variables of one stage (or of the part before the first FROM) at a point of the file.

    A value of None is an ARG without a default: declared, and empty unless the build gives it.
    """

    __slots__ = ("_env", "_frozen", "_values", "closed")

    def __init__(self, *, closed: bool = False) -> None:
        self._values: dict[str, str | None] = {}
        self._env: set[str] = set()
        self._frozen = False
        self.closed = closed  # nothing outside the file sets variables here: an unset name is empty

    def child(self) -> Scope:
        """The scope of a stage that is built from this one: ENV is inherited, ARG is not."""
        scope = Scope(closed=self.closed)
        scope._values = {name: value for name, value in self._values.items() if name in self._env}
        scope._env = set(self._env)
        return scope

    def snapshot(self) -> dict[str, str | None]:
        """The values as they are now; later changes do not reach it."""
        self._frozen = True
        return self._values

    def _own(self) -> None:
        if self._frozen:
            self._values = dict(self._values)
            self._frozen = False

    def set_env(self, name: str, value: str) -> None:
        self._own()
        self._values[name] = value
        self._env.add(name)

    def set_arg(self, name: str, value: str | None) -> None:
        if name not in self._env:  # ENV beats ARG of the same name
            self._own()
            self._values[name] = value

    def get(self, name: str) -> str | None:
        """The value of a variable; None when the file does not give it one."""
        value = self._values.get(name)
        if value is None and self.closed and name not in self._values and name not in PREDEFINED_ARGS:
            return ""
        return value

    def declares(self, name: str) -> bool:
        return name in self._values

    def env(self) -> dict[str, str]:
        """What ENV has set, with holes."""
        return {name: self._values[name] or "" for name in self._env}

    def names(self) -> Iterable[str]:
        return self._values

    def undefined(self, text: str) -> list[str]:
        """Variables that a text uses without a default and that nothing here declares."""
        if "$" not in text:
            return []
        return [
            name
            for name, start, _, operator in references(text)
            if operator not in (":-", "-", ":+", "+", "=", ":=")
            and not _escaped(text, start)
            and not self.declares(name)
            and name not in PREDEFINED_ARGS
        ]


def _escaped(text: str, at: int) -> bool:
    before = text[:at]
    return (
        (len(before) - len(before.rstrip("\\"))) % 2 == 1
        or before.endswith("$")
        or before.count("'") % 2 == 1
    )
