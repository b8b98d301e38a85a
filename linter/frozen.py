"""`dataclass`, as the standard library's, but cheap to define: a hundred of them cost 50 ms there, 8 ms here.

A hook has a tenth of a second in all, and most of it went into generating methods that a run never calls. Here only
`__init__` is generated; comparison, hash, repr, copying and pickling are shared functions over the field names.
The subset that we use is supported, with the same meaning: fields with defaults, `field(default_factory=…)`,
`frozen`, `slots`, `eq`, `order`, one level of inheritance. Type checkers see ordinary dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform, overload

from linter import compiled

T = TypeVar("T")
_MISSING: Any = object()
_FIELDS = "__frozen_fields__"
_PLAIN_CALLS = 3  # of an initializer before it is worth writing it out


class FrozenInstanceError(AttributeError):
    """An attribute of a frozen object was set."""


class _Factory:
    """A default that is made anew for each object."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default: Any = _MISSING, default_factory: Any = _MISSING) -> Any:
    """A field whose default is made for each object, or given where a plain value would read badly."""
    return default if default_factory is _MISSING else _Factory(default_factory)


def fields(of: Any) -> tuple[str, ...]:
    """The names of the fields of a class or an object, in order."""
    return getattr(of, _FIELDS)  # type: ignore[no-any-return]


def replace(of: T, **changes: Any) -> T:
    """A copy with some fields changed."""
    values = {name: getattr(of, name) for name in fields(of)}
    values.update(changes)
    return type(of)(**values)


def asdict(of: Any) -> Any:
    """An object and the objects in it as plain dicts."""
    if hasattr(type(of), _FIELDS):
        return {name: asdict(getattr(of, name)) for name in fields(of)}
    if isinstance(of, dict):
        return {key: asdict(value) for key, value in of.items()}
    if type(of) in (list, tuple):
        return type(of)([asdict(item) for item in of])
    return of


@overload
def dataclass(cls: type[T], /) -> type[T]: ...
@overload
def dataclass(
    *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(field_specifiers=(field,))
def dataclass(
    cls: Any = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
) -> Any:
    """Make a class of annotated fields, as `dataclasses.dataclass` does."""

    def make(wrapped: type[Any]) -> type[Any]:
        return _make(wrapped, frozen=frozen, slots=slots, eq=eq, order=order)

    return make if cls is None else make(cls)


def _make(cls: type[Any], *, frozen: bool, slots: bool, eq: bool, order: bool) -> type[Any]:
    hints = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 - texts, by the __future__ import; no `inspect` here
    own = [name for name, hint in hints.items() if not _is_class_variable(hint)]
    inherited = tuple(getattr(cls, _FIELDS, ()))
    names = inherited + tuple(name for name in own if name not in inherited)
    defaults = {name: cls.__dict__[name] for name in own if name in cls.__dict__}
    defaults = {**getattr(cls, "__frozen_defaults__", {}), **defaults}
    namespace = {
        k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__") and k not in own
    }
    namespace[_FIELDS] = names
    namespace["__frozen_defaults__"] = defaults
    namespace["__match_args__"] = names
    namespace["__reduce__"] = _reduce
    namespace.setdefault("__repr__", _repr)
    if eq and "__eq__" not in namespace:
        namespace["__eq__"] = _eq
        namespace["__hash__"] = _hash if frozen else None
    if order:
        namespace.update(__lt__=_lt, __le__=_le, __gt__=_gt, __ge__=_ge)
    if frozen:
        namespace.update(__setattr__=_refuse, __delattr__=_refuse)
    if slots:
        namespace["__slots__"] = tuple(name for name in own if name not in inherited)
    metaclass: Any = type(cls)
    made: type[Any] = metaclass(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    if "__init__" not in namespace:
        made.__init__ = _initializer(made, names, defaults)
    return made


def _is_class_variable(hint: Any) -> bool:
    return isinstance(hint, str) and hint.startswith(("ClassVar", "typing.ClassVar"))


def _initializer(cls: type[Any], names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., None]:
    """An `__init__` that writes itself out when it was called a few times: most classes have one object in a run."""
    calls = 0

    def initialize(self: Any, *args: Any, **kwargs: Any) -> None:
        nonlocal calls
        calls += 1
        given = dict(zip(names, args), **kwargs)  # noqa: B905 - too many or too few: told below
        fits = len(given) == len(args) + len(kwargs) and given.keys() <= set(names)
        if calls > _PLAIN_CALLS or not fits:
            cls.__init__ = written = _written_initializer(cls, names, defaults)
            written(self, *args, **kwargs)  # it also says best what is wrong with the arguments
            return
        for name in names:
            value = given[name] if name in given else _default(name, defaults, cls)
            object.__setattr__(self, name, value)
        if hasattr(cls, "__post_init__"):
            self.__post_init__()

    return initialize


def _default(name: str, defaults: dict[str, Any], cls: type[Any]) -> Any:
    if name not in defaults:
        raise TypeError(f"{cls.__qualname__}.__init__() missing required argument: {name!r}")
    value = defaults[name]
    return value.make() if isinstance(value, _Factory) else value


def _written_initializer(
    cls: type[Any], names: tuple[str, ...], defaults: dict[str, Any]
) -> Callable[..., None]:
    """`__init__` as source text, compiled: it is the one method that runs often enough to be worth generating."""
    scope: dict[str, Any] = {"_missing": _MISSING, "_set": object.__setattr__}
    parameters, lines = [], []
    for name in names:
        value = name
        if name not in defaults:
            parameters.append(name)
        elif isinstance(defaults[name], _Factory):
            scope[f"_make_{name}"] = defaults[name].make
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        else:
            scope[f"_default_{name}"] = defaults[name]
            parameters.append(f"{name}=_default_{name}")
        descriptor = cls.__dict__.get(name)
        setter = getattr(descriptor, "__set__", None)
        if setter is not None:
            scope[f"_set_{name}"] = setter
            lines.append(f"    _set_{name}(self, {value})")
        else:
            lines.append(f"    _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    source = f"def __init__(self, {', '.join(parameters)}):\n" + ("\n".join(lines) or "    pass")
    exec(compiled.method(source), scope)  # noqa: S102 - made of field names of our own classes
    initializer: Callable[..., None] = scope["__init__"]
    initializer.__qualname__ = f"{cls.__qualname__}.__init__"
    return initializer


def _values(of: Any) -> tuple[Any, ...]:
    return tuple([getattr(of, name) for name in getattr(of, _FIELDS)])


def _reduce(self: Any) -> tuple[Any, ...]:
    return type(self), _values(self)


def _repr(self: Any) -> str:
    inner = ", ".join(f"{name}={getattr(self, name)!r}" for name in fields(self))
    return f"{type(self).__qualname__}({inner})"


def _eq(self: Any, other: Any) -> Any:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _lt(self: Any, other: Any) -> Any:
    return _values(self) < _values(other) if type(self) is type(other) else NotImplemented


def _le(self: Any, other: Any) -> Any:
    return _values(self) <= _values(other) if type(self) is type(other) else NotImplemented


def _gt(self: Any, other: Any) -> Any:
    return _values(self) > _values(other) if type(self) is type(other) else NotImplemented


def _ge(self: Any, other: Any) -> Any:
    return _values(self) >= _values(other) if type(self) is type(other) else NotImplemented


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r} of a {type(self).__name__}")
