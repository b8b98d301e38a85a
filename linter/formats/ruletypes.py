"""What rules see of the models: their fields and facts as types of the expression language."""

from __future__ import annotations

import types
import typing
from typing import Any

from linter import cel
from linter.formats.model import Fact, Field, Model, annotation

_SCALARS: dict[Any, cel.Type] = {
    str: cel.STRING,
    int: cel.INT,
    float: cel.DOUBLE,
    bool: cel.BOOL,
    Any: cel.RAW,
}


def cel_type(hint: Any) -> cel.Type:
    """The type that rules see for a Python annotation."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        found = cel_type(inner)
        return found if inner is Any or isinstance(found, cel.MessageType) else cel.Nullable(found)
    if origin in (list, tuple):
        return cel.ListType(cel_type(typing.get_args(hint)[0]))
    if origin is dict:
        return cel.MapType(cel.STRING, cel_type(typing.get_args(hint)[1]))
    if isinstance(hint, type) and issubclass(hint, Model):
        return message_type(hint)
    try:
        return _SCALARS[hint]
    except KeyError:
        raise TypeError(f"no rule type for an annotation {hint!r}") from None


_MESSAGE_TYPES: dict[type, cel.MessageType] = {}


def message_type(model: type[Model]) -> cel.MessageType:
    """The type of a model for the rule checker: its schema fields and its facts. Fields resolve lazily."""
    found = _MESSAGE_TYPES.get(model)
    if found is None:
        doc = (model.__doc__ or "").strip().partition("\n")[0]
        found = _MESSAGE_TYPES[model] = cel.MessageType(model.__name__, lambda: _members(model), doc)
    return found


def _members(model: type[Model]) -> dict[str, cel.Field]:
    result: dict[str, cel.Field] = {}
    for name in dir(model):
        member = getattr(model, name, None)
        if isinstance(member, Field):
            text, scope = annotation(model, name)
            hint = eval(text, scope)  # noqa: S307 - our own annotation
            result[name.rstrip("_")] = cel.Field(cel_type(hint), name, member.doc)
        elif isinstance(member, Fact):
            hint = typing.get_type_hints(member.compute)["return"]
            result[name.rstrip("_")] = cel.Field(cel_type(hint), name, member.doc)
    return result
