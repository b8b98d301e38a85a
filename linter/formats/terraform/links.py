"""Which resources of a configuration name each other, by address: asked of each of them, so no pairs are tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from linter.formats.terraform.values import identity

Key = tuple[str, str]  # address of a module instance, and what is known by that name inside of it
Index = dict[Key, dict[int, Any]]  # place among the resources of a type -> resource


def id_name(text: str) -> str:
    """An id among names, where it is no address."""
    return f"\0{text}"


class Links:
    """Indexes over the resources of an estate by type, made when something is first asked."""

    def __init__(self, by_type: Mapping[str, list[Any]]) -> None:
        self._by_type = by_type
        self._addresses: dict[str, Index] = {}
        self._users: dict[tuple[str, str | None], Index] = {}

    def named(self, kind: str, module: str, names: Iterable[str]) -> Iterator[Any]:
        """The resources of a type with one of these addresses, in order."""
        index = self._addresses.get(kind)
        if index is None:
            index = self._addresses[kind] = {}
            for place, item in enumerate(self._by_type.get(kind, ())):
                index.setdefault((item.module_address, item.plain), {})[place] = item
        return _in_order([index.get((module, name), {}) for name in names] if index else ())

    def users(self, kind: str, attribute: str | None, module: str, names: Iterable[str]) -> Iterator[Any]:
        """The resources of a type that name one of these: addresses, and with an attribute ids too. In order."""
        index = self._users.get((kind, attribute))
        if index is None:
            index = self._users[kind, attribute] = self._using(kind, attribute)
        return _in_order([index.get((module, name), {}) for name in names] if index else ())

    def _using(self, kind: str, attribute: str | None) -> Index:
        index: Index = {}
        for place, item in enumerate(self._by_type.get(kind, ())):
            named = item.origin.references(attribute)
            said = identity(item.values.get(attribute)) if attribute is not None else ""
            for name in {*named, id_name(said)} if said else named:
                index.setdefault((item.module_address, name), {})[place] = item
        return index

    @cached_property
    def _kinds(self) -> dict[Key, dict[str, None]]:
        found: dict[Key, dict[str, None]] = {}
        for kind, items in self._by_type.items():
            for item in items:
                for name in item.origin.references(None):
                    found.setdefault((item.module_address, name), {})[kind] = None
        return found

    def kinds_of_users(self, module: str, name: str) -> list[str]:
        """The types of the resources that name an address."""
        return list(self._kinds.get((module, name), ()))

    @cached_property
    def _order(self) -> dict[str, int]:
        return {kind: place for place, kind in enumerate(self._by_type)}

    def kinds_of(self, names: Iterable[str]) -> list[str]:
        """The types that addresses inside of a module begin with, those of them that there are."""
        order = self._order
        return sorted(
            {kind for name in names if (kind := name.rpartition(".")[0]) in order}, key=order.__getitem__
        )


def _in_order(found: Iterable[dict[int, Any]]) -> Iterator[Any]:
    all_: dict[int, Any] = {}
    for some in found:
        all_ = some if not all_ else all_ | some if some else all_
    return (all_[place] for place in sorted(all_))
