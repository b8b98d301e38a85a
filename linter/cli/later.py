"""Modules that a library imports at its start for what a run of ours hardly ever needs.

click imports `inspect` to fold help texts and `uuid` for a type of option that we have none of: 8 ms of a scan that has
a tenth of a second in all. They get stand-ins that become the modules when anything else is asked of them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module until something is asked that it does not know."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system asks whether a module is ready
            raise AttributeError(name)
        return getattr(_load(self), name)


def _load(stand_in: ModuleType) -> ModuleType:
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]
    return import_module(stand_in.__name__)


def import_lean(library: str, known: Mapping[str, Mapping[str, Any]]) -> Any:
    """A library whose own imports of the named modules get stand-ins with those attributes.

    Attributes that are classes are forgotten then: they are there to be named in the library's definitions.
    Without effect where the library, or one of the modules, is imported already.
    """
    made: list[_Later] = []
    for name, attributes in known.items():
        if name not in sys.modules:
            made.append(_Later(name))
            vars(made[-1]).update(attributes)
            sys.modules[name] = made[-1]
    try:
        return import_module(library)
    finally:
        for stand_in in made:
            if sys.modules.get(stand_in.__name__) is stand_in:
                del sys.modules[stand_in.__name__]
            for name, value in list(vars(stand_in).items()):
                if isinstance(value, type):
                    delattr(stand_in, name)


def cleandoc(text: str) -> str:
    """As `inspect.cleandoc`, without that module for a text of one line."""
    if "\n" in text:
        return str(import_module("inspect").cleandoc(text))
    return text.expandtabs().lstrip()


class _Named:
    """Stands for a class in a definition."""


FOR_CLICK: Mapping[str, Mapping[str, Any]] = {"inspect": {"cleandoc": cleandoc}, "uuid": {"UUID": _Named}}
