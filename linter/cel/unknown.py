"""A value that is not known before run time, as a value of its own.

`UNKNOWN` swallows every operation and answers with itself, so a computation over it needs no cases. It
refuses only to be a truth value, a length or an iterable: there a caller would silently go wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class UnknownTruth(Exception):  # noqa: N818 - not an error: it says that Kleene logic must take over
    """Raised when an unknown value is asked to be true or false, to have a length or to be iterated."""


class Unknown:
    """The type of `UNKNOWN`. Subclasses may know something about the value; operations on them give `UNKNOWN`."""

    __slots__ = ()

    def __bool__(self) -> bool:
        raise UnknownTruth

    def __len__(self) -> int:
        raise UnknownTruth

    def __iter__(self) -> Iterator[Any]:
        raise UnknownTruth

    def __contains__(self, item: object) -> bool:
        raise UnknownTruth

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # protocols (copy, pickle, ABCs) must not find what is not there
            raise AttributeError(name)
        return UNKNOWN

    def __getitem__(self, item: object) -> Any:
        return UNKNOWN

    def __call__(self, *_args: object, **_keywords: object) -> Any:
        return UNKNOWN

    def __eq__(self, other: object) -> Any:
        return UNKNOWN

    def __ne__(self, other: object) -> Any:
        return UNKNOWN

    def __lt__(self, other: object) -> Any:
        return UNKNOWN

    __le__ = __gt__ = __ge__ = __lt__
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __lt__
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __lt__

    def __neg__(self) -> Any:
        return UNKNOWN

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __str__(self) -> str:
        return "(unknown)"

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: object) -> Any:
        return self

    def __reduce__(self) -> Any:
        return "UNKNOWN"  # pickled by name: stays the one object across processes


UNKNOWN: Any = Unknown()
