"""Which variables an instruction sees, and what they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from linter.formats.dockerfile.expand import references
from linter.formats.dockerfile.misspelt import Misspelt

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


_OF_THE_EMPTY_IMAGE = frozenset({"PATH"})  # the builder sets it where nothing else does


_MAX_CHAIN = 256  # scopes that a lookup walks through before a new one gets a copy of what they hold


class Variables:
    """The variables of a scope as they were at one point of the file."""

    __slots__ = ("_scope", "_version")

    def __init__(self, scope: Scope, version: int) -> None:
        self._scope = scope
        self._version = version

    def get(self, name: str) -> str | None:
        """The value; None when the file gave it none by then."""
        return self._scope.value_at(name, self._version)


class Scope:
    """The variables of one stage (or of the part before the first FROM).

    Every value is kept with the version of the scope that set it, so that each step can ask for those of its own point
    without a copy of all. A value of None is an ARG without a default: declared, and empty unless the build gives it.
    """

    __slots__ = ("_chain", "_env", "_history", "_like_env", "_like_own", "_parent", "_version", "closed")

    def __init__(self, *, closed: bool = False, parent: Scope | None = None) -> None:
        self._history: dict[str, list[tuple[int, str | None]]] = {}
        self._env: set[str] = set()
        self._version = 0
        self._like_own: Misspelt | None = None  # made when an undefined name is met first
        self._like_env: Misspelt | None = None
        self._parent = parent
        self._chain: int = 0 if parent is None else parent._chain + 1
        self.closed = closed  # nothing outside the file sets variables here: an unset name is empty
        if self._chain > _MAX_CHAIN:
            self._flatten()

    def _flatten(self) -> None:
        for name, value in self.env().items():
            self._history[name] = [(0, value)]
            self._env.add(name)
        self._parent, self._chain = None, 0

    def child(self) -> Scope:
        """The scope of a stage that is built from this one: ENV is inherited, ARG is not."""
        return Scope(closed=self.closed, parent=self)

    def snapshot(self) -> Variables:
        """The variables as they are now; later changes do not reach it."""
        return Variables(self, self._version)

    def _set(self, name: str, value: str | None) -> None:
        self._version += 1
        history = self._history.get(name)
        if history is not None:
            history.append((self._version, value))
            return
        self._history[name] = [(self._version, value)]
        if self._like_own is not None:
            self._like_own.add(name)

    def set_env(self, name: str, value: str) -> None:
        self._set(name, value)
        self._env.add(name)

    def set_arg(self, name: str, value: str | None) -> None:
        if not self._is_env(name):  # ENV beats ARG of the same name
            self._set(name, value)

    def _parents(self) -> Iterator[Scope]:
        scope = self._parent
        while scope is not None:
            yield scope
            scope = scope._parent

    def _is_env(self, name: str) -> bool:
        return name in self._env or any(name in scope._env for scope in self._parents())

    def value_at(self, name: str, version: int) -> str | None:
        """The value that a variable had when the scope was at a version."""
        history = self._history.get(name)
        if history is not None:
            last = history[-1]
            if last[0] <= version:
                return last[1]
            before = bisect_right(history, version, key=itemgetter(0))
            if before:
                return history[before - 1][1]
        for scope in self._parents():
            if name in scope._env:
                return scope._history[name][-1][1]
        return None

    def get(self, name: str) -> str | None:
        """The value of a variable; None when the file does not give it one."""
        value = self.value_at(name, self._version)
        outside = name in PREDEFINED_ARGS or name in _OF_THE_EMPTY_IMAGE
        if value is None and self.closed and not outside and not self.declares(name):
            return ""
        return value

    def declares(self, name: str) -> bool:
        return name in self._history or any(name in scope._env for scope in self._parents())

    def env(self) -> dict[str, str]:
        """What ENV has set, with holes."""
        result: dict[str, str] = {}
        for scope in reversed([self, *self._parents()]):
            for name in sorted(scope._env):
                result[name] = scope._history[name][-1][1] or ""
        return result

    def undefined(self, text: str) -> list[str]:
        """Variables that a text uses without a default and that nothing here declares."""
        if "$" not in text:
            return []
        result = []
        quotes = counted = 0
        for name, start, _, operator in references(text):
            quotes += text.count("'", counted, start)
            counted = start
            if (
                operator not in (":-", "-", ":+", "+", "=", ":=")
                and quotes % 2 == 0
                and not _escaped(text, start)
                and name not in PREDEFINED_ARGS
                and not self.declares(name)
            ):
                result.append(name)
        return result

    def surely_undefined(self, text: str) -> list[str]:
        """Variables that nothing sets: on scratch all that the file does not declare, else misspelt ones."""
        names = list(dict.fromkeys(self.undefined(text)))
        if self.closed or not names:
            return [name for name in names if name not in _OF_THE_EMPTY_IMAGE]
        # `X=/a:$X` appends to what the base may have set; search paths are what bases set
        own = {pair.partition("=")[0].strip("\"' ") for pair in text.split()}
        return [
            name
            for name in names
            if name not in own and not name.endswith("PATH") and self._like_a_declared(name)
        ]

    def _like_a_declared(self, name: str) -> bool:
        if self._like_own is None:
            self._like_own = Misspelt(self._history)
        if self._like_own.like(name):
            return True
        for scope in self._parents():
            if scope._like_env is None:
                scope._like_env = Misspelt(scope._env)
            if scope._like_env.like(name):
                return True
        return False


def _escaped(text: str, at: int) -> bool:
    """Whether the reference at an offset is no reference: `\\$X`, `$$X`."""
    if text[at - 1 : at] == "$":
        return True
    before = at
    while before > 0 and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1
