"""Resources of containers and pods, and the quantities that they are written in."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.part import Entry, Part, either, known, unsure
from linter.formats.model import fact, field
from linter.patterns import lazy_regex

_SUFFIXES: dict[str, Decimal] = {"m": Decimal("0.001")} | {
    f"{letter}{binary}": Decimal(base**power)
    for power, letter in enumerate("kMGTPE", 1)
    for binary, base in (("", 1000), ("i", 1024))
}
_SUFFIXES["Ki"] = _SUFFIXES.pop("ki")
_QUANTITY = lazy_regex(r"([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)\Z")


def amount(quantity: str) -> Decimal | None:
    """The number that a Kubernetes quantity stands for; None when it is none."""
    match = _QUANTITY.match(quantity.strip())
    if match is None or (match[2] and match[2] not in _SUFFIXES):
        return None
    try:
        return Decimal(match[1]) * _SUFFIXES.get(match[2], Decimal(1))
    except InvalidOperation:
        return None


def same_quantity(one: str, other: str) -> bool:
    """Whether two quantities are the same number, however they are written."""
    values = amount(one), amount(other)
    return one == other if None in values else values[0] == values[1]


class Resources(Part):
    """What a container may use. Quantities are strings as written."""

    limits: dict[str, str] = field(None, "most that it may use, by resource")
    requests: dict[str, str] = field(None, "what it is sure to get, by resource")
    claims: list[Any] = field(None, "resource claims of the pod that it uses")

    @fact
    def differing(self) -> list[Entry]:
        """Requests that are not equal to the limit of the same resource, or that have none beside them."""
        if unsure(self.requests, self.limits):
            return [UNKNOWN]
        return [
            Entry(self, ("requests", name), name, value)
            for name, value in self.requests.items()
            if known(value) and self._differs(value, self.entry("limits", name))
        ]

    @staticmethod
    def _differs(request: str, limit: Any) -> bool:
        return limit is not UNKNOWN and (limit is None or not same_quantity(request, limit))

    def limited(self, resource: str) -> Any:
        """Whether a limit is set."""
        value = self.entry("limits", resource)
        return UNKNOWN if value is UNKNOWN else value is not None

    def requested(self, resource: str) -> Any:
        """Whether a request is set, or a limit that the API copies to the request."""
        value = self.entry("requests", resource)
        return either(UNKNOWN if value is UNKNOWN else value is not None, self.limited(resource))
