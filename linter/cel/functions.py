"""What a function is to the checker and to run time, and the choice among functions of one name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from linter.cel.errors import CelRuntimeError
from linter.cel.kleene import has_unknown
from linter.cel.names import group_name
from linter.cel.operators import no_overload
from linter.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    INT,
    NULL,
    STRING,
    TYPE,
    UINT,
    ListType,
    MapType,
    MessageType,
    Nullable,
    OptionalType,
    Type,
    describe,
    is_dynamic,
)
from linter.cel.unknown import UNKNOWN, Unknown
from linter.cel.values import Optional, TypeValue, UInt
from linter.frozen import dataclass

Result = Type | Callable[[Sequence[Type]], Type]


@dataclass(frozen=True, slots=True)
class Function:
    """A function that expressions can call.

    `impl` gets plain values of the parameters' types and never UNKNOWN (nor a list with an unknown element),
    unless `unknown` is set. A null or a raw value of another type makes the call false (null if the result is
    not bool), unless the parameter is `Nullable`, `RAW` or `DYN`. A `method` is called on its first parameter.
    `result` may be a function of the arguments' types.
    """

    name: str
    params: tuple[Type, ...]
    result: Result
    impl: Callable[..., Any]
    method: bool = False
    doc: str = ""
    unknown: bool = False

    def result_type(self, args: Sequence[Type]) -> Type:
        return self.result if isinstance(self.result, Type) else self.result(args)

    @property
    def signature(self) -> str:
        """The function with its parameters, as an author would write the call."""
        shown = [describe(param) for param in self.params]
        if self.method:
            return f"{shown[0]}.{self.name}({', '.join(shown[1:])})"
        return f"{self.name}({', '.join(shown)})"


def table(functions: Iterable[Function]) -> dict[tuple[str, bool], list[Function]]:
    """Functions by name and by whether they are methods."""
    result: dict[tuple[str, bool], list[Function]] = {}
    for function in functions:
        result.setdefault((function.name, function.method), []).append(function)
    return result


def default_of(result: Type, name: str) -> Any:
    """What a lenient call gives when an argument is null or of a wrong type."""
    if result is BOOL:
        return False
    return 0 if name == "size" else None


class Dispatcher:
    """The choice among functions of one name by the arguments' run-time types."""

    __slots__ = ("candidates", "name")

    def __init__(self, name: str, candidates: Sequence[Function]) -> None:
        self.name = name
        self.candidates = [
            (tuple(acceptor(param) for param in function.params), function.impl, function.unknown)
            for function in candidates
        ]

    def _find(self, args: tuple[Any, ...]) -> Callable[..., Any] | None:
        """The function that takes these arguments, if there is one."""
        unknown = False
        for arg in args:
            if isinstance(arg, (Unknown, list)) and has_unknown(arg):
                unknown = True
        for accepts, impl, takes_unknown in self.candidates:
            if unknown and not takes_unknown:
                continue
            for accept, arg in zip(accepts, args, strict=True):
                if not accept(arg):
                    break
            else:
                return impl
        return _unknown if unknown else None

    def strict(self, *args: Any) -> Any:
        """Call the function that takes these arguments; an error if there is none."""
        impl = self._find(args)
        if impl is None:
            raise no_overload(self.name, *args)
        return impl(*args)

    def lenient(self, default: Any, *args: Any) -> Any:
        """Call the function that takes these arguments; `default` if there is none."""
        impl = self._find(args)
        if impl is None:
            if all(arg.__class__ is not int for arg in args):
                return default
            args = tuple(
                float(arg) if arg.__class__ is int else arg for arg in args
            )  # documents write 1 for 1.0
            impl = self._find(args)
            if impl is None:
                return default
        try:
            return impl(*args)
        except CelRuntimeError as error:
            if error.message.startswith("no such overload"):  # a list with elements of other types
                return default
            raise


def _unknown(*_args: Any) -> Any:
    return UNKNOWN


def dispatchers(functions: Iterable[Function]) -> dict[str, Dispatcher]:
    """A dispatcher for each name and number of arguments."""
    groups: dict[str, list[Function]] = {}
    for function in functions:
        groups.setdefault(group_name(function.name, function.method, len(function.params)), []).append(
            function
        )
    return {name: Dispatcher(group[0].name, group) for name, group in groups.items()}


def acceptor(type_: Type) -> Callable[[Any], bool]:
    """Whether a run-time value is of a type; elements of lists and maps are not looked at."""
    if is_dynamic(type_) or isinstance(type_, MessageType):
        return _anything
    if isinstance(type_, Nullable):
        inner = acceptor(type_.item)
        return lambda value: value is None or inner(value)
    if isinstance(type_, ListType):
        return _is_list
    if isinstance(type_, MapType):
        return lambda value: value.__class__ is dict
    if isinstance(type_, OptionalType):
        return lambda value: isinstance(value, Optional)
    if (simple := _ACCEPTORS.get(type_.name)) is not None:
        return simple
    wanted = type_.name
    return lambda value: getattr(value, "type_name", None) == wanted


def _anything(_value: Any) -> bool:
    return True


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


_ACCEPTORS: dict[str, Callable[[Any], bool]] = {
    STRING.name: lambda value: isinstance(value, str),
    INT.name: lambda value: value.__class__ is int,
    UINT.name: lambda value: value.__class__ is UInt,
    DOUBLE.name: lambda value: value.__class__ is float,
    BOOL.name: lambda value: value is True or value is False,
    BYTES.name: lambda value: value.__class__ is bytes,
    NULL.name: lambda value: value is None,
    TYPE.name: lambda value: isinstance(value, TypeValue),
}
