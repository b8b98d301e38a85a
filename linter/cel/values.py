"""Values of CEL that Python has no own type for."""

from __future__ import annotations

from typing import Any, ClassVar

from linter.cel.errors import CelRuntimeError


class UInt(int):
    """An unsigned 64-bit integer."""

    __slots__ = ()


class BoolKey:
    """A bool as a map key. Python holds `True` and `1` for the same key, CEL does not."""

    __slots__ = ("value",)
    _instances: ClassVar[dict[bool, BoolKey]] = {}

    def __init__(self, value: bool) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoolKey) and other.value is self.value

    def __hash__(self) -> int:
        return hash((BoolKey, self.value))

    def __repr__(self) -> str:
        return f"BoolKey({self.value})"


class Optional:
    """A value that may be absent. Absence is the one object `NONE`."""

    __slots__ = ("item",)

    def __init__(self, item: Any) -> None:
        self.item = item

    def get(self) -> Any:
        if self is NONE:
            raise CelRuntimeError("optional.none() dereference")
        return self.item

    def __repr__(self) -> str:
        return "optional.none()" if self is NONE else f"optional.of({self.item!r})"


NONE = Optional(None)


class TypeValue:
    """A type as a value, as `type(x)` gives it. Equal by name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TypeValue) and other.name == self.name

    def __hash__(self) -> int:
        return hash((TypeValue, self.name))

    def __repr__(self) -> str:
        return self.name
